"""How much one may hold, and how much one holds (semantics B.4)."""

from core.model.load import Holding
from core.model.member import Member
from core.model.playbook import Capacity
from core.rules.groups import belongs


def used(holding: Holding, capacity: Capacity) -> float:
    """Add up the weights of what somebody holds; what has no weight counts nothing."""
    leads = sum(capacity.states.get(state, 0.0) * number for state, number in holding.states.items())
    deals = sum(capacity.stages.get(stage, 0.0) * number for stage, number in holding.stages.items())
    spared = sum(
        capacity.states.get(state, 0.0) - capacity.vip
        for state, tags in holding.vips
        if state in capacity.states and not set(tags).isdisjoint(capacity.vip_tags)
    )
    return leads + deals - spared


def most_for(member: Member, capacity: Capacity) -> int:
    """Return how much a member may hold: what was set for them, the first room that is theirs, else everybody's."""
    if member.capacity is not None:
        return member.capacity
    return next((room.most for room in capacity.rooms if belongs(member, room.who)), capacity.most)


def free(member: Member, holding: Holding, capacity: Capacity) -> float:
    """Return how much more a member may hold; below zero when they were given more than that."""
    return most_for(member, capacity) - used(holding, capacity)


def plainly(amount: float) -> str:
    """Write a load without needless decimals."""
    return f"{amount:g}"
