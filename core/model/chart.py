"""A chart as it is asked for: what is shown, never how it is drawn. Whoever paints it decides on colours and sizes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter


class ChartKind(StrEnum):
    """Each says which way of reading its numbers fits; `core/rules/charts.py` holds what each needs."""

    FUNNEL = "funnel"
    PYRAMID = "pyramid"
    LINE = "line"
    AREA = "area"
    STACKED_AREA = "stacked_area"
    BAR = "bar"
    GROUPED = "grouped"
    STACKED = "stacked"
    PERCENT = "percent"
    RANKING = "ranking"
    PARETO = "pareto"
    WATERFALL = "waterfall"
    BULLET = "bullet"
    PROGRESS = "progress"
    PIE = "pie"
    DONUT = "donut"
    ROSE = "rose"
    GAUGE = "gauge"
    RADAR = "radar"
    HEAT = "heat"
    CALENDAR = "calendar"
    SCATTER = "scatter"
    BUBBLE = "bubble"
    BOX = "box"
    TREEMAP = "treemap"
    SANKEY = "sankey"
    SPARKS = "sparks"


@dataclass(frozen=True, kw_only=True)
class Series:
    """A row of numbers, one for each label; None is a gap, never nought."""

    name: str = ""
    values: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How much went from one label to another; of a Sankey diagram."""

    source: int
    target: int
    value: float


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One picture. `labels` name the places of every series' values, `unit` is said behind each number.

    A unit of 元 is shortened to 万 and 亿, one of % has values from 0 to 100. `target` is what was to be reached:
    of a gauge its full scale, of progress and bullets each label's own, or one for all. `flows` are a Sankey's.
    Of SCATTER and BUBBLE the first series is read along, the second upwards, a third as size; of BOX every series
    is one label's observations; of FUNNEL a second series is each step's own rate in %, where it is not simply
    what is left of the step before; of CALENDAR the labels are dates; of HEAT every series is a row.
    """

    kind: ChartKind
    title: str
    subtitle: str = ""
    labels: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    unit: str = ""
    target: tuple[float, ...] = ()
    flows: tuple[Flow, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back."""
        kept: dict[str, Any] = _CHARTS.dump_python(self, mode="json")
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Chart":
        return _CHARTS.validate_python(kept)


def one_series(kind: ChartKind, title: str, pairs: Sequence[tuple[str, float | None]], unit: str = "") -> Chart:
    """Return the chart of one row of named numbers: a funnel, bars, a line, a pie."""
    labels, values = tuple(label for label, _ in pairs), tuple(value for _, value in pairs)
    return Chart(kind=kind, title=title, labels=labels, series=(Series(values=values),), unit=unit)


_CHARTS = TypeAdapter(Chart)
