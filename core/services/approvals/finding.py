"""Which approval somebody means: the one that is named, else the only one there is; several are asked about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from core.errors import ActRefused, Unclear
from core.model.approval import SUBMITTERS, Approval, ApprovalTask
from core.model.ids import MemberId, Ref
from core.model.member import Member
from core.ports import UnitOfWork
from core.rules.approvals.judging import may_answer
from core.services.approvals.deciding import waiting_for
from core.services.approvals.keeping import Matter, load
from core.services.customers import as_ref

LATELY: Final = timedelta(days=7)
CHOICES_SHOWN = 8
NOTHING_WAITS = "现在没有等您审批的申请"
NOTHING_RUNS = "您没有正在审批的申请"


@dataclass(frozen=True, kw_only=True)
class Named:
    """What somebody said of the approval they mean: its number, its customer (words or a reference), its submitter,
    or whom it waits for.
    """

    number: int | None = None
    customer: str = ""
    submitter: MemberId | None = None
    waits_for: MemberId | None = None

    @property
    def is_bare(self) -> bool:
        """Whether nothing was said of it."""
        return self == Named()


def decisions_for(uow: UnitOfWork, member: Member) -> list[tuple[ApprovalTask, Approval]]:
    """Return what waits for a member's decision, their own and what they answer for others, the oldest first."""
    return [(task, approval) for task, approval in waiting_for(uow, member.id) if task.origin not in SUBMITTERS]


def the_waiting(uow: UnitOfWork, named: Named) -> Matter:
    """Return the one approval that waits for the actor and is meant. Refuses when none is, asks when several are.

    One that is named by its number is returned whatever has become of it: the act on it says what that is.
    """
    if named.number is not None:
        return load(uow, named.number)
    waiting = _approvals(decisions_for(uow, uow.actor))
    meant = named_among(uow, waiting, named) or named_among(uow, _held_up(uow), named)
    if not meant:
        raise ActRefused(_none(NOTHING_WAITS, waiting))
    return load(uow, _only(uow, meant, "等您审批").id)


def running_of(uow: UnitOfWork, named: Named) -> list[Approval]:
    """Return what the actor has submitted and is still under way, as far as it is meant; the newest first."""
    running = [one for one in uow.approvals.of(uow.actor.id, 50) if one.is_running]
    if named.waits_for is not None:
        asked = {task.approval_id for task in uow.approvals.pending_of([named.waits_for])}
        running = [one for one in running if one.id in asked]
    if named.number is not None:
        return [one for one in running if one.id == named.number]
    return named_among(uow, running, named)


def the_running(uow: UnitOfWork, named: Named) -> Matter:
    """Return the one approval that the actor has submitted and means."""
    meant = running_of(uow, named)
    if not meant:
        raise ActRefused(f"{NOTHING_RUNS}。发送「审批进度」看看最近的结果")
    return load(uow, _only(uow, meant, "正在审批").id)


def with_offer(uow: UnitOfWork, named: Named) -> tuple[Matter, ApprovalTask]:
    """Return what came back to the actor, who submitted it: a condition to accept, or something to mend."""
    mine = [(task, one) for task, one in waiting_for(uow, uow.actor.id) if task.origin in SUBMITTERS]
    meant = named_among(uow, _approvals(mine), named)
    found = [(task, one) for task, one in mine if one in meant and named.number in (None, one.id)]
    if not found:
        raise ActRefused("现在没有等您接受的条件，也没有退回给您的申请。发送「审批进度」看看到哪了")
    chosen = _only(uow, _approvals(found), "等您决定")
    return load(uow, chosen.id), next(task for task, approval in found if approval.id == chosen.id)


def the_own(uow: UnitOfWork, named: Named) -> Matter:
    """Return the one that the actor has to do with: it waits for them, or else they have submitted it."""
    if named.number is not None:
        return load(uow, named.number)
    waiting = named_among(uow, [*_approvals(decisions_for(uow, uow.actor)), *_held_up(uow)], named)
    meant = waiting or running_of(uow, named)
    if not meant:
        raise ActRefused(f"{NOTHING_WAITS}，您也没有正在审批的申请")
    return load(uow, _only(uow, meant, "和您有关").id)


