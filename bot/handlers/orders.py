"""Orders: made of a signed contract, and looked at."""

from bot.cards.card import Card
from bot.cards.orders import order_card, orders_card
from bot.context import Context
from bot.money_arguments import Payer, SignedContract
from bot.router import Router
from core.services.orders import order_under, orders_of
from core.services.payments import require_money
from core.services.standings import owed_on_orders

router = Router()


@router.command("order.create", "生成订单", "下订单")
@router.button("order.create")
def create(ctx: Context, customer: SignedContract) -> Card:
    """生成订单 客户名：签了的合同生成订单，明细照报价，合计等于合同金额"""
    order = order_under(ctx.uow, customer)
    account = ctx.uow.accounts.get(customer.account_id)
    return order_card(order, ctx.uow.orders.lines(order.id), account, ctx.uow.command)


@router.command("order.list", "看订单", "订单")
def listed(ctx: Context, customer: Payer) -> Card:
    """看订单 客户名：这个客户的订单和还欠的款"""
    require_money(ctx.uow, customer)
    return orders_card(customer, orders_of(ctx.uow, customer), owed_on_orders(ctx.uow, [customer.id]))
