"""What becomes of each act: judged by the rules, or refused with what to do next. Pure: a course in, a course out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from core.errors import ActRefused, NotYourTask
from core.model.approval import (
    DECIDING,
    REQUIRED,
    SUBMITTERS,
    Answer,
    ApprovalState,
    Course,
    Origin,
    Task,
    TaskState,
)
from core.model.ids import MemberId
from core.rules.approvals.acting import Act, Deed, Outcome, Setting, Told
from core.rules.approvals.clockwork import expire, reroute, time_out, void
from core.rules.approvals.judging import answered, comment_of, may_answer, name_of, open_task, require_running
from core.rules.approvals.moving import hand_on, opinion_given
from core.rules.approvals.returning import go_another_way, resubmit, send_back, take_back
from core.rules.approvals.running import Run
from core.rules.approvals.talking import attach, consent, copy_in, dissent, nudge, remark, withdraw
from core.rules.approvals.ways import Way

MOST_SIGNED: Final = 5


def perform(course: Course, act: Act, setting: Setting) -> Outcome:
    """Do one act. A Refusal changes nothing."""
    run = Run(course, setting, act.by)
    _DEEDS[act.deed](run, act)
    return run.outcome()


def begin(way: Way, chosen: Mapping[str, tuple[MemberId, ...]], setting: Setting) -> Outcome:
    """Set out on a way: whoever comes first is asked. APPROVED at once when nobody must be."""
    course = Course(
        state=ApprovalState.RUNNING, plan=way.plan, nodes=way.nodes, chosen=tuple((k, v) for k, v in chosen.items())
    )
    run = Run(course, setting, setting.asking.submitter)
    run.advance()
    return run.outcome()


def _approve(run: Run, act: Act) -> None:
    task = open_task(run, act)
    if task.origin is Origin.OFFER:
        _accept(run, act, task)
    elif task.origin is Origin.REVISE:
        resubmit(run, act)
    elif task.origin is Origin.DELEGATE:
        opinion_given(run, run.answer(task, TaskState.APPROVED, Answer.YES, comment_of(act), act.files))
    else:
        _say_yes(run, act, task)


def _say_yes(run: Run, act: Act, task: Task) -> None:
    run.answer(task, TaskState.APPROVED, Answer.YES, comment_of(act), act.files)
    if act.demand is not None:
        if task.origin not in DECIDING:
            raise ActRefused("加签只表态同意或驳回，条件请写在意见里")
        demand = replace(act.demand, task=task.number)
        run.demands = [one for one in run.demands if one.task != task.number] + [demand]
        if not demand.met:
            node = run.nodes[task.node]
            others = [one for one in run.in_node(task.node) if one.seat == task.seat and one.origin in DECIDING]
            run.close(others)
            submitter = run.setting.asking.submitter
            offer = run.give(node, task.seat, submitter, Origin.OFFER, parent=task.number)
            run.tell(Told.DEMANDED, [submitter], task=offer.number, comment=demand.says)
            return
    _unblock(run, task)
    run.settle(task.node, task.seat)
    _tell_progress(run, task, act)


def _tell_progress(run: Run, task: Task, act: Act) -> None:
    if run.state is ApprovalState.RUNNING:
        run.tell(Told.PROGRESS, [run.setting.asking.submitter], task=task.number, comment=act.comment)


def _unblock(run: Run, task: Task) -> None:
    """Let a task that waited for this one be answered now; its time begins."""
    waiting = run.tasks.get(task.blocks)
    if waiting is not None and waiting.is_pending and not run.course().is_blocked(waiting):
        run.tell_asked(run.change(waiting, due_at=run.due(run.nodes[waiting.node])))


def _accept(run: Run, act: Act, offer: Task) -> None:
    """The submitter takes the condition: the yes that depended on it is given, and the changed facts go their way."""
    run.answer(offer, TaskState.APPROVED, Answer.YES, comment_of(act), act.files)
    run.demands = [replace(one, met=True) if one.task == offer.parent else one for one in run.demands]
    run.tell(Told.PROGRESS, [run.tasks[offer.parent].member], task=offer.parent, comment="提交人接受了条件")
    run.settle(offer.node, offer.seat)
    if act.way is not None and run.state is ApprovalState.RUNNING:
        go_another_way(run, act.way)


def _reject(run: Run, act: Act) -> None:
    task = open_task(run, act)
    if task.origin is Origin.OFFER:
        _decline(run, act, task)
        return
    if task.origin is Origin.REVISE:
        run.answer(task, TaskState.REJECTED, Answer.NO, comment_of(act))
        run.end(ApprovalState.WITHDRAWN, comment_of(act))
        return
    why = "驳回要写原因，提交人才知道怎么改。请发送「不同意 原因」，例如「不同意 低于成本价了」"
    said = run.answer(task, TaskState.REJECTED, Answer.NO, comment_of(act, why), act.files)
    if task.origin is Origin.DELEGATE:
        opinion_given(run, said)
        return
    run.settle(task.node, task.seat)
    _tell_progress(run, task, act)


def _decline(run: Run, act: Act, offer: Task) -> None:
    """The submitter does not take the condition: whoever set it decides once more."""
    run.answer(offer, TaskState.REJECTED, Answer.NO, comment_of(act))
    given = run.tasks[offer.parent]
    run.demands = [one for one in run.demands if one.task != given.number]
    run.change(given, state=TaskState.CANCELLED, answer=Answer.DECLINED)
    again = run.give(
        run.nodes[given.node], given.seat, given.member, Origin.FINAL, parent=given.number, moved=given.moved
    )
    run.tell(Told.DEMAND_DECLINED, [given.member], task=again.number, comment=act.comment)


def _transfer(run: Run, act: Act) -> None:
    task = open_task(run, act)
    _refuse_for_submitters(task)
    to = _other(run, act, task, "转给")
    if task.moved >= run.setting.section.transfers:
        raise ActRefused(f"这个审批已经转过 {task.moved} 次，不能再转。请您同意或驳回，或「先让…看看」")
    run.answer(task, TaskState.TRANSFERRED, Answer.NONE, comment_of(act))
    hand_on(run, run.tasks[task.number], to, moved=task.moved + 1)
    run.tell(Told.MOVED, [run.setting.asking.submitter], task=len(run.tasks), comment=act.comment)


def _delegate(run: Run, act: Act) -> None:
    task = open_task(run, act)
    _refuse_for_submitters(task)
    if task.origin is Origin.DELEGATE:
        raise ActRefused("别人请您给意见，不能再请别人。请直接说同意或不同意和理由")
    to = _other(run, act, task, "委派给")
    run.answer(task, TaskState.DELEGATED, Answer.NONE, comment_of(act))
    run.give(
        run.nodes[task.node], task.seat, to, Origin.DELEGATE, parent=task.number, blocks=task.blocks, moved=task.moved
    )


def _fill(run: Run, act: Act) -> None:
    """Go on with what an approver has changed; everybody who agreed to what it was before is told."""
    task = open_task(run, act)
    agreed = [one.member for one in run.tasks.values() if one.is_answered and one.answer is Answer.YES]
    told = [one for one in (run.setting.asking.submitter, *agreed) if one != act.by]
    run.tell(Told.FILLED, told, task=task.number, comment=act.comment)
    if act.way is not None:
        go_another_way(run, act.way)


def _refuse_for_submitters(task: Task) -> None:
    if task.origin in SUBMITTERS:
        raise ActRefused("这一步要您自己处理：接受或不接受条件，或改好后重新提交")


def _sign_before(run: Run, act: Act) -> None:
    task = _signing(run, act)
    for member in _signed(run, act, task):
        run.give(run.nodes[task.node], task.seat, member, Origin.BEFORE, parent=task.number, blocks=task.number)
    run.change(task, due_at=None)


def _sign_after(run: Run, act: Act) -> None:
    task = _signing(run, act)
    for member in _signed(run, act, task):
        run.give(run.nodes[task.node], task.seat, member, Origin.AFTER, parent=task.number, blocks=task.blocks)
    _say_yes(run, act, task)


def _signing(run: Run, act: Act) -> Task:
    task = open_task(run, act)
    if task.origin in (Origin.DELEGATE, *SUBMITTERS):
        raise ActRefused("这一步不能加签。请直接说同意或不同意和理由")
    signed = [one for one in run.in_node(task.node) if one.seat == task.seat and one.origin in REQUIRED]
    if len(signed) + len(act.to) > MOST_SIGNED:
        raise ActRefused(f"同一个审批最多加签 {MOST_SIGNED} 个人，请您直接决定")
    return task


def _signed(run: Run, act: Act, task: Task) -> tuple[MemberId, ...]:
    if not act.to:
        raise ActRefused("请写上让谁看，例如「先让陈静看看」")
    for member in act.to:
        _require_other(run, task, member, "加签给")
    return tuple(dict.fromkeys(act.to))


def _unsign(run: Run, act: Act) -> None:
    require_running(run)
    task = run.tasks.get(act.task)
    if task is None or task.origin not in REQUIRED or not may_answer(run.tasks[task.parent], act.by, run.setting):
        raise NotYourTask
    if not task.is_pending:
        raise answered(run, task, act.by)
    run.close([task])
    _unblock(run, run.tasks[task.number])
    run.settle(task.node, task.seat)


def _other(run: Run, act: Act, task: Task, what: str) -> MemberId:
    if len(act.to) != 1:
        raise ActRefused(f"请写上{what}谁，一次一个人")
    _require_other(run, task, act.to[0], what)
    return act.to[0]


def _require_other(run: Run, task: Task, member: MemberId, what: str) -> None:
    if member == run.setting.asking.submitter:
        raise ActRefused(f"不能{what}提交人本人，请换一个人")
    if not run.setting.asking.company.is_active(member):
        raise ActRefused("这位同事已不在公司，请换一个人")
    if member == task.member:
        raise ActRefused(f"不能{what}自己，请换一个人")
    if any(one.is_pending and one.member == member for one in run.in_node(task.node)):
        raise ActRefused(f"{name_of(run, member)}已经在审这一步了，请换一个人")


_DEEDS: Final[dict[Deed, Callable[[Run, Act], None]]] = {
    Deed.APPROVE: _approve,
    Deed.REJECT: _reject,
    Deed.TRANSFER: _transfer,
    Deed.DELEGATE: _delegate,
    Deed.SIGN_BEFORE: _sign_before,
    Deed.SIGN_AFTER: _sign_after,
    Deed.UNSIGN: _unsign,
    Deed.FILL: _fill,
    Deed.RETURN: send_back,
    Deed.RESUBMIT: resubmit,
    Deed.TAKE_BACK: take_back,
    Deed.WITHDRAW: withdraw,
    Deed.CONSENT: consent,
    Deed.DISSENT: dissent,
    Deed.NUDGE: nudge,
    Deed.COPY: copy_in,
    Deed.REMARK: remark,
    Deed.ASK: remark,
    Deed.ANSWER: remark,
    Deed.ATTACH: attach,
    Deed.TIME_OUT: time_out,
    Deed.REROUTE: reroute,
    Deed.VOID: void,
    Deed.EXPIRE: expire,
}
