"""Approvals in lists: what waits for somebody, what may be agreed to at one go, and where one's own stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from core.errors import BadInput
from core.model.approval import DECIDING, SUBMITTERS, Approval, ApprovalTask
from core.model.member import Member
from core.notices.approvals import StepShown
from core.ports import UnitOfWork
from core.rules.approvals.sight import is_hidden, title_as
from core.rules.quoting import limit_of
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
class Batch:
    """What may be agreed to at one go, and what must be looked at by itself, with the reason."""

    taken: tuple[WaitingLine, ...]
    left: tuple[tuple[WaitingLine, str], ...]


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


def in_batch(
    uow: UnitOfWork, member: Member, amount: Decimal | None = None, words: str = "", discount: Decimal | None = None
) -> Batch:
    """Part what waits for a member into what may be agreed to at one go and what may not.

    `amount` is in yuan and included, `discount` the largest one in percent. What goes beyond the member's own authority
    is looked at by itself: a discount above theirs, an amount that is not known where one is named, an opinion that
    was asked for.
    """
    taken, left = [], []
    lines = waiting_lines(uow, member)
    kept_back = _excepted(lines, words)
    for line in lines:
        why = "您说先留着" if line in kept_back else _why_not(uow, member, line, amount, words)
        asked = line.approval.facts.get("discount")
        if discount is not None and why is None and asked is not None and _percent(asked) > discount:
            why = ""
        if why is None:
            taken.append(line)
        elif why:
            left.append((line, why))
    return Batch(taken=tuple(taken), left=tuple(left))


def _why_not(uow: UnitOfWork, member: Member, line: WaitingLine, amount: Decimal | None, words: str) -> str | None:
    """Say why a line is not agreed to with the others; empty when it is not meant at all, None when it is taken."""
    approval = line.approval
    if amount is not None and approval.amount is not None and approval.amount > amount * 100:
        return ""
    if not _is_of_kind(approval, words):
        return ""
    if amount is not None and approval.amount is None:
        return "没有金额"
    discount = approval.facts.get("discount")
    if discount is not None and _percent(discount) > limit_of(member, uow.playbook.pricing):
        return "超出您的权限，请单独看"
    if line.task.origin not in DECIDING:
        return "只是请您给意见"
    return None


_EXCEPT: Final = re.compile(
    r"(?:除了|除开|除去|除)(?P<after>[^，,。；]+?)(?:以外|之外|外|，|,|。|其余|其他|剩下|别的|$)"
    r"|(?P<before>[^，,。；]+?)(?:的)?(?:别动|先别批|别批|不批|先不批|先留着|留着|除外|不算)"
)


def _excepted(lines: Sequence[WaitingLine], words: str) -> list[WaitingLine]:
    """Return what somebody wants left alone, by its customer or submitter; BadInput where it is not clear which."""
    found = _EXCEPT.search(words)
    if found is None:
        return []
    said = found["after"] or found["before"]
    kept_back = [line for line in lines if line.approval.title.split()[0] in said or line.by in said]
    if lines and not kept_back:
        raise BadInput(f"没有认出「{said}」是哪一个，没有批任何单子。请发送「待我审批的」逐个处理，或换个说法")
    return kept_back


_WORDS: Final = {"特价": "special_price", "折扣": "special_price", "合同": "contract", "延期": "extension"}


def _is_of_kind(approval: Approval, words: str) -> bool:
    kinds = {kind for word, kind in _WORDS.items() if word in words}
    return not kinds or approval.kind in kinds


def _percent(kept: object) -> Decimal:
    return Decimal(str(kept))


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
