"""Bars: side by side, stacked, lying, against a goal, step by step."""

from typing import Any

from connectors.charts.look import (
    BAD,
    COLOURS,
    FAINT,
    GOOD,
    GRID,
    HEIGHT,
    INK,
    SMALL,
    TOP,
    WIDTH,
    WORDS,
    Option,
    cut,
    frame,
    item,
    labelled,
    legend,
    name_axis,
    number_axis,
    plain,
    scale_of,
    text,
    values_of,
    width_of,
)
from core.model.chart import Chart, Series
from core.rules.charts import said, value_at

MOST_BARS, MOST_LABELLED, MOST_LINES = 24, 9, 15
LINE_HEIGHT = 40
ROW = 62
Picture = tuple[int, int, Option]


def bars(chart: Chart) -> Picture:
    """Standing bars; several series stand side by side."""
    return _standing(chart, stacked=False)


def stacked(chart: Chart) -> Picture:
    """Bars on top of each other, the total above."""
    return _standing(chart, stacked=True)


def percent(chart: Chart) -> Picture:
    """Bars on top of each other, each column filled up to a hundred."""
    totals = [
        sum(value for series in chart.series if (value := value_at(series, place)) and value > 0)
        for place in range(len(chart.labels))
    ]
    shares = tuple(
        Series(
            name=series.name,
            values=tuple(
                None if (value := value_at(series, place)) is None else 100 * max(value, 0.0) / total if total else 0.0
                for place, total in enumerate(totals)
            ),
        )
        for series in chart.series
    )
    width, height, option = _standing(
        Chart(
            kind=chart.kind, title=chart.title, subtitle=chart.subtitle, labels=chart.labels, series=shares, unit="%"
        ),
        stacked=True,
    )
    option["yAxis"] |= {"max": 100, "interval": 25}
    return width, height, option


def ranking(chart: Chart) -> Picture:
    """Lying bars, in the order given; names have a line of their own, so long ones stay whole."""
    shown, left = chart.labels[:MOST_LINES], len(chart.labels) - MOST_LINES
    first = chart.series[0].values
    values = [first[place] if place < len(first) else None for place in range(len(shown))]
    scale = scale_of(values, chart.unit)
    rows = [
        item(scale.of(value), said(value, chart.unit), itemStyle={"color": BAD if (value or 0) < 0 else COLOURS[0]})
        for value in values
    ]
    names = [
        {"value": 0, "label": {"formatter": f"{place + 1}. {cut(label, 26)}"}} for place, label in enumerate(shown)
    ]
    height = TOP + 24 + max(len(shown), 3) * (LINE_HEIGHT + 14)
    option = frame(chart, f"只画前 {MOST_LINES} 项，共 {len(chart.labels)} 项" if left > 0 else "") | {
        "grid": {"left": 24, "right": 120, "top": TOP - 6, "bottom": 12},
        "xAxis": {"type": "value", "show": False},
        "yAxis": {"type": "category", "inverse": True, "data": list(range(len(shown))), "show": False},
        "series": [
            {
                "type": "bar",
                "data": rows,
                "barWidth": 16,
                "barGap": "0%",
                "barMinHeight": 2,
                "itemStyle": {"borderRadius": 4},
                "label": {"show": True, "position": "right", "fontSize": WORDS, "color": INK},
            },
            {
                "type": "bar",
                "data": names,
                "barWidth": 1,
                "label": {"show": True, "position": [0, -46], "fontSize": WORDS, "color": INK, "align": "left"},
            },
        ],
    }
    return WIDTH, height, option


