"""One platform's directory and our members: who is new, who is known elsewhere, who left, who came back."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.errors import Conflict
from core.model.directory import Listing, Person
from core.model.ids import MemberId
from core.model.job import Job
from core.model.member import CHANNELS, SYSTEM, ChannelUser, Member, Role, account_key
from core.notices import DirectoryDoubtful
from core.notices.people import NamesakeFound
from core.ports import Directory, OpenWork, UnitOfWork
from core.rules.directory import doubt, first_roles, managers_of, path_of, paths_of, plain_mobile, same_phone
from core.services.members import administrators, give_account, merge, resign, tell_of_leavers
from core.services.rehearsal import work_or_rehearsal

SYNC = "sync_members"
"""The job that reads a directory; its content names the channel, or none for all."""

SETTLES = timedelta(seconds=10)
"""Directories change in bursts: so long after the first change all are read at once."""

REPLAYS = 3
LONGEST_ID = 64


@dataclass(kw_only=True)
class SyncReport:
    """What became of one reading of a directory.

    `ambiguous` are people whose mobile names several, or whose name alone is known elsewhere; nobody is lost.
    """

    channel: str
    dry_run: bool = False
    listed: int = 0
    new: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    doubt: str = ""

    def as_json(self) -> dict[str, Any]:
        return dict(self.__dict__)


def sync_members(open_work: OpenWork, channel: str, directory: Directory, *, dry_run: bool = False) -> SyncReport:
    """Bring our members up to what `directory` says, in one transaction; the same listing again changes nothing.

    Raises DeliveryFailed when the platform does not answer; then nothing was changed.
    """
    with open_work(SYSTEM, reading=True) as uow:
        begun = uow.now
    listing = directory.listing()
    with open_work(SYSTEM, reading=True) as uow:
        why, absent = _absent(uow, channel, listing)
    gone = {user_id for user_id in absent if directory.has_left(user_id)} if not why else set()
    for attempt in range(1, REPLAYS + 1):
        report = SyncReport(channel=channel, dry_run=dry_run, listed=len(listing.people), doubt=why)
        try:
            with work_or_rehearsal(open_work, dry_run=dry_run, channel=channel) as uow:
                _Sync(uow, channel, listing, report, begun).run(gone, absent)
        except Conflict:
            if attempt == REPLAYS:
                raise
            continue  # somebody changed a member first: look again at what is true now
        break
    return report


def order_sync(uow: UnitOfWork, channel: str = "", *, after: timedelta = timedelta()) -> None:
    """Have the worker read a directory; once is enough for all who ask before it begins."""
    content = {"channel": channel}
    if not uow.jobs.is_ordered(SYNC, content):
        uow.jobs.add(Job(kind=SYNC, content=content, created_at=uow.now, not_before=uow.now + after))


def _absent(uow: UnitOfWork, channel: str, listing: Listing) -> tuple[str, list[str]]:
    """Return why nobody may be taken for a leaver, and whom the platform knew and does not list any more."""
    listed = {account_key(channel, person.user_id) for person in listing.people}
    accounts = [account for account in uow.members.accounts_on(channel) if account.is_open]
    members = uow.members.find(account.member_id for account in accounts)
    known = {account.user_id for account in accounts if members[account.member_id].active}
    absent = [account.display_id or account.user_id for account in accounts if account.user_id not in listed]
    return doubt(listing, len(known), len(known & listed)), absent


class _Sync:
    """One transaction of a sync."""

    def __init__(self, uow: UnitOfWork, channel: str, listing: Listing, report: SyncReport, begun: datetime) -> None:
        self._uow, self._channel, self._listing, self._report, self._begun = uow, channel, listing, report, begun
        self._paths = paths_of(listing.departments)
        uow.members.reserve()
        uow.does("member.sync")
        self._accounts = {account.user_id: account for account in uow.members.accounts_on(channel)}
        self._members = uow.members.find(account.member_id for account in self._accounts.values())
        self._twice = same_phone(listing.people)
        self._by_phone = self._known_by_phone()
        candidates = {member.id for found in self._by_phone.values() for member in found}
        self._doors = uow.members.open_accounts({*self._members, *candidates})
        self._here: dict[str, Member] = {}
        self._twins: list[tuple[Person, Member, Member]] = []
        self._parted: set[str] = set()

    def run(self, gone: set[str], absent: Iterable[str]) -> None:
        fresh: list[tuple[Person, ChannelUser | None, Member]] = []
        for person in self._listing.people:
            if not person.user_id or len(person.user_id) > LONGEST_ID:
                self._report.remarks.append(f"账号「{person.user_id[:LONGEST_ID]}」不能用，已跳过")
            elif person.active and (made := self._take(person)) is not None:
                fresh.append(made)
        self._uow.flush()
        for person, account, member in fresh:
            give_account(self._uow, member, self._channel, person.user_id, account)
            self._here[person.user_id] = member
        self._set_managers({member.id for _, _, member in fresh})
        for person, here, there in self._twins:
            self._join_twin(person, here, there)
        self._ask_namesakes({member.id for _, here, there in self._twins for member in (here, there)})
        if not self._report.doubt:
            disabled = {person.user_id for person in self._listing.people if not person.active}
            self._close(gone | disabled)
        self._report.unseen += [self._label(user_id) for user_id in absent if user_id not in gone]
        self._report.remarks += [f"读不到：{gap}" for gap in self._listing.gaps]
        if self._report.doubt:
            self._warn()

    def _take(self, person: Person) -> tuple[Person, ChannelUser | None, Member] | None:
        """Refresh somebody we know; return whom we do not, with their member, new or known elsewhere."""
        account = self._accounts.get(account_key(self._channel, person.user_id))
        if account is not None and account.was_unbound:
            self._parted.add(person.user_id)
        if account is None or account.is_unbound:
            return person, account, self._newcomer(person, unbound=account is not None)
        member = self._members[account.member_id]
        if not account.is_open and not self._lets_in(person, account, member):
            return None
        if not member.active:
            self._report.remarks.append(f"{_said(person, self._channel)}已停用，通讯录里还在。要恢复请让管理员处理")
            return None
        if account.display_id != person.user_id:
            account.display_id = person.user_id
        self._refresh(person, member)
        self._here[person.user_id] = member
        if not account.was_unbound:
            self._note_twin(person, member)
        return None

    def _lets_in(self, person: Person, account: ChannelUser, member: Member) -> bool:
        """Open the door to whoever came back, unless they left only while we were reading."""
        if account.deleted_at is None or account.deleted_at >= self._begun:
            return False
        account.open_for(member.id)
        member.active = True
        self._report.returned.append(_said(person, self._channel))
        return True

    def _newcomer(self, person: Person, *, unbound: bool) -> Member:
        label = _said(person, self._channel)
        member = None if unbound else self._known_elsewhere(person)
        if member is not None:
            self._report.linked.append(f"{label} ＝ {member.name}（{member.ref}）")
            self._refresh(person, member)
            return member
        department = path_of(person, self._paths)
        member = Member(
            name=person.name or person.user_id,
            phone=person.phone or None,
            department=department,
            roles=first_roles(department, leads=bool(person.leads)),
            created_at=self._uow.now,
            updated_at=self._uow.now,
        )
        self._uow.members.add(member)
        self._report.new.append(label)
        return member

    def _known_elsewhere(self, person: Person) -> Member | None:
        """Return the one member of the same mobile whom this platform does not know; several are reported."""
        mobile = plain_mobile(person.phone)
        found = self._by_phone.get(mobile, []) if mobile else []
        if len(found) == 1 and mobile not in self._twice:
            return found[0]
        if found:
            names = "、".join(member.name for member in found)
            self._report.ambiguous.append(
                f"{_said(person, self._channel)}：手机号和 {names} 相同，分不清是谁，没有自动绑定"
            )
        return None

    def _note_twin(self, person: Person, member: Member) -> None:
        there = self._known_elsewhere(person)
        if there is not None and not {d.channel for d in self._doors[there.id]} & {
            d.channel for d in self._doors[member.id]
        }:
            self._twins.append((person, member, there))

    def _join_twin(self, person: Person, here: Member, there: Member) -> None:
        """Make one person of two members of one mobile, unless both have customers: then the person decides."""
        held = self._uow.members.holdings([here.id, there.id])
        if held[here.id] and held[there.id]:
            both = f"{_said(person, self._channel)}和{there.name}（{there.ref}）"
            self._report.ambiguous.append(f"{both}手机号相同，两边都有客户。请本人发送「绑定」合并")
            return
        owner, other = (here, there) if held[here.id] and not held[there.id] else (there, here)
        merge(self._uow, other, owner)
        self._report.linked.append(f"{_said(person, self._channel)} ＝ {owner.name}（{owner.ref}）")

    def _ask_namesakes(self, joined: set[MemberId]) -> None:
        """Where a platform shows no mobiles, a name may be one person's twice: say so, and let that person decide."""
        people = [person for person in self._listing.people if person.active and person.name]
        names = Counter(person.name for person in people)
        known = {account.member_id for account in self._accounts.values()} | {one.id for one in self._here.values()}
        elsewhere: dict[str, list[Member]] = {}
        for member in self._uow.members.everybody():
            if member.active and member.name in names and member.id not in known | joined:
                elsewhere.setdefault(member.name, []).append(member)
        doors = self._uow.members.open_accounts(known | {one.id for alike in elsewhere.values() for one in alike})
        for person in people:
            here = self._here.get(person.user_id)
            if here is None or here.id in joined or person.user_id in self._parted or len(doors.get(here.id, [])) != 1:
                continue
            alike = [one for one in elsewhere.get(person.name, []) if one.id in doors and _may_be(one, here)]
            if names[person.name] == len(alike) == 1:
                self._ask_whether(person, here, alike[0], doors[alike[0].id][0].channel)

    def _ask_whether(self, person: Person, here: Member, there: Member, channel: str) -> None:
        self._report.ambiguous.append(
            f"{_said(person, self._channel)}和{CHANNELS[channel]}的{there.name}（{there.ref}）同名，"
            "没有手机号可以核对，没有自动绑定。已提醒本人，是同一个人的话请本人发送「绑定」"
        )
        self._uow.tell(
            NamesakeFound(
                to=there.id,
                channel=self._channel,
                name=here.name,
                department=here.department,
                once=f"namesake:{self._channel}:{person.user_id}:{there.id}"[:120],
            )
        )

    def _known_by_phone(self) -> dict[str, list[Member]]:
        """Active members whom this platform does not know yet, by mobile."""
        mobiles = {mobile for person in self._listing.people if (mobile := plain_mobile(person.phone))}
        here = {account.member_id for account in self._accounts.values()}
        found: dict[str, list[Member]] = {}
        for member in self._uow.members.with_phones(mobiles):
            if (mobile := plain_mobile(member.phone)) in mobiles and member.id not in here:
                found.setdefault(mobile, []).append(member)
        return found

    def _refresh(self, person: Person, member: Member) -> None:
        """Take over what the platform knows; of two platforms the one by which we knew somebody first has the word."""
        said = {"name": person.name, "department": path_of(person, self._paths), "phone": person.phone}
        has_the_word = self._has_the_word(member)
        changed = False
        for what, value in said.items():
            known = getattr(member, what)
            if not value or value == known or (known and not has_the_word):
                continue
            if what == "phone" and known and plain_mobile(value) == plain_mobile(known):
                continue  # the same number, written otherwise
            setattr(member, what, value)
            changed = True
        if changed:
            self._report.refreshed.append(_said(person, self._channel))
        if person.leads and member.roles == (Role.REP,):
            self._report.remarks.append(
                f"{_said(person, self._channel)}在通讯录里是部门负责人，角色仍是 rep。需要的话导入成员名单改成 manager"
            )

    def _has_the_word(self, member: Member) -> bool:
        doors = self._doors.get(member.id)
        return not doors or doors[0].channel == self._channel

    def _set_managers(self, fresh: set[MemberId]) -> None:
        managers = managers_of(self._listing)
        by_key = {account_key(self._channel, user_id): member for user_id, member in self._here.items()}
        for user_id, member in self._here.items():
            leader = by_key.get(account_key(self._channel, managers.get(user_id, "")))
            if leader is None or leader is member:
                continue
            has_the_word = member.manager_id is None or member.id in fresh or self._has_the_word(member)
            if has_the_word and member.manager_id != leader.id:
                member.manager_id = leader.id

    def _close(self, user_ids: set[str]) -> None:
        left: list[Member] = []
        for user_id in sorted(user_ids):
            label = self._label(user_id)
            if (member := resign(self._uow, self._channel, user_id)) is not None:
                left.append(member)
                self._report.left.append(label)
        self._uow.does("member.sync")
        tell_of_leavers(self._uow, self._channel, left)

    def _warn(self) -> None:
        day = self._uow.calendar.local(self._uow.now).date()
        for admin in administrators(self._uow):
            self._uow.tell(
                DirectoryDoubtful(
                    to=admin.id,
                    channel=self._channel,
                    reason=self._report.doubt,
                    once=f"directory:{self._channel}:{day}:{admin.id}",
                )
            )

    def _label(self, user_id: str) -> str:
        account = self._accounts.get(account_key(self._channel, user_id))
        name = self._members[account.member_id].name if account is not None else user_id
        return f"{name}（{self._channel}:{user_id}）"


