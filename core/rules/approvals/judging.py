"""Whether an act may be done at all, and what its author hears when it may not."""

from datetime import datetime
from typing import Final

from core.errors import ActRefused, ApprovalOver, NotYourTask, TaskAnswered
from core.model.approval import DECIDING, SUBMITTERS, Answer, ApprovalState, Task
from core.model.ids import MemberId
from core.rules.approvals.acting import CLOCK, Act, Setting
from core.rules.approvals.running import Run

HOW: Final = {
    Answer.YES: "同意",
    Answer.NO: "驳回",
    Answer.RETURN: "退回",
    Answer.TAKEN_BACK: "拿回",
    Answer.DECLINED: "退还（条件没被接受）",
}
OVER: Final = {
    ApprovalState.DRAFT: "还没有提交",
    ApprovalState.APPROVED: "已通过",
    ApprovalState.REJECTED: "已驳回",
    ApprovalState.WITHDRAWN: "已撤回",
    ApprovalState.VOIDED: "已作废",
    ApprovalState.EXPIRED: "已失效",
}
LONGEST: Final = 500


def may_answer(task: Task, who: MemberId, setting: Setting) -> bool:
    """Say whether somebody may answer a task: its holder, or today's proxy; never the submitter for somebody else."""
    if who == task.member:
        return True
    submitter = setting.asking.submitter
    return who != submitter and task.origin not in SUBMITTERS and who in setting.asking.company.proxies_of(task.member)


def open_task(run: Run, act: Act) -> Task:
    """Return the task that an act is about, if its author may answer it now. Strangers learn nothing."""
    task = run.tasks.get(act.task)
    if task is None or not (may_answer(task, act.by, run.setting) or act.by == task.answered_by):
        raise NotYourTask
    if not task.is_pending:
        raise answered(run, task, act.by)
    if run.course().is_blocked(task):
        names = [name_of(run, one.member) for one in run.tasks.values() if one.is_pending and one.blocks == task.number]
        raise ActRefused(
            f"您请了{'、'.join(names)}先看，等{'、'.join(names)}处理后再决定。不等了就发送「不用{names[0]}看了」"
        )
    return task


def answered(run: Run, task: Task, who: MemberId) -> Exception:
    """Say what was done with a task that is no longer open."""
    if task.answer is Answer.NONE:
        other = _decided_by(run, task)
        if other is None:
            return ApprovalOver(
                run.setting.title, "已不用您处理" if run.state is ApprovalState.RUNNING else OVER[run.state]
            )
        task = other
    by = "系统" if task.answered_by == CLOCK else name_of(run, task.answered_by)
    at = wall_of(run, task.answered_at) if task.answered_at else ""
    over = "" if run.state is ApprovalState.RUNNING else f"审批{OVER[run.state]}"
    return TaskAnswered("您" if task.answered_by == who else by, at, HOW[task.answer], over)


def _decided_by(run: Run, task: Task) -> Task | None:
    """Return by whose answer a task was closed: the last one of the same node."""
    others = [
        one
        for one in run.in_node(task.node)
        if one.answer in (Answer.YES, Answer.NO) and one.origin in DECIDING and one.answered_at == task.answered_at
    ]
    return others[-1] if others else None


def require_running(run: Run) -> None:
    if run.state is not ApprovalState.RUNNING:
        raise ApprovalOver(run.setting.title, OVER[run.state])


def comment_of(act: Act, why: str = "") -> str:
    """Return what was written, cut to what is kept; refuse where something must be."""
    comment = " ".join(act.comment.split())[:LONGEST]
    if why and not comment:
        raise ActRefused(why)
    return comment


def name_of(run: Run, member: MemberId | None) -> str:
    """Return what somebody is called, also when they have left."""
    known = run.setting.asking.company.members.get(member) if member is not None else None
    return known.name if known is not None else "已离职同事"


def wall_of(run: Run, at: datetime) -> str:
    """Say an instant as the business sees it: the hour today, with the day otherwise."""
    local, now = run.setting.calendar.local(at), run.setting.calendar.local(run.now)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%m-%d %H:%M}"
