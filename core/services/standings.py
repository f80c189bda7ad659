"""How contracts and orders stand: what was paid of them and what is owed, asked for many at once."""

from collections.abc import Sequence

from core.model.contract import BINDING, Contract
from core.model.ids import AccountId, ContractId, OrderId
from core.model.money import Money
from core.ports import UnitOfWork
from core.rules.settling import Standing, settle


def standing_of(uow: UnitOfWork, contract: Contract) -> Standing:
    """Return how a contract's plan stands."""
    return standings_of(uow, [contract])[contract.id]


def standings_of(uow: UnitOfWork, contracts: Sequence[Contract]) -> dict[ContractId, Standing]:
    """Return how the plans of these contracts stand, in two questions."""
    ids = [contract.id for contract in contracts]
    plans, paid = uow.contracts.plans(ids), uow.payments.on(ids)
    return {one: settle(plans.get(one, ()), paid.get(one, ())) for one in ids}


def owed_on_orders(uow: UnitOfWork, account_ids: Sequence[AccountId]) -> dict[OrderId, Money]:
    """Return what is owed for each order that no contract covers."""
    left = {one.id: one.amount.fen for one in uow.orders.of(account_ids) if one.contract_id is None}
    if left:
        for payment in uow.payments.of(account_ids):
            if payment.order_id in left:
                left[payment.order_id] -= payment.signed.fen
    return {one: Money(max(fen, 0)) for one, fen in left.items()}


def owed_sums(uow: UnitOfWork, account_ids: Sequence[AccountId]) -> dict[AccountId, Money]:
    """Return what these accounts owe under signed contracts and for orders; whoever owes nothing is missing."""
    if not account_ids:
        return {}
    sums: dict[AccountId, int] = {}
    contracts = [one for one in uow.contracts.of(account_ids) if one.state in BINDING]
    standings = standings_of(uow, contracts)
    for contract in contracts:
        sums[contract.account_id] = sums.get(contract.account_id, 0) + standings[contract.id].open.fen
    left = owed_on_orders(uow, account_ids)
    for order in uow.orders.of(account_ids) if left else ():
        if order.id in left:
            sums[order.account_id] = sums.get(order.account_id, 0) + left[order.id].fen
    return {account_id: Money(fen) for account_id, fen in sums.items() if fen > 0}
