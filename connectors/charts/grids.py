"""Numbers in two directions: heat maps, calendars, points, boxes and radars."""

from datetime import date

from connectors.charts.bars import Picture
from connectors.charts.look import (
    COLOURS,
    FAINT,
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
    legend,
    name_axis,
    number_axis,
    plain,
    scale_of,
)
from core.model.chart import Chart
from core.rules.charts import quartiles, said, value_at

SHADES = ["#eef4ff", "#bcd4ff", "#7fadff", "#3f7ff0", "#1546a8"]
MOST_ROWS, MOST_COLUMNS, MOST_POINTS, MOST_SPOKES = 14, 12, 400, 10
WEEKS = 27


def heat(chart: Chart) -> Picture:
    """A table whose fields are the darker the greater they are."""
    rows, columns = chart.series[:MOST_ROWS], chart.labels[:MOST_COLUMNS]
    values = [(place, number, value_at(one, place)) for number, one in enumerate(rows) for place in range(len(columns))]
    known = [value for *_, value in values if value is not None]
    scale = scale_of(known, chart.unit)
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    data = []
    for place, number, value in values:
        if value is None:
            continue
        dark = high > low and (value - low) / (high - low) > 0.55  # noqa: PLR2004 - where dark letters fade
        words = {"formatter": said(value / scale.by), "color": "#fff" if dark else INK}
        data.append({"value": [place, number, scale.of(value)], "label": words})
    option = frame(chart, f"单位：{scale.unit}" if scale.unit else "") | {
        "grid": {"left": 20, "right": 20, "top": TOP + 4, "bottom": 16, "containLabel": True},
        "xAxis": name_axis(columns, position="top", axisLine={"show": False}),
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": [cut(one.name, 7) for one in rows],
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "axisLabel": {"fontSize": WORDS, "color": INK},
        },
        "visualMap": _shades(scale.of(low) or 0.0, scale.of(high) or 1.0),
        "series": [
            {
                "type": "heatmap",
                "data": data,
                "label": {"show": len(columns) <= MOST_COLUMNS, "fontSize": SMALL},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 3, "borderRadius": 4},
            }
        ],
    }
    return WIDTH, TOP + 60 + 44 * max(len(rows), 3), option


def calendar(chart: Chart) -> Picture:
    """Days as fields, a column a week, the last half year at most; labels are dates like 2026-03-05."""
    days: list[tuple[date, float]] = []
    for label, value in zip(chart.labels, chart.series[0].values, strict=False):
        if value is not None:
            days.append((date.fromisoformat(label), value))
    last = max((day for day, _ in days), default=date(2026, 1, 1))
    days = [(day, value) for day, value in days if (last - day).days < WEEKS * 7 - 7]
    first = min((day for day, _ in days), default=last)
    known = [value for _, value in days] or [0.0]
    scale = scale_of(known, chart.unit)
    weeks = (last - first).days // 7 + 2
    cell = max(13.0, min(26.0, (WIDTH - 90) / weeks))
    option = frame(chart, f"颜色越深越多，最多 {said(max(known), chart.unit)}") | {
        "calendar": {
            "left": 56,
            "top": TOP + 34,
            "cellSize": [cell, cell],
            "range": [first.isoformat(), last.isoformat()],
            "splitLine": {"show": False},
            "itemStyle": {"color": "#f4f6f9", "borderColor": "#fff", "borderWidth": 2},
            "dayLabel": {
                "firstDay": 1,
                "nameMap": ["日", "一", "二", "三", "四", "五", "六"],
                "fontSize": SMALL,
                "color": FAINT,
            },
            "monthLabel": {
                "nameMap": [f"{month}月" for month in range(1, 13)],
                "fontSize": SMALL,
                "color": INK,
            },
            "yearLabel": {"show": False},
        },
        "visualMap": _shades(0.0, scale.of(max(known)) or 1.0),
        "series": [
            {
                "type": "heatmap",
                "coordinateSystem": "calendar",
                "data": [[day.isoformat(), scale.of(value)] for day, value in days],
            }
        ],
    }
    return WIDTH, int(TOP + 60 + 7 * cell), option


def scatter(chart: Chart) -> Picture:
    """Points: the first series along, the second upwards; few of them bear their names."""
    return _points(chart, sized=False)


def bubble(chart: Chart) -> Picture:
    """Points as large as the third series says."""
    return _points(chart, sized=True)


