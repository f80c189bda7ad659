"""Members out of a file: `platform,userid,name,phone,department,role,manager_userid`, or a plain list of names.

A list without user ids makes them from Latin names (Anna Snelling is anna.snelling); the leaders it names become
managers of the department of whoever names them. Read again, everybody is refreshed and nobody doubled.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.errors import BadInput
from core.model.member import CHANNELS, SELLING, Role, account_key, channel_named
from core.ports import OpenWork, UnitOfWork
from core.services.imports.columns import Field, Kind
from core.services.imports.run import look_over
from core.services.imports.sheet import Readers, Sheet
from core.services.imports.tables import Line, NoLine, lines
from core.services.imports.values import Values
from core.services.imports.words import roles_of
from core.services.members import Enrolment, enrol, member_behind, read_roles, set_manager
from core.services.profiles import Profile, read_duty, set_profile
from core.services.rehearsal import work_or_rehearsal

SALES = "销售部"


@dataclass
class Roster:
    """What became of a file of members."""

    file: str
    read: int = 0
    new: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    bad: list[dict[str, str]] = field(default_factory=list)
    dropped: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "read": self.read,
            "new": self.new,
            "refreshed": self.refreshed,
            "linked": self.linked,
            "bad": self.bad,
            "dropped": [{"reason": r, "count": len(rows), "rows": rows} for r, rows in self.dropped.items()],
            "remarks": self.remarks,
        }


@dataclass
class Person:
    """A person as the file names them; `manager` is a user id or, where there are none, a name."""

    where: str
    enrolment: Enrolment
    manager: str = ""
    said: frozenset[Field] = frozenset()
    profile: Profile | None = None


def import_members(
    open_work: OpenWork, name: str, sheets: Sequence[Sheet], readers: Readers, *, channel: str, dry_run: bool = False
) -> Roster:
    """Enrol everybody the file names, in one transaction: a company is thousands of people, not millions."""
    roster = Roster(name)
    people: dict[tuple[str, str], Person] = {}
    for found in look_over(sheets, Kind.MEMBERS, name):
        for line in lines(found) if found.is_useful else ():
            roster.read += 1
            person = _read(line, readers, channel) if isinstance(line, Line) else line.reason
            if isinstance(line, NoLine):
                roster.dropped.setdefault(line.reason, []).append(str(line.number))
            elif isinstance(person, str):
                roster.bad.append({"row": str(line.number), "reason": person})
            elif (key := _key(person)) in people:
                roster.bad.append({"row": str(line.number), "reason": f"账号与第 {people[key].where} 行相同"})
            else:
                people[key] = person
    _name_leaders(people, roster)
    with work_or_rehearsal(open_work, dry_run=dry_run) as uow:
        uow.does("member.import")
        uow.members.reserve()
        _enrol_all(uow, people, roster)
    return roster


def _enrol_all(uow: UnitOfWork, people: dict[tuple[str, str], Person], roster: Roster) -> None:
    for person in people.values():
        known = member_behind(uow, person.enrolment.channel, person.enrolment.user_id)
        wanted = person.enrolment
        if known is not None:  # a column that the file does not have says nothing about somebody we know
            wanted = replace(
                wanted,
                phone=wanted.phone if Field.PHONE in person.said else known.phone or "",
                department=wanted.department if Field.DEPARTMENT in person.said else known.department,
                roles=wanted.roles if Field.ROLES in person.said else "+".join(known.roles),
            )
        member, is_new = enrol(uow, wanted)
        if person.profile is not None:
            set_profile(uow, member, person.profile, anew=True)
        label = f"{wanted.name}（{wanted.channel}:{wanted.user_id}）"
        if known is not None:
            roster.refreshed.append(label)
        elif is_new:
            roster.new.append(label)
        else:
            roster.linked.append(f"{label} ＝ {member.ref}")
    for person in people.values():
        if not person.manager:
            continue
        channel, user_id = person.enrolment.channel, person.enrolment.user_id
        exists = (channel, account_key(channel, person.manager)) in people or uow.members.known_as(
            channel, person.manager
        )
        if not exists:
            roster.remarks.append(f"第 {person.where} 行：上级「{person.manager}」不在成员名单里，没有设置上级")
        else:
            set_manager(uow, channel, user_id, person.manager)


def _read(line: Line, readers: Readers, channel: str) -> Person | str:
    values = Values(line, readers)
    platform = values.words(Field.PLATFORM, 16).casefold() or channel
    platform = channel_named(platform) or platform
    if platform not in CHANNELS:
        return f"平台「{platform}」不认识，可用：{'、'.join(CHANNELS)}"
    name, user_id = values.words(Field.MEMBER, 64), values.words(Field.USER_ID, 64)
    if not name:
        return "缺少姓名，请补上后再导入"
    user_id = user_id or user_id_from(name)
    if not user_id:
        return f"「{name}」没有平台账号（userid），请补上一列「账号」"
    office = values.words(Field.OFFICE, 64)
    department = "/".join(
        part.strip() for part in re.split(r"[/\\>]", values.words(Field.DEPARTMENT, 255)) if part.strip()
    )
    department = department or (f"{SALES}/{office}" if office else "")
    manager = values.words(Field.MANAGER_ID, 64) or values.words(Field.MANAGER, 64)
    fields = {column.field for column in line.columns if column.field is not None}
    said = frozenset(fields | ({Field.DEPARTMENT} if office else set()))
    roles = roles_of(values.words(Field.ROLES, 100)) or Role.REP
    try:
        able = read_roles(roles)
        profile = _profile(values) if SELLING.intersection(able) else None
    except BadInput as refusal:
        return str(refusal)
    enrolment = Enrolment(
        channel=platform, user_id=user_id, name=name, phone=values.phone() or "", department=department, roles=roles
    )
    return Person(str(line.number), enrolment, manager, said, profile)


def _profile(values: Values) -> Profile | None:
    """Read what a row says of the leads somebody gets; None for nothing. Raise BadInput with what to write."""
    regions, skills = (
        [word for word in re.split("[、,，;；/ ]", values.words(of, 300)) if word]
        for of in (Field.REGIONS, Field.SKILLS)
    )
    duty = values.words(Field.DUTY, 32)
    profile = Profile(
        regions=regions,
        skills=skills,
        duty=read_duty(duty) if duty else None,
        weight=_whole(values, Field.WEIGHT),
        capacity=_whole(values, Field.CAPACITY),
    )
    return None if profile == Profile(regions=[], skills=[]) else profile


def _whole(values: Values, of: Field) -> int | None:
    words = values.words(of, 16).removesuffix(".0")
    if words and not (words.isascii() and words.isdigit()):
        raise BadInput(f"{of.value}「{words}」看不懂，请写成整数")
    return int(words) if words else None


def user_id_from(name: str) -> str:
    """Make a user id from a Latin name; nothing for any other."""
    return ".".join(re.findall(r"[a-z0-9]+", name.casefold())) if name.isascii() else ""


def _name_leaders(people: dict[tuple[str, str], Person], roster: Roster) -> None:
    """Where leaders are given by name, find their user ids, and enrol those who are in no row of their own."""
    by_name: dict[tuple[str, str], list[Person]] = {}
    for person in people.values():
        by_name.setdefault((person.enrolment.channel, person.enrolment.name), []).append(person)
    for person in list(people.values()):
        channel, named = person.enrolment.channel, person.manager
        if not named or (channel, account_key(channel, named)) in people:
            continue
        same = by_name.get((channel, named), [])
        if len(same) == 1:
            person.manager = same[0].enrolment.user_id
        elif not same and Field.MANAGER in person.said and (user_id := user_id_from(named)):
            leader = Person(
                person.where,
                Enrolment(
                    channel=channel,
                    user_id=user_id,
                    name=named,
                    department=person.enrolment.department,
                    roles=Role.MANAGER,
                ),
                said=frozenset({Field.DEPARTMENT, Field.ROLES}),
            )
            people.setdefault((channel, user_id), leader)
            by_name.setdefault((channel, named), []).append(leader)
            person.manager = user_id
            roster.remarks.append(
                f"上级 {named} 没有自己的一行，已登记为 {person.enrolment.department or '公司'} 的主管"
            )


def _key(person: Person) -> tuple[str, str]:
    return (person.enrolment.channel, account_key(person.enrolment.channel, person.enrolment.user_id))
