"""Members: who belongs to the company, and how the platforms know them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import Ambiguous, BadInput, NoOtherAccount, NoSuchMember
from core.model.ids import MemberId
from core.model.member import CHANNELS, SELLING, ChannelUser, Closed, Member, Role, Sender, account_key
from core.notices import LeaverLine, MembersLeft
from core.ports import UnitOfWork
from core.rules.directory import first_roles, plain_mobile
from core.rules.permissions import may_manage, require, scope_of
from core.services.approvals.joining import become_one
from core.services.approvals.rerouting import reroute_tasks

_NUMBER = re.compile(r"(?:M|member:)([1-9][0-9]{0,17})", re.IGNORECASE)
_TITLES = re.compile(r"^[小老阿]|(?:总|经理|总监|主管|老师|哥|姐|工)$")


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """One person as a file or a directory names them. `roles` joined by `+`; `manager` is a user id of the channel."""

    channel: str
    user_id: str
    name: str
    phone: str = ""
    department: str = ""
    roles: str = "rep"
    manager: str = ""


def enrol(uow: UnitOfWork, who: Enrolment) -> tuple[Member, bool]:
    """Make or refresh a member and their platform account; return them and whether they are new.

    Whoever is known on another platform by the same mobile becomes one person with two accounts and keeps their roles.
    """
    if not who.user_id or not who.name:
        raise BadInput("成员要有平台账号和姓名")
    if who.user_id.startswith("$:"):  # changes from app to app, and nothing can be sent to it
        raise BadInput(f"「{who.name}」的账号是钉钉的加密 ID，不能用来开通，请换成通讯录里的 userid")
    roles = read_roles(who.roles)
    account = uow.members.account(who.channel, who.user_id)
    member = member_behind(uow, who.channel, who.user_id)
    is_bound = member is not None
    if member is None and (member := same_person(uow, who.channel, who.phone)) is not None:
        roles = tuple(dict.fromkeys((*member.roles, *roles)))
    is_new = member is None
    if member is None:
        member = Member(name=who.name, created_at=uow.now, updated_at=uow.now)
        uow.members.add(member)
        uow.flush()
    give_account(uow, member, who.channel, who.user_id, account)
    joined = not is_new and not is_bound
    member.name, member.roles, member.active = who.name, roles, True
    member.department = who.department.strip("/ ") or (member.department if joined else "")
    member.phone = who.phone or (member.phone if joined else None)
    uow.flush()
    return member, is_new


def member_behind(uow: UnitOfWork, channel: str, user_id: str) -> Member | None:
    """Return whose account this is or was, whether or not they have left; nobody's when it was unbound."""
    account = uow.members.account(channel, user_id)
    if account is None or account.is_unbound:
        return None
    return uow.members.get(account.member_id)


def give_account(
    uow: UnitOfWork, member: Member, channel: str, user_id: str, account: ChannelUser | None
) -> ChannelUser:
    """Let `user_id` be a door of `member`: by the row we have of it, or a new one."""
    if account is None:
        account = ChannelUser(
            channel=channel, user_id=account_key(channel, user_id), display_id=user_id, member_id=member.id
        )
        uow.members.add_account(account)
    elif account.member_id != member.id or not account.is_open:
        account.open_for(member.id)
    return account


def same_person(uow: UnitOfWork, channel: str, phone: str) -> Member | None:
    """Return the one active member of that mobile whom `channel` does not know yet; None when there are several."""
    mobile = plain_mobile(phone)
    if not mobile:
        return None
    found = [member for member in uow.members.with_phones([mobile]) if plain_mobile(member.phone) == mobile]
    if len(found) != 1 or channel in uow.members.channels_of(found[0].id):
        return None
    return found[0]


def merge(uow: UnitOfWork, other: Member, owner: Member) -> None:
    """Let `owner` be both: what the other member holds moves, doors and roles too, and the empty one is closed.

    Roles that any newcomer of the other's department is given count only where there is something to do with them.
    """
    held = uow.members.holdings([other.id])[other.id]
    guesses = [first_roles(other.department, leads=leads) for leads in (False, True)]
    if held or other.roles not in guesses:
        owner.roles = tuple(dict.fromkeys((*owner.roles, *other.roles)))
    uow.members.give_all(other, owner, uow.now)
    for door in uow.members.open_accounts([other.id]).get(other.id, []):
        door.open_for(owner.id)
    owner.phone = owner.phone or other.phone
    owner.department = owner.department or other.department
    if owner.manager_id is None and other.manager_id != owner.id:
        owner.manager_id = other.manager_id
    other.active = False
    become_one(uow, other.id, owner.id)
    if uow.actor.id == other.id:
        uow.actor = owner  # from here on it is the one person who speaks


def set_manager(uow: UnitOfWork, channel: str, user_id: str, manager: str) -> bool:
    """Say who leads a member; False when no such manager is enrolled."""
    member = uow.members.known_as(channel, user_id)
    leader = uow.members.known_as(channel, manager)
    if member is None or leader is None:
        return False
    member.manager_id = leader.id
    return True


