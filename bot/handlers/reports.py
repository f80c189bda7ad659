"""Reports in chat: the funnel, the forecast, pivots; each with its picture and the deals to open."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.arguments import OpenDeal
from bot.cards.card import Button, Card
from bot.cards.leads import undo_button
from bot.cards.reports import (
    SOURCE,
    crossed_chart,
    deal_buttons,
    explained_card,
    forecast_card,
    funnel_card,
    pictured,
    table_card,
    table_chart,
)
from bot.cards.yardsticks import called_card
from bot.context import Context
from bot.router import Router
from core.errors import BadInput
from core.model.chart import ChartKind
from core.model.member import LEADING, Member
from core.model.money import Money
from core.rules.metrics.declared import PASSAGES, dimension
from core.rules.metrics.forecast import CATEGORIES
from core.rules.metrics.funnel import Counts
from core.rules.metrics.periods import Unit, around
from core.rules.permissions import require
from core.rules.regions import places_in
from core.services.reports.asking import Asked, Filter, names_of, span_of, today, totals
from core.services.reports.forecast import call, mark, outlook, said_category
from core.services.reports.funnel import counts_of, funnel, stage_deals
from core.services.reports.pivot import crossed, drill, filters, pivot, understood

router = Router()

CELLS, ROWS, MOST_ROWS = 4, 10, 1000
_TIMES = frozenset({"日", "周", "月", "季度", "年", "财年"})


@router.command("funnel.show", "漏斗", "销售漏斗", "本月漏斗")
@router.button("funnel.show")
def show_funnel(ctx: Context, from_: date | None = None, to: date | None = None, member: Member | None = None) -> Card:
    """本月漏斗：各阶段进入、转化、停留、流失原因、建议，附图和三个要看的商机"""
    return funnel_card(funnel(ctx.uow, Asked(span_of(from_, to), member)))


@router.command("funnel.explain", "为什么转化这么低", "漏斗分析", "分析漏斗")
@router.button("funnel.explain")
def explain_funnel(ctx: Context, stage: str = "", from_: date | None = None, to: date | None = None) -> Card:
    """为什么转化这么低：原因、各人转化、和上期及近12个月比、输掉的单子"""
    span = span_of(from_, to) or around(Unit.QUARTER, today(ctx.uow))
    asked = Asked(span)
    made = funnel(ctx.uow, asked)
    found = next((one for one in made.stages if one.stage == stage), made.worst or made.stages[0])
    where = (dimension("stage"), (found.stage,))
    by_person = totals(ctx.uow, PASSAGES, [dimension("member")], span, Asked(span, where=(where,)))
    names = names_of(ctx.uow, [key[0] for key in by_person])
    rows = [(names[key[0]], counts_of(figures)) for key, figures in by_person.items()]
    settled: list[tuple[str, Counts]] = [row for row in rows if row[1].settled is not None]
    settled.sort(key=lambda row: row[1].settled or 0)
    lost = stage_deals(ctx.uow, asked, found.stage, lost=True, span=span)
    return explained_card(made, found, settled, lost)


@router.command("forecast.show", "预测", "业绩预测", "本月预测")
@router.button("forecast.show")
def show_forecast(ctx: Context, from_: date | None = None, to: date | None = None) -> Card:
    """本月预测：预计多少、八成把握的区间、日期偏乐观的商机、上月准不准"""
    return forecast_card(outlook(ctx.uow, Asked(span_of(from_, to))))


@router.command("forecast.mark", "预测标为承诺", "预测标为")
def mark_forecast(ctx: Context, customer: OpenDeal, what: str) -> Card:
    """预测标为承诺 客户名：这个商机在预测里算承诺、力争、进行中还是不计入"""
    category = said_category(what)
    if category is None:
        raise BadInput(f"没看懂「{what}」，可以标为：{'、'.join(CATEGORIES.values())}")
    mark(ctx.uow, customer, category)
    return Card(
        title=f"{customer.name} 在预测里算「{CATEGORIES[category]}」",
        source=SOURCE,
        buttons=(Button(label="看预测", action="forecast.show"), undo_button(ctx.uow.command)),
    )


@router.command("forecast.call", "调整预测", confirms=True)
def call_forecast(
    ctx: Context,
    member: Member,
    amount: Decimal,
    from_: date | None = None,
    reason: str = "",
) -> Card:
    """调整预测 姓名 50万：主管的判断和系统预测并排保留"""
    require(ctx.member.is_any(LEADING), "调整预测")
    made = call(ctx.uow, member, from_ or today(ctx.uow), Money.yuan(amount), reason)
    return called_card(member, f"{made.month:%Y-%m}", made.amount.fen, made.was.fen, reason, ctx.uow.command)


@router.command("pivot.show", "透视", "按地区看赢单金额")
def show_pivot(
    ctx: Context,
    by: tuple[str, ...],
    measures: tuple[str, ...] = (),
    *,
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    region: str = "",
    industry: str = "",
    source: str = "",
) -> Card:
    """按地区看赢单金额：任意指标按任意维度，点一行看背后的商机"""
    said = {"地区": region, "行业": industry, "来源": source}
    where = ";".join(f"{name}={value}" for name, value in said.items() if value)
    return _shown(ctx, Asked(span_of(from_, to), member, by=by, measures=measures), where)


@router.button("pivot.page")
def page_pivot(
    ctx: Context,
    by: tuple[str, ...],
    measures: tuple[str, ...] = (),
    *,
    offset: int = 0,
    where: str = "",
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
) -> Card:
    """透视的下一页"""
    return _shown(ctx, Asked(span_of(from_, to), member, by=by, measures=measures, offset=offset), where)


@router.button("pivot.drill")
def drill_pivot(
    ctx: Context,
    measure: str,
    by: str,
    value: str,
    *,
    where: str = "",
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
) -> Card:
    """透视里的一行：背后的单个商机，金额大的在前"""
    kept = (*_filters(ctx, where), *filters(ctx.uow, [(by, (value,))]))
    table, deals = drill(ctx.uow, Asked(span_of(from_, to), member, kept, measures=(measure,)), ROWS)
    return table_card(table, deal_buttons(deals))


def _shown(ctx: Context, page: Asked, where: str) -> Card:
    """Show ten lines of a pivot with what leads on; the first page has the picture. `where` is 地区=华东;行业=机械."""
    asked = replace(page, where=_filters(ctx, where), offset=0, limit=MOST_ROWS)
    table = pivot(ctx.uow, asked)
    crossing, count = crossed(table), len(asked.by)
    whole = crossing or table
    lines = replace(whole, rows=whole.rows[page.offset : page.offset + ROWS], total=len(whole.rows))
    again = _again(asked, where)
    more = page.offset + ROWS
    following = {"by": "、".join(asked.by), "measures": "、".join(asked.measures), "offset": str(more), **again}
    buttons = _drills(ctx, asked, lines.rows, again) if count == 1 else ()
    if more < len(whole.rows):
        buttons = (*buttons, Button(label="下一页", action="pivot.page", values=following))
    card = table_card(lines, buttons, first=page.offset + 1)
    if page.offset or (count > 1 and crossing is None):
        return card
    if crossing is not None:
        kind = ChartKind.STACKED if table.columns[1].label not in _TIMES else ChartKind.GROUPED
        return pictured(card, crossed_chart(crossing, kind))
    return pictured(card, table_chart(table, ChartKind.LINE if asked.by[0] in _TIMES else ChartKind.BAR, count))


def _filters(ctx: Context, where: str) -> tuple[Filter, ...]:
    """Return the filters that a button carries."""
    pairs = [one.partition("=") for one in where.split(";") if one]
    return filters(ctx.uow, [(name, _values(name, value)) for name, _, value in pairs])


def _again(asked: Asked, where: str) -> dict[str, str]:
    """Return what keeps a button within the days, the person and the filters of a pivot."""
    days = {"from": f"{asked.span.first}", "to": f"{asked.span.last}"} if asked.span is not None else {}
    return days | _some(where=where, member=str(asked.member.ref) if asked.member is not None else "")


def _drills(ctx: Context, asked: Asked, rows: tuple[tuple[Any, ...], ...], again: dict[str, str]) -> tuple[Button, ...]:
    """Return what opens the deals behind the first lines of a pivot by one dimension."""
    wanted = understood(ctx.uow, asked.measures, asked.by)
    measure, by = wanted.measures[0], wanted.by[0]
    if by.unit is not None or measure.of[0].subject not in ("deal", "passage"):
        return ()
    return tuple(
        Button(
            label=f"{row[0]} ›"[:12],
            action="pivot.drill",
            values={"measure": measure.label, "by": by.label, "value": str(row[0]), **again},
        )
        for row in rows[:CELLS]
    )


def _some(**values: Any) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _values(name: str, value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((value, *places_in(value)))) if name == "地区" else (value,)
