"""What becomes of a quote: its prices and sums, and whether the customer may accept it."""

from collections.abc import Sequence
from decimal import Decimal

from core.model.deal import Deal
from core.model.money import Money
from core.model.quote import Quote, QuoteLine, QuoteState
from core.ports import UnitOfWork
from core.rules.quoting import Whole, Worked, work_out
from core.services.deal_clocks import set_deal_clock
from core.services.products import check_money
from core.services.quote_clocks import set_quote_clock


def put_in_force(uow: UnitOfWork, quote: Quote) -> None:
    """Let a quote be the one that the customer may accept; the version before it is replaced."""
    quote.state, quote.prior = QuoteState.VALID, {}
    for other in uow.quotes.versions(quote.number):
        if other.id != quote.id and other.state in (QuoteState.VALID, QuoteState.EXPIRED):
            other.state, other.closed_at = QuoteState.REPLACED, uow.now
            set_quote_clock(uow, other)


def take(quote: Quote, lines: Sequence[QuoteLine], whole: Whole) -> Worked:
    """Let a quote consist of these lines, and of all that follows from them."""
    worked = work_out(lines, whole)
    check_money("报价总额", worked.total)
    quote.lines, quote.discount, quote.off = worked.lines, whole.discount, whole.off
    quote.tax_included = whole.tax_included
    quote.list_total, quote.net_total = worked.list_total, worked.net_total
    quote.tax_total, quote.total, quote.cost_total = worked.tax_total, worked.total, worked.cost_total
    return worked


def snapshot(lines: Sequence[QuoteLine], discount: Decimal, off: Money) -> dict[str, object]:
    """Return lines and discounts as plain data, to be taken again by `restore`."""
    return {"lines": [line.as_json() for line in lines], "discount": str(discount), "off": off.fen}


def restore(uow: UnitOfWork, quote: Quote) -> None:
    """Let the prices be again what they were before a special one was asked for."""
    if not quote.prior:
        return
    lines = [QuoteLine.from_json(line) for line in quote.prior["lines"]]
    off = Money(quote.prior["off"])
    pricing = uow.playbook.pricing
    take(quote, lines, Whole(Decimal(quote.prior["discount"]), off, quote.tax_included, pricing.round_to))
    quote.prior = {}


def deal_of_quote(uow: UnitOfWork, quote: Quote) -> Deal | None:
    return uow.deals.get(quote.deal_id) if quote.deal_id is not None else None


def touch_deal(uow: UnitOfWork, quote: Quote) -> None:
    """Note on the quote's deal that a person did something for it."""
    deal = deal_of_quote(uow, quote)
    if deal is not None and deal.is_open and uow.actor.id:
        deal.touch(uow.now)
        set_deal_clock(uow, deal)