def pareto(chart: Chart) -> Picture:
    """Bars from the greatest down, and what share of all they make together."""
    first = chart.series[0].values
    pairs = [(label, value) for label, value in zip(chart.labels, first, strict=False) if value is not None]
    pairs.sort(key=lambda pair: -pair[1])
    pairs = pairs[:MOST_BARS]
    total, running, shares = sum(value for _, value in pairs), 0.0, []
    for _, value in pairs:
        running += value
        shares.append(round(100 * running / total, 1) if total > 0 else 0.0)
    scale = scale_of([value for _, value in pairs], chart.unit)
    few = len(pairs) <= MOST_LABELLED
    option = frame(chart) | {
        "grid": _grid(),
        "xAxis": name_axis([label for label, _ in pairs]),
        "yAxis": [
            number_axis(scale),
            number_axis(scale_of([100], "%"), max=100, interval=25, splitLine={"show": False}, name="累计 %"),
        ],
        "series": [
            {"type": "bar", "data": labelled([value for _, value in pairs], scale, chart.unit), "label": _label(few)},
            {
                "type": "line",
                "yAxisIndex": 1,
                "data": [item(share, said(share, "%") if place > 1 else "") for place, share in enumerate(shares)],
                "symbolSize": 8,
                "lineStyle": {"width": 3},
                "label": {"show": few, "position": "bottom", "fontSize": SMALL, "color": FAINT},
            },
        ],
    }
    return WIDTH, HEIGHT, option


def waterfall(chart: Chart) -> Picture:
    """From the first to the last by steps; labels that begin or end it with 0 steps are totals.

    The first value stands on the ground, each following one begins where the one before ended, the last label is the
    sum when it has no value of its own.
    """
    labels, first = chart.labels[:MOST_BARS], chart.series[0].values
    ground: list[float | None] = []
    steps: list[tuple[float, str, str]] = []
    level = 0.0
    for place, _ in enumerate(labels):
        value = first[place] if place < len(first) else None
        if value is None:  # a total: what has come together so far
            ground.append(min(level, 0.0))
            steps.append((abs(level), said(level, chart.unit), COLOURS[0]))
            continue
        start, level = level, level + value
        ground.append(min(start, level))
        colour = COLOURS[0] if place == 0 else GOOD if value >= 0 else BAD
        sign = "+" if place and value > 0 else ""
        steps.append((abs(value), f"{sign}{said(value, chart.unit)}", colour))
    scale = scale_of([one + (base or 0) for (one, _, _), base in zip(steps, ground, strict=True)], chart.unit)
    option = frame(chart) | {
        "grid": _grid(),
        "xAxis": name_axis(labels),
        "yAxis": number_axis(scale),
        "series": [
            {"type": "bar", "stack": "all", "data": [scale.of(one) for one in ground], "itemStyle": {"opacity": 0}},
            {
                "type": "bar",
                "stack": "all",
                "data": [item(scale.of(one), words, itemStyle={"color": colour}) for one, words, colour in steps],
                "label": _label(len(labels) <= MOST_LABELLED),
                "barCategoryGap": "30%",
            },
        ],
    }
    return WIDTH, HEIGHT, option


def progress(chart: Chart) -> Picture:
    """How far each is towards its goal; past the goal the bar is full and green."""
    return _towards(chart, marks=False)


def bullet(chart: Chart) -> Picture:
    """Each one's value on a common scale, its goal as a mark, a fifth around the goal shaded."""
    return _towards(chart, marks=True)


