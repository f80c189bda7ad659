"""Cards about orders."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Card
from bot.cards.leads import undo_button
from bot.cards.money import contract_button
from bot.cards.payments import called
from core.model.customer import Account
from core.model.ids import OrderId
from core.model.money import Money
from core.model.order import Order, OrderLine

SOURCE = "聊单 · 订单"
LISTED = 10


def order_card(order: Order, lines: Sequence[OrderLine], account: Account, command: str) -> Card:
    """An order was made."""
    said = [f"{one.place}. {one.product} {one.quantity.normalize():f}{one.unit} {one.amount}" for one in lines[:LISTED]]
    more = [f"还有 {len(lines) - LISTED} 行"] if len(lines) > LISTED else []
    contract = (contract_button(f"C{order.contract_id}"),) if order.contract_id is not None else ()
    return Card(
        title=f"已生成订单：{order.number}",
        subtitle=f"{called(account)} · {order.ordered_on}",
        source=SOURCE,
        emphasis=(f"{order.amount}", "订单金额"),
        text="\n".join([*said, *more]),
        buttons=(*contract, undo_button(command)),
    )


def orders_card(account: Account, orders: Sequence[Order], owed: Mapping[OrderId, Money]) -> Card:
    """A customer's orders."""
    if not orders:
        return Card(title=f"{account.name}：没有订单", text=f"合同签了可以说「生成订单 {called(account)}」")
    lines = []
    for one in orders[:LISTED]:
        left = owed.get(one.id)
        lines.append(f"{one.ordered_on} {one.number} {one.amount}" + (f"，还欠 {left}" if left and left.fen else ""))
    if len(orders) > LISTED:
        lines.append(f"还有 {len(orders) - LISTED} 个")
    whole = Money(sum(one.amount.fen for one in orders))
    return Card(
        title=f"{called(account)}的订单：{len(orders)} 个",
        source=SOURCE,
        emphasis=(f"{whole}", "合计"),
        text="\n".join(lines),
    )
