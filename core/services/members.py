"""Members: who belongs to the company, and how the platforms know them."""

from dataclasses import dataclass

from core.errors import BadInput
from core.model.ids import MemberId
from core.model.member import ChannelUser, Member, Role, account_key
from core.ports import UnitOfWork


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


def read_roles(text: str) -> tuple[str, ...]:
    """Read roles joined by `+`; raise BadInput naming one that does not exist."""
    names = tuple(dict.fromkeys(part.strip().lower() for part in text.replace("，", "+").split("+") if part.strip()))
    for name in names:
        if name not in set(Role):
            raise BadInput(f"角色「{name}」不存在，可用：{'、'.join(Role)}")
    return names or (Role.REP,)
