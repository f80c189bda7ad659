"""Who leads whom, and who decides for whom."""

from collections.abc import Iterable

from core.model.member import LEADING, Member
from core.ports import UnitOfWork
from core.rules.permissions import may_manage, scope_of


def leader_of(member: Member, everybody: Iterable[Member]) -> Member | None:
    """Return the nearest who leads a member, out of `everybody`; administrators lead nobody."""
    return next(iter(_leading(member, everybody)), None)


def leaders_of(uow: UnitOfWork, member: Member) -> list[Member]:
    """Return who may decide about a member, the nearest first: their manager, further leaders, administrators."""
    everybody = uow.members.everybody()
    administrators = [one for one in everybody if one.active and one.id != member.id and may_manage(one)]
    return list({one.id: one for one in (*_leading(member, everybody), *administrators)}.values())


def may_decide(uow: UnitOfWork, member: Member) -> bool:
    """Say whether the actor may decide what `member` asks for; nobody decides for themselves."""
    actor = uow.actor
    if actor.id == 0:
        return True
    return actor.id != member.id and (
        actor.id == member.manager_id or any(actor.id == one.id for one in leaders_of(uow, member))
    )


def _leading(member: Member, everybody: Iterable[Member]) -> list[Member]:
    """Return the manager, whoever that is, and then everybody who leads the member's department, the nearest first."""
    others = [one for one in everybody if one.active and one.id != member.id]
    manager = [one for one in others if one.id == member.manager_id]
    above = [one for one in others if one.is_any(LEADING) and scope_of(one).covers(member.id, member.department)]
    above.sort(key=lambda one: (-len(one.department), one.id))
    return [*manager, *(one for one in above if one.id != member.manager_id)]
