"""A running approval also stands in a platform's own to-do list, where the operator wants it so; off by default.

The transaction that changes an approval orders a job; the job makes the platform's list what the approval is by then.
So it may run late, twice or after another one, and ends the same.
"""

from collections.abc import Mapping
from typing import Any, Final

from core.errors import DeliveryFailed
from core.model.approval import SUBMITTERS, Approval
from core.model.job import Job
from core.model.member import CHANNELS, SYSTEM
from core.ports import OpenWork, UnitOfWork
from core.ports.mirrors import Todo, Todos

MIRROR: Final = "mirror_approval"


def order_mirror(uow: UnitOfWork, approval: Approval) -> None:
    """Have the platforms' lists show how an approval stands, if there is any."""
    content = {"approval": approval.id}
    if uow.playbook.todos and not uow.jobs.is_ordered(MIRROR, content):
        uow.jobs.add(Job(kind=MIRROR, content=content, created_at=uow.now, created_by=uow.actor.id or None))


def mirror(open_work: OpenWork, todos: Mapping[str, Todos], approval_id: int) -> dict[str, Any]:
    """Make every platform's list show what waits for whom now. Raises DeliveryFailed when one must be tried again."""
    kept, failed = 0, ""
    for channel, user_id, todo in _wanted(open_work, todos, approval_id):
        try:
            todos[channel].keep(user_id, todo)
            kept += 1
        except DeliveryFailed as failure:
            failed = failed or (f"{CHANNELS[channel]}：{failure.reason}" if failure.temporary else "")
    if failed:
        raise DeliveryFailed(failed, temporary=True)
    return {"kept": kept}


def _wanted(open_work: OpenWork, todos: Mapping[str, Todos], approval_id: int) -> list[tuple[str, str, Todo]]:
    """Return each task of an approval as its holder's to-do, for every platform on which they are known."""
    with open_work(SYSTEM, reading=True) as uow:
        approval = uow.approvals.get(approval_id)
        tasks = [task for task in uow.approvals.tasks(approval_id) if task.origin not in SUBMITTERS]
        accounts = uow.members.open_accounts({task.member_id for task in tasks})
        return [
            (
                user.channel,
                user.user_id,
                Todo(
                    name=f"liaodan-approval-{approval_id}-{task.number}",
                    subject=f"审批：{approval.title}",
                    text=approval.reason,
                    due_at=task.due_at,
                    done=task.state != "pending" or task.waits,
                ),
            )
            for task in tasks
            for user in accounts.get(task.member_id, [])
            if user.channel in todos
        ]
