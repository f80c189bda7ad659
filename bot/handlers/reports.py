"""Reports in chat: the funnel, the forecast, pivots; each with its picture and the records to open."""

from datetime import date
from decimal import Decimal

from bot.arguments import OpenDeal
from bot.cards.card import Button, Card
from bot.cards.leads import undo_button
from bot.cards.reports import SOURCE, behind_card, explained_card
from bot.cards.yardsticks import called_card
from bot.context import Context
from bot.looking import ROWS, look, page, said_filters, view_of, where_of
from bot.router import Router
from core.errors import BadInput
from core.model.member import LEADING, Member
from core.model.money import Money
from core.rules.metrics.declared import PASSAGES, dimension
from core.rules.metrics.forecast import CATEGORIES
from core.rules.metrics.funnel import Counts
from core.rules.metrics.periods import Unit, around
from core.rules.permissions import require
from core.services.reports.asking import Asked, names_of, span_of, today, totals
from core.services.reports.behind import drill
from core.services.reports.forecast import call, mark, said_category
from core.services.reports.funnel import counts_of, funnel, stage_deals
from core.services.reports.pivot import filters
from core.services.reports.views import PIVOT

router = Router()


@router.command("funnel.show", "漏斗", "销售漏斗", "本月漏斗")
@router.button("funnel.show")
def show_funnel(
    ctx: Context,
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    *,
    region: str = "",
    department: str = "",
    industry: str = "",
    product: str = "",
    source: str = "",
) -> Card:
    """本月漏斗：各阶段进入、转化、停留、流失原因、建议，附图和三个要看的商机；可以按人、地区、部门、行业、产品、来源"""
    where = said_filters(region=region, department=department, industry=industry, product=product, source=source)
    return look(ctx, view_of(ctx, "funnel", from_, to, member, where=where))


@router.command("funnel.explain", "为什么转化这么低", "漏斗分析", "分析漏斗")
@router.button("funnel.explain")
def explain_funnel(
    ctx: Context,
    stage: str = "",
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    *,
    region: str = "",
    department: str = "",
    industry: str = "",
    product: str = "",
    source: str = "",
) -> Card:
    """为什么转化这么低：原因、各人转化、和上期及近12个月比、输掉的单子"""
    span = span_of(from_, to) or around(Unit.QUARTER, today(ctx.uow))
    said = said_filters(region=region, department=department, industry=industry, product=product, source=source)
    only = filters(ctx.uow, said)
    asked = Asked(span, member, only)
    made = funnel(ctx.uow, asked)
    found = next((one for one in made.stages if one.stage == stage), made.worst or made.stages[0])
    where = (dimension("stage"), (found.stage,))
    by_person = totals(ctx.uow, PASSAGES, [dimension("member")], span, Asked(span, member, (*only, where)))
    names = names_of(ctx.uow, [key[0] for key in by_person])
    rows = [(names[key[0]], counts_of(figures)) for key, figures in by_person.items()]
    settled: list[tuple[str, Counts]] = [row for row in rows if row[1].settled is not None]
    settled.sort(key=lambda row: row[1].settled or 0)
    lost = stage_deals(ctx.uow, asked, found.stage, lost=True, span=span)
    return explained_card(made, found, settled, lost)


@router.command("forecast.show", "预测", "业绩预测", "本月预测")
@router.button("forecast.show")
def show_forecast(
    ctx: Context,
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    *,
    region: str = "",
    department: str = "",
    product: str = "",
    by: tuple[str, ...] = (),
) -> Card:
    """本月预测：预计多少、八成把握的区间、日期偏乐观的商机、上月准不准；可以说下季度、今年，按地区、部门、产品、人"""
    where = said_filters(region=region, department=department, product=product)
    return look(ctx, view_of(ctx, "forecast", from_, to, member, by=by, where=where))


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


@router.command("traits.show", "高价值特征", "客户画像")
@router.button("traits.show")
def show_traits(
    ctx: Context,
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    *,
    region: str = "",
    industry: str = "",
) -> Card:
    """高价值特征：什么样的客户容易成交、大单多，附样本数和把握，样本太少就直说"""
    return look(ctx, view_of(ctx, "traits", from_, to, member, where=said_filters(region=region, industry=industry)))


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
    """按地区看赢单金额：任意指标按任意维度，点一行看背后的记录；接着可以说「换成上个月」「按人拆开」「发我excel」"""
    where = said_filters(region=region, industry=industry, source=source)
    return look(ctx, view_of(ctx, PIVOT, from_, to, member, by=by, measures=measures, where=where))


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
    view = view_of(ctx, PIVOT, from_, to, member, by=by, measures=measures, where=where_of(where))
    return page(ctx, view, offset)


@router.button("pivot.drill")
def drill_pivot(
    ctx: Context,
    measure: str,
    by: str = "",
    value: str = "",
    *,
    where: str = "",
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    offset: int = 0,
) -> Card:
    """数字背后的单条记录，大的在前；每页十条"""
    cell = filters(ctx.uow, [(by, (value,))], exactly=True) if by else ()
    kept = (*filters(ctx.uow, where_of(where)), *cell)
    asked = Asked(span_of(from_, to), member, kept, measures=(measure,), offset=offset)
    found = drill(ctx.uow, asked, ROWS)
    again = {"measure": measure, "by": by, "value": value, "where": where}
    days = {"from": f"{from_}", "to": f"{to}"} if from_ is not None and to is not None else {}
    whom = {"member": f"M{member.id}"} if member is not None else {}
    return behind_card(found, offset, {**{name: one for name, one in again.items() if one}, **days, **whom})
