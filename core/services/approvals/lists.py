"""Approvals in lists: what waits for somebody, and where one's own stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.model.approval import SUBMITTERS, Approval, ApprovalTask
from core.model.member import Member
from core.notices.approvals import StepShown
from core.ports import UnitOfWork
from core.rules.approvals.sight import is_hidden, title_as
from core.services.approvals.finding import Named, decisions_for, named_among
from core.services.approvals.keeping import Matter, company_of, matter_of
from core.services.approvals.showing import facts_for, hidden_for, name_of, outcome_of, path_of

ENDED_WITHIN: Final = timedelta(days=30)
SHOWN: Final = 20


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """One approval in the list of what waits for somebody."""

    approval: Approval
    title: str
    task: ApprovalTask
    by: str
    amount: int | None
    facts: tuple[tuple[str, str], ...]
    since: datetime
    in_stead_of: str = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where an approval stands, as its submitter reads it."""

    approval: Approval
    path: tuple[StepShown, ...]
    waits_for: tuple[str, ...]
    since: datetime | None
    outcome: str
    due_at: datetime | None


def waiting_lines(uow: UnitOfWork, member: Member) -> list[WaitingLine]:
    """Return what waits for a member, the oldest first, with what they may know of it."""
    company, lines = company_of(uow), []
    for task, approval in decisions_for(uow, member):
        matter = matter_of(uow, approval, company)
        hidden = hidden_for(uow, matter, member.id)
        lines.append(
            WaitingLine(
                approval=approval,
                title=title_as(approval, hidden),
                task=task,
                amount=None if is_hidden(approval.kind, "amount", hidden) else approval.amount,
                by=name_of(matter.setting, approval.submitter_id),
                facts=facts_for(uow, matter, member.id),
                since=task.begun_at,
                in_stead_of=name_of(matter.setting, task.member_id) if task.member_id != member.id else "",
            )
        )
    return lines


def standing_of(uow: UnitOfWork, approval: Approval) -> Standing:
    """Say where an approval stands."""
    return _standing(uow, matter_of(uow, approval))


def _standing(uow: UnitOfWork, matter: Matter) -> Standing:
    course, setting = matter.course, matter.setting
    pending = [task for task in course.pending if not course.is_blocked(task)]
    return Standing(
        approval=matter.approval,
        path=tuple(path_of(course, setting)),
        waits_for=tuple(
            dict.fromkeys("您" if task.origin in SUBMITTERS else name_of(setting, task.member) for task in pending)
        ),
        since=min((task.begun_at for task in pending), default=None),
        outcome=outcome_of(uow, course, setting),
        due_at=min((task.due_at for task in pending if task.due_at), default=None),
    )


def ended_lately(uow: UnitOfWork, named: Named) -> Sequence[Approval]:
    """Return what the actor has submitted and has ended within a month, the newest first."""
    since = uow.now - ENDED_WITHIN
    ended = [one for one in uow.approvals.of(uow.actor.id, SHOWN) if one.ended_at and one.ended_at >= since]
    return [one for one in named_among(uow, ended, named) if named.number in (None, one.id)]
