"""Money: whole 分, so that nothing is ever lost to rounding unseen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENTS = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True, order=True)
class Money:
    """An amount in 分, the smallest unit of yuan."""

    fen: int

    @classmethod
    def yuan(cls, amount: Decimal) -> "Money":
        """Make money from yuan, rounding half up to the 分."""
        return cls(half_up(amount * 100))

    @classmethod
    def sum(cls, amounts: Iterable["Money"]) -> "Money":
        """Add amounts up; nothing at all is no money."""
        return cls(sum(one.fen for one in amounts))

    def as_yuan(self) -> Decimal:
        return (Decimal(self.fen) / 100).quantize(CENTS)

    def times(self, factor: Decimal) -> "Money":
        """Return so many times the amount, rounded half up to the 分."""
        return Money(half_up(self.fen * factor))

    def percent(self, share: Decimal) -> "Money":
        """Return so many percent of the amount, rounded half up to the 分."""
        return Money(half_up(self.fen * share / 100))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen)

    def __str__(self) -> str:
        yuan = self.as_yuan()
        return f"{yuan:,.0f}元" if yuan == yuan.to_integral_value() else f"{yuan:,.2f}元"


NOTHING = Money(0)


def half_up(number: Decimal) -> int:
    """Round to a whole number, halves away from nothing."""
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


def share_out(total: Money, weights: Sequence[int]) -> list[Money]:
    """Part an amount by weight so that the parts add up to it, to the 分.

    Each part is its exact share rounded down, and what is left goes 分 by 分 to those who lost most to the rounding,
    the earlier ones first. Weights are not negative; when all are nothing, everybody weighs the same.
    """
    if not weights:
        return []
    weighing = list(weights) if any(weights) else [1] * len(weights)
    whole, sign = sum(weighing), -1 if total.fen < 0 else 1
    parts = [divmod(abs(total.fen) * weight, whole) for weight in weighing]
    rest = abs(total.fen) - sum(part for part, _ in parts)
    lucky = set(sorted(range(len(parts)), key=lambda n: (-parts[n][1], n))[:rest])
    return [Money(sign * (part + (n in lucky))) for n, (part, _) in enumerate(parts)]
