"""What time says about quotes: that one will soon be over, and that it is."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from core.calendar import MIDNIGHT, ONE_DAY
from core.model.deadline import Deadline, DeadlineKind
from core.model.ids import MemberId, QuoteId
from core.model.quote import Quote, QuoteState
from core.notices.quotes import QuoteEnding, QuoteExpired
from core.ports import UnitOfWork

MORNING = time(9, 0)
ENDS = "报价有效期"


def set_quote_clock(uow: UnitOfWork, quote: Quote) -> None:
    """Let exactly those promises stand which follow from what the quote is now."""
    uow.deadlines.replace(quote.ref, list(_promises(uow, quote)))


def ends_at(uow: UnitOfWork, quote: Quote) -> datetime:
    """Return the instant at which a quote is over: the end of its last day."""
    return uow.calendar.at(quote.valid_until + ONE_DAY, MIDNIGHT)


def expire_quotes(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Let quotes be over whose last day has passed, and tell whoever holds the customer."""
    for quote in uow.quotes.find(QuoteId(deadline.subject_id) for deadline in due):
        if quote.state != QuoteState.VALID or uow.now < ends_at(uow, quote):
            continue
        uow.does("quote.expire")
        quote.state, quote.closed_at = QuoteState.EXPIRED, uow.now
        if (holder := _holder(uow, quote)) is not None:
            uow.tell(QuoteExpired(to=holder, **_told(uow, quote)))


def warn_of_ending(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell whoever holds the customer that a quote will be over in some days."""
    for quote in uow.quotes.find(QuoteId(deadline.subject_id) for deadline in due):
        holder = _holder(uow, quote)
        if quote.state == QuoteState.VALID and holder is not None and uow.now < ends_at(uow, quote):
            uow.tell(QuoteEnding(to=holder, last_day=quote.valid_until, **_told(uow, quote)))


def _promises(uow: UnitOfWork, quote: Quote) -> list[Deadline]:
    if quote.state != QuoteState.VALID or quote.deleted_at is not None:
        return []
    over = ends_at(uow, quote)
    promises = [_promise(quote, DeadlineKind.QUOTE_EXPIRY, over, over)]
    days = uow.playbook.pricing.warn_days
    warn_at = uow.calendar.at(quote.valid_until - timedelta(days=days), MORNING)
    if days and warn_at > uow.now:
        promises.append(_promise(quote, DeadlineKind.QUOTE_ENDING, warn_at, over))
    return promises


def _promise(quote: Quote, kind: DeadlineKind, due_at: datetime, limit_at: datetime) -> Deadline:
    return Deadline(
        subject_kind="quote",
        subject_id=quote.id,
        kind=kind,
        rule=ENDS,
        cycle=int(due_at.timestamp()),
        due_at=due_at,
        limit_at=limit_at,
        holder_id=quote.owner_id,
    )


def _holder(uow: UnitOfWork, quote: Quote) -> MemberId | None:
    """Return whoever holds the customer now: a quote goes along when the customer changes hands."""
    return uow.accounts.get(quote.account_id).owner_id


def _told(uow: UnitOfWork, quote: Quote) -> dict[str, Any]:
    buyer = uow.accounts.get(quote.account_id).name
    return {"quote": str(quote.ref), "label": quote.label, "buyer": buyer, "total": str(quote.total)}
