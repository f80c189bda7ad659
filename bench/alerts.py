"""How often the coach calls a steady stage low, and how surely it notices one that has fallen: years lived through.

Each year is looked at on fifty-two Mondays, over the four weeks before, against the median of the twelve four-week
months before those: as the coach does.
"""

import random
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from bench.harness import Row, Scale
from core.rules.metrics.funnel import Counts, StageFigures, below_its_band, usual

WEEKS, MONTH, YEAR = 104, 4, 52
FALLS: Final = 0.6
"""To so much of itself a conversion falls that is to be noticed."""
NOTICED: Final = 12
"""Within so many weeks."""
AT: Final = 8
"""The week of the year in which it falls."""


def run(scale: Scale) -> Iterator[Row]:
    """Live through years of stages of three sizes."""
    years = 200 if scale.name == "full" else 20 * scale.rounds
    for a_month, share in ((40, 0.3), (40, 0.6), (120, 0.3), (120, 0.6), (400, 0.3)):
        dice, what = random.Random(7), f"{a_month} deals in four weeks, {share:.0%} go on"
        steady = [_alarms(_weeks(dice, a_month, share, share)) for _ in range(years)]
        yield Row(
            bench="alerts", what=f"false alarm in a year: {what}", unit="of years",
            ours=[sum(bool(one) for one in steady) / years], at_most=0.05,
        )  # fmt: skip
        fallen = [_alarms(_weeks(dice, a_month, share, share * FALLS)) for _ in range(years)]
        noticed = [week for one in fallen if (week := next((w for w in one if w >= AT), YEAR)) < AT + NOTICED]
        yield Row(
            bench="alerts", what=f"a fall by {1 - FALLS:.0%} noticed in {NOTICED} weeks: {what}", unit="of years",
            ours=[len(noticed) / years],
        )  # fmt: skip
        if noticed:
            yield Row(
                bench="alerts", what=f"weeks until it is: {what}", unit="weeks", ours=[median(noticed) - AT + 1.0]
            )


def _weeks(dice: random.Random, a_month: int, before: float, after: float) -> list[Counts]:
    """Return two years of a stage, whose conversion falls in the second where it falls at all."""
    weeks = []
    for week in range(WEEKS):
        settled = sum(dice.random() < 0.25 for _ in range(a_month))
        share = before if week < YEAR + AT else after
        advanced = sum(dice.random() < share for _ in range(settled))
        weeks.append(Counts(entered=settled, advanced=advanced, lost=settled - advanced))
    return weeks


def _alarms(weeks: Sequence[Counts]) -> list[int]:
    """Return in which weeks of the second year the stage is called low."""
    found = []
    for monday in range(YEAR, WEEKS):
        months = [_sum(weeks[begin : begin + MONTH]) for begin in range(monday - YEAR, monday - MONTH + 1, MONTH)]
        figures = StageFigures("方案报价", _sum(weeks[monday - MONTH : monday]), usual_conversion=usual(months)[0])
        if below_its_band(figures):
            found.append(monday - YEAR)
    return found


def _sum(weeks: Sequence[Counts]) -> Counts:
    return Counts(
        entered=sum(one.entered for one in weeks),
        advanced=sum(one.advanced for one in weeks),
        lost=sum(one.lost for one in weeks),
    )