def _towards(chart: Chart, *, marks: bool) -> Picture:
    labels = chart.labels[:MOST_LINES]
    values = [value_at(chart.series[0], place) for place in range(len(labels))]
    goals = [_goal(chart, place) for place in range(len(labels))]
    most = max([one for one in (*values, *goals) if one is not None] or [1.0]) or 1.0
    full = [most if marks else goal or most for goal in goals]
    rows, rest, marked, words = [], [], [], []
    for place, (label, value, goal) in enumerate(zip(labels, values, goals, strict=True)):
        part = min(max((value or 0.0) / full[place], 0.0), 1.0)
        reached = goal is not None and value is not None and value >= goal
        rows.append({"value": part, "itemStyle": {"color": GOOD if reached else COLOURS[0]}})
        rest.append(1.0 - part)
        rate = f"  {said(100 * value / goal, '%')}" if goal and value is not None else ""
        of = f" / {said(goal, chart.unit)}" if goal is not None else ""
        figures = f"{said(value, chart.unit)}{of}{rate}"
        top = TOP + place * ROW - 2
        words += [text(cut(label, 30 - width_of(figures)), 24, top), text(figures, WIDTH - 24, top, "right")]
        if marks and goal is not None:
            marked.append([goal / most, place])
    series: list[Option] = [_lying(rows, {}), _lying(rest, {"color": GRID})]
    if marked:
        mark = {"type": "scatter", "symbol": "rect", "symbolSize": [4, 26], "z": 5}
        series.append({**mark, "data": marked, "itemStyle": {"color": INK}})
    height = ROW * max(len(labels), 1)
    option = frame(chart) | {
        "grid": {"left": 24, "right": 24, "top": TOP, "height": ROW * len(labels)},
        "xAxis": {"type": "value", "show": False, "max": 1, "min": 0},
        "yAxis": {"type": "category", "inverse": True, "data": list(range(len(labels))), "show": False},
        "series": series,
        "graphic": words,
    }
    return WIDTH, max(TOP + 20 + height, 200), option


def _lying(data: list[Any], style: Option) -> Option:
    offset = {"barCategoryGap": 0, "barWidth": 16, "itemStyle": {"borderRadius": 3, **style}}
    return {"type": "bar", "stack": "all", "data": data, **offset}


def _standing(chart: Chart, *, stacked: bool) -> Picture:
    labels = chart.labels[-MOST_BARS:]
    skip = len(chart.labels) - len(labels)
    columns = [
        (plain(series.name), [value_at(series, place + skip) for place in range(len(labels))])
        for series in chart.series[: len(COLOURS)]
    ]
    totals = [sum(values[place] or 0.0 for _, values in columns) for place in range(len(labels))]
    highest = totals if stacked else values_of(chart.series)
    scale = scale_of(highest, chart.unit)
    few = len(labels) * (1 if stacked else len(columns)) <= MOST_LABELLED
    series: list[Option] = []
    for name, values in columns:
        inner = stacked and chart.unit != "%"
        data = [
            item(scale.of(value), said(value, chart.unit) if value and not inner else _inside(value, highest, scale.by))
            for value in values
        ]
        one: Option = {"type": "bar", "name": name, "data": data, "barMaxWidth": 56, "label": _label(few)}
        if stacked:
            one |= {"stack": "all", "label": {**_label(few), "position": "inside", "color": "#fff"}}
        series.append(one)
    if stacked and chart.unit != "%":
        above = [item(0, said(total, chart.unit)) for total in totals]
        series.append({"type": "bar", "stack": "all", "data": above, "label": _label(len(labels) <= MOST_LABELLED)})
    option = frame(chart, f"最近 {MOST_BARS} 项，共 {len(chart.labels)} 项" if skip else "") | {
        "legend": legend([name for name, _ in columns]),
        "grid": _grid(TOP + (56 if any(name for name, _ in columns) else 34)),
        "xAxis": name_axis(labels),
        "yAxis": number_axis(scale),
        "series": series,
    }
    return WIDTH, HEIGHT, option


def _inside(value: float | None, highest: list[float] | list[float | None], by: float) -> str:
    """Return what a part of a stack says: nothing where it is too thin for words."""
    most = max((one for one in highest if one is not None), default=0.0)
    if not value or not most or value / most < 0.06:  # noqa: PLR2004 - thinner than a line of words
        return ""
    return said(value / by)


def _goal(chart: Chart, place: int) -> float | None:
    if not chart.target:
        return None
    return chart.target[place] if place < len(chart.target) else chart.target[-1]


def _label(shown: bool) -> Option:
    return {"show": shown, "position": "top", "fontSize": SMALL, "color": INK}


def _grid(top: int = TOP + 34) -> Option:
    return {"left": 20, "right": 20, "top": top, "bottom": 20, "containLabel": True}
