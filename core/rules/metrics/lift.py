"""Skill against luck: what somebody won beside what anybody would have won with the same chances (first C8).

A chance is a lead that was received or a deal that was begun. What its kind brings on average is what it was worth: so
whoever got better chances is expected to win more, and the expectations of all add up to what all have won.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.model.ids import MemberId

ENOUGH: Final = 30
"""Fewer chances of a kind say too little: they count with those of a wider kind."""

Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Chances:
    """Chances of one kind (source, grade, industry) that one member got, and what they brought, in 分."""

    member_id: MemberId
    cell: Cell
    count: int
    won: float


@dataclass(frozen=True)
class Lift:
    """What one member got, won, and was to be expected to win."""

    member_id: MemberId
    chances: int
    won: float
    expected: float

    @property
    def lift(self) -> float | None:
        return self.won / self.expected if self.expected else None


def lifts(chances: Iterable[Chances]) -> list[Lift]:
    """Return everybody's lift, the highest first; the expectations add up to what was won altogether."""
    known = list(chances)
    counts, won = _sums(known)
    expected: dict[MemberId, float] = defaultdict(float)
    own: dict[MemberId, list[float]] = defaultdict(lambda: [0, 0.0])
    for one in known:
        kind = _kind(one.cell, counts)
        expected[one.member_id] += one.count * won[kind] / counts[kind]
        own[one.member_id][0] += one.count
        own[one.member_id][1] += one.won
    total, promised = sum(one.won for one in known), sum(expected.values())
    scale = total / promised if promised else 0.0
    found = [Lift(member, int(own[member][0]), own[member][1], expected[member] * scale) for member in own]
    return sorted(found, key=lambda one: -(one.lift or 0))


def _wider(cell: Cell) -> Sequence[tuple[str, ...]]:
    source, grade, industry = cell
    return ((source, grade, industry), (source, grade, ""), (source, "", ""), ("", "", ""))


def _kind(cell: Cell, counts: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """Return the narrowest kind of a chance of which there are enough."""
    kinds = [("=", *cell), *(("≈", *wider) for wider in _wider(cell)[1:])]
    return next((kind for kind in kinds if counts[kind] >= ENOUGH), kinds[-1])


def _sums(chances: Iterable[Chances]) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], float]]:
    counts: dict[tuple[str, ...], int] = defaultdict(int)
    won: dict[tuple[str, ...], float] = defaultdict(float)
    for one in chances:
        for kind in (("=", *one.cell), *(("≈", *wider) for wider in _wider(one.cell)[1:])):
            counts[kind] += one.count
            won[kind] += one.won
    return counts, won
