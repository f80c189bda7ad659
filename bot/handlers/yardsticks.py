"""Targets, rankings, newcomers, campaigns and what the system brings, in chat."""

from datetime import date
from decimal import Decimal

from bot.aims import NO_FIGURES, Aims, Figures, called, departments_by_name
from bot.cards.card import Card
from bot.cards.yardsticks import (
    campaign_card,
    cost_card,
    gap_card,
    paces_card,
    preview_card,
    ramp_card,
    targets_card,
    worth_card,
)
from bot.context import Context
from bot.looking import look, said_filters, view_of
from bot.router import Router
from core.errors import BadInput
from core.model.member import LEADING, Member
from core.model.money import Money
from core.model.report import MONEY_KINDS, TargetKind
from core.rules.metrics.periods import Span, Unit, around
from core.rules.metrics.targets import KINDS
from core.rules.permissions import require
from core.services.reports.asking import Asked, span_of, today, visible, whose
from core.services.reports.campaigns import campaigns, note_cost, worth
from core.services.reports.people import ramp
from core.services.reports.targets import check_targets, gap, kinds_of, paces, set_targets, shares_of, whole_period
from core.services.reports.views import PIVOT

router = Router()


@router.command("target.gap", "我这个月还差多少", "差多少", "我的目标", "目标进度")
def show_gap(
    ctx: Context,
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    department: str = "",
) -> Card:
    """我这个月还差多少：已签、时间进度、在手加权、还要几单；也可以问季度、全年，主管可以问部门和同事"""
    path = departments_by_name(ctx.uow).get(department, "").removeprefix("department:")
    if path and path != ctx.member.department:
        period = _period(ctx, from_, to)
        asked = Asked(period)
        kinds = kinds_of(ctx.uow, period) or [TargetKind.SIGNED]
        return paces_card([(kind, paces(ctx.uow, asked, kind, under=path)) for kind in kinds], period, path)
    return gap_card(gap(ctx.uow, Asked(span_of(from_, to), member)))


@router.button("targets.show")
def show_paces(ctx: Context, from_: date | None = None, to: date | None = None) -> Card:
    """目标进度：本部门每个人"""
    month = _period(ctx, from_, to)
    asked = Asked(span_of(from_, to))
    kinds = kinds_of(ctx.uow, month) or [TargetKind.SIGNED]
    return paces_card([(kind, paces(ctx.uow, asked, kind)) for kind in kinds], month, whose(ctx.uow, asked))


@router.command("target.set", "定目标", confirms=True)
def set_target(
    ctx: Context,
    members: Aims,
    amounts: Figures = NO_FIGURES,
    amount: Decimal | None = None,
    from_: date | None = None,
    to: date | None = None,
    what: str = "",
) -> Card:
    """定目标 3月 姓名50万：同事、部门或全公司的月、季度、全年目标，按工作日分到月；也可以是回款、新客户、拜访"""
    period, kind = _period(ctx, from_, to), _kind(what)
    values = _values(ctx, members, amounts, amount, kind)
    made = set_targets(ctx.uow, values, period, kind)
    named = [(called(one), [target.value for target in months]) for one, months in zip(members, made, strict=True)]
    return targets_card(named, period, kind, ctx.uow.command)


@router.preview("target.set")
def preview_target(
    ctx: Context,
    members: Aims,
    amounts: Figures = NO_FIGURES,
    amount: Decimal | None = None,
    from_: date | None = None,
    to: date | None = None,
    what: str = "",
) -> Card:
    """Whose target becomes what; what may not be is refused before anybody is asked."""
    period, kind = _period(ctx, from_, to), _kind(what)
    values = _values(ctx, members, amounts, amount, kind)
    check_targets(ctx.uow, values)
    shares = shares_of(ctx.uow, values, period, kind)
    return preview_card([(called(one), parts) for (one, _), parts in zip(values, shares, strict=True)], period, kind)


@router.command("ranking.show", "排行榜", "业绩排行", "排名")
@router.button("ranking.show")
def show_ranking(
    ctx: Context,
    from_: date | None = None,
    to: date | None = None,
    *,
    region: str = "",
    department: str = "",
    industry: str = "",
    product: str = "",
    source: str = "",
    member: Member | None = None,
    measures: tuple[str, ...] = (),
) -> Card:
    """排行榜：赢单、达成率和能力系数，只含您看得到的人；可以只看一个地区、部门、行业、产品或来源，也可以排拜访、回款"""
    where = said_filters(region=region, department=department, industry=industry, product=product, source=source)
    if measures:
        by = ("负责人",)
        return look(ctx, view_of(ctx, PIVOT, from_, to, by=by, measures=measures, where=where))
    if member is not None:
        visible(ctx.uow, Asked(member=member))  # a place among those whom the asker sees, or a refusal
    return look(ctx, view_of(ctx, "ranking", from_, to, where=where))


@router.command("ramp.show", "上手情况", "新人上手")
def show_ramp(ctx: Context, member: Member) -> Card:
    """新人上手 姓名：线索、跟进、商机、赢单、响应时间，和同事入职同样久时比"""
    return ramp_card(ramp(ctx.uow, member))


@router.command("campaign.roi", "活动回报", "投产比")
@router.button("campaign.roi")
def show_campaign(ctx: Context, source: str = "", from_: date | None = None, to: date | None = None) -> Card:
    """活动回报 展会：这个来源的花费、线索、赢单和投产比；不说来源就看全部"""
    span = span_of(from_, to)
    return campaign_card(campaigns(ctx.uow, Asked(span), source), span, source)


@router.command("campaign.cost", "登记花费")
def cost(ctx: Context, source: str, amount: Decimal, at: date | None = None) -> Card:
    """登记花费 展会 5万：这个来源花了多少，用来算回本"""
    return cost_card(note_cost(ctx.uow, source, Money.yuan(amount), at), ctx.uow.command)


@router.command("roi.show", "系统回报", "投入产出")
def show_worth(ctx: Context) -> Card:
    """系统回报：四项收益对花费，标明实测还是估算，没有基线的不猜"""
    return worth_card(worth(ctx.uow))


def _values(
    ctx: Context, members: Aims, amounts: Figures, amount: Decimal | None, kind: TargetKind
) -> list[tuple[Member | str, int]]:
    require(ctx.member.is_any(LEADING), "定目标")
    yuan = [Decimal(one) for one in amounts] or ([amount] * len(members) if amount is not None else [])
    if not members or len(yuan) != len(members):
        raise BadInput("没看清每个人的目标是多少，请写成「定目标 3月 张伟50万 李娜60万」")
    is_money = kind in MONEY_KINDS
    return [(one, Money.yuan(n).fen if is_money else int(n)) for one, n in zip(members, yuan, strict=True)]


def _kind(what: str) -> TargetKind:
    return next((kind for kind, label in KINDS.items() if label == what), TargetKind.SIGNED)


def _period(ctx: Context, first: date | None, last: date | None = None) -> Span:
    """Return the whole months that are meant; without any, the running one."""
    return whole_period(span_of(first, last) or around(Unit.MONTH, today(ctx.uow)))
