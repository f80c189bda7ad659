"""The small process that draws: one request a line in, one picture out, until nobody asks for a while.

Started by `connectors.charts.painter` alone. ECharts runs in QuickJS, which has neither files nor network; memory and
time of each drawing are limited, and the process as a whole may not grow.
"""

import json
import resource
import select
import sys
from pathlib import Path
from typing import Any, BinaryIO

from connectors.fonts import BOLD, FAMILY, REGULAR

LARGEST_PROCESS = 2**30
SCRIPT_BYTES, DRAW_SECONDS = 192 << 20, 8
IDLE_SECONDS = 600.0
SCRIPT = Path(__file__).parent / "assets" / "echarts.min.js"
ZOOM = 2

_BEFORE = """var window = globalThis, self = globalThis;
globalThis.setTimeout = function () { return 0 }; globalThis.clearTimeout = function () {};"""
_DRAW = """function draw(option, width, height) {
  var chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
  try {
    option = JSON.parse(option); option.animation = false;
    chart.setOption(option);
    return [chart.renderToSVGString()].join("");  // flattens what the binding cannot read
  } finally { chart.dispose(); }
}"""


def main() -> None:
    """Answer requests: a line of JSON in, the length and the bytes of a PNG out; a negative length is a trouble's."""
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_PROCESS, LARGEST_PROCESS))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    draw = _drawing()
    while select.select([requests], [], [], IDLE_SECONDS)[0]:
        line = requests.readline()
        if not line:
            return
        try:
            _say(answers, _png(draw, json.loads(line)), 1)
        except Exception as trouble:
            _say(answers, f"{type(trouble).__name__}: {trouble}".encode()[:500], -1)


def _drawing() -> Any:
    import quickjs

    context = quickjs.Context()
    context.set_memory_limit(SCRIPT_BYTES)
    for script in (_BEFORE, SCRIPT.read_text("utf-8"), _DRAW):
        context.eval(script)
    context.set_time_limit(DRAW_SECONDS)
    return context.get("draw")


def _png(draw: Any, request: dict[str, Any]) -> bytes:
    import resvg_py

    svg = draw(json.dumps(request["option"], ensure_ascii=False), request["width"], request["height"])
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            font_files=[str(REGULAR), str(BOLD)],
            skip_system_fonts=True,
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            zoom=ZOOM,
        )
    )


def _say(answers: BinaryIO, content: bytes, sign: int) -> None:
    answers.write(b"%d\n" % (sign * len(content)))
    answers.write(content)
    answers.flush()


if __name__ == "__main__":
    main()
