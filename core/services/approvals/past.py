"""What helps to judge: what this customer had before, what this rep has asked for, what was won at which price."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from core.model.approval import Approval, ApprovalState
from core.model.ids import AccountId, QuoteId
from core.model.quote import Quote, QuoteState
from core.ports import UnitOfWork
from core.rules.quoting import discount, said_as_fold

YEAR, QUARTER = timedelta(days=365), timedelta(days=90)
ASKED_MOST = 50
LIKE_SHOWN, LIKE_READ = 3, 200
NEAR = Decimal(2)
"""Half as much to twice as much is a deal of the same size."""

ENDS = {ApprovalState.APPROVED: "通过", ApprovalState.REJECTED: "驳回", ApprovalState.WITHDRAWN: "撤回"}


def past_of(uow: UnitOfWork, approval: Approval) -> tuple[tuple[str, str], ...]:
    """Return what helps to judge an approval, as label and value; what there is nothing of is left out."""
    quote = _quote(uow, approval)
    lines = [("近90天", _asked_before(uow, approval))]
    if quote is not None:
        lines.append(("客户往次", _had_before(uow, quote)))
        lines.append(("相似赢单", _won_alike(uow, quote)))
    return tuple((label, value) for label, value in lines if value)


def _quote(uow: UnitOfWork, approval: Approval) -> Quote | None:
    if approval.subject_kind != "quote":
        return None
    return next(iter(uow.quotes.find([QuoteId(approval.subject_id)])), None)


def _asked_before(uow: UnitOfWork, approval: Approval) -> str:
    """Count what the same person has asked for of this kind, and what came of it."""
    lately = uow.approvals.asked_lately(approval.submitter_id, uow.now - QUARTER, ASKED_MOST)
    before = [state for number, kind, state in lately if kind == approval.kind and number != approval.id]
    if not before:
        return ""
    counts = {label: before.count(state) for state, label in ENDS.items()}
    told = "、".join(f"{label}{count}" for label, count in counts.items() if count)
    return f"提过{len(before)}次" + (f"：{told}" if told else "")


def _had_before(uow: UnitOfWork, quote: Quote) -> str:
    """Say how far down we went for this customer within a year."""
    given = [
        one for one in uow.quotes.given_to(AccountId(quote.account_id), uow.now - YEAR, None) if one.id != quote.id
    ]
    if not given:
        return "一年内没有报过价"
    lowest = max(given, key=discount)
    if not discount(lowest):
        return "一年内都是原价"
    return f"一年内最低{said_as_fold(discount(lowest))}（{uow.calendar.local(lowest.created_at):%Y-%m}）"


def _won_alike(uow: UnitOfWork, quote: Quote) -> str:
    """Say at which discounts the same products were sold lately, in deals of about the same size."""
    won = sorted(_accepted(uow, quote), key=lambda one: one.closed_at or one.created_at, reverse=True)[:LIKE_SHOWN]
    return "、".join(said_as_fold(discount(one)) for one in won)


def _accepted(uow: UnitOfWork, quote: Quote) -> Iterator[Quote]:
    products = {line.product_id or line.name for line in quote.lines}
    sellers = [one.id for one in uow.members.everybody()]
    for one in uow.quotes.made_by(sellers, states=[QuoteState.ACCEPTED], limit=LIKE_READ):
        size = Decimal(one.list_total.fen) / max(quote.list_total.fen, 1)
        alike = not products.isdisjoint(line.product_id or line.name for line in one.lines)
        if one.id != quote.id and alike and 1 / NEAR <= size <= NEAR:
            yield one
