"""Charts in words: how a number is said, and every picture's numbers as lines of text."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from core.model.chart import Chart, ChartKind, Series

LINES = 31
"""Lines of numbers that a message carries at most; a month of days fits."""
NOTHING = "暂无数据"
_WAN, _YI = Decimal(10_000), Decimal(100_000_000)


def said(value: float | None, unit: str = "") -> str:
    """Say a number as one reads it on a phone: 1.25亿元, 38.5%, 12个; a gap is a dash."""
    if value is None or value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        return "—"
    number = Decimal(str(value))
    if unit == "%":
        return f"{_plain(number, 1)}%"
    for size, word in ((_YI, "亿"), (_WAN, "万")):
        if abs(_rounded(number / size, 2)) >= 1:
            return f"{_plain(number / size, 2)}{word}{unit}"
    return f"{_plain(number, 2)}{unit}"


def chart_words(chart: Chart) -> str:
    """Return a chart's numbers as text, for whoever cannot see or open the picture."""
    lines = [line for line in _WORDS.get(chart.kind, _by_label)(chart) if line]
    if not lines:
        return NOTHING
    if len(lines) > LINES:
        lines = [*lines[:LINES], f"…共 {len(lines)} 项"]
    return "\n".join(lines)


def has_numbers(chart: Chart) -> bool:
    """Say whether there is anything to draw."""
    return bool(chart.flows) or any(value is not None for series in chart.series for value in series.values)


def value_at(series: Series, place: int) -> float | None:
    """Return a series' value at a place; None where it has none."""
    return series.values[place] if place < len(series.values) else None


def quartiles(values: Iterable[float]) -> tuple[float, float, float, float, float]:
    """Return least, lower quartile, median, upper quartile, greatest; medians of the halves, without the middle."""
    line = sorted(values)
    half = len(line) // 2
    lower, upper = line[:half] or line, line[-half:] if half else line
    return line[0], float(median(lower)), float(median(line)), float(median(upper)), line[-1]


def _plain(number: Decimal, places: int) -> str:
    rounded = _rounded(number, places)
    text = f"{rounded:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _rounded(number: Decimal, places: int) -> Decimal:
    rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def _by_label(chart: Chart) -> list[str]:
    lines = []
    for place, label in enumerate(chart.labels):
        values = [(series.name, value_at(series, place)) for series in chart.series]
        if all(value is None for _, value in values):
            continue
        words = "，".join(f"{name} {said(value, chart.unit)}".strip() for name, value in values)
        lines.append(f"{label}：{words}{_goal(chart, place)}")
    return lines


def _goal(chart: Chart, place: int) -> str:
    if not chart.target:
        return ""
    goal = chart.target[place] if place < len(chart.target) else chart.target[-1]
    return f"（目标 {said(goal, chart.unit)}）"


def _shares(chart: Chart) -> list[str]:
    first = chart.series[0].values if chart.series else ()
    total = sum(value for value in first if value)
    pairs = zip(chart.labels, first, strict=False)
    return [
        f"{label}：{said(value, chart.unit)}" + (f"，占 {said(value / total * 100, '%')}" if total > 0 else "")
        for label, value in pairs
        if value is not None
    ]


def _funnel(chart: Chart) -> list[str]:
    first = chart.series[0].values if chart.series else ()
    called = "转化" if has_own_rates(chart) else "上一步的"
    return [
        f"{label}：{said(value, chart.unit)}" + (f"，{called} {said(rate, '%')}" if rate is not None else "")
        for label, value, rate in zip(chart.labels, first, step_rates(chart), strict=False)
    ]


def has_own_rates(chart: Chart) -> bool:
    """Say whether a funnel brings each step's rate along."""
    return len(chart.series) > 1


def step_rates(chart: Chart) -> list[float | None]:
    """Return the rate of each step of a funnel, in %: its own, else what is left of the step before."""
    if has_own_rates(chart):
        return list(chart.series[1].values)
    rates: list[float | None] = []
    before: float | None = None
    for value in chart.series[0].values if chart.series else ():
        rates.append(value / before * 100 if before and value is not None else None)
        before = value
    return rates


def step_rate_name(chart: Chart) -> str:
    """Say what the rates of a funnel's steps are."""
    return "各阶段转化率" if has_own_rates(chart) else "上一步的转化率"


def _rows(chart: Chart) -> list[str]:
    return [
        f"{series.name}："
        + "，".join(f"{label} {said(value_at(series, place), chart.unit)}" for place, label in enumerate(chart.labels))
        for series in chart.series
    ]


def _calendar(chart: Chart) -> list[str]:
    first = chart.series[0].values if chart.series else ()
    days = [(value, label) for label, value in zip(chart.labels, first, strict=False) if value is not None]
    if not days:
        return []
    total, (most, when) = sum(value for value, _ in days), max(days)
    return [
        f"{len(days)} 天合计 {said(total, chart.unit)}，日均 {said(total / len(days), chart.unit)}",
        f"最多的一天 {when}：{said(most, chart.unit)}",
    ]


def _points(chart: Chart) -> list[str]:
    return [
        f"{label}：" + "，".join(f"{series.name} {said(value_at(series, place))}" for series in chart.series)
        for place, label in enumerate(chart.labels)
    ]


def _boxes(chart: Chart) -> list[str]:
    lines = []
    for series in chart.series:
        if values := [value for value in series.values if value is not None]:
            least, _, middle, _, most = (said(one, chart.unit) for one in quartiles(values))
            lines.append(f"{series.name}：中位 {middle}，最低 {least}，最高 {most}，{len(values)} 个")
    return lines


def _flows(chart: Chart) -> list[str]:
    names = chart.labels
    return [f"{names[one.source]} → {names[one.target]}：{said(one.value, chart.unit)}" for one in chart.flows]


_WORDS: dict[ChartKind, Callable[[Chart], list[str]]] = {
    ChartKind.FUNNEL: _funnel,
    ChartKind.PYRAMID: _funnel,
    ChartKind.PIE: _shares,
    ChartKind.DONUT: _shares,
    ChartKind.ROSE: _shares,
    ChartKind.TREEMAP: _shares,
    ChartKind.PARETO: _shares,
    ChartKind.HEAT: _rows,
    ChartKind.SPARKS: _rows,
    ChartKind.CALENDAR: _calendar,
    ChartKind.SCATTER: _points,
    ChartKind.BUBBLE: _points,
    ChartKind.BOX: _boxes,
    ChartKind.SANKEY: _flows,
}
