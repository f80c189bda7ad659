"""What waits for somebody also stands in their platform's own to-do list, where the operator wants it so."""

from collections.abc import Mapping

from core.errors import DeliveryFailed
from core.model.approval import SUBMITTERS
from core.model.member import CHANNELS, SYSTEM
from core.ports import OpenWork
from core.ports.mirrors import Todo, Todos


def keep_todos(open_work: OpenWork, todos: Mapping[str, Todos], approval_id: int) -> int:
    """Make every platform's list show what waits for whom now; return how many. DeliveryFailed: try again."""
    kept, failed = 0, ""
    for channel, user_id, todo in _wanted(open_work, todos, approval_id):
        try:
            todos[channel].keep(user_id, todo)
            kept += 1
        except DeliveryFailed as failure:
            failed = failed or (f"{CHANNELS[channel]}：{failure.reason}" if failure.temporary else "")
    if failed:
        raise DeliveryFailed(failed, temporary=True)
    return kept


def _wanted(open_work: OpenWork, todos: Mapping[str, Todos], approval_id: int) -> list[tuple[str, str, Todo]]:
    """Return each task of an approval as its holder's to-do, for every platform on which they are known."""
    if not todos:
        return []
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
