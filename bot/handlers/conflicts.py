"""Two colleagues on one customer."""

from bot.cards.card import Card
from bot.cards.conflicts import conflict_card
from bot.context import Context
from bot.router import Router
from core.model.member import Member
from core.services.conflicts import report_conflict
from core.services.customers import Customer

router = Router()


@router.command("conflict.report", "撞单", "报撞单")
def report(ctx: Context, customer: Customer, member: Member | None = None) -> Card:
    """撞单 客户名 同事：按首次有效跟进看谁先，两人都在跟就报给共同的主管定，例如「华为跟李娜撞单了」"""
    return conflict_card(report_conflict(ctx.uow, customer, member), ctx.uow.calendar)
