"""How a report becomes a card: the figures, the picture, what opens the records behind them.

Everybody who shows a report does it here, so that what comes next, 换成上个月 or 存成 区域月报, knows what is meant.
"""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from bot.cards.card import Button, Card
from bot.cards.reports import forecast_card, funnel_card, picture, pictured, table_card
from bot.cards.traits import traits_card
from bot.cards.yardsticks import ranking_card
from bot.context import Context
from core.model.member import Member
from core.model.report import View
from core.rules.metrics.relative import period_of, span_in
from core.services.reports import report
from core.services.reports.asking import Asked, span_of, today, whose
from core.services.reports.behind import OPENS
from core.services.reports.forecast import outlook
from core.services.reports.funnel import funnel
from core.services.reports.pivot import crossed, pivot, understood
from core.services.reports.ranking import ranking
from core.services.reports.views import PIVOT, asked_of
from core.services.saved_reports import look_at

CELLS, ROWS = 4, 10
_NEXT: Final = "接着可以说：按人拆开、换成上个月、画成折线、发我excel、存成 报表名"


def view_of(
    ctx: Context,
    name: str,
    first: date | None = None,
    last: date | None = None,
    member: Member | None = None,
    *,
    by: tuple[str, ...] = (),
    measures: tuple[str, ...] = (),
    where: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> View:
    """Return what was asked for just now; 本月 stays relative, 3月 does not."""
    span = span_of(first, last)
    return View(
        report=name,
        measures=measures,
        by=by,
        where=where,
        member=member.id if member is not None else None,
        period=period_of(span, today(ctx.uow), ctx.event.text),
    )


_DIMENSIONS: Final = {"region": "地区", "department": "部门", "industry": "行业", "product": "产品", "source": "来源"}


def said_filters(**said: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the filters that were said, by slot, as values of the dimensions that are called so."""
    return tuple((name, (said[slot],)) for slot, name in _DIMENSIONS.items() if said.get(slot))


def look(ctx: Context, view: View) -> Card:
    """Show a report, and note that this is what the asker looks at."""
    asked = asked_of(ctx.uow, view)
    card = (
        _CARDS.get(view.report, _plain)(ctx, view, asked) if not view.chart and not view.by else _by(ctx, view, asked)
    )
    look_at(ctx.uow, view)
    return card


def page(ctx: Context, view: View, offset: int) -> Card:
    """Show some lines of a pivot with what leads on; the first page has the picture."""
    asked = asked_of(ctx.uow, view)
    table = pivot(ctx.uow, asked)
    crossing, count = crossed(table), len(asked.by)
    whole = crossing or table
    lines = replace(whole, rows=whole.rows[offset : offset + ROWS], total=len(whole.rows))
    again = carried(view, today(ctx.uow))
    buttons = _drills(ctx, asked, lines.rows, again) if count == 1 else ()
    if offset + ROWS < len(whole.rows):
        following = {
            "by": "、".join(view.by),
            "measures": "、".join(view.measures),
            "offset": str(offset + ROWS),
            **again,
        }
        buttons = (*buttons, Button(label="下一页", action="pivot.page", values=_some(following)))
    card = table_card(lines, buttons, first=offset + 1)
    if offset or not table.rows:
        return card
    return pictured(replace(card, text=f"{card.text}\n{_NEXT}"), picture(table, view.chart, count))


def carried(view: View, day: date) -> dict[str, str]:
    """Return what keeps a button within the days, the person and the filters of a view."""
    span = span_in(view.period, day)
    days = {"from": f"{span.first}", "to": f"{span.last}"} if span is not None else {}
    where = ";".join(f"{name}={'|'.join(values)}" for name, values in view.where)
    return days | _some({"where": where, "member": f"M{view.member}" if view.member is not None else ""})


def where_of(words: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the filters that a button carries: 地区=华东|华南;行业=机械."""
    pairs = [one.partition("=") for one in words.split(";") if one]
    return tuple((name, tuple(value.split("|"))) for name, _, value in pairs)


def _funnel(ctx: Context, _: View, asked: Asked) -> Card:
    return funnel_card(funnel(ctx.uow, asked))


def _forecast(ctx: Context, _: View, asked: Asked) -> Card:
    return forecast_card(outlook(ctx.uow, asked))


def _ranking(ctx: Context, _: View, asked: Asked) -> Card:
    return ranking_card(ranking(ctx.uow, asked), asked.days(ctx.uow), whose(ctx.uow, asked))


def _plain(ctx: Context, view: View, asked: Asked) -> Card:
    return page(ctx, view, 0) if view.report == PIVOT else _by(ctx, view, asked)


def _by(ctx: Context, view: View, asked: Asked) -> Card:
    """Any report as a table with its picture."""
    if view.report == PIVOT:
        return page(ctx, view, 0)
    table = report(view.report).build(ctx.uow, asked)
    first = next((place for place, column in enumerate(table.columns) if column.kind is not None), None)
    chart = picture(table, view.chart, first) if first == 1 else None
    return pictured(table_card(replace(table, total=max(table.total, len(table.rows)))), chart)


def _traits(ctx: Context, _: View, asked: Asked) -> Card:
    return traits_card(report("traits").build(ctx.uow, asked))


_CARDS: Final = {"traits": _traits, "funnel": _funnel, "forecast": _forecast, "ranking": _ranking}


def _drills(ctx: Context, asked: Asked, rows: tuple[tuple[Any, ...], ...], again: dict[str, str]) -> tuple[Button, ...]:
    """Return what opens the records behind the first lines of a pivot by one dimension."""
    wanted = understood(ctx.uow, asked.measures, asked.by)
    measure, by = wanted.measures[0], wanted.by[0]
    if by.unit is not None or measure.of[0].subject not in OPENS:
        return ()
    return tuple(
        Button(
            label=f"{row[0]} ›"[:12],
            action="pivot.drill",
            values={"measure": measure.label, "by": by.label, "value": str(row[0]), **again},
        )
        for row in rows[:CELLS]
    )


def _some(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
