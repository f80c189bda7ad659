"""What people do with an approval: each act locks it, is judged, is written with its effect, and is told.

Each names it by its number, or hands in what `load` has returned, for its first act.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from core.errors import ActRefused, NotYourTask, Refusal
from core.model.approval import SUBMITTERS, Approval, ApprovalState, ApprovalTask, Demand, Origin, ReturnMode, Task
from core.model.ids import MemberId
from core.model.playbook.conditions import Condition
from core.ports import UnitOfWork
from core.rules.approvals.acting import Act, Deed
from core.rules.approvals.acts import perform
from core.rules.approvals.judging import may_answer
from core.rules.approvals.sight import fillable_at, label_of, said_of
from core.rules.approvals.ways import Way, way_of
from core.rules.conditions import judge
from core.services.approvals.effects import carry_out
from core.services.approvals.keeping import (
    Matter,
    Which,
    amount_in,
    digest_of,
    facts_as_json,
    judged,
    keep,
    load,
    matter_of,
)
from core.services.approvals.subjects import subject_of
from core.services.approvals.submitting import changed, drop, restart

OVERTAKEN: Final = "已经有了更新的版本，这份改动作废，请在新版本上重新提一次"


def approve(
    uow: UnitOfWork,
    which: Which,
    task: int = 0,
    comment: str = "",
    *,
    demand: Demand | None = None,
    files: Sequence[int] = (),
) -> Approval:
    """Say yes; with a `demand`, only if it is met or the submitter accepts it (最多92折)."""
    matter, own = _own(uow, which, task)
    if demand is not None:
        demand = replace(demand, met=_is_met(uow, matter, demand, matter.approval.facts))
    if own is not None and own.origin is Origin.OFFER:
        return _accept(uow, matter, own, comment)
    if own is not None and own.origin is Origin.REVISE:
        return _resubmit(uow, matter, own, comment, files)
    act = Act(
        deed=Deed.APPROVE, by=uow.actor.id, task=_number(own, task), comment=comment, files=tuple(files), demand=demand
    )
    return act_on(uow, matter, act)


def reject(uow: UnitOfWork, which: Which, task: int = 0, comment: str = "", *, files: Sequence[int] = ()) -> Approval:
    """Say no, with the reason. A submitter who does not accept a condition says no to it in the same way."""
    matter, own = _own(uow, which, task)
    act = Act(deed=Deed.REJECT, by=uow.actor.id, task=_number(own, task), comment=comment, files=tuple(files))
    approval = act_on(uow, matter, act)
    if own is not None and own.origin is Origin.OFFER:
        return _look_again(uow, approval)
    return approval


def resubmit(uow: UnitOfWork, which: Which, comment: str = "", *, files: Sequence[int] = ()) -> Approval:
    """Give back what was returned to the submitter; where its facts are others now, they go their own way."""
    matter, own = _own(uow, which, 0)
    if own is None or own.origin is not Origin.REVISE:
        raise ActRefused("这个审批没有退回给您，不用重新提交。发送「我的审批」看看进度")
    return _resubmit(uow, matter, own, comment, files)


def fill(uow: UnitOfWork, which: Which, field: str, value: str, task: int = 0) -> Approval:
    """Let an approver change what the rights of their node let them, so that they agree to what they wrote."""
    matter, own = _own(uow, which, task)
    approval, setting = matter.approval, matter.setting
    if own is None or not may_answer(own, uow.actor.id, setting):
        raise NotYourTask
    if own.is_pending and field not in fillable_at(approval.kind, setting.flow, matter.course, own):
        raise ActRefused(f"这一步不能改{label_of(approval.kind, field)}。请有条件同意，或退回给申请人改")
    subject = subject_of(approval.kind)
    before = said_of(approval.kind, field, approval.facts.get(field))
    if own.is_pending:
        subject.amend(uow, approval, Demand(task=own.number, says="", field=field, op="=", value=value))  # type: ignore[attr-defined]  # what may be filled can be amended
        uow.flush()
    facts = facts_as_json(subject.facts(uow, approval.subject))
    after = said_of(approval.kind, field, facts.get(field))
    if own.is_pending and digest_of(facts) == approval.digest:
        raise ActRefused(f"{label_of(approval.kind, field)}本来就是 {before}，没有改动")
    said = f"{label_of(approval.kind, field)} {before} → {after}"
    way = _take_facts(uow, matter, facts) if own.is_pending else None
    done = act_on(uow, matter, Act(deed=Deed.FILL, by=uow.actor.id, task=own.number, comment=said, way=way))
    changed(uow, approval.subject)  # what else is asked about it is asked anew
    return done


def transfer(uow: UnitOfWork, which: Which, to: MemberId, task: int = 0, comment: str = "") -> Approval:
    return _on_own(uow, which, task, Deed.TRANSFER, comment, (to,))


def delegate(uow: UnitOfWork, which: Which, to: MemberId, task: int = 0, comment: str = "") -> Approval:
    return _on_own(uow, which, task, Deed.DELEGATE, comment, (to,))


def sign_in(
    uow: UnitOfWork, which: Which, to: Sequence[MemberId], task: int = 0, comment: str = "", *, after: bool = False
) -> Approval:
    """Let others agree too: before the actor decides, or after, which says the actor's own yes."""
    return _on_own(uow, which, task, Deed.SIGN_AFTER if after else Deed.SIGN_BEFORE, comment, tuple(to))


