"""What happens without anybody's tap: time is up, somebody has left or is away, the matter has changed or expired."""

from core.model.approval import DECIDING, SUBMITTERS, Answer, ApprovalState, Origin, Task, TaskState
from core.model.ids import MemberId
from core.model.playbook.approvals import Overdue
from core.rules.approvals.acting import Act, Setting, Told
from core.rules.approvals.moving import hand_on, opinion_given
from core.rules.approvals.running import Run


def may_pass_by_itself(setting: Setting, up_to: int | None) -> bool:
    """Say whether the amount is known, and small enough to pass without anybody; the company's limit stands above."""
    if setting.amount is None or up_to is None:
        return False
    return setting.amount <= min(up_to, setting.section.auto_pass_limit) * 100


def time_out(run: Run, act: Act) -> None:
    """Do with a task whose time is up what its rule says; one that was answered or moved meanwhile is left alone."""
    task = run.tasks.get(act.task)
    if run.state is not ApprovalState.RUNNING or task is None or not task.is_pending or task.due_at is None:
        return
    timeout = run.timeout_of(run.nodes[task.node])
    if timeout is None or task.origin in SUBMITTERS or task.due_at > run.now:
        return
    if task.origin is Origin.DELEGATE:
        opinion_given(run, run.answer(task, TaskState.TIMED_OUT, Answer.NONE, "没有在时限内给意见"))
    elif timeout.then is Overdue.REJECT:
        run.answer(task, TaskState.TIMED_OUT, Answer.NO, "超过时限没有处理，按规则驳回")
        run.settle(task.node, task.seat)
    elif timeout.then is Overdue.PASS and may_pass_by_itself(run.setting, timeout.up_to):
        run.answer(task, TaskState.TIMED_OUT, Answer.YES, "超过时限没有处理，按规则通过")
        run.settle(task.node, task.seat)
    else:
        _to_superior(run, task)


def _to_superior(run: Run, task: Task) -> None:
    """Hand a task up, to somebody who has not had it yet; where nobody is above, its holder's time begins anew."""
    asking = run.setting.asking
    had = {task.member, asking.submitter, *_had_before(run, task)}
    had |= {one.member for one in run.in_node(task.node) if one.is_pending}
    above = [one for one in asking.company.superiors(task.member) if one not in had]
    to = next(iter(above or asking.company.fallback(asking.flow, had)), None)
    if to is None:
        run.change(task, due_at=run.due(run.nodes[task.node]))
        run.tell(Told.NUDGED, [task.member], task=task.number, comment="已经超过时限")
        return
    run.answer(task, TaskState.TIMED_OUT, Answer.NONE, "超过时限没有处理，转给上级")
    run.tell(Told.CLOSED, [task.member], task=task.number, comment="超过时限，已转给上级")
    fresh = hand_on(run, run.tasks[task.number], to, moved=task.moved)
    run.tell(Told.MOVED, [asking.submitter], task=fresh.number, comment="超过时限，转给上级")


def _had_before(run: Run, task: Task) -> set[MemberId]:
    """Return through whose hands a task has come."""
    had = {one.member for one in run.in_node(task.node) if one.seat == task.seat and one.state is TaskState.TIMED_OUT}
    while task.parent:
        task = run.tasks[task.parent]
        had.add(task.member)
    return had


def reroute(run: Run, act: Act) -> None:
    """Hand on every open task of people who have left, or are away and have nobody who answers for them."""
    if run.state is not ApprovalState.RUNNING:
        return
    asking = run.setting.asking
    for task in [one for one in run.tasks.values() if one.is_pending and one.member in act.to]:
        if task.origin in SUBMITTERS or not run.tasks[task.number].is_pending:
            continue
        stand_in = [one for one in asking.stand_in(task.member) if one != task.member]
        if not stand_in or task.member in asking.stand_in(task.member):
            continue
        pending = [one for one in run.in_node(task.node) if one.is_pending and one.seat == task.seat]
        busy = {one.member for one in pending if one.origin in DECIDING} if task.origin in DECIDING else set()
        fresh = [one for one in stand_in if one not in busy]
        run.change(task, state=TaskState.CANCELLED, answered_at=run.now)
        run.tell(Told.CLOSED, [task.member], task=task.number, comment="已改由别人处理")
        closed = run.tasks[task.number]
        if not fresh:
            _release(run, closed)
        for one in fresh:
            hand_on(run, closed, one, moved=task.moved)
        run.tell(Told.MOVED, [asking.submitter], task=len(run.tasks), comment="原审批人不在，已改由别人处理")


def _release(run: Run, closed: Task) -> None:
    """Whoever stands in has been asked already, and one answer of theirs is enough: nothing waits for the other."""
    for other in [one for one in run.tasks.values() if one.is_pending and one.blocks == closed.number]:
        run.change(other, blocks=0)


def void(run: Run, act: Act) -> None:
    """End it because the matter is no longer what was asked about."""
    if run.state is ApprovalState.RUNNING:
        run.end(ApprovalState.VOIDED, act.comment)


def expire(run: Run, act: Act) -> None:
    """End it because nobody came to a decision in all the time that there is."""
    if run.state is ApprovalState.RUNNING:
        run.end(ApprovalState.EXPIRED, act.comment)
