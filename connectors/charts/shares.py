"""Parts of a whole: funnels, pies, a gauge, tiles, and what flows where."""

from connectors.charts.bars import Picture
from connectors.charts.look import (
    BAD,
    COLOURS,
    FAINT,
    GOOD,
    GRID,
    HEIGHT,
    INK,
    SMALL,
    TITLE,
    TOP,
    WIDTH,
    WORDS,
    Option,
    cut,
    frame,
    item,
    plain,
    text,
    width_of,
)
from core.model.chart import Chart
from core.rules.charts import said, step_rate_name, step_rates

MOST_PARTS, MOST_STEPS, MOST_TILES = 8, 9, 24
OTHERS = "其余"
STEP = 52
_LIGHT = 0.12


def funnel(chart: Chart) -> Picture:
    """Steps as lying bars around a middle line, each with how many of the step before came so far.

    Widths are true to the numbers; the library's own funnel would hide a step that grows.
    """
    return _steps(chart, reverse=False)


def pyramid(chart: Chart) -> Picture:
    """The same, the last on top."""
    return _steps(chart, reverse=True)


def _steps(chart: Chart, *, reverse: bool) -> Picture:
    pairs = list(zip(chart.labels, chart.series[0].values, strict=False))[:MOST_STEPS]
    most = max((value or 0.0 for _, value in pairs), default=0.0) or 1.0
    rates = step_rates(chart)
    rows = [
        (label, value, said(rate, "%") if rate is not None else "")
        for (label, value), rate in zip(pairs, rates, strict=False)
    ]
    if reverse:
        rows.reverse()
    left, widest = 158, 260
    drawn: list[Option] = []
    for number, (label, value, rate) in enumerate(rows):
        top = TOP + number * STEP
        wide = max(widest * max(value or 0.0, 0.0) / most, 3.0)
        middle = left + widest / 2
        colour = COLOURS[(len(rows) - 1 - number if reverse else number) % len(COLOURS)]
        drawn += [
            _box(middle - wide / 2, top, wide, STEP - 10, colour),
            text(cut(label, 8), 20, top + 12),
            _amount(said(value, chart.unit), middle, wide, top + 12),
            text(rate, WIDTH - 20, top + 12, "right", fill=FAINT),
        ]
    option = frame(chart, f"右侧为{step_rate_name(chart)}") | {"graphic": drawn}
    return WIDTH, TOP + STEP * max(len(rows), 3) + 12, option


def pie(chart: Chart) -> Picture:
    """Shares as slices; the small rest is one slice."""
    return _round(chart, radius="62%")


def donut(chart: Chart) -> Picture:
    """Shares as a ring, the total in its middle."""
    width, height, option = _round(chart, radius=["40%", "62%"])
    total = sum(value for value in chart.series[0].values if value and value > 0)
    option["graphic"] = [
        text(said(total, chart.unit), WIDTH / 2, HEIGHT * 0.56 - 22, "center", fontSize=TITLE, fontWeight="bold"),
        text("合计", WIDTH / 2, HEIGHT * 0.56 + 8, "center", fontSize=SMALL, fill=FAINT),
    ]
    return width, height, option


def rose(chart: Chart) -> Picture:
    """Slices of one angle each, as long as they are great."""
    width, height, option = _round(chart, radius=["16%", "64%"])
    option["series"][0]["roseType"] = "area"
    return width, height, option


def _round(chart: Chart, *, radius: str | list[str]) -> Picture:
    pairs = [(label, value) for label, value in zip(chart.labels, chart.series[0].values, strict=False) if value]
    pairs = sorted(((label, value) for label, value in pairs if value > 0), key=lambda pair: -pair[1])
    if len(pairs) > MOST_PARTS:
        rest = sum(value for _, value in pairs[MOST_PARTS - 1 :])
        pairs = [*pairs[: MOST_PARTS - 1], (f"{OTHERS} {len(pairs) - MOST_PARTS + 1} 项", rest)]
    total = sum(value for _, value in pairs)
    data = [
        {
            **item(value, f"{cut(label, 7)}\n{said(value, chart.unit)} {said(100 * value / total, '%')}"),
            "name": plain(label),
        }
        for label, value in pairs
    ]
    option = frame(chart) | {
        "series": [
            {
                "type": "pie",
                "radius": radius,
                "center": ["50%", "56%"],
                "data": data,
                "label": {"fontSize": SMALL, "lineHeight": 19, "color": INK},
                "labelLine": {"length": 10, "length2": 8},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 2},
                "avoidLabelOverlap": True,
            }
        ]
    }
    return WIDTH, HEIGHT, option