def leave(uow: UnitOfWork, channel: str, user_ids: Iterable[str]) -> list[Member]:
    """Close the access of whoever left a platform at once, and tell who must hand over their customers.

    Leaving one platform is leaving the company, until an administrator says otherwise (`restore`).
    """
    left = [member for user_id in user_ids if (member := resign(uow, channel, user_id)) is not None]
    tell_of_leavers(uow, channel, left)
    return left


def resign(uow: UnitOfWork, channel: str, user_id: str) -> Member | None:
    """Close a member's access at once; their customers stay where they are until they are handed over."""
    account = uow.members.account(channel, user_id)
    if account is None or not account.is_open:
        return None
    uow.does("member.resign")
    account.close(Closed.LEFT, uow.now)
    member = uow.members.get(account.member_id)
    if not member.active:
        return None
    member.active = False
    reroute_tasks(uow, [member.id])
    return member


def tell_of_leavers(uow: UnitOfWork, channel: str, left: list[Member]) -> None:
    """Administrators, and each leaver's manager, get one notice with what waits to be handed over."""
    if not left:
        return
    uow.flush()
    gone = {member.id for member in left}
    held = uow.members.holdings(gone)
    readers: dict[MemberId, list[Member]] = {admin.id: left for admin in administrators(uow)}
    for member in left:
        if (
            member.manager_id is not None
            and member.manager_id not in gone
            and left is not readers.get(member.manager_id)
        ):
            readers.setdefault(member.manager_id, []).append(member)
    for reader, about in readers.items():
        lines = tuple(
            LeaverLine(
                str(member.ref),
                member.name,
                member.department,
                held[member.id].customers,
                held[member.id].deals,
                held[member.id].plans,
                "、".join(CHANNELS[one] for one in uow.members.open_channels_of(member.id)),
            )
            for member in about
        )
        uow.tell(MembersLeft(to=reader, channel=channel, leavers=lines))


def restore(uow: UnitOfWork, member: Member) -> None:
    """Let somebody go on who left one platform and not the company; they come in by their other account."""
    require(may_manage(uow.actor) or member.manager_id == uow.actor.id, "恢复成员")
    if not uow.members.open_channels_of(member.id):
        raise NoOtherAccount(member.name)
    uow.does("member.restore")
    member.active = True


def administrators(uow: UnitOfWork) -> list[Member]:
    """Return everybody who looks after the installation."""
    return [member for member in uow.members.everybody() if member.active and Role.ADMIN in member.roles]


def account_on(uow: UnitOfWork, member_id: MemberId, channel: str) -> Sender | None:
    """Return a member's open account on the platform where they asked; None lets a notice go where they like it."""
    accounts = uow.members.open_accounts([member_id]).get(member_id, []) if channel else []
    return next((Sender(one.channel, one.user_id) for one in accounts if one.channel == channel), None)


def rename_account(uow: UnitOfWork, channel: str, user_id: str, new_id: str) -> bool:
    """Follow a user id that the platform has renamed."""
    return uow.members.rename(channel, user_id, new_id)


def find_member(uow: UnitOfWork, words: str) -> Member:
    """Return the one active colleague that `words` mean: a number, a name, or 小陈, 陈总, 陈经理.

    Those whom the actor leads come first. Raises NoSuchMember, or Ambiguous with the candidates.
    """
    words = words.strip().removeprefix("@")
    everybody = [member for member in uow.members.everybody() if member.active]
    if (number := _NUMBER.fullmatch(words)) is not None:
        found = [member for member in everybody if member.id == int(number[1])]
    else:
        found = [member for member in everybody if member.name == words] or _called(everybody, words)
    scope = scope_of(uow.actor)
    found = [member for member in found if scope.covers(member.id, member.department)] or found
    if not found:
        raise NoSuchMember(words)
    if len(found) > 1:
        raise Ambiguous(
            words, tuple((f"{m.name}（{m.department or '未分部门'}）", str(m.ref)) for m in found[:8]), of="同事"
        )
    return found[0]


def team_of(uow: UnitOfWork) -> list[Member]:
    """Return everybody active who sells within the actor's department, the actor left out."""
    scope = scope_of(uow.actor)
    return [
        member
        for member in uow.members.everybody()
        if member.active
        and member.is_any(SELLING)
        and member.id != uow.actor.id
        and scope.covers(member.id, member.department)
    ]


def _called(everybody: list[Member], words: str) -> list[Member]:
    """Return those whom a nickname or a title may mean: by the family name, or by the given name."""
    plain = _TITLES.sub("", words)
    if plain == words or not plain:
        return [member for member in everybody if len(words) > 1 and member.name.endswith(words)]
    return [member for member in everybody if member.name.startswith(plain)]


def read_roles(text: str) -> tuple[str, ...]:
    """Read roles joined by `+`; raise BadInput naming one that does not exist."""
    names = tuple(dict.fromkeys(part.strip().lower() for part in text.replace("，", "+").split("+") if part.strip()))
    for name in names:
        if name not in set(Role):
            raise BadInput(f"角色「{name}」不存在，可用：{'、'.join(Role)}")
    return names or (Role.REP,)
