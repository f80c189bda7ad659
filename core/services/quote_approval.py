"""A special price as a matter of approval: what is asked about a quote, and what becomes of it."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from core.model.approval import Approval, Demand
from core.model.ids import QuoteId, Ref
from core.model.money import NOTHING, Money
from core.model.quote import NO_PERCENT, Quote, QuoteState
from core.ports import UnitOfWork
from core.rules.quoting import Whole, discount, margin, said_as_fold, said_percent
from core.services.quote_clocks import set_quote_clock
from core.services.quote_lines import at_list_price
from core.services.quote_states import put_in_force, restore, take, touch_deal

SPECIAL_PRICE = "special_price"
PRODUCTS_NAMED = 3
HUNDRED, HUNDREDTH = Decimal(100), Decimal("0.01")


class SpecialPrice:
    """See `core.services.approvals.subjects.Subject`."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        """Return the prices and whose they are; what is not about the price may change meanwhile."""
        return facts_of(uow, _quote(uow, subject))

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        """Return what whoever decides must see: list, what is asked, how far below, what is earned."""
        quote = _quote(uow, subject)
        given, earned = discount(quote), margin(quote)
        return (
            ("list_total", "原价", str(quote.list_total)),
            ("amount", "申请价", str(quote.total)),
            ("discount", "折扣", f"{said_as_fold(given)}（让 {said_percent(given)}）"),
            ("margin", "毛利率", f"{said_percent(earned)}" if earned is not None else "成本不全，算不出"),
            ("product", "产品", _products(quote)),
            ("payment_terms", "付款", quote.payment_terms),
        )

    def named(self, uow: UnitOfWork, subject: Ref) -> tuple[str, str]:
        """Return what a special price is called, and why it is asked for, as the quote stands now."""
        quote = _quote(uow, subject)
        return title_of(uow, quote), quote.reason

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Put the quote in force; what was granted stays its maker's to give."""
        quote = _quote(uow, approval.subject, lock=True)
        if quote.state == QuoteState.PENDING:
            quote.granted = discount(quote)
            put_in_force(uow, quote)
            set_quote_clock(uow, quote)
            touch_deal(uow, quote)

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the prices be what they were before; its maker goes on from there."""
        quote = _quote(uow, approval.subject, lock=True)
        if quote.state == QuoteState.PENDING:
            restore(uow, quote)
            quote.state = QuoteState.DRAFT
            set_quote_clock(uow, quote)

    def amend(self, uow: UnitOfWork, approval: Approval, demand: Demand) -> None:
        """Let the quote be as far below the list, as dear, or as soon paid as a condition wants it, and no further."""
        quote = _quote(uow, approval.subject, lock=True)
        if demand.field in ("discount", "amount"):
            lines = [at_list_price(line) for line in quote.lines]
            round_to = uow.playbook.pricing.round_to
            if demand.field == "amount":
                whole = take(quote, lines, Whole(NO_PERCENT, NOTHING, quote.tax_included, round_to)).total
                percent = _below(whole, Money.yuan(Decimal(demand.value)))
            else:
                percent = Decimal(demand.value.rstrip("%"))
            take(quote, lines, Whole(percent, NOTHING, quote.tax_included, round_to))
            approval.title = title_of(uow, quote)
        elif demand.value:
            quote.payment_terms = f"账期 {demand.value} 天"


def _below(whole: Money, least: Money) -> Decimal:
    """Return by how many percent `whole` may be lowered without going below `least`."""
    if whole.fen <= 0 or least >= whole:
        return NO_PERCENT
    return (Decimal(whole.fen - least.fen) / whole.fen * HUNDRED).quantize(HUNDREDTH, ROUND_FLOOR)


def facts_of(uow: UnitOfWork, quote: Quote) -> dict[str, Any]:
    """Return what is asked about a quote, kept or only worked out."""
    account = uow.accounts.get(quote.account_id)
    owner = uow.members.find([quote.owner_id]).get(quote.owner_id) if quote.owner_id is not None else None
    return {
        "discount": discount(quote),
        "amount": quote.total,
        "list_total": quote.list_total,
        "margin": margin(quote),
        "product": _products(quote),
        "customer": account.name,
        "grade": account.grade or None,
        "owner": f"M{owner.id}" if owner is not None else None,
        "owner_department": owner.department if owner is not None else None,
    }


def title_of(uow: UnitOfWork, quote: Quote) -> str:
    """Name a special price: 华东机电 85折 9.5万元."""
    account = uow.accounts.get(quote.account_id)
    return f"{account.short_name or account.name} {said_as_fold(discount(quote))} {quote.total}"


def _quote(uow: UnitOfWork, subject: Ref, *, lock: bool = False) -> Quote:
    return uow.quotes.get(QuoteId(subject.id), lock=lock)


def _products(quote: Quote) -> str:
    names = list(dict.fromkeys(line.name for line in quote.lines))
    more = f"等 {len(names)} 种" if len(names) > PRODUCTS_NAMED else ""
    return "、".join(names[:PRODUCTS_NAMED]) + more
