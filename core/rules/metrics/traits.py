"""What won and large deals have in common: each trait against the rest, with how sure that is.

A trait is a value of something known of a deal or its customer. Whoever looks at dozens of traits finds some by chance,
so a difference counts only where it stays improbable among all that were looked at (Benjamini and Hochberg).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp, lgamma, sqrt
from typing import Any, Final

ENOUGH: Final = 10
"""Fewer closed deals with a trait say nothing."""
WHOLE: Final = 30
"""Fewer closed deals altogether say nothing of any trait."""
FALSE: Final = 0.1
"""At most this share of what is named may be chance."""
LARGE: Final = 0.8
"""Large is what is at or above this quantile of the won amounts."""
Z: Final = 1.96


@dataclass(frozen=True)
class Closed:
    """A closed deal: won or not, its amount in 分, and its values, of each trait none, one or several."""

    won: bool
    amount: int | None
    values: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Trait:
    """One value of one trait: how many closed deals had it, how many of these were won, and large ones."""

    place: int
    value: Any
    count: int
    won: int
    large: int
    amount: int
    rest: int
    rest_won: int
    rest_large: int
    sure_won: bool = False
    sure_large: bool = False

    @property
    def rate(self) -> float:
        return self.won / self.count

    @property
    def rest_rate(self) -> float | None:
        return self.rest_won / self.rest if self.rest else None

    @property
    def large_rate(self) -> float:
        return self.large / self.count

    @property
    def rest_large_rate(self) -> float | None:
        return self.rest_large / self.rest if self.rest else None

    @property
    def band(self) -> tuple[float, float]:
        """Between which shares the win rate lies with 95 % (Wilson)."""
        return wilson(self.won, self.count)

    @property
    def is_enough(self) -> bool:
        return self.count >= ENOUGH and self.rest >= ENOUGH

    @property
    def verdict(self) -> str:
        """Say in words what the trait tells."""
        if not self.is_enough:
            return "样本太少"
        said = []
        if self.sure_won and self.rest_rate is not None:
            said.append("更容易赢" if self.rate > self.rest_rate else "更难赢")
        if self.sure_large and self.rest_large_rate is not None:
            said.append("大单多" if self.large_rate > self.rest_large_rate else "大单少")
        return "，".join(said) or "看不出差别"


def threshold(deals: Sequence[Closed]) -> int | None:
    """Return from which amount on a won deal is large; None where too few were won to say."""
    won = sorted(one.amount for one in deals if one.won and one.amount)
    return won[int(len(won) * LARGE)] if len(won) >= ENOUGH else None


def traits(deals: Sequence[Closed], places: int) -> list[Trait]:
    """Return every value of every trait; those that are surely different are marked so."""
    large_from = threshold(deals)
    whole = (len(deals), sum(one.won for one in deals), sum(_is_large(one, large_from) for one in deals))
    found = [
        _trait(place, value, some, whole, large_from)
        for place in range(places)
        for value, some in _by_value(deals, place).items()
    ]
    tested = [one for one in found if one.is_enough] if len(deals) >= WHOLE else []
    won = _sure([(one, fisher(one.won, one.count, one.rest_won, one.rest)) for one in tested])
    large = _sure([(one, fisher(one.large, one.count, one.rest_large, one.rest)) for one in tested])
    marked = [replace(one, sure_won=id(one) in won, sure_large=id(one) in large) for one in found]
    return sorted(marked, key=lambda one: (not (one.sure_won or one.sure_large), not one.is_enough, -_distance(one)))


def wilson(k: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of k out of n."""
    if not n:
        return 0.0, 1.0
    share = k / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def fisher(k: int, n: int, rest_k: int, rest: int) -> float:
    """Return how probable a difference at least as great is by chance alone, both ways (Fisher's exact test)."""
    total, hits = n + rest, k + rest_k
    low, high = max(0, hits - rest), min(hits, n)
    here = _hyper(k, n, total, hits)
    return min(1.0, sum(exp(one) for x in range(low, high + 1) if (one := _hyper(x, n, total, hits)) <= here + 1e-9))


def _hyper(k: int, n: int, total: int, hits: int) -> float:
    return _choose(hits, k) + _choose(total - hits, n - k) - _choose(total, n)


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _sure(tested: Sequence[tuple[Trait, float]]) -> set[int]:
    """Return which of the tested stay improbable among all of them."""
    ordered = sorted(tested, key=lambda one: one[1])
    last = max((rank for rank, (_, p) in enumerate(ordered, 1) if p <= FALSE * rank / len(ordered)), default=0)
    return {id(one) for one, _ in ordered[:last]}


def _by_value(deals: Iterable[Closed], place: int) -> dict[Any, list[Closed]]:
    found: dict[Any, list[Closed]] = defaultdict(list)
    for one in deals:
        for value in dict.fromkeys(one.values[place]):
            found[value].append(one)
    return found


def _trait(
    place: int, value: Any, some: Sequence[Closed], whole: tuple[int, int, int], large_from: int | None
) -> Trait:
    won, large = sum(one.won for one in some), sum(_is_large(one, large_from) for one in some)
    amount = sum(one.amount or 0 for one in some if one.won)
    return Trait(
        place, value, len(some), won, large, amount, whole[0] - len(some), whole[1] - won, whole[2] - large,
    )  # fmt: skip


def _is_large(one: Closed, large_from: int | None) -> bool:
    return large_from is not None and one.won and (one.amount or 0) >= large_from


def _distance(one: Trait) -> float:
    return abs(one.rate - (one.rest_rate or 0))
