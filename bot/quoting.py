"""Words to what quotes need: which one is meant, and the lines that somebody wants."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

from bot.context import Context
from core.errors import BadInput, NoSuchProduct, NoSuchQuote, Unclear
from core.model.customer import Account
from core.model.ids import QuoteId
from core.model.lead import Lead
from core.model.money import Money
from core.model.quote import NO_PERCENT, Quote, QuoteState
from core.services.customers import Customer
from core.services.quote_changes import LineEdit
from core.services.quote_lines import Wanted, line_of
from core.services.quotes import current_quote, may_see_quote, quote_of, quotes_of

AnyQuote = NewType("AnyQuote", Quote)
"""A quote within the asker's sight: by its number (the last version, unless one is named) or by Q12."""

ProductName = NewType("ProductName", str)
"""What somebody calls a product."""

RECENT = timedelta(hours=12)
"""How long the quote that somebody worked on last is meant when they name none."""

FREE = "*"
"""Stands for: take it as it is called, it is in no catalogue."""

_NUMBER = re.compile(r"(BJ-?\d{8}-?\d{1,9})(?:-?[vV](\d{1,4}))?")
_BY_ID = re.compile(r"(?:[Qq]|quote:)([1-9][0-9]{0,17})", re.ASCII)
_DASHED = re.compile(r"BJ-?(\d{8})-?(\d+)")


@dataclass(frozen=True)
class Lines:
    """Lines as somebody said them, in their order."""

    said: tuple[dict[str, Any], ...] = ()

    def wanted(self, named: str = "") -> tuple[Wanted, ...]:
        """Return what is wanted; `named` says which product some words mean (服务器=A型服务器;…)."""
        meant = dict(pair.split("=", 1) for pair in named.split(";") if "=" in pair)
        return tuple(_wanted(one, meant) for one in self.said)

    def edits(self) -> tuple[LineEdit, ...]:
        """Return what becomes of lines that are there already."""
        return tuple(
            LineEdit(
                words=str(one.get("product") or ""),
                quantity=_decimal(one["quantity"]) if one.get("quantity") is not None else None,
                price=_money(one.get("unit_price")),
                discount=_decimal(one["discount_percent"]) if one.get("discount_percent") is not None else None,
            )
            for one in self.said
        )


@dataclass(frozen=True)
class Wish:
    """A quote as it was said: one product with its figures, or several `lines`.

    `named` says which product some words mean (服务器=A型服务器;…), or is one that was just named.
    """

    product: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    amount: Decimal | None
    lines: Lines | None
    named: str = ""


def asked(ctx: Context, account: Account, wish: Wish) -> tuple[Wanted, ...]:
    """Return what is wanted, with every product looked up; Unclear asks about the first one that is not known."""
    said = wish.lines if wish.lines is not None and wish.lines.said else Lines((_single(wish),))
    loose = wish.named if "=" not in wish.named else ""
    wanted = []
    for one in said.wanted(wish.named):
        found = one
        try:
            line_of(ctx.uow, found, account)
        except NoSuchProduct as unknown:
            if not loose:
                raise _unknown(ctx, unknown, one, wish.named) from unknown
            found, loose = replace(one, words=loose), ""
            line_of(ctx.uow, found, account)
        wanted.append(found)
    return tuple(wanted)


def any_quote(ctx: Context, given: Any) -> AnyQuote:
    """Return the quote that is meant, or raise NoSuchQuote."""
    words = str(given).strip()
    if (by_id := _BY_ID.fullmatch(words)) is not None:
        return AnyQuote(quote_of(ctx.uow, QuoteId(int(by_id[1]))))
    named = _NUMBER.fullmatch(words.upper().replace("V", "v"))
    if named is None:
        raise NoSuchQuote(words)
    dashed = _DASHED.fullmatch(named[1])
    number = f"BJ-{dashed[1]}-{dashed[2]:>04}" if dashed else named[1]
    found = [one for one in ctx.uow.quotes.versions(number) if may_see_quote(ctx.uow, one)]
    if named[2]:
        found = [one for one in found if one.revision == int(named[2])]
    if not found:
        raise NoSuchQuote(words)
    return AnyQuote(found[-1])


