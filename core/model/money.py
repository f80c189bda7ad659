"""Money: whole 分, so that nothing is ever lost to rounding unseen."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

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
