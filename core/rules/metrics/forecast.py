"""What open deals will probably bring, and when (semantics B.10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from math import sqrt
from statistics import fmean, variance
from typing import Any, Final

from core.model.ids import MemberId
from core.model.playbook import Pipeline
from core.rules.metrics.periods import Span

ENOUGH: Final = 30
"""So many settled deals speak for themselves."""
WEIGHT: Final = 10
"""What is expected beforehand counts like so many deals."""
BAND: Final = 1.2816
"""Four of five outcomes lie within so many standard deviations."""
WIDE: Final = 0.5
"""A deviation above this share of the mean makes a band that says little."""
SURE: Final = 0.999
"""No open deal is won for certain, or lost."""

COMMIT, BEST, PIPELINE, OMITTED = "commit", "best", "pipeline", "omitted"
CATEGORIES: Final = {COMMIT: "承诺", BEST: "力争", PIPELINE: "进行中", OMITTED: "不计入"}


@dataclass(frozen=True)
class Settled:
    """How often deals went on from a stage, out of how many of which it is known."""

    won: int = 0
    of: int = 0

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(self.won + other.won, self.of + other.of)


@dataclass(frozen=True)
class Standing:
    """Open deals that are alike: where they stand, since when, whose, what they may bring; `squares` sums amounts²."""

    pipeline: str
    stage: str
    since: date
    expected: date | None
    owner_id: MemberId | None
    product: str
    category: str
    count: int
    amount: int
    squares: float
    key: tuple[Any, ...] = ()
    """What they are by the dimensions that were asked for."""


def smoothed(found: Settled, prior: float) -> float:
    """Return (k + 10·prior) / (n + 10)."""
    return (found.won + WEIGHT * prior) / (found.of + WEIGHT)


def default_conversions(pipeline: Pipeline) -> dict[str, float]:
    """Return how often deals go on from each stage by the win rates of the playbook."""
    stages = pipeline.open_stages
    wins = [stage.win for stage in stages] + [1.0]
    return {
        stage.name: min(wins[place] / wins[place + 1], SURE) if wins[place + 1] else 0.0
        for place, stage in enumerate(stages)
    }


@dataclass(frozen=True)
class Rates:
    """How surely and how fast deals of a pipeline go on: by the company, and by teams and products that have enough.

    `passing` counts those along that passed a stage unseen. `overall` and `cycle` are what is known of deals that
    nobody saw in any stage: how many closed ones were won, and how many days that took.
    """

    pipeline: Pipeline
    whole: Mapping[str, Settled] = field(default_factory=dict)
    teams: Mapping[tuple[str, str], Settled] = field(default_factory=dict)
    products: Mapping[tuple[str, str], Settled] = field(default_factory=dict)
    passing: Mapping[str, Settled] = field(default_factory=dict)
    dwell: Mapping[str, float] = field(default_factory=dict)
    overall: Settled = Settled()
    cycle: float = 0.0

    def conversion(self, stage: str, team: str = "", product: str = "") -> tuple[float, str]:
        """Return how often deals go on from a stage, and from what that is known."""
        for found, basis in (
            (self.teams.get((team, stage)) if team else None, "团队近12个月"),
            (self.products.get((product, stage)) if product else None, "产品近12个月"),
        ):
            if found is not None and found.of >= ENOUGH:
                return _within(found.won / found.of), basis
        prior = default_conversions(self.pipeline).get(stage, 0.0)
        whole = self.whole.get(stage, Settled())
        if not whole.of:  # where nobody stands, what passes by says how many go on
            whole = self.passing.get(stage, Settled())
        if whole.of >= ENOUGH:
            return _within(whole.won / whole.of), "公司近12个月"
        return _within(smoothed(whole, prior)), "公司近12个月（样本少，已平滑）" if whole.of else "默认赢率"

    def win(self, stage: str, team: str = "", product: str = "") -> float:
        """Return how surely a deal in a stage is won: the product of what remains."""
        key = (stage, team, product)
        if key not in self._wins:
            self._wins[key] = self._win(stage, team, product)
        return self._wins[key]

    @cached_property
    def _wins(self) -> dict[tuple[str, str, str], float]:
        return {}

    def _win(self, stage: str, team: str, product: str) -> float:
        ahead = self._ahead(stage)
        if self.overall.of >= ENOUGH and not any(self.whole.get(name, Settled()).of for name in ahead):
            return _within(self.overall.won / self.overall.of)
        chance = 1.0
        for name in ahead:
            chance *= self.conversion(name, team, product)[0]
        return chance

    def basis(self) -> str:
        """Say from what chances are known."""
        ahead = [one.name for one in self.pipeline.open_stages]
        if self.overall.of >= ENOUGH and not any(self.whole.get(name, Settled()).of for name in ahead):
            return "近12个月整体赢率（没有阶段历史）"
        found = [self.conversion(name)[1] for name in ahead]
        return next((one for one in found if "12" not in one), next((one for one in found if "平滑" in one), found[0]))

    def remaining(self, stage: str, stood: float) -> float:
        """Return how many days a deal still takes that has stood in its stage for so many."""
        if stage not in self._dwells:
            self._dwells[stage] = [self.dwell.get(name, 0.0) for name in self._ahead(stage)]
        ahead = self._dwells[stage]
        if not ahead:
            return 0.0
        if not any(ahead):
            return max(self.cycle - stood, 0.0)
        return max(ahead[0] - stood, 0.0) + sum(ahead[1:])

    @cached_property
    def _dwells(self) -> dict[str, list[float]]:
        return {}

    def _ahead(self, stage: str) -> list[str]:
        names = [one.name for one in self.pipeline.open_stages]
        return names[names.index(stage) :] if stage in names else names


def _within(share: float) -> float:
    return min(max(share, 1 - SURE), SURE)


@dataclass(frozen=True)
class Judged:
    """Deals that are alike, with how surely they are won and when they come in."""

    deals: Standing
    chance: float
    comes_on: date
    optimistic: bool

    @property
    def month(self) -> date:
        return self.comes_on.replace(day=1)

    @property
    def expected(self) -> float:
        return self.chance * self.deals.amount

    @property
    def variance(self) -> float:
        return self.chance * (1 - self.chance) * self.deals.squares


def judge(deals: Standing, rates: Rates, today: date, team: str = "") -> Judged:
    """Say how surely deals are won, and when: not before what remains to be done can be done."""
    stood = max((today - deals.since).days, 0)
    earliest = today + timedelta(days=round(rates.remaining(deals.stage, stood)))
    said = deals.expected
    comes_on = max(said, earliest) if said is not None else earliest
    optimistic = said is not None and said.replace(day=1) < comes_on.replace(day=1)
    return Judged(deals, rates.win(deals.stage, team, deals.product), comes_on, optimistic)


@dataclass(frozen=True)
class Forecast:
    """What is closed and what is expected beside it, in 分, with the band in which four of five outcomes lie."""

    closed: int
    open: float
    deviation: float
    count: int
    single: Mapping[str, int]

    @property
    def total(self) -> float:
        return self.closed + self.open

    @property
    def low(self) -> float:
        """Never below what is closed."""
        return self.closed + max(self.open - BAND * self.deviation, 0.0)

    @property
    def high(self) -> float:
        return self.closed + self.open + BAND * self.deviation

    @property
    def is_wide(self) -> bool:
        """Few deals, wide band."""
        return self.open > 0 and self.deviation > WIDE * self.open

    @property
    def at_stake(self) -> int:
        """What everything that counts would bring, unweighted."""
        return sum(amount for category, amount in self.single.items() if category != OMITTED)

    def cumulative(self, category: str) -> int:
        """Return what is closed with everything as sure as `category` or surer, unweighted."""
        names = list(CATEGORIES)[: list(CATEGORIES).index(category) + 1]
        return self.closed + sum(self.single.get(name, 0) for name in names)


def forecast(closed: int, judged: Iterable[Judged]) -> Forecast:
    """Add up what is expected of open deals to what is closed; what is omitted brings nothing."""
    open_, variance, count = 0.0, 0.0, 0
    single: dict[str, int] = defaultdict(int)
    for one in judged:
        single[one.deals.category] += one.deals.amount
        if one.deals.category == OMITTED:
            continue
        open_ += one.expected
        variance += one.variance
        count += one.deals.count
    return Forecast(closed, open_, sqrt(variance), count, dict(single))


def within(judged: Sequence[Judged], span: Span) -> list[Judged]:
    """Return what comes in during a period."""
    return [one for one in judged if span.first <= one.comes_on <= span.last]


def accuracy(forecast_: float, actual: float) -> float | None:
    """Return 1 − |forecast − actual| / actual; None where nothing came."""
    return 1 - abs(forecast_ - actual) / actual if actual else None


STUDENT: Final = {
    0.5: (1.0, 0.816, 0.765, 0.741, 0.727, 0.718, 0.711, 0.706, 0.703, 0.700, 0.697),
    0.8: (3.078, 1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363),
    0.95: (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201),
}
"""In how many deviations so large a share of outcomes lies, by how many past periods those are known from, less one."""
USUAL: Final = 0.8


@dataclass(frozen=True)
class Period:
    """What became of a period that is over: deals won and lost, and what those brought that were only begun in it.

    `fresh` is in 分, of deals begun in the part of the period that is still to come in the one that is foreseen.
    """

    won: int
    lost: int
    fresh: int


@dataclass(frozen=True)
class Whole:
    """A forecast with what deals will bring that are only begun in the period, by periods like it that are over.

    Deals of one period are won or lost together more than chance would have it, and new ones come as they come. So its
    band is made of three parts: the chance of each open deal, how much the win rate went up and down from period to
    period beyond chance, and how much new deals did; few periods widen it by Student's factors.
    """

    forecast: Forecast
    past: tuple[Period, ...]

    @property
    def fresh(self) -> float:
        """What deals bring on average that are begun in the period."""
        return fmean(one.fresh for one in self.past) if self.past else 0.0

    @property
    def total(self) -> float:
        return self.forecast.total + self.fresh

    def band(self, level: float = USUAL) -> tuple[float, float] | None:
        """Return within what that share of outcomes lies, never below what is closed; None where one period or none
        says nothing of ups and downs.
        """
        count = len(self.past)
        if count <= 1:
            return None
        swing = _swing(self.past) * self.forecast.at_stake**2
        news = variance(float(one.fresh) for one in self.past)
        deviation = sqrt(self.forecast.deviation**2 + (1 + 1 / count) * (swing + news))
        factors = STUDENT[level]
        half = factors[min(count - 1, len(factors)) - 1] * deviation
        return max(self.total - half, float(self.forecast.closed)), self.total + half


def _swing(past: Iterable[Period]) -> float:
    """Return how much the win rate varied from period to period beyond chance; none where few say anything of it."""
    ended = [(one.won / (one.won + one.lost), one.won + one.lost) for one in past if one.won + one.lost]
    if len(ended) <= 1:
        return 0.0
    by_chance = fmean(share * (1 - share) / count for share, count in ended)
    return max(variance(share for share, _ in ended) - by_chance, 0.0)