def the_open(uow: UnitOfWork, named: Named) -> Matter:
    """Return the one to which the actor may put something: it waits for them, came back to them, or is theirs."""
    if named.number is not None:
        return load(uow, named.number)
    waiting = [approval for _, approval in waiting_for(uow, uow.actor.id)]
    running = running_of(uow, Named(waits_for=named.waits_for))
    meant = named_among(uow, list(dict.fromkeys((*waiting, *_held_up(uow), *running))), named)
    if not meant:
        raise ActRefused("没有等您审批的申请，您也没有正在审批的申请，附件没有地方放。先提交申请，再发送「附件」")
    return load(uow, _only(uow, meant, "和您有关").id)


def decided_by(uow: UnitOfWork, named: Named) -> int:
    """Return the number of what the actor has decided last and may still want back."""
    rows = uow.approvals.answered_by(uow.actor.id, uow.now - LATELY)
    approvals = uow.approvals.find(dict.fromkeys(row.approval_id for row in rows))
    meant = {one.id for one in named_among(uow, approvals, named) if named.number in (None, one.id)}
    last = next((row.approval_id for row in reversed(rows) if row.approval_id in meant), None)
    if last is None:
        raise ActRefused("最近没有您处理过、还能拿回的审批。发送「待我审批的」看看还有什么")
    return last


def has_part(uow: UnitOfWork, matter: Matter, member_id: MemberId) -> bool:
    """Say whether a member has to do with an approval: submitted it, was asked, answers for somebody, or is copied."""
    course = matter.course
    people = {matter.approval.submitter_id, *course.copied}
    people |= {one for task in course.tasks for one in (task.member, task.answered_by) if one}
    return member_id in people or any(
        may_answer(task, member_id, matter.setting) for task in course.pending if task.origin not in SUBMITTERS
    )


def label_of(uow: UnitOfWork, approval: Approval) -> str:
    """Name an approval so that it can be told from others: 华东机电 85折（张伟，S12）."""
    submitter = uow.members.find([approval.submitter_id]).get(approval.submitter_id)
    return f"{approval.title}（{submitter.name if submitter else ''}，{approval.ref}）"


def _approvals(waiting: Iterable[tuple[ApprovalTask, Approval]]) -> list[Approval]:
    return list(dict.fromkeys(approval for _, approval in waiting))


def _held_up(uow: UnitOfWork) -> list[Approval]:
    """Return what would wait for the actor, had they not asked somebody to look at it first."""
    rows = [task for task in uow.approvals.pending_of([uow.actor.id]) if task.waits]
    return uow.approvals.find(dict.fromkeys(row.approval_id for row in rows))


def _only(uow: UnitOfWork, meant: Sequence[Approval], how: str) -> Approval:
    if len(meant) > 1:
        choices = tuple((label_of(uow, one), str(one.ref)) for one in meant[:CHOICES_SHOWN])
        raise Unclear(f"有 {len(meant)} 个{how}的，是哪一个？回复数字即可", choices, "approval", "审批")
    return meant[0]


def named_among(uow: UnitOfWork, approvals: Sequence[Approval], named: Named) -> list[Approval]:
    """Return those approvals that fit what was said of one."""
    names = list(_names(uow, named.customer)) if named.customer else []
    return [
        one
        for one in approvals
        if named.submitter in (None, one.submitter_id)
        and (not named.customer or any(_is_about(one, name) for name in names))
    ]


def _names(uow: UnitOfWork, customer: str) -> Iterable[str]:
    """Return what a customer may be called: by its reference the name on record, else the words."""
    kind, _, number = customer.partition(":")
    ref = Ref(kind, int(number)) if number.isdigit() else as_ref(customer)
    return filter(None, [uow.customers.names_of([ref]).get(ref, "") if ref is not None else customer])


def _is_about(approval: Approval, name: str) -> bool:
    return name in approval.title or name in str(approval.facts.get("customer") or "")


def _none(what: str, others: Sequence[Approval]) -> str:
    if not others:
        return what
    return f"等您审批的里面没有这一个，现在有 {len(others)} 个在等您。发送「待我审批的」看看"
