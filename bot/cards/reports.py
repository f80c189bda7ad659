"""Cards of reports: the figure, its numbers as words, the picture behind it, and three deals to open."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.cards.card import Button, Card, Style
from bot.cards.deals import show_button
from core.model.chart import Chart, ChartKind, Series, one_series
from core.model.deal import Deal
from core.model.enclosure import Enclosure
from core.rules.metrics.declared import DIMENSIONS, Kind
from core.rules.metrics.forecast import CATEGORIES, OMITTED, Judged
from core.rules.metrics.funnel import Change, Counts, StageFigures
from core.services.reports.behind import Behind
from core.services.reports.forecast import Outlook, said_band, said_whole
from core.services.reports.funnel import Funnel
from core.services.reports.pivot import crossed
from core.services.reports.table import Table, money, shown

SOURCE = "聊单 · 报表"
DEALS, LINES, SLICES = 3, 10, 12
_TIMES: Final = frozenset(one.label for one in DIMENSIONS if one.unit is not None)


def pictured(card: Card, chart: Chart | None) -> Card:
    """Put a picture behind a card that says its numbers already."""
    if chart is None or not any(value for series in chart.series for value in series.values):
        return card
    return replace(card, encloses=(*card.encloses, Enclosure(chart=chart)))


def funnel_card(made: Funnel) -> Card:
    """The funnel with its leak, what to do, and the deals to open."""
    title = f"{made.whose} {made.span} 漏斗"
    if not any(one.counts.entered for one in made.stages):
        return Card(
            title=f"{title}：这段时间没有商机进入",
            source=SOURCE,
            text="换一段时间试试，例如「上个季度的漏斗」",
            private=True,
        )
    lines = [line for one in made.stages for line in _stage_lines(one)]
    worst = made.worst
    if worst is not None and worst.counts.leak is not None:
        lines.append(f"最大漏点：{worst.stage}，流失 {shown(worst.counts.leak, Kind.SHARE)}")
    if made.overall is not None:
        lines.append(f"各阶段转化相乘：{shown(made.overall, Kind.SHARE)}")
    card = Card(
        title=title,
        source=SOURCE,
        emphasis=(f"{made.stages[-1].counts.entered:,} 单", "赢单"),
        text="\n".join(lines),
        buttons=(
            *deal_buttons(made.to_open),
            Button(label="为什么", action="funnel.explain", values=_asked(made), style=Style.PRIMARY),
        ),
        private=True,
    )
    rows = [(one.stage, one.counts.entered, None if one.is_last else one.counts.conversion) for one in made.stages]
    return pictured(card, funnel_chart(title, rows))


def funnel_chart(title: str, rows: Sequence[tuple[str, int, float | None]]) -> Chart:
    """Return the picture of a funnel: how many deals entered each stage, and which share of them went on."""
    entered = Series(values=tuple(float(count) for _, count, _ in rows))
    rates = Series(values=tuple(None if share is None else share * 100 for *_, share in rows))
    labels = tuple(stage for stage, *_ in rows)
    return Chart(kind=ChartKind.FUNNEL, title=title, labels=labels, series=(entered, rates), unit="个")


def explained_card(made: Funnel, one: StageFigures, rows: Sequence[tuple[str, Counts]], lost: Sequence[Deal]) -> Card:
    """Why a stage converts as it does: reasons, colleagues, the usual figure, and the deals that were lost."""
    counts = one.counts
    total = sum(count for _, count in one.reasons)
    reasons = "、".join(f"{reason} {count}（{count / total:.0%}）" for reason, count in one.reasons[:5])
    people = "\n".join(
        f"  {name}：{shown(row.settled, Kind.SHARE)}（{row.advanced}/{row.advanced + row.lost}）"
        for name, row in rows[:LINES]
    )
    known = (
        ("转化", f"{shown(counts.conversion, Kind.SHARE)}，已定 {shown(counts.settled, Kind.SHARE)}"),
        ("上期", _against(one.before.settled, counts.settled)),
        ("近12月中位", _against(one.usual_conversion, counts.settled)),
        (
            "停留",
            f"{shown(counts.dwell, Kind.DAYS)} 天" + (f"，平时 {one.usual_dwell:.0f} 天" if one.usual_dwell else ""),
        ),
        ("流失原因", reasons or "没有输单"),
    )
    text = "\n".join(
        filter(None, (f"各人转化：\n{people}" if people else "", *(f"建议：{line}" for line in one.advice)))
    )
    card = Card(
        title=f"{one.stage}：进入 {counts.entered}，推进 {counts.advanced}，输 {counts.lost}，仍在 {counts.open}",
        subtitle=f"{made.whose} {made.span}",
        source=SOURCE,
        fields=tuple((label, value) for label, value in known if value),
        text=text,
        buttons=deal_buttons(lost or made.to_open),
        private=True,
    )
    chart = one_series(
        ChartKind.PARETO, f"{one.stage} 流失原因", [(r, float(c)) for r, c in one.reasons[:SLICES]], "单"
    )
    return pictured(card, chart)


def forecast_card(made: Outlook) -> Card:
    """What will probably come in, in which band, and which dates are too hopeful."""
    figures, title = made.figures, f"{made.whose} {made.span} 预测"
    sure = [(label, figures.cumulative(key)) for key, label in CATEGORIES.items() if key != OMITTED]
    lines = [_judged_line(one) for one in made.deals[:LINES]]
    notes = [
        f"{made.optimistic} 个商机的预计日期偏乐观，已按实际节奏挪到后面的月份" if made.optimistic else "",
        *(
            f"{one.name}：主管判断 {money(call.amount.fen)}（系统 {money(call.was.fen)}）{call.reason}"
            for one, call in made.calls
        ),
        f"上月预测准确率 {made.last_accuracy:.1%}" if made.last_accuracy is not None else "",
    ]
    card = Card(
        title=title,
        source=SOURCE,
        emphasis=(money(figures.total), "预计"),
        fields=(
            ("八成把握区间", said_band(figures)),
            ("已赢", money(figures.closed)),
            ("在手加权", f"{money(figures.open)}（{figures.count} 个商机）"),
            *((("加上期内新开的", said),) if (said := said_whole(made.whole)) else ()),
            *((f"累计{label}", money(value)) for label, value in sure),
            ("赢率依据", made.basis),
        ),
        text="\n".join(filter(None, (*lines, *notes))),
        buttons=deal_buttons(made.to_open),
        private=True,
    )
    pairs = [("已赢", figures.closed / 100), ("在手加权", figures.open / 100), ("预计", figures.total / 100)]
    return pictured(card, one_series(ChartKind.WATERFALL, title, pairs[:2], "元"))


def table_card(table: Table, buttons: tuple[Button, ...] = (), *, first: int = 1) -> Card:
    """Any report as lines that a phone can show; `first` numbers the first of them."""
    words = table.as_words()
    if not words:
        return Card(title=f"{table.title}：没有数据", source=SOURCE, text="换一段时间或条件再看", private=True)
    heads = [column.label for column in table.columns]
    lines = [_table_line(number, row, heads) for number, row in enumerate(words[:LINES], first)]
    rest = max(table.total, len(words)) - len(words[:LINES]) - first + 1
    more = (f"还有 {rest} 行" if rest > 0 else "", *table.notes)
    return Card(
        title=table.title,
        source=SOURCE,
        text="\n".join(filter(None, (*lines, *more))),
        buttons=buttons,
        private=True,
    )


def table_chart(table: Table, kind: ChartKind, column: int, *, label: int = 0) -> Chart | None:
    """Return the picture of one column of a table."""
    rows = table.rows[:SLICES]
    if len(rows) < 2:  # noqa: PLR2004 - one figure is no picture
        return None
    what = table.columns[column].kind
    scale = {Kind.MONEY: 0.01, Kind.SHARE: 100.0}.get(what or Kind.COUNT, 1.0)
    unit = {Kind.MONEY: "元", Kind.SHARE: "%", Kind.DAYS: "天"}.get(what or Kind.COUNT, "")
    pairs = [(str(row[label]), None if row[column] is None else float(row[column]) * scale) for row in rows]
    return one_series(kind, table.title, pairs, unit)


def picture(table: Table, wanted: str, count: int) -> Chart | None:
    """Return the picture of a table whose first `count` columns are words, of the kind that is wanted if it fits."""
    crossing = crossed(table) if count == 2 else None  # noqa: PLR2004 - a cross has two dimensions
    kind = ChartKind(wanted) if wanted else None
    if crossing is not None:
        is_time = table.columns[1].label in _TIMES or table.columns[0].label in _TIMES
        fitting = ChartKind.GROUPED if is_time else ChartKind.STACKED
        return crossed_chart(crossing, kind if kind in _OF_SEVERAL else fitting)
    if count != 1 or len(table.columns) <= count:
        return None
    fitting = ChartKind.LINE if table.columns[0].label in _TIMES else ChartKind.BAR
    values = [row[count] for row in table.rows if row[count] is not None]
    adds_up = table.columns[count].kind in (Kind.MONEY, Kind.COUNT) and all(value >= 0 for value in values)
    if kind in _SHARES and not adds_up:
        kind = None
    return table_chart(table, kind or fitting, count)


_SHARES: Final = frozenset(
    {ChartKind.PIE, ChartKind.DONUT, ChartKind.ROSE, ChartKind.TREEMAP, ChartKind.FUNNEL, ChartKind.PARETO}
)
"""Kinds that say parts of a whole: rates and sums below nothing have none."""
_OF_SEVERAL: Final = frozenset(
    {ChartKind.LINE, ChartKind.AREA, ChartKind.STACKED_AREA, ChartKind.GROUPED, ChartKind.STACKED, ChartKind.PERCENT,
     ChartKind.HEAT, ChartKind.RADAR}
)  # fmt: skip


def crossed_chart(table: Table, kind: ChartKind) -> Chart:
    """Return the picture of a cross table: a series a column."""
    rows = table.rows[:SLICES]
    what = table.columns[1].kind
    scale = {Kind.MONEY: 0.01, Kind.SHARE: 100.0}.get(what or Kind.COUNT, 1.0)
    unit = {Kind.MONEY: "元", Kind.SHARE: "%"}.get(what or Kind.COUNT, "")
    series = tuple(
        Series(name=head.label, values=tuple(float(row[place] or 0) * scale for row in rows))
        for place, head in enumerate(table.columns)
        if place
    )
    return Chart(kind=kind, title=table.title, labels=tuple(str(row[0]) for row in rows), series=series, unit=unit)


def behind_card(found: Behind, offset: int, again: dict[str, str]) -> Card:
    """The records behind a figure, three of them to open, and the next page."""
    buttons = tuple(open_button(ref, name) for ref, name in dict.fromkeys(one for one in found.refs if one[0]))[:DEALS]
    shown_to = offset + len(found.table.rows)
    if shown_to < found.table.total:
        buttons += (Button(label="下一页", action="pivot.drill", values={**again, "offset": str(shown_to)}),)
    card = table_card(found.table, buttons, first=offset + 1)
    return replace(card, title=f"{found.table.title}：共 {found.table.total} 条") if found.table.rows else card


def open_button(ref: str, name: str) -> Button:
    """Return what opens a record by its reference."""
    return Button(label=short_name(name), action=_OPENED.get(ref[:1], "account.show"), values={"customer": ref})


_OPENED: Final = {"D": "deal.show", "C": "contract.show"}


def deal_buttons(deals: Sequence[Deal]) -> tuple[Button, ...]:
    """Three deals to open."""
    return tuple(show_button(str(deal.ref), short_name(deal.name)) for deal in deals[:DEALS])


def short_name(name: str, most: int = 8) -> str:
    """Cut a name to what a button shows of it."""
    return name if len(name) <= most else name[: most - 1] + "…"


def _table_line(number: int, row: Sequence[str], heads: Sequence[str]) -> str:
    rest = "，".join(f"{head} {cell}" for head, cell in zip(heads[1:], row[1:], strict=True) if cell not in ("", "–"))
    return f"{number}. {row[0]}" + (f"：{rest}" if rest else "")


def _stage_lines(one: StageFigures) -> list[str]:
    counts = one.counts
    if one.is_last:
        return [f"{one.stage}：{counts.entered:,}"]
    settled = f"（已定 {shown(counts.settled, Kind.SHARE)}）" if counts.open else ""
    dwell = f"，停留 {shown(counts.dwell, Kind.DAYS)} 天" if counts.dwell is not None else ""
    lines = [f"{one.stage}：进入 {counts.entered:,}，转化 {shown(counts.conversion, Kind.SHARE)}{settled}{dwell}"]
    compared = [
        f"上期 {shown(one.before.settled, Kind.SHARE)}" if one.before.settled is not None else "",
        f"近12月 {shown(one.usual_conversion, Kind.SHARE)}" if one.usual_conversion is not None else "",
        "流失：" + "、".join(f"{reason} {count}" for reason, count in one.reasons[:2]) if one.reasons else "",
    ]
    if any(compared):
        lines.append("　" + "，".join(filter(None, compared)))
    if one.advice:
        lines.append(f"　→ {one.advice[0]}")
    return lines


def _against(before: float | None, now: float | None) -> str:
    if before is None:
        return ""
    return shown(before, Kind.SHARE) if now is None else str(Change(before, now))


def _judged_line(one: Judged) -> str:
    deals = one.deals
    product = f" {deals.product}" if deals.product else ""
    hint = "，日期偏乐观" if one.optimistic else ""
    count = f" {deals.count} 单" if deals.count > 1 else ""
    chance = f"{one.chance:.0%}" if one.chance >= 0.1 else f"{one.chance:.1%}"  # noqa: PLR2004 - small chances want a decimal
    sum_ = f"{money(deals.amount)} × {chance} = {money(one.expected)}"
    return f"· {deals.stage}{product}{count} {sum_}，{one.comes_on:%m-%d}{hint}"


def _asked(made: Funnel) -> dict[str, str]:
    return {"from": f"{made.span.first}", "to": f"{made.span.last}"}
