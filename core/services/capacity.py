"""How much each member holds, and how much more they may (semantics B.4)."""

from collections.abc import Iterable

from core.model.ids import MemberId
from core.model.member import Member
from core.ports import UnitOfWork
from core.rules.capacity import free, most_for, used


def room_of(uow: UnitOfWork, member: Member) -> float:
    """Return how much more a member may hold now."""
    return free(member, uow.pools.holding([member.id], uow.now)[member.id], uow.playbook.capacity)


def used_by(uow: UnitOfWork, members: Iterable[Member]) -> dict[MemberId, tuple[float, int]]:
    """Return what each member holds by weight, and how much they may."""
    asked, capacity = list(members), uow.playbook.capacity
    holding = uow.pools.holding([member.id for member in asked], uow.now)
    return {member.id: (used(holding[member.id], capacity), most_for(member, capacity)) for member in asked}
