"""Lines over time, areas under them, and many small ones below each other."""

from connectors.charts.bars import Picture
from connectors.charts.look import (
    COLOURS,
    FAINT,
    HEIGHT,
    INK,
    SMALL,
    TOP,
    WIDTH,
    Option,
    cut,
    frame,
    item,
    legend,
    name_axis,
    number_axis,
    plain,
    scale_of,
    text,
    values_of,
)
from core.model.chart import Chart
from core.rules.charts import said, value_at

MOST_SPARKS = 10
MOST_LABELLED = 8


def line(chart: Chart) -> Picture:
    """One line a series; its last value says itself, a gap breaks it."""
    return _lines(chart, area=False, stacked=False)


def area(chart: Chart) -> Picture:
    """Lines with the ground below them filled."""
    return _lines(chart, area=True, stacked=False)


def stacked_area(chart: Chart) -> Picture:
    """Areas on top of each other."""
    return _lines(chart, area=True, stacked=True)


def _lines(chart: Chart, *, area: bool, stacked: bool) -> Picture:
    count = len(chart.labels)
    shown = chart.series[: len(COLOURS)]
    sums = [sum(value_at(one, place) or 0.0 for one in shown) for place in range(count)]
    scale = scale_of(sums if stacked else values_of(shown), chart.unit)
    every = len(shown) == 1 and count <= MOST_LABELLED
    series: list[Option] = []
    for one in shown:
        values = [value_at(one, place) for place in range(count)]
        last = max((place for place, value in enumerate(values) if value is not None), default=-1)
        data = [
            item(scale.of(value), said(value, chart.unit) if place == last or every else "")
            for place, value in enumerate(values)
        ]
        drawn: Option = {
            "type": "line",
            "name": plain(one.name),
            "data": data,
            "lineStyle": {"width": 3},
            "symbol": "circle",
            "symbolSize": 9 if count <= 12 else 5,  # noqa: PLR2004 - as many as have room
            "showAllSymbol": True,
            "label": {"show": not stacked, "position": "top", "fontSize": SMALL, "color": INK},
        }
        if area:
            drawn["areaStyle"] = {"opacity": 0.7 if stacked else 0.18}
        if stacked:
            drawn["stack"] = "all"
        series.append(drawn)
    if chart.target and series:
        goal = chart.target[0]
        series[0]["markLine"] = {
            "symbol": "none",
            "data": [{"yAxis": scale.of(goal)}],
            "lineStyle": {"color": FAINT, "type": "dashed", "width": 2},
            "label": {"formatter": f"目标 {said(goal, chart.unit)}", "position": "insideEndTop", "fontSize": SMALL},
        }
    named = any(one.name for one in shown)
    option = frame(chart) | {
        "legend": legend([plain(one.name) for one in shown]),
        "grid": {"left": 20, "right": 36, "top": TOP + (56 if named else 34), "bottom": 20, "containLabel": True},
        "xAxis": name_axis(chart.labels, boundaryGap=not area),
        "yAxis": number_axis(scale, scale=not area),
        "series": series,
    }
    return WIDTH, HEIGHT, option


def sparks(chart: Chart) -> Picture:
    """A table of small lines: each series' name, its way, and its last value."""
    shown = chart.series[:MOST_SPARKS]
    row, left = 46, 190
    grids, xs, ys, series, words = [], [], [], [], []
    for number, one in enumerate(shown):
        top = TOP + number * row
        values = [value_at(one, place) for place in range(len(chart.labels))]
        known = [value for value in values if value is not None]
        grids.append({"left": left, "right": 140, "top": top + 6, "height": row - 16})
        xs.append({"type": "category", "gridIndex": number, "show": False, "boundaryGap": False})
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        ys.append(
            {"type": "value", "gridIndex": number, "show": False, "min": low, "max": high if high > low else low + 1}
        )
        series.append(
            {
                "type": "line",
                "xAxisIndex": number,
                "yAxisIndex": number,
                "data": values,
                "symbol": "none" if len(known) > 1 else "circle",
                "lineStyle": {"width": 2.5, "color": COLOURS[0]},
                "areaStyle": {"color": COLOURS[0], "opacity": 0.12},
            }
        )
        words += [
            text(cut(one.name, 10), 20, top + row / 2 - 8),
            text(said(known[-1] if known else None, chart.unit), WIDTH - 20, top + row / 2 - 8, "right"),
        ]
    ends = f"{plain(chart.labels[0])} 至 {plain(chart.labels[-1])}" if chart.labels else ""
    more = f"{ends}，只画前 {MOST_SPARKS} 行" if len(chart.series) > MOST_SPARKS else ends
    option = frame(chart, more) | {"grid": grids, "xAxis": xs, "yAxis": ys, "series": series, "graphic": words}
    return WIDTH, TOP + row * max(len(shown), 2) + 10, option
