"""What a funnel says: conversions, leaks, and what to do about them (semantics B.9)."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from core.model.playbook import Pipeline
from core.rules.metrics.forecast import default_conversions

PRICE_SHARE: Final = 0.4
SLOW: Final = 1.5
SECONDS: Final = 86400

_PRICE: Final = ("价格", "报价", "太贵", "便宜")
_BANT: Final = ("预算", "决策")


@dataclass(frozen=True)
class Counts:
    """What is counted in one stage; `seconds` is how long the deals that `left` stood there altogether."""

    entered: int = 0
    advanced: int = 0
    lost: int = 0
    open: int = 0
    left: int = 0
    seconds: float = 0

    @property
    def conversion(self) -> float | None:
        return self.advanced / self.entered if self.entered else None

    @property
    def settled(self) -> float | None:
        """The conversion among the deals of which it is known whether they went on."""
        over = self.advanced + self.lost
        return self.advanced / over if over else None

    @property
    def leak(self) -> float | None:
        return None if self.conversion is None else 1 - self.conversion

    @property
    def dwell(self) -> float | None:
        """How many days a deal stood there on average."""
        return self.seconds / self.left / SECONDS if self.left else None


@dataclass(frozen=True)
class StageFigures:
    """One line of the funnel, beside its usual self."""

    stage: str
    counts: Counts
    reasons: tuple[tuple[str, int], ...] = ()
    before: Counts = Counts()
    usual_conversion: float | None = None
    usual_dwell: float | None = None
    target: float | None = None
    advice: tuple[str, ...] = ()
    is_last: bool = False

    @property
    def benchmark(self) -> float | None:
        """What the conversion is held against: the own usual one, else the target."""
        return self.usual_conversion if self.usual_conversion is not None else self.target

    @property
    def missed(self) -> float:
        """How many deals more would have gone on as usual."""
        conversion, usual = self.counts.settled, self.benchmark
        if conversion is None or usual is None or self.is_last:
            return 0.0
        return max(usual - conversion, 0.0) * self.counts.entered


def usual(months: Iterable[Counts]) -> tuple[float | None, float | None]:
    """Return the medians of the settled conversions and of the dwells of some months."""
    known = list(months)
    conversions = [one.settled for one in known if one.settled is not None]
    dwells = [one.dwell for one in known if one.dwell is not None]
    return (median(conversions) if conversions else None, median(dwells) if dwells else None)


def targets_of(pipeline: Pipeline) -> Mapping[str, float]:
    """Return what share should go on from each stage, by the win rates of the playbook."""
    return default_conversions(pipeline)


def advice_on(
    counts: Counts,
    reasons: Sequence[tuple[str, int]],
    *,
    is_first: bool,
    is_last: bool,
    target: float | None,
    usual_dwell: float | None,
) -> tuple[str, ...]:
    """Say what to do about a stage, by rules, the most telling first."""
    if is_last:
        return ("复盘赢单：把打法讲给大家听",) if counts.entered else ()
    found = []
    total = sum(count for _, count in reasons)
    priced = sum(count for reason, count in reasons if _says(reason, _PRICE))
    if total and priced / total >= PRICE_SHARE:
        found.append(f"{priced / total:.0%} 输在价格：做一次价格复盘")
    if reasons and _says(reasons[0][0], _BANT):
        found.append(f"首要原因是{reasons[0][0]}：练 BANT，先问清预算和决策人")
    settled = counts.settled
    if settled is not None and target is not None and settled < target:
        what = "检查线索清洗和开场话术" if is_first else "挑三单一起复盘"
        found.append(f"转化 {settled:.0%} 低于目标 {target:.0%}：{what}")
    if counts.dwell is not None and usual_dwell and counts.dwell > SLOW * usual_dwell:
        found.append(f"停留 {counts.dwell:.0f} 天，平时 {usual_dwell:.0f} 天：催一催法务和审批")
    return tuple(found)


def _says(reason: str, words: Sequence[str]) -> bool:
    return any(word in reason for word in words)


@dataclass(frozen=True)
class Change:
    """A share before and after; what is said of it is always labelled as points or as relative."""

    before: float
    after: float

    @property
    def points(self) -> float:
        """The absolute change, in percentage points."""
        return (self.after - self.before) * 100

    @property
    def relative(self) -> float | None:
        return (self.after - self.before) / self.before if self.before else None

    def __str__(self) -> str:
        up = "提高" if self.points >= 0 else "下降"
        said = f"{self.before:.1%} → {self.after:.1%}：绝对{up} {abs(self.points):.1f} 个百分点"
        return said if self.relative is None else f"{said}，相对{up} {abs(self.relative):.1%}"


def raised(before: float, by: float, *, relative: bool) -> Change:
    """Return what a share becomes that rises by a share of itself (`relative`) or by points."""
    return Change(before, before * (1 + by) if relative else before + by)


RARE, ENOUGH = 0.001, 10
"""How rare a conversion must be that is told of, and how many deals say something at all.

It is looked at every Monday, over four weeks: at one chance in twenty most stages would raise a false alarm in a year,
at one in a thousand it is about one of twenty (`bench/alerts.py`).
"""


def below_its_band(one: StageFigures) -> bool:
    """Say whether a stage converts worse than its own usual share and chance explain, by the exact binomial tail."""
    settled, usual_share, over = one.counts.settled, one.usual_conversion, one.counts.advanced + one.counts.lost
    if one.is_last or settled is None or usual_share is None or over < ENOUGH or settled >= usual_share:
        return False
    return _chance_of_at_most(one.counts.advanced, over, usual_share) < RARE


def _chance_of_at_most(count: int, of: int, share: float) -> float:
    """Return how likely so few go on, or fewer; by logarithms, for thousands of deals too."""
    if share >= 1:
        return 0.0
    odds = math.log(share) - math.log1p(-share)
    whole = math.lgamma(of + 1) + of * math.log1p(-share)
    return math.fsum(
        math.exp(whole - math.lgamma(n + 1) - math.lgamma(of - n + 1) + n * odds) for n in range(count + 1)
    )


def worst_leak(stages: Sequence[StageFigures]) -> StageFigures | None:
    """Return where most deals were lost against what is usual; where nothing is worse than usual, the biggest leak
    behind the first stage; where nothing was lost, deals merely have not gone on yet.
    """
    missed = max(stages, key=lambda one: one.missed, default=None)
    if missed is not None and missed.missed > 0:
        return missed
    behind = [one for one in stages[1:] if not one.is_last and one.counts.leak is not None]
    return max(behind, key=lambda one: (one.counts.lost > 0, one.counts.leak or 0), default=None)
