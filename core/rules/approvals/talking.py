"""What is done beside deciding: withdrawing, hurrying, copying, and talking about the matter."""

from core.errors import ActRefused, NotYourTask
from core.model.approval import SUBMITTERS, Answer, ApprovalState, Attached
from core.model.playbook.approvals import Withdrawal
from core.rules.approvals.acting import Act, Deed, Told
from core.rules.approvals.judging import comment_of, may_answer, name_of, require_running, wall_of
from core.rules.approvals.running import Run

MOST_FILES = 20


def withdraw(run: Run, act: Act) -> None:
    """End it for the submitter, or ask the approvers to let them, as the flow has it."""
    require_running(run)
    if act.by != run.setting.asking.submitter:
        raise NotYourTask
    said = [task for task in run.tasks.values() if task.is_answered]
    policy = run.setting.flow.withdraw
    if not said or policy is Withdrawal.ALWAYS:
        run.end(ApprovalState.WITHDRAWN, comment_of(act))
        return
    if policy is Withdrawal.UNANSWERED:
        raise ActRefused(f"{name_of(run, said[-1].member)}已经处理过，不能撤回。请联系还没处理的审批人驳回或退回")
    asked = [task.member for task in run.tasks.values() if task.is_pending and task.origin not in SUBMITTERS]
    agreed = [task.member for task in said if task.answer is Answer.YES]
    run.wish = tuple(dict.fromkeys(one for one in (*asked, *agreed[-1:]) if one != act.by))
    if not run.wish:
        run.end(ApprovalState.WITHDRAWN, comment_of(act))
        return
    run.tell(Told.WISHED, run.wish, comment=comment_of(act))


def consent(run: Run, act: Act) -> None:
    """Let the submitter withdraw."""
    _wished(run, act)
    run.end(ApprovalState.WITHDRAWN, comment_of(act))


def dissent(run: Run, act: Act) -> None:
    """Let it go on although the submitter wished to withdraw."""
    _wished(run, act)
    run.wish = ()
    run.tell(Told.WISH_REFUSED, [run.setting.asking.submitter], comment=comment_of(act))


def _wished(run: Run, act: Act) -> None:
    require_running(run)
    if act.by not in run.wish:
        raise NotYourTask


def nudge(run: Run, act: Act) -> None:
    """Hurry whoever is waited for, not more often than the playbook allows."""
    require_running(run)
    if act.by != run.setting.asking.submitter:
        raise NotYourTask
    course, every = run.course(), run.setting.section.nudge_every
    waiting = [
        task
        for task in run.tasks.values()
        if task.is_pending and task.origin not in SUBMITTERS and not course.is_blocked(task)
        if act.task in (0, task.number)
    ]
    if not waiting:
        raise ActRefused("现在没有在等别人处理，不用催")
    due = [task for task in waiting if task.nudged_at is None or run.now - task.nudged_at >= every]
    if not due:
        again = min(task.nudged_at for task in waiting if task.nudged_at is not None) + every
        raise ActRefused(f"刚催过，{wall_of(run, again)} 之后才能再催")
    for task in due:
        run.change(task, nudged_at=run.now)
        run.tell(Told.NUDGED, [task.member], task=task.number, comment=comment_of(act))


def copy_in(run: Run, act: Act) -> None:
    """Copy people in, each once in an approval."""
    _require_part(run, act)
    fresh = run.copy(act.to)
    if not fresh:
        raise ActRefused("已经抄送过了，每人只抄送一次")


def remark(run: Run, act: Act) -> None:
    """Say something, ask the submitter something, or answer."""
    _require_part(run, act)
    comment = comment_of(act, "请写上要说的话")
    submitter = run.setting.asking.submitter
    if act.deed is Deed.ASK:
        run.tell(Told.QUESTIONED, [submitter], comment=comment)
        return
    asked = [task.member for task in run.tasks.values() if task.is_pending and task.origin not in SUBMITTERS]
    told = Told.ANSWERED if act.deed is Deed.ANSWER else Told.REMARKED
    run.tell(told, [one for one in (*act.to, *([] if act.to else asked), submitter) if one != act.by], comment=comment)


def attach(run: Run, act: Act) -> None:
    """Put a file to it, named by the act's comment; whoever decides sees it on the card."""
    require_running(run)
    _require_part(run, act)
    if len(run.files) >= MOST_FILES:
        raise ActRefused(f"一个审批最多 {MOST_FILES} 个附件。请合成一个压缩包，或直接发给审批人")
    name = comment_of(act)
    run.files += [Attached(file=file, name=name, by=act.by) for file in act.files]
    submitter = run.setting.asking.submitter
    asked = [task.member for task in run.tasks.values() if task.is_pending and task.origin not in SUBMITTERS]
    run.tell(Told.ATTACHED, [one for one in (*asked, submitter) if one != act.by], comment=name)


def _require_part(run: Run, act: Act) -> None:
    """Let only those speak who have to do with it: the submitter, whoever was asked, their proxies, the copied."""
    tasks = run.tasks.values()
    part = {run.setting.asking.submitter, *run.copied, *(task.member for task in tasks)}
    if act.by not in part and not any(may_answer(task, act.by, run.setting) for task in tasks if task.is_pending):
        raise NotYourTask
