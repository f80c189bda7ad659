"""May a deal move to a stage, what is missing for it, and since when it stands still (semantics B.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.calendar import WorkCalendar
from core.model.deadline import Deadline, DeadlineKind
from core.model.deal import Deal
from core.model.playbook import Need, Outcome, Pipeline, Stage

STALE = "停滞"

LABELS = {
    Need.CONTACT: "联系人",
    Need.SOURCE: "客户来源",
    Need.CONVERSATION: "一次有效跟进",
    Need.NEED: "客户需求",
    Need.TWO_OF_BANT: "预算、决策人、需求、预计签约日里至少两项",
    Need.BUDGET: "预算",
    Need.DECISION_MAKER: "决策人",
    Need.EXPECTED_CLOSE: "预计签约日",
    Need.AMOUNT: "金额",
    Need.COMPETITOR: "竞争对手",
    Need.CONTRACT_APPROVED: "批准的合同",
    Need.SIGNED_CONTRACT: "签好的合同",
    Need.SIGNED_FILE: "签好的合同文件",
    Need.QUOTE_SENT: "发给客户的报价",
    Need.QUOTE_ACCEPTED: "客户接受的报价",
}
"""What each need is called."""

PAPERS = frozenset({Need.CONTRACT_APPROVED, Need.SIGNED_CONTRACT, Need.SIGNED_FILE})
"""What only a contract brings along."""

ANSWERABLE = frozenset({Need.NEED, Need.BUDGET, Need.DECISION_MAKER, Need.EXPECTED_CLOSE, Need.AMOUNT, Need.COMPETITOR})
"""What may be said in the answer; a contact, a source and a conversation are put on record by themselves."""

BANT = 2


@dataclass(frozen=True)
class Surroundings:
    """What a gate may ask of the account, and of the quotes and contracts of the deal."""

    has_contact: bool
    has_source: bool
    was_talked_to: bool
    has_approved_contract: bool = False
    has_signed_contract: bool = False
    has_signed_file: bool = False
    has_quote_sent: bool = False
    has_quote_accepted: bool = False


@dataclass(frozen=True)
class Move:
    """Where a deal would go, and what is missing for it; `backward` needs a reason."""

    to: Stage
    backward: bool
    missing: tuple[Need, ...]


def judge_move(deal: Deal, to: Stage, pipeline: Pipeline, around: Surroundings) -> Move:
    """Say what a deal lacks for a stage: what leaves its own, enters and leaves every skipped one, and enters that one.

    Going back and losing ask for nothing but a reason.
    """
    here, there = pipeline.place(deal.stage), pipeline.place(to.name)
    backward = to.outcome is Outcome.OPEN and (there < here or not deal.is_open)
    if backward or to.outcome is Outcome.LOST:
        return Move(to, backward, ())
    needs: dict[Need, None] = {}
    if here >= 0:
        needs |= dict.fromkeys(pipeline.stages[here].exit)
    for skipped in pipeline.stages[here + 1 : there]:
        if skipped.outcome is Outcome.OPEN:
            needs |= dict.fromkeys((*skipped.entry, *skipped.exit))
    needs |= dict.fromkeys(to.entry)
    return Move(to, backward=False, missing=missing_of(deal, needs, around))


def missing_of(deal: Deal, needs: Iterable[Need], around: Surroundings) -> tuple[Need, ...]:
    """Return those of `needs` that a deal does not meet, in their order; what is missing by itself is named once."""
    has = _has(deal, around)
    missing = [need for need in needs if not has[need]]
    if Need.TWO_OF_BANT in missing and sum(need in missing for need in _BANT) >= BANT:
        missing.remove(Need.TWO_OF_BANT)  # the two are asked for already
    return tuple(missing)


_BANT = (Need.BUDGET, Need.DECISION_MAKER, Need.NEED, Need.EXPECTED_CLOSE)


def _has(deal: Deal, around: Surroundings) -> dict[Need, bool]:
    """Say of everything that a stage may ask for whether it is there."""
    has = {
        Need.CONTACT: around.has_contact,
        Need.SOURCE: around.has_source,
        Need.CONVERSATION: around.was_talked_to,
        Need.NEED: bool(deal.need or deal.product),
        Need.BUDGET: deal.budget is not None,
        Need.DECISION_MAKER: bool(deal.decision_maker),
        Need.EXPECTED_CLOSE: deal.expected_close_on is not None,
        Need.AMOUNT: deal.amount is not None and deal.amount.fen > 0,
        Need.COMPETITOR: bool(deal.competitor),
        Need.CONTRACT_APPROVED: around.has_approved_contract,
        Need.SIGNED_CONTRACT: around.has_signed_contract,
        Need.SIGNED_FILE: around.has_signed_file,
        Need.QUOTE_SENT: around.has_quote_sent,
        Need.QUOTE_ACCEPTED: around.has_quote_accepted,
    }
    return has | {Need.TWO_OF_BANT: sum(has[need] for need in _BANT) >= BANT}


def stale_at(deal: Deal, pipeline: Pipeline, calendar: WorkCalendar, grade: str = "") -> datetime | None:
    """Return the instant after which a deal stands still; None where its stage sets none, and once the deal is over.

    `grade` is that of its customer, for which a stage may set another time.
    """
    stage = pipeline.stage(deal.stage)
    since = last_touch(deal)
    after = stage.stale_for(grade) if stage is not None else None
    if not deal.is_open or stage is None or after is None or since is None:
        return None
    return calendar.add(since, after, stage.stale_clock)


def last_touch(deal: Deal) -> datetime | None:
    """Return when a person last did something for the deal, entering its stage included."""
    return max((at for at in (deal.touched_at, deal.stage_since) if at is not None), default=None)


def stale_deadline(
    deal: Deal, pipeline: Pipeline, calendar: WorkCalendar, now: datetime, grade: str = ""
) -> list[Deadline]:
    """Return the promise to speak of a deal that stands still: once, and again after a while until somebody acts."""
    first = stale_at(deal, pipeline, calendar, grade)
    if first is None or deal.owner_id is None or deal.deleted_at is not None:
        return []
    due, again = first, max(pipeline.nudge_again, timedelta(hours=1))
    while due < now:
        due += again
    return [
        Deadline(
            subject_kind="deal",
            subject_id=deal.id,
            kind=DeadlineKind.STALE_DEAL,
            rule=f"{deal.stage}{STALE}",
            cycle=int(due.timestamp()),
            due_at=due,
            limit_at=first,
            holder_id=deal.owner_id,
        )
    ]


def aged_deadline(deal: Deal, pipeline: Pipeline) -> list[Deadline]:
    """Return the promise to close a deal that nobody has touched for too long; what is won or lost is over already."""
    since = last_touch(deal)
    if pipeline.close_after is None or since is None or not deal.is_open or deal.deleted_at is not None:
        return []
    at = since + pipeline.close_after
    return [
        Deadline(
            subject_kind="deal",
            subject_id=deal.id,
            kind=DeadlineKind.DEAL_AGE,
            rule="久未更新自动关闭",
            cycle=int(at.timestamp()),
            due_at=at,
            limit_at=at,
            holder_id=deal.owner_id,
        )
    ]
