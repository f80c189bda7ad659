"""Whoever is asked agrees, so that a story can go on."""

from core.services.approvals.deciding import approve, waiting_for
from tests.world import World


def everybody_agrees(world: World) -> int:
    """Let whoever is asked say yes, one after the other, until nobody is asked any more; return how often."""
    said = 0
    while waiting := _first(world):
        name, approval_id = waiting
        with world.work(name) as uow:
            approve(uow, approval_id)
        said += 1
    world.delivers()
    return said


def _first(world: World) -> tuple[str, int] | None:
    for name in world.ids:
        with world.work(name) as uow:
            tasks = waiting_for(uow, uow.actor.id)
        if tasks:
            return name, tasks[0][0].approval_id
    return None
