"""P13: a PDF page and a picture against the library's own minimal example, and how a quote's time grows with its lines.

The peer of the document is typst on a template of one table in a process of its own, as the library's example has it;
the peer of the picture is ECharts' own bar chart through the same engine and rasteriser, in this process.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from bench.harness import Row, Scale, in_turn, timed
from connectors.charts.painter import EChartsPainter
from connectors.fonts import FOLDER, REGULAR
from connectors.typesetting.typesetter import TypstTypesetter
from core.model.chart import ChartKind, one_series
from core.ports.files import Setting
from core.services.documents.kinds import quote_data
from core.services.documents.samples import a_quote

SIZES = (1, 30, 300)
AT = datetime(2026, 3, 5, tzinfo=UTC)
GOAL = 1.5
_EXAMPLE = """
import sys, typst
rows = ",".join(f"[{n}],[伺服电机 SV-750],[{n}],[台],[2,380.00],[13%],[2,193.17]" for n in range(int(sys.argv[1])))
source = '#set text(font: "Noto Sans SC")\\n= 报价单\\n#table(columns: 7, ' + rows + ')'
print(len(typst.compile(source.encode(), font_paths=[sys.argv[2]], ignore_system_fonts=True)))
"""
_STUBS = """var window=globalThis,self=globalThis;
globalThis.setTimeout=function(){return 0};globalThis.clearTimeout=function(){};"""
_DRAW = """function draw(o,w,h){
var c=echarts.init(null,null,{renderer:"svg",ssr:true,width:w,height:h});o=JSON.parse(o);
o.animation=false;c.setOption(o);var s=c.renderToSVGString();c.dispose();return [s].join("")}"""
_OPTION = """{"backgroundColor":"#fff","textStyle":{"fontFamily":"Noto Sans SC"},"title":{"text":"各区域赢单"},
"xAxis":{"type":"category","data":["华东","华南","华北","西南","东北"]},"yAxis":{"type":"value"},
"series":[{"type":"bar","data":[128,96,74,32,9],"label":{"show":true}}]}"""
REGIONS = [("华东", 1_280_000), ("华南", 960_000), ("华北", 740_000), ("西南", 320_000), ("东北", 85_000)]


def run(scale: Scale) -> Iterator[Row]:
    """Measure pages and pictures."""
    typesetter = TypstTypesetter()
    template = typesetter.shipped("quote")
    for lines in SIZES:
        setting = Setting(template=template, data=quote_data(a_quote(lines)), at=AT)
        figures = in_turn(
            {
                "ours": partial(timed, partial(typesetter.document, setting)),
                "example": partial(timed, partial(_example, lines)),
            },
            scale.rounds,
        )
        yield Row(
            bench="papers",
            what=f"PDF of a quote of {lines} lines",
            unit="ms",
            ours=[one * 1000 for one in figures["ours"]],
            other=[one * 1000 for one in figures["example"]],
            against="typst's own table, same lines",
            at_most=GOAL,
        )
    yield _pictures(scale)


def _pictures(scale: Scale) -> Row:
    painter, draw = EChartsPainter(), _engine()
    chart = one_series(ChartKind.BAR, "各区域本月赢单", REGIONS, "元")
    painter.paint(chart), _picture(draw)
    figures = in_turn(
        {"ours": partial(timed, partial(painter.paint, chart)), "example": partial(timed, partial(_picture, draw))},
        scale.rounds * 3,
    )
    painter.close()
    return Row(
        bench="papers",
        what="a bar chart as a picture for chat",
        unit="ms",
        ours=[one * 1000 for one in figures["ours"]],
        other=[one * 1000 for one in figures["example"]],
        against="ECharts' own bar, same engine",
        at_most=GOAL,
    )


def _example(lines: int) -> None:
    subprocess.run([sys.executable, "-c", _EXAMPLE, str(lines), str(FOLDER)], check=True, capture_output=True)


def _engine() -> object:
    import quickjs

    from connectors.charts.child import SCRIPT

    context = quickjs.Context()
    for script in (_STUBS, SCRIPT.read_text("utf-8"), _DRAW):
        context.eval(script)
    return context.get("draw")


def _picture(draw: object) -> bytes:
    import resvg_py

    svg = draw(_OPTION, 540, 420)  # type: ignore[operator]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, font_files=[str(REGULAR)], skip_system_fonts=True, zoom=2))
