"""Deals that claim more than was done for them, and deals without a next step."""

from bot.aims import seen_by
from bot.cards.card import Card
from bot.cards.substance import inflated_card, unplanned_card
from bot.context import Context
from bot.router import Router
from core.model.member import Member
from core.rules.permissions import require
from core.services.substance import inflated_deals, unplanned_deals

router = Router()


@router.command("deal.inflated", "有水分的商机", "商机水分", "商机体检")
def inflated(ctx: Context, member: Member | None = None) -> Card:
    """商机水分：报的进展和做的事对不上的商机，每条都有证据；主管看整个团队"""
    people = _whose(ctx, member)
    found = inflated_deals(ctx.uow, [one.id for one in people])
    names = {one.id: one.name for one in people}
    return inflated_card(found, names, ctx.member, ctx.uow.playbook.substance.least_signs)


@router.command("deal.unplanned", "没有下一步的商机", "没有下一步")
def unplanned(ctx: Context, member: Member | None = None) -> Card:
    """没有下一步的商机：进行中、但没有约下次联系的商机；主管看整个团队"""
    people = _whose(ctx, member)
    deals = unplanned_deals(ctx.uow, [one.id for one in people])
    return unplanned_card(deals, {one.id: one.name for one in people}, ctx.member)


def _whose(ctx: Context, member: Member | None) -> list[Member]:
    """Return the asker and their people, or the one of them who was named."""
    people = seen_by(ctx)
    if member is None:
        return people
    require(member.id in {one.id for one in people}, f"查看{member.name}的商机")
    return [member]
