"""Orders: made of a signed contract, and listed."""

from decimal import Decimal

from core.errors import BadInput
from core.model.contract import Contract
from core.model.customer import Account
from core.model.ids import UNSAVED, ProductId
from core.model.money import Money, share_out
from core.model.order import Order, OrderLine
from core.model.quote import QuoteLine
from core.ports import UnitOfWork
from core.services.contract_clocks import today
from core.services.contracts import require_contract

QUANTITY = Decimal(1)


def order_under(uow: UnitOfWork, contract: Contract) -> Order:
    """Make the order of a signed contract: its quote's lines, together what the contract says, or all of it as one."""
    require_contract(uow, contract)
    if not contract.is_in_force:
        raise BadInput(f"合同 {contract.number} {contract.standing}，不能下单")
    there = next((one for one in uow.orders.of([contract.account_id]) if one.contract_id == contract.id), None)
    if there is not None:
        raise BadInput(f"合同 {contract.number} 已经有订单 {there.number}（{there.ordered_on}），没有再建")
    uow.does("order.create")
    order = Order(
        number="",
        account_id=contract.account_id,
        contract_id=contract.id,
        quote_id=contract.quote_id,
        owner_id=contract.owner_id,
        ordered_on=today(uow),
        amount=contract.amount,
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    quote = next(iter(uow.quotes.find([contract.quote_id])), None) if contract.quote_id is not None else None
    uow.orders.add(order, _lines(contract, quote.lines if quote is not None else ()))
    order.number = f"DD{order.ordered_on:%Y%m%d}-{order.id:03d}"
    uow.flush()
    return order


def orders_of(uow: UnitOfWork, account: Account) -> list[Order]:
    """Return the orders of an account, the newest first."""
    return uow.orders.of([account.id])


def _lines(contract: Contract, quoted: tuple[QuoteLine, ...]) -> list[OrderLine]:
    """Return lines that come to the contract's amount, each in proportion to what was quoted."""
    if not any(line.net_total.fen for line in quoted):
        return [_line(1, contract.title, QUANTITY, "", contract.amount)]
    parts = share_out(contract.amount, [line.net_total.fen for line in quoted])
    return [
        _line(place, line.name, line.quantity, line.unit, part, line.product_id)
        for place, (line, part) in enumerate(zip(quoted, parts, strict=True), 1)
    ]


def _line(
    place: int, product: str, quantity: Decimal, unit: str, amount: Money, product_id: ProductId | None = None
) -> OrderLine:
    return OrderLine(
        order_id=UNSAVED,
        place=place,
        product=product,
        product_id=product_id,
        quantity=quantity,
        unit=unit,
        amount=amount,
    )
