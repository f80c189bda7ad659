"""Every kind of picture is drawn whatever its numbers are, and says them in words."""

import struct
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.charts.look import cut, folded, scale_of, width_of
from connectors.charts.options import LAYOUTS, layout
from connectors.charts.painter import EChartsPainter
from core.errors.files import PaintFailed
from core.model.chart import Chart, ChartKind, Flow, Series, one_series
from core.rules.charts import chart_words, quartiles, said

LONG = "上海复旦微电子集团股份有限公司华东大客户事业部（含{子公司}）"


@pytest.fixture(scope="module")
def painter() -> Iterator[EChartsPainter]:
    painter = EChartsPainter()
    yield painter
    painter.close()


def chart(kind: ChartKind, count: int, *, size: float = 100.0, name: str = "客户") -> Chart:
    """A chart of some kind with `count` labels, whose numbers are about as great as `size`."""
    labels = tuple(f"{name}{number}" for number in range(count))
    if kind == ChartKind.CALENDAR:
        labels = tuple(f"2026-{1 + number // 28 % 12:02}-{1 + number % 28:02}" for number in range(count))
    rows = tuple(
        Series(name=f"{name}{row}", values=tuple(size * (1 + (number * 7 + row) % 11) for number in range(count)))
        for row in range(3)
    )
    flows = tuple(Flow(source=number, target=number + 1, value=size) for number in range(count - 1))
    return Chart(kind=kind, title=f"{name}图", labels=labels, series=rows, unit="元", flows=flows)


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("kind", ChartKind)
def test_every_kind_is_drawn_light_and_for_a_phone(painter: EChartsPainter, kind: ChartKind) -> None:
    for many in (chart(kind, 1), chart(kind, 6), chart(kind, 60, size=3.7e9, name=LONG)):
        png = painter.paint(many)
        width, height = size_of(png)
        assert width == 1080
        assert 300 <= height <= 2400
        assert len(png) < 260_000
        assert chart_words(many)


@pytest.mark.parametrize("kind", ChartKind)
def test_no_numbers_are_a_picture_that_says_so(painter: EChartsPainter, kind: ChartKind) -> None:
    nothing = painter.paint(chart(kind, 0))
    gaps = replace(chart(kind, 3), series=(Series(values=(None, None, None)),) * 3, flows=())
    assert size_of(nothing) == size_of(painter.paint(gaps)) == (1080, 480)
    assert painter.paint(chart(kind, 3)) != nothing


@pytest.mark.parametrize("kind", ChartKind)
def test_odd_numbers_are_drawn_too(painter: EChartsPainter, kind: ChartKind) -> None:
    for values in ((0.0, 0.0, 0.0), (-5.0, 3.0, None), (1e15, 1.0, 0.004)):
        odd = replace(chart(kind, 3), series=tuple(Series(name=name, values=values) for name in "甲乙丙"))
        assert size_of(painter.paint(odd))[0] == 1080


def test_a_process_that_died_is_started_anew() -> None:
    painter = EChartsPainter()
    funnel = one_series(ChartKind.FUNNEL, "漏斗", [("线索", 10), ("赢单", 2)], "个")
    first = painter.paint(funnel)
    assert painter._child is not None
    painter._child.kill()
    painter._child.wait()
    assert painter.paint(funnel) == first
    painter.close()


def test_who_does_not_answer_in_time_is_ended() -> None:
    painter = EChartsPainter(patience=0.001)
    with pytest.raises(PaintFailed):
        painter.paint(one_series(ChartKind.BAR, "慢", [("一", 1)]))
    assert painter._child is None
    painter.patience = 20.0
    assert painter.paint(one_series(ChartKind.BAR, "快", [("一", 1)]))
    painter.close()


def test_every_kind_has_a_layout() -> None:
    assert set(LAYOUTS) == set(ChartKind)
    assert len(LAYOUTS) >= 20


def test_names_cannot_reach_the_library_as_templates() -> None:
    _, _, option = layout(one_series(ChartKind.PIE, "{b}", [("{c}", 3.0), ("a", 1.0)]))
    assert "{" not in option["title"]["text"]
    assert all("{" not in one["label"]["formatter"] for one in option["series"][0]["data"])


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0, "元", "0元"),
        (-0.001, "元", "0元"),
        (1234.5, "元", "1,234.5元"),
        (9999.996, "元", "1万元"),
        (12_345, "元", "1.23万元"),
        (99_999_999, "元", "1亿元"),
        (1_234_567_890_123, "元", "12,345.68亿元"),
        (-250_000, "元", "-25万元"),
        (38.46, "%", "38.5%"),
        (100, "%", "100%"),
        (12_345, "%", "12,345%"),
        (33_000, "个", "3.3万个"),
        (None, "元", "—"),
        (float("nan"), "元", "—"),
        (float("inf"), "元", "—"),
    ],
)
def test_a_number_is_said_as_one_reads_it(value: float | None, unit: str, words: str) -> None:
    assert said(value, unit) == words


def test_the_words_of_a_funnel_name_each_step_and_its_rate() -> None:
    funnel = one_series(ChartKind.FUNNEL, "漏斗", [("线索", 480), ("报价", 120), ("赢单", 28)], "个")
    assert chart_words(funnel) == "线索：480个\n报价：120个，上一步的 25%\n赢单：28个，上一步的 23.3%"


def test_the_words_end_where_a_message_would_not() -> None:
    lines = chart_words(one_series(ChartKind.BAR, "多", [(f"第{number}", 1.0) for number in range(90)])).splitlines()
    assert lines[30:] == ["第30：1", "…共 90 项"]


def test_long_names_keep_both_ends() -> None:
    assert cut("上海复旦微电子集团股份有限公司", 9) == "上海复旦…有限公司"
    assert width_of(cut(LONG, 12)) <= 12
    assert folded("上海复旦微电子", 4) == "上海复旦\n微电子"


def test_an_axis_is_counted_in_what_its_greatest_number_needs() -> None:
    assert scale_of([3, 12_000], "元").unit == "万元"
    assert scale_of([3, None, -2e8], "元").unit == "亿元"
    assert scale_of([99], "个").unit == "个"
    assert scale_of([], "元").unit == "元"


def test_quartiles_are_medians_of_the_halves() -> None:
    assert quartiles([7, 1, 5, 3]) == (1, 2, 4, 6, 7)
    assert quartiles([4]) == (4, 4, 4, 4, 4)
    assert quartiles([1, 2, 3, 4, 100]) == (1, 1.5, 3, 52, 100)


def test_a_chart_survives_the_outbox() -> None:
    kept = chart(ChartKind.SANKEY, 3)
    assert Chart.from_json(kept.as_json()) == kept