def sign_out(uow: UnitOfWork, which: Which, who: MemberId) -> Approval:
    """Take somebody out again whom the actor has signed in, and who has not answered."""
    matter = load(uow, which)
    signed = [
        task for task in matter.course.pending if task.member == who and task.origin in (Origin.BEFORE, Origin.AFTER)
    ]
    return act_on(uow, matter, Act(deed=Deed.UNSIGN, by=uow.actor.id, task=signed[0].number if signed else 0))


def send_back(
    uow: UnitOfWork,
    which: Which,
    comment: str,
    *,
    task: int = 0,
    node: int = 0,
    mode: ReturnMode = ReturnMode.AGAIN,
) -> Approval:
    """Return the matter to the submitter (node 0), or to a node that has passed."""
    return _on_own(uow, which, task, Deed.RETURN, comment, node=node, mode=mode)


def take_back(uow: UnitOfWork, which: Which, task: int = 0) -> Approval:
    """Take the actor's yes back, as long as nobody has gone on from it."""
    matter = load(uow, which)
    if not task:
        given = [one.number for one in matter.course.tasks if one.answered_by == uow.actor.id and one.is_answered]
        task = given[-1] if given else 0
    return act_on(uow, matter, Act(deed=Deed.TAKE_BACK, by=uow.actor.id, task=task))


def withdraw(uow: UnitOfWork, which: Which, comment: str = "") -> Approval:
    """The submitter takes the matter back, or asks the approvers to let them where the flow wants it so."""
    return _simple(uow, which, Deed.WITHDRAW, comment)


def answer_wish(uow: UnitOfWork, which: Which, comment: str = "", *, agrees: bool) -> Approval:
    """Let the submitter withdraw, or not."""
    return _simple(uow, which, Deed.CONSENT if agrees else Deed.DISSENT, comment)


def nudge(uow: UnitOfWork, which: Which, task: int = 0, comment: str = "") -> Approval:
    return _simple(uow, which, Deed.NUDGE, comment, task=task)


def copy_in(uow: UnitOfWork, which: Which, people: Iterable[MemberId]) -> Approval:
    return _simple(uow, which, Deed.COPY, "", to=tuple(people))


def remark(
    uow: UnitOfWork, which: Which, text: str, *, to: Sequence[MemberId] = (), files: Sequence[int] = ()
) -> Approval:
    """Say something to everybody who decides, or to some."""
    return _simple(uow, which, Deed.REMARK, text, to=tuple(to), files=tuple(files))