def _may_be(one: Member, other: Member) -> bool:
    """Say whether two members of one name may be one person: two mobiles that differ are two people's."""
    mobiles = {mobile for member in (one, other) if (mobile := plain_mobile(member.phone))}
    return len(mobiles) <= 1


def _said(person: Person, channel: str) -> str:
    return f"{person.name or person.user_id}（{channel}:{person.user_id}）"


def summary(report: SyncReport) -> list[str]:
    """Say a report in lines for people."""
    done = "（预演，没有写入）" if report.dry_run else ""
    counts = (
        f"新增 {len(report.new)} 人，更新 {len(report.refreshed)} 人，绑定 {len(report.linked)} 人，"
        f"离职 {len(report.left)} 人，回归 {len(report.returned)} 人"
    )
    lines = [f"{CHANNELS[report.channel]}通讯录{done}：读到 {report.listed} 人；{counts}"]
    if report.doubt:
        lines.append(f"  ! {report.doubt}。这次没有停用任何人，请检查应用的可见范围后再同步")
    lines += [f"  = {label}" for label in report.linked]
    lines += [f"  - {label} 已离职，已停用" for label in report.left]
    lines += [f"  + {label} 回来了，已恢复" for label in report.returned]
    lines += [f"  ? {label}" for label in report.ambiguous]
    if report.unseen:
        lines.append(f"  · 通讯录里看不到、没有改动：{'、'.join(report.unseen[:20])}")
    return lines + [f"  · {remark}" for remark in report.remarks]
