"""Members: who belongs to the company, and how the platforms know them."""

import re
from dataclasses import dataclass

from core.errors import Ambiguous, BadInput, NoSuchMember
from core.model.ids import MemberId
from core.model.member import SELLING, ChannelUser, Member, Role, account_key
from core.ports import UnitOfWork
from core.rules.permissions import scope_of

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
    """Make or refresh a member and their platform account; return them and whether they are new."""
    if not who.user_id or not who.name:
        raise BadInput("成员要有平台账号和姓名")
    if who.user_id.startswith("$:"):  # changes from app to app, and nothing can be sent to it
        raise BadInput(f"「{who.name}」的账号是钉钉的加密 ID，不能用来开通，请换成通讯录里的 userid")
    roles = read_roles(who.roles)
    member = uow.members.known_as(who.channel, who.user_id)
    is_new = member is None
    if member is None:
        member = Member(name=who.name, created_at=uow.now, updated_at=uow.now)
        uow.members.add(member)
        uow.flush()
        uow.members.add_account(
            ChannelUser(
                channel=who.channel,
                user_id=account_key(who.channel, who.user_id),
                display_id=who.user_id,
                member_id=member.id,
            )
        )
    member.name, member.department = who.name, who.department.strip("/ ")
    member.phone, member.roles, member.active = who.phone or None, roles, True
    uow.flush()
    return member, is_new


def set_manager(uow: UnitOfWork, channel: str, user_id: str, manager: str) -> bool:
    """Say who leads a member; False when no such manager is enrolled."""
    member = uow.members.known_as(channel, user_id)
    leader = uow.members.known_as(channel, manager)
    if member is None or leader is None:
        return False
    member.manager_id = leader.id
    return True


def resign(uow: UnitOfWork, channel: str, user_id: str) -> MemberId | None:
    """Close a member's access at once; their customers stay where they are until they are handed over."""
    member = uow.members.known_as(channel, user_id)
    if member is None or not member.active:
        return None
    uow.does("member.resign")
    member.active = False
    return member.id


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
