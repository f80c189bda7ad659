"""Lists of deals: those in hand and those that stand still, narrowed down to what was asked for."""

from decimal import Decimal

from bot.aims import among, seen_by
from bot.cards.card import Card
from bot.cards.deals import deals_card, stale_list_card
from bot.context import Context
from bot.router import Router
from core.model.deal import Deal
from core.model.member import Member
from core.model.money import Money
from core.services.customers import holder_name
from core.services.deal_lists import Wanted, narrowed
from core.services.deals import shared_deals, stale_deals
from core.services.sharing import splits_of

router = Router()


@router.command("deal.list", "我的商机", "商机列表")
def mine(
    ctx: Context,
    *,
    stage: str = "",
    product: str = "",
    region: str = "",
    industry: str = "",
    source: str = "",
    member: Member | None = None,
    department: str = "",
    amount: Decimal | None = None,
    part: str = "",
) -> Card:
    """我的商机：进行中的商机和金额合计，主管看整个团队；可以说「华东的商机」「50万以上的商机」「谈判阶段的单子」"""
    wanted = _wanted(stage, product, region, industry, source, amount, part)
    people = among(ctx, seen_by(ctx), member, department, "商机")
    deals = narrowed(ctx.uow, ctx.uow.deals.open_held_by([one.id for one in people]), wanted)
    shared = _shared(ctx, deals, wanted) if member is None and not department else []
    splits = splits_of(ctx.uow, shared)
    parts = {deal.id: splits[deal.id].get(ctx.member.id, 0) for deal in shared}
    names = {one.id: one.name for one in people}
    names |= {deal.owner_id: holder_name(ctx.uow, deal.owner_id) for deal in shared if deal.owner_id is not None}
    said = _said(member, department, wanted)
    return deals_card([*deals, *shared], names, ctx.member, ctx.uow.playbook, parts, said)


@router.command("deal.stale", "停滞的商机", "停滞商机")
def stale(
    ctx: Context,
    *,
    stage: str = "",
    count: int | None = None,
    product: str = "",
    region: str = "",
    industry: str = "",
    source: str = "",
    member: Member | None = None,
    department: str = "",
    amount: Decimal | None = None,
    part: str = "",
) -> Card:
    """停滞的商机：超过阶段时限没有人更新的商机；也可以说「卡在商务谈判超过7天的单子」"""
    wanted = _wanted(stage, product, region, industry, source, amount, part)
    people = among(ctx, seen_by(ctx), member, department, "商机")
    found = narrowed(ctx.uow, stale_deals(ctx.uow, [one.id for one in people], days=count), wanted)
    names = {one.id: one.name for one in people}
    where = _said(member, department, wanted) + (f"超过 {count} 天没动" if count is not None else "停滞")
    return stale_list_card(found, names, ctx.member, ctx.uow.now, where)


def _shared(ctx: Context, held: list[Deal], wanted: Wanted) -> list[Deal]:
    """Return the deals of others of which the asker has a part."""
    return narrowed(ctx.uow, [deal for deal in shared_deals(ctx.uow) if deal not in held], wanted)


def _wanted(
    stage: str, product: str, region: str, industry: str, source: str, amount: Decimal | None, part: str
) -> Wanted:
    money = Money.yuan(amount) if amount is not None else None
    least, most = (None, money) if part == BELOW else (money, None)
    return Wanted(stage, product, region, industry, source, least, most)


BELOW = "以下"
"""How a sum is marked that is the most and not the least."""


def _said(member: Member | None, department: str, wanted: Wanted) -> str:
    return " ".join(one for one in (member.name if member is not None else department, wanted.words) if one)
