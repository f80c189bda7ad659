"""Quotes: what we offer a customer, line by line, under one number through all its versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from core.model.ids import UNSAVED, AccountId, ContactId, DealId, MemberId, ProductId, QuoteId, Ref
from core.model.money import NOTHING, Money

NO_PERCENT = Decimal(0)


class QuoteState(StrEnum):
    """Where a quote stands. Only a VALID one may be accepted; DRAFT and PENDING ones are not the customer's yet."""

    DRAFT = "draft"
    PENDING = "pending"
    VALID = "valid"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    REPLACED = "replaced"


OPEN = frozenset({QuoteState.DRAFT, QuoteState.PENDING, QuoteState.VALID})
"""States in which something may still come of a quote."""

OURS = frozenset({QuoteState.DRAFT, QuoteState.PENDING})
"""States in which a quote is changed in place: no customer has it yet."""


@dataclass(frozen=True, kw_only=True)
class QuoteLine:
    """Some of one product at a price. `list_price`, `price` and `cost` are for one `unit`.

    `list_price` is what the price list says (`source` names it), `price` what was agreed before any discount, never
    above the list; `discount` is in percent, off this line. What follows from them is worked out by
    `core/rules/quoting.py`: `net_total` is the line's part of the whole after every discount.
    """

    name: str
    code: str = ""
    spec: str = ""
    note: str = ""
    product_id: ProductId | None = None
    quantity: Decimal
    unit: str
    list_price: Money
    price: Money
    discount: Decimal = NO_PERCENT
    tax_rate: Decimal
    cost: Money | None = None
    source: str = ""
    list_total: Money = NOTHING
    net_total: Money = NOTHING
    tax: Money = NOTHING

    def as_json(self) -> dict[str, Any]:
        """Return the line as plain data; `from_json` makes the same line of it again."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "QuoteLine":
        return cls(**{one.name: _made(one.name, said[one.name]) for one in fields(cls) if one.name in said})


_DECIMALS = frozenset({"quantity", "discount", "tax_rate"})
_MONEY = frozenset({"list_price", "price", "cost", "list_total", "net_total", "tax"})


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return value.fen
    return str(value) if isinstance(value, Decimal) else value


def _made(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MONEY:
        return Money(value)
    return Decimal(value) if name in _DECIMALS else value


@dataclass(eq=False, kw_only=True)
class Quote:
    """One version of an offer. `number` and `revision` name it: BJ-20260305-0012, and its second version with -v2.

    `discount` (percent) and `off` (an amount) are taken off the whole, after the lines' own discounts. `list_total` is
    what the price lists say, `net_total` what is left after every discount, in the lines' own terms; `total` is what
    the customer pays, tax included, `tax_total` the tax in it. `cost_total` is None while any line's cost is unknown.
    `prior` keeps the lines and discounts to which a refused special price goes back.
    """

    id: QuoteId = UNSAVED
    number: str = ""
    revision: int = 1
    account_id: AccountId
    contact_id: ContactId | None = None
    deal_id: DealId | None = None
    owner_id: MemberId | None = None
    state: str = QuoteState.DRAFT
    lines: tuple[QuoteLine, ...] = ()
    discount: Decimal = NO_PERCENT
    off: Money = NOTHING
    tax_included: bool = True
    list_total: Money = NOTHING
    net_total: Money = NOTHING
    tax_total: Money = NOTHING
    total: Money = NOTHING
    cost_total: Money | None = None
    granted: Decimal | None = None
    """The discount in percent that an approval has allowed for this quote."""
    prior: dict[str, Any] = field(default_factory=dict)
    valid_until: date
    payment_terms: str = ""
    delivery: str = ""
    note: str = ""
    reason: str = ""
    """Why the discount is asked for, or why the customer declined."""
    sent_at: datetime | None = None
    closed_at: datetime | None = None
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("quote", self.id)

    @property
    def customer(self) -> Ref:
        return Ref("account", self.account_id)

    @property
    def label(self) -> str:
        """The number as people read it, with its version from the second on."""
        return self.number if self.revision == 1 else f"{self.number}-v{self.revision}"

    @property
    def name(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def may_be_edited(self) -> bool:
        """Say whether the quote is changed in place; else a change makes a new version."""
        return self.state in OURS