def ask_submitter(uow: UnitOfWork, which: Which, text: str) -> Approval:
    return _simple(uow, which, Deed.ASK, text)


def answer_question(uow: UnitOfWork, which: Which, text: str, *, to: Sequence[MemberId] = ()) -> Approval:
    return _simple(uow, which, Deed.ANSWER, text, to=tuple(to))


@dataclass(frozen=True)
class Done:
    """What became of one of several: `refused` says why nothing did."""

    approval_id: int
    title: str
    refused: str = ""


def approve_all(uow: UnitOfWork, waiting: Iterable[ApprovalTask], comment: str = "") -> list[Done]:
    """Say yes to several, each by itself: one that is refused stands in nobody's way."""
    done = []
    for task in waiting:
        title = uow.approvals.get(task.approval_id).title
        try:
            with uow.attempt():
                approve(uow, task.approval_id, task.number, comment)
        except Refusal as refusal:
            done.append(Done(task.approval_id, title, str(refusal)))
        else:
            done.append(Done(task.approval_id, title))
    return done


def waiting_for(uow: UnitOfWork, member_id: MemberId) -> list[tuple[ApprovalTask, Approval]]:
    """Return what waits for a member's tap now, also in others' stead, and not for somebody else first."""
    today = uow.calendar.local(uow.now).date()
    principals = [proxy.member_id for proxy in uow.proxies.on(today) if proxy.proxy_id == member_id]
    tasks = [task for task in uow.approvals.pending_of([member_id, *principals]) if not task.waits]
    known = {one.id: one for one in uow.approvals.find({task.approval_id for task in tasks})}
    return [
        (task, known[task.approval_id])
        for task in tasks
        if task.member_id == member_id
        or (task.origin not in SUBMITTERS and known[task.approval_id].submitter_id != member_id)
    ]


def act_on(uow: UnitOfWork, matter: Matter, act: Act) -> Approval:
    """Do one act with everything that follows from it. A Refusal changes nothing."""
    outcome = perform(matter.course, act, matter.setting)
    keep(uow, matter, outcome.course, f"approval.{act.deed}", _said(matter, act))
    carry_out(uow, Matter(matter.approval, outcome.course, matter.setting), outcome.effects)
    overtaken = getattr(subject_of(matter.approval.kind), "overtaken", None)
    if overtaken is not None and outcome.course.state is ApprovalState.APPROVED:
        for ref in overtaken(uow, matter.approval):
            drop(uow, ref, {matter.approval.kind}, OVERTAKEN)
    return matter.approval


def _said(matter: Matter, act: Act) -> dict[str, Any]:
    """Return an act as the history keeps it; whoever answers for somebody is named with them: 李娜 代 王强."""
    said: dict[str, Any] = {"deed": act.deed, "by": act.by}
    task = matter.course.task(act.task)
    if task is not None and act.by and act.by != task.member and may_answer(task, act.by, matter.setting):
        members = matter.setting.asking.company.members
        said["as"] = f"{members[act.by].name} 代 {members[task.member].name}"
    for name in ("task", "to", "node", "comment", "files"):
        if value := getattr(act, name):
            said[name] = list(value) if isinstance(value, tuple) else value
    if act.deed is Deed.RETURN:
        said["mode"] = act.mode
    if act.demand is not None:
        said["demand"] = act.demand.says
    return said


def _own(uow: UnitOfWork, which: Which, task: int) -> tuple[Matter, Task | None]:
    """Load an approval with the task that the actor means: the one given, else what waits for them in it."""
    matter = load(uow, which)
    if task:
        return matter, matter.course.task(task)
    pending = [one for one in matter.course.pending if may_answer(one, uow.actor.id, matter.setting)]
    pending.sort(key=lambda one: (matter.course.is_blocked(one), one.member != uow.actor.id, one.number))
    if pending:
        return matter, pending[0]
    had = [one for one in matter.course.tasks if uow.actor.id in (one.member, one.answered_by)]
    return matter, had[-1] if had else None


