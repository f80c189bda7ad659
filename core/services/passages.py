"""The passages of deals follow the stages of the playbook: whoever changes those has them written anew."""

from core.model.job import Job
from core.model.member import SYSTEM
from core.model.playbook import Playbook
from core.ports import OpenWork, UnitOfWork

JOB = "passages"
AT_ONCE = 1000


def order_passages(uow: UnitOfWork, before: Playbook, after: Playbook) -> None:
    """Order the work where stages were added, taken away, renamed or moved."""
    if _stages(before) != _stages(after):
        uow.jobs.add(Job(kind=JOB, content={}, created_at=uow.now, created_by=uow.actor.id or None))


def rewrite_passages(open_work: OpenWork) -> int:
    """Write all passages anew, some hundreds of deals to a transaction, then their sums; return how many times."""
    after: int | None = 0
    turns = 0
    while after is not None:
        with open_work(SYSTEM) as uow:
            after = uow.metrics.rebuild(after=after, limit=AT_ONCE)
        turns += 1
    with open_work(SYSTEM) as uow:
        uow.metrics.add_up()
    return turns


def _stages(playbook: Playbook) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    return [(one.name, tuple((stage.name, stage.outcome) for stage in one.stages)) for one in playbook.pipelines]