def _points(chart: Chart, *, sized: bool) -> Picture:
    along, up = chart.series[0], chart.series[1]
    size = chart.series[2] if sized and len(chart.series) > 2 else None  # noqa: PLR2004 - the third one
    most = max((abs(value) for value in size.values if value is not None), default=0.0) if size else 0.0
    x_scale, y_scale = scale_of(along.values, ""), scale_of(up.values, "")
    data = []
    for place, label in enumerate(chart.labels[:MOST_POINTS]):
        x, y = value_at(along, place), value_at(up, place)
        if x is None or y is None:
            continue
        weight = (abs(value_at(size, place) or 0.0) / most) ** 0.5 if size and most else 0.0
        words = {"formatter": cut(label, 6)}
        across = 10 + 44 * weight if size else 12
        data.append({"value": [x_scale.of(x), y_scale.of(y)], "symbolSize": across, "label": words})
    few = len(data) <= 14  # noqa: PLR2004 - as many names as stay apart
    note = f"圆越大，{plain(size.name)}越多" if size else ""
    x_axis = number_axis(x_scale, scale=True)
    x_axis |= {"name": f"{plain(along.name)}（{x_scale.unit}）" if x_scale.unit else plain(along.name)}
    x_axis |= {"nameLocation": "middle", "nameGap": 32}
    y_axis = number_axis(y_scale, scale=True)
    y_axis["name"] = f"{plain(up.name)}（{y_scale.unit}）" if y_scale.unit else plain(up.name)
    y_axis["nameTextStyle"] = {"fontSize": SMALL, "color": FAINT, "align": "left"}
    option = frame(chart, note) | {
        "grid": {"left": 24, "right": 40, "top": TOP + 34, "bottom": 46, "containLabel": True},
        "xAxis": x_axis,
        "yAxis": y_axis,
        "series": [
            {
                "type": "scatter",
                "data": data,
                "itemStyle": {"opacity": 0.72},
                "label": {"show": few, "position": "top", "fontSize": SMALL, "color": INK},
                "labelLayout": {"hideOverlap": True},
            }
        ],
    }
    return WIDTH, HEIGHT + 20, option


def box(chart: Chart) -> Picture:
    """How observations spread: the middle half as a box, the ends as whiskers."""
    shown = [one for one in chart.series[:MOST_COLUMNS] if any(value is not None for value in one.values)]
    fives = [quartiles(value for value in one.values if value is not None) for one in shown]
    scale = scale_of((value for five in fives for value in five), chart.unit)
    option = frame(chart, "盒子是中间一半，横线是中位数") | {
        "grid": {"left": 20, "right": 20, "top": TOP + 34, "bottom": 20, "containLabel": True},
        "xAxis": name_axis([one.name for one in shown]),
        "yAxis": number_axis(scale),
        "series": [
            {
                "type": "boxplot",
                "data": [[scale.of(value) for value in five] for five in fives],
                "itemStyle": {"color": "#dbe8ff", "borderColor": COLOURS[0], "borderWidth": 2},
                "boxWidth": [14, 46],
            },
            {
                "type": "scatter",
                "symbolSize": 1,
                "data": [item(scale.of(five[4]), f"中位 {said(five[2], chart.unit)}") for five in fives],
                "label": {"show": True, "position": "top", "fontSize": SMALL, "color": INK},
            },
        ],
    }
    return WIDTH, HEIGHT, option


def radar(chart: Chart) -> Picture:
    """Each series a shape over the labels; every spoke has its own full length, the greatest on it."""
    spokes = chart.labels[:MOST_SPOKES]
    shown = chart.series[: len(COLOURS)]
    full = []
    for place in range(len(spokes)):
        goal = chart.target[place] if place < len(chart.target) else 0.0
        full.append(max([goal, *(value_at(one, place) or 0.0 for one in shown)]) or 1.0)
    data = [
        {"name": plain(one.name), "value": [value_at(one, place) or 0.0 for place in range(len(spokes))]}
        for one in shown
    ]
    names = [plain(one.name) for one in shown]
    option = frame(chart) | {
        "legend": legend(names),
        "radar": {
            "center": ["50%", "60%"],
            "radius": "58%",
            "indicator": [{"name": cut(label, 8), "max": most} for label, most in zip(spokes, full, strict=True)],
            "axisName": {"fontSize": WORDS, "color": INK},
            "splitNumber": 4,
            "splitArea": {"show": False},
        },
        "series": [
            {
                "type": "radar",
                "data": data,
                "lineStyle": {"width": 3},
                "areaStyle": {"opacity": 0.12},
                "symbolSize": 7,
                "label": {"show": False},
            }
        ],
    }
    return WIDTH, HEIGHT + 60, option


def _shades(low: float, high: float) -> Option:
    return {"show": False, "min": low, "max": high if high > low else low + 1, "inRange": {"color": SHADES}}
