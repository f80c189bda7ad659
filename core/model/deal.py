"""A deal: a qualified chance with an amount; so far what an import brings, shown on the customer's card."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.model.ids import UNSAVED, AccountId, DealId, MemberId, Ref

CENTS = Decimal("0.01")


@dataclass(frozen=True, order=True)
class Money:
    """An amount in 分, the smallest unit of yuan."""

    fen: int

    @classmethod
    def yuan(cls, amount: Decimal) -> "Money":
        """Make money from yuan, rounding half up to the 分."""
        return cls(int(amount.quantize(CENTS, ROUND_HALF_UP) * 100))

    def as_yuan(self) -> Decimal:
        return (Decimal(self.fen) / 100).quantize(CENTS)

    def __str__(self) -> str:
        yuan = self.as_yuan()
        return f"{yuan:,.0f}元" if yuan == yuan.to_integral_value() else f"{yuan:,.2f}元"


@dataclass(eq=False, kw_only=True)
class Deal:
    """A deal of an account. `stage` is a stage's name; `external_id` is the number it had in the file it came from."""

    id: DealId = UNSAVED
    name: str
    account_id: AccountId | None = None
    owner_id: MemberId | None = None
    stage: str
    amount: Money | None = None
    product: str = ""
    begun_on: date | None = None
    expected_close_on: date | None = None
    closed_on: date | None = None
    external_id: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("deal", self.id)
