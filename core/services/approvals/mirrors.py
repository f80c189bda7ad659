"""A running approval also stands where the company keeps such things: off by default, one job whatever the place.

The transaction that changes an approval orders a job; the job makes each mirror what the approval is by then. So it may
run late, twice or after another one, and ends the same (`mirroring.py`).
"""

from typing import Final

from core.model.approval import Approval
from core.model.job import Job
from core.ports import UnitOfWork

MIRROR: Final = "mirror_approval"


def order_mirror(uow: UnitOfWork, approval: Approval) -> None:
    """Have the platforms show how an approval stands, if any does."""
    if uow.playbook.todos or uow.playbook.approvals.mirrors:
        order(uow, approval.id)


def order(uow: UnitOfWork, approval_id: int) -> None:
    """Have every mirror of an approval brought in step, once for all who ask before it is begun."""
    content = {"approval": approval_id}
    if not uow.jobs.is_ordered(MIRROR, content):
        uow.jobs.add(Job(kind=MIRROR, content=content, created_at=uow.now, created_by=uow.actor.id or None))