def which_quote(
    ctx: Context, customer: Customer | None, quote: Quote | None, wanted: QuoteState | None = None
) -> Quote:
    """Return the quote that is meant: the named one, the customer's current one, or the last one that was made."""
    if quote is not None:
        return quote
    if customer is not None:
        if isinstance(customer, Lead):
            raise BadInput(f"「{customer.name}」还是线索，没有报价。可以说「给{customer.name}出个报价 产品 数量」")
        standing = [one for one in quotes_of(ctx.uow, customer) if wanted is None or one.state == wanted]
        found = standing[0] if standing and wanted else current_quote(ctx.uow, customer)
        if found is None:
            raise BadInput(f"「{customer.name}」还没有报价。可以说「给{customer.name}出个报价 产品 数量」")
        return found
    last = last_made(ctx)
    if last is None:
        raise Unclear("是哪个客户的报价？请回复客户名", (), "customer")
    return last


def last_made(ctx: Context) -> Quote | None:
    """Return the quote that the asker worked on last, if that was not long ago."""
    made = [quote for quote in ctx.uow.quotes.made_by([ctx.member.id]) if ctx.uow.now - quote.updated_at < RECENT]
    return max(made, key=lambda quote: (quote.updated_at, quote.id), default=None)


def lines(_: Context, given: Any) -> Lines:
    """Take lines over as the reader gives them."""
    return Lines(tuple(one for one in given if isinstance(one, dict)) if isinstance(given, list) else ())


def product_name(_: Context, given: Any) -> ProductName:
    """Return the words that name a product, without the mark by which the reader found it."""
    return ProductName(str(given).removeprefix("product:").strip())


def _single(wish: Wish) -> dict[str, Any]:
    """Return the one line of a wish; a total is parted over what there is of it."""
    if wish.quantity is None:
        raise Unclear(f"「{wish.product}」报多少？请回复数量，例如「10台」", (), "quantity")
    price = wish.unit_price
    if price is None and wish.amount is not None and wish.quantity:
        price, total = wish.amount / wish.quantity, Money.yuan(wish.amount)
        if Money.yuan(price).times(wish.quantity) != total:
            raise BadInput(f"总价 {total} 除以 {wish.quantity} 除不尽，请直接说单价，报好以后也可以「报价总价改成…」")
    return {"product": wish.product, "quantity": wish.quantity, "unit": wish.unit, "unit_price": price}


def _unknown(ctx: Context, unknown: NoSuchProduct, one: Wanted, named: str) -> Unclear:
    """Ask which product is meant: the nearest ones, or the words as they are where one may."""
    pairs = f"{named};" if "=" in named else ""
    choices = [(label, f"{pairs}{one.words}={name}") for label, name in unknown.choices]
    free = not set(ctx.uow.playbook.pricing.free_lines).isdisjoint(ctx.member.roles)
    if free and one.price is not None:
        choices.append((f"就按「{one.words}」报", f"{pairs}{one.words}={FREE}"))
    if not choices:
        how = (
            "请带上单价再发一次，例如「单价一万二」，或发送「产品目录」看有哪些" if free else "发送「产品目录」看有哪些"
        )
        raise BadInput(f"产品目录里没有「{one.words}」。{how}")
    return Unclear(f"产品目录里没有「{one.words}」，是哪一个？", tuple(choices), "named")


def _wanted(said: dict[str, Any], meant: dict[str, str]) -> Wanted:
    words = str(said.get("product") or "").removeprefix("product:").strip()
    name = meant.get(words, words)
    return Wanted(
        words=words if name == FREE else name,
        quantity=_decimal(said.get("quantity") or 1),
        unit=str(said.get("unit") or ""),
        price=_money(said.get("unit_price")),
        discount=_decimal(said.get("discount_percent") or NO_PERCENT),
        free=name == FREE,
    )


def _money(said: Any) -> Money | None:
    return Money.yuan(_decimal(said)) if said not in (None, "") else None


def _decimal(said: Any) -> Decimal:
    try:
        value = Decimal(str(said))
    except InvalidOperation:
        raise BadInput(f"没看懂数字「{said}」，请写成「10台」「1.2万」这样") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise BadInput(f"数字「{said}」太大或不是数，请核对后再发一次")
    return value