def gauge(chart: Chart) -> Picture:
    """One number on its scale; `target` is the full scale, else a hundred."""
    value = next((one for one in chart.series[0].values if one is not None), None)
    full = chart.target[0] if chart.target and chart.target[0] > 0 else 100.0
    share = 0.0 if value is None else value / full
    colour = GOOD if share >= 1 else COLOURS[0] if share >= 0.6 else BAD  # noqa: PLR2004 - under three fifths is red
    option = frame(chart, f"目标 {said(full, chart.unit)}" if chart.target else "") | {
        "series": [
            {
                "type": "gauge",
                "center": ["50%", "68%"],
                "radius": "86%",
                "startAngle": 200,
                "endAngle": -20,
                "min": 0,
                "max": 100,
                "progress": {"show": True, "width": 26, "roundCap": True, "itemStyle": {"color": colour}},
                "axisLine": {"lineStyle": {"width": 26, "color": [[1, GRID]]}, "roundCap": True},
                "pointer": {"show": False},
                "axisTick": {"show": False},
                "splitLine": {"show": False},
                "axisLabel": {"show": False},
                "anchor": {"show": False},
                "title": {"offsetCenter": [0, "22%"], "fontSize": WORDS, "color": FAINT},
                "detail": {
                    "offsetCenter": [0, "-8%"],
                    "fontSize": 40,
                    "fontWeight": "bold",
                    "color": INK,
                    "formatter": plain(said(value, chart.unit)),
                },
                "data": [{"value": min(max(100 * share, 0), 100), "name": f"完成 {said(100 * share, '%')}"}],
            }
        ]
    }
    return WIDTH, HEIGHT - 40, option


def treemap(chart: Chart) -> Picture:
    """Shares as tiles; good for more parts than a pie has room for."""
    pairs = [(label, value) for label, value in zip(chart.labels, chart.series[0].values, strict=False) if value]
    pairs = sorted(((label, value) for label, value in pairs if value > 0), key=lambda pair: -pair[1])[:MOST_TILES]
    total = sum(value for _, value in pairs) or 1.0
    data = []
    for number, (label, value) in enumerate(pairs):
        room = 4 + 10 * (value / total) ** 0.5
        words = f"{cut(label, room)}\n{said(value, chart.unit)}"
        colour = {"color": COLOURS[number % len(COLOURS)]}
        one = item(value, words, name=plain(label), itemStyle=colour)
        one["label"]["show"] = value / total > 0.015  # noqa: PLR2004 - smaller tiles hold no word
        data.append(one)
    option = frame(chart) | {
        "series": [
            {
                "type": "treemap",
                "left": 16,
                "right": 16,
                "top": TOP,
                "bottom": 16,
                "roam": False,
                "nodeClick": False,
                "breadcrumb": {"show": False},
                "data": data,
                "label": {"fontSize": WORDS, "color": "#fff", "lineHeight": 22},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 2, "gapWidth": 2},
            }
        ]
    }
    return WIDTH, HEIGHT + 40, option


def sankey(chart: Chart) -> Picture:
    """What flows from where to where; flows that would run in a circle are left out, the words name them."""
    names = [f"{number} {plain(label)}" for number, label in enumerate(chart.labels)]
    flows, into = [], dict[int, set[int]]()
    for one in chart.flows:
        if one.value > 0 and not _leads_back(into, one.source, one.target):
            into.setdefault(one.source, set()).add(one.target)
            flows.append(one)
    used = {place for one in flows for place in (one.source, one.target)}
    amounts = dict.fromkeys(used, 0.0)
    for place in used:
        came = sum(one.value for one in flows if one.target == place)
        went = sum(one.value for one in flows if one.source == place)
        amounts[place] = max(came, went)
    data = [
        {
            "name": names[place],
            "itemStyle": {"color": COLOURS[place % len(COLOURS)]},
            "label": {"formatter": f"{cut(chart.labels[place], 8)} {said(amounts[place], chart.unit)}"},
        }
        for place in sorted(used)
    ]
    links = [{"source": names[one.source], "target": names[one.target], "value": one.value} for one in flows]
    option = frame(chart) | {
        "series": [
            {
                "type": "sankey",
                "left": 20,
                "right": 130,
                "top": TOP + 6,
                "bottom": 20,
                "nodeWidth": 16,
                "nodeGap": 16,
                "data": data,
                "links": links,
                "label": {"fontSize": SMALL, "color": INK},
                "lineStyle": {"color": "gradient", "opacity": 0.35},
            }
        ]
    }
    return WIDTH, HEIGHT + 60, option


def _leads_back(into: dict[int, set[int]], source: int, target: int) -> bool:
    """Say whether `source` can be reached from `target` already."""
    seen, open_ = set[int](), [target]
    while open_:
        place = open_.pop()
        if place == source:
            return True
        if place not in seen:
            seen.add(place)
            open_ += into.get(place, set())
    return False


def _box(x: float, y: float, width: float, height: float, colour: str) -> Option:
    shape = {"x": x, "y": y, "width": width, "height": height, "r": 5}
    return {"type": "rect", "shape": shape, "style": {"fill": colour}}


def _amount(words: str, middle: float, wide: float, y: float) -> Option:
    """Return a step's number: in its bar, or beside one too narrow for it."""
    if wide > WORDS * width_of(words) + 12:
        return text(words, middle, y, "center", fill="#fff")
    return text(words, middle + wide / 2 + 8, y)
