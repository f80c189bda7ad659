"""Every kind of chart with how it is laid out; what has no numbers is a picture that says so."""

from collections.abc import Callable

from connectors.charts import bars, grids, lines, shares
from connectors.charts.bars import Picture
from connectors.charts.look import FAINT, TITLE, WIDTH, frame, text
from core.model.chart import Chart, ChartKind
from core.rules.charts import NOTHING, has_numbers

EMPTY_HEIGHT = 240

LAYOUTS: dict[ChartKind, Callable[[Chart], Picture]] = {
    ChartKind.FUNNEL: shares.funnel,
    ChartKind.PYRAMID: shares.pyramid,
    ChartKind.LINE: lines.line,
    ChartKind.AREA: lines.area,
    ChartKind.STACKED_AREA: lines.stacked_area,
    ChartKind.BAR: bars.bars,
    ChartKind.GROUPED: bars.bars,
    ChartKind.STACKED: bars.stacked,
    ChartKind.PERCENT: bars.percent,
    ChartKind.RANKING: bars.ranking,
    ChartKind.PARETO: bars.pareto,
    ChartKind.WATERFALL: bars.waterfall,
    ChartKind.BULLET: bars.bullet,
    ChartKind.PROGRESS: bars.progress,
    ChartKind.PIE: shares.pie,
    ChartKind.DONUT: shares.donut,
    ChartKind.ROSE: shares.rose,
    ChartKind.GAUGE: shares.gauge,
    ChartKind.RADAR: grids.radar,
    ChartKind.HEAT: grids.heat,
    ChartKind.CALENDAR: grids.calendar,
    ChartKind.SCATTER: grids.scatter,
    ChartKind.BUBBLE: grids.bubble,
    ChartKind.BOX: grids.box,
    ChartKind.TREEMAP: shares.treemap,
    ChartKind.SANKEY: shares.sankey,
    ChartKind.SPARKS: lines.sparks,
}


def layout(chart: Chart) -> Picture:
    """Return width, height and the library's option of a chart."""
    if not has_numbers(chart):
        words = text(NOTHING, WIDTH / 2, EMPTY_HEIGHT / 2 + 10, "center", fontSize=TITLE, fill=FAINT)
        return WIDTH, EMPTY_HEIGHT, frame(chart) | {"graphic": [words]}
    return LAYOUTS[chart.kind](chart)
