"""A task goes to somebody else, or an opinion comes back."""

from core.model.approval import DECIDING, REQUIRED, Origin, Task
from core.model.ids import MemberId
from core.rules.approvals.running import Run


def hand_on(run: Run, task: Task, to: MemberId, *, moved: int) -> Task:
    """Ask somebody else what a closed task asked; whoever was signed in before it is waited for all the same."""
    origin = task.origin if task.origin in (*REQUIRED, Origin.DELEGATE) else Origin.MOVED
    node = run.nodes[task.node]
    parent = task.parent if origin in (*REQUIRED, Origin.DELEGATE) else task.number
    fresh = run.give(node, task.seat, to, origin, parent=parent, blocks=task.blocks, moved=moved)
    for other in [one for one in run.tasks.values() if one.is_pending and one.blocks == task.number]:
        run.change(other, blocks=fresh.number)
        run.change(run.tasks[fresh.number], due_at=None)
    return run.tasks[fresh.number]


def opinion_given(run: Run, opinion: Task) -> None:
    """Let whoever delegated decide, now that they have the opinion that they asked for."""
    asked = run.tasks[opinion.parent]
    origin = asked.origin if asked.origin in REQUIRED else Origin.FINAL
    parent = asked.parent if origin in REQUIRED else opinion.number
    same = [one for one in run.in_node(asked.node) if one.seat == asked.seat and one.member == asked.member]
    if origin is Origin.FINAL and any(one.is_pending and one.origin in DECIDING for one in same):
        return  # they were asked for this voice once more meanwhile
    run.give(
        run.nodes[asked.node], asked.seat, asked.member, origin, parent=parent, blocks=asked.blocks, moved=asked.moved
    )
