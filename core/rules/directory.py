"""What a platform's directory means for us: paths, leaders, roles, and when not to believe it."""

import re
from collections.abc import Iterable, Mapping, Sequence

from core.model.directory import ROOT, Department, Listing, Person
from core.model.member import Role

DEEPEST = 20
"""Departments above each other; more is a circle."""

PATH_LENGTH = 255

_ROLE_WORDS: tuple[tuple[str, str], ...] = (
    ("财务|会计|出纳|结算|稽核", Role.FINANCE),
    ("法务|合规|法律", Role.LEGAL),
    ("客服|售后|客户服务|客户成功|服务部|服务中心|技术支持", Role.SERVICE),
    ("销售|业务|大客户|客户部|渠道|电销|商务", Role.REP),
    ("市场|品牌|企划|推广|公关", Role.MARKETING),
    ("营销", Role.REP),
    ("人事|人力|行政|总务|后勤|前台|研发|技术|开发|测试|设计|产品|信息|网络|数据", ""),
    ("生产|制造|车间|工程|品质|质检|质量", ""),
    ("采购|供应链|仓储|仓库|物流|安全|保安|保洁|工会|党|董事|总经办|总裁办|审计|档案|培训|实习", ""),
)
"""What a department's name says of its people, the first that fits; an empty role asks an administrator."""

_WORDS = tuple((re.compile(words), role) for words, role in _ROLE_WORDS)
_SEPARATORS = re.compile(r"[/\\]")


def paths_of(departments: Iterable[Department]) -> dict[str, str]:
    """Return each department's path, `销售部/华东`; the company itself is the empty one."""
    known = {one.id: one for one in departments}
    return {number: _path(number, known) for number in known}


def _path(number: str, known: Mapping[str, Department]) -> str:
    names: list[str] = []
    while number != ROOT and (one := known.get(number)) is not None and len(names) < DEEPEST:
        names.append(_SEPARATORS.sub("-", one.name.strip()))
        number = one.parent_id
    return "/".join(reversed([name for name in names if name]))[:PATH_LENGTH].rstrip("/")


def path_of(person: Person, paths: Mapping[str, str]) -> str:
    """Return the path of the person's main department; empty when we cannot see it or it is the company itself."""
    return next((paths[number] for number in person.departments if paths.get(number)), "")


def managers_of(listing: Listing) -> dict[str, str]:
    """Return whom each person answers to, by user ids: as the platform says, else whoever leads their department.

    Who leads a department answers to the leader of the next one above that has another.
    """
    above = {one.id: one.parent_id for one in listing.departments}
    leaders = _leaders(listing)
    found: dict[str, str] = {}
    for person in listing.people:
        if person.manager and person.manager != person.user_id:
            found[person.user_id] = person.manager
        elif leader := _leader_above(person, leaders, above):
            found[person.user_id] = leader
    return found


def _leaders(listing: Listing) -> dict[str, str]:
    active = {person.user_id for person in listing.people if person.active}
    leaders: dict[str, str] = {}
    for department in listing.departments:
        for user_id in department.leaders:
            if user_id in active:
                leaders.setdefault(department.id, user_id)
    for person in listing.people:
        for number in person.leads if person.active else ():
            leaders.setdefault(number, person.user_id)
    return leaders


def _leader_above(person: Person, leaders: Mapping[str, str], above: Mapping[str, str]) -> str:
    number = person.departments[0] if person.departments else ""
    for _ in range(DEEPEST):
        if not number:
            break
        if (leader := leaders.get(number, "")) not in ("", person.user_id):
            return leader
        number = above.get(number, "")
    return ""


def first_roles(department: str, *, leads: bool) -> tuple[str, ...]:
    """Return what somebody new may do, by the name of their department.

    Those who plainly do not sell get the role of their trade, or none, and nobody opens the pool to them by accident.
    Everybody else sells; whoever leads a department that sells is its manager.
    """
    role: str = Role.REP
    for name in reversed(department.split("/")):
        fits = next((found for words, found in _WORDS if words.search(name)), None)
        if fits is not None:
            role = fits
            break
    if role == Role.REP and leads and department:
        return (Role.MANAGER,)
    return (role,) if role else ()


def plain_mobile(phone: str | None) -> str:
    """Return a number to compare by: a mobile of the mainland as its eleven digits, any other with `+`; else empty."""
    written = (phone or "").strip()
    digits = re.sub(r"\D", "", written)
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    bare = digits.removeprefix("86")
    if re.fullmatch(r"1[3-9]\d{9}", bare):
        return bare
    return f"+{digits}" if written.startswith(("+", "00")) and len(digits) >= 8 else ""  # noqa: PLR2004


def doubt(listing: Listing, known: int, seen: int) -> str:
    """Say why nobody may be taken for a leaver: of the `known` people fewer than half are `seen` this time."""
    if seen * 2 >= known:
        return ""
    return "；".join((f"原有 {known} 人，这次只读到其中 {seen} 人", *listing.gaps[:3]))


def same_phone(people: Sequence[Person]) -> set[str]:
    """Return the mobiles that more than one person of a listing has."""
    once: set[str] = set()
    twice: set[str] = set()
    for person in people:
        if mobile := plain_mobile(person.phone):
            (twice if mobile in once else once).add(mobile)
    return twice