def _number(own: Task | None, task: int) -> int:
    return own.number if own is not None else task


def _on_own(
    uow: UnitOfWork,
    which: Which,
    task: int,
    deed: Deed,
    comment: str,
    to: tuple[MemberId, ...] = (),
    **more: Any,
) -> Approval:
    matter, own = _own(uow, which, task)
    return act_on(uow, matter, Act(deed=deed, by=uow.actor.id, task=_number(own, task), to=to, comment=comment, **more))


def _simple(uow: UnitOfWork, which: Which, deed: Deed, comment: str, **more: Any) -> Approval:
    return act_on(uow, load(uow, which), Act(deed=deed, by=uow.actor.id, comment=comment, **more))


# What comes back to the submitter


def _accept(uow: UnitOfWork, matter: Matter, offer: Task, comment: str) -> Approval:
    if offer.member != uow.actor.id or not offer.is_pending:
        return act_on(uow, matter, Act(deed=Deed.APPROVE, by=uow.actor.id, task=offer.number, comment=comment))
    demand = next(one for one in matter.course.demands if one.task == offer.parent)
    subject = subject_of(matter.approval.kind)
    amend = getattr(subject, "amend", None)
    if amend is not None and (demand.field or demand.value):
        amend(uow, matter.approval, demand)
        changed(uow, matter.approval.subject)  # what else is asked about it is asked anew
    facts = facts_as_json(subject.facts(uow, matter.approval.subject))
    if demand.field and not _is_met(uow, matter, demand, facts):
        raise ActRefused(f"现在的内容还不满足「{demand.says}」。请先改好，再点接受；不接受就点不接受")
    way = _take_facts(uow, matter, facts)
    return act_on(uow, matter, Act(deed=Deed.APPROVE, by=uow.actor.id, task=offer.number, comment=comment, way=way))


def _resubmit(uow: UnitOfWork, matter: Matter, task: Task, comment: str, files: Sequence[int]) -> Approval:
    if task.member != uow.actor.id:
        raise NotYourTask
    facts = facts_as_json(subject_of(matter.approval.kind).facts(uow, matter.approval.subject))
    way = _take_facts(uow, matter, facts) if task.is_pending else None
    act = Act(deed=Deed.RESUBMIT, by=uow.actor.id, task=task.number, comment=comment, files=tuple(files), way=way)
    return act_on(uow, matter, act)


def _take_facts(uow: UnitOfWork, matter: Matter, facts: dict[str, Any]) -> Way | None:
    """Let an approval be about changed facts; return the way that they go, None where they are the same."""
    approval, flow = matter.approval, matter.setting.flow
    if digest_of(facts) == approval.digest:
        return None
    approval.facts, approval.digest, approval.amount = facts, digest_of(facts), amount_in(approval.kind, facts)
    return way_of(flow, judged(uow, approval.kind, facts, approval.submitter_id, matter.setting.asking.company))


def _look_again(uow: UnitOfWork, approval: Approval) -> Approval:
    """After a condition was declined: what was changed for it meanwhile is another matter."""
    facts = facts_as_json(subject_of(approval.kind).facts(uow, approval.subject))
    if not approval.is_running or digest_of(facts) == approval.digest:
        return approval
    return restart(uow, matter_of(uow, approval), "内容有改动，原来的审批作废，重新开始") or approval


def _is_met(uow: UnitOfWork, matter: Matter, demand: Demand, facts: Mapping[str, Any]) -> bool:
    if not demand.field:
        return False
    condition = Condition.model_validate({"field": demand.field, "op": demand.op or "<=", "value": demand.value})
    company = matter.setting.asking.company
    return judge(condition, judged(uow, matter.approval.kind, facts, matter.approval.submitter_id, company)).holds
