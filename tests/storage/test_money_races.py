"""Money that two people write down at once, on both databases: one receipt counts once, and no sum is lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from core.errors import Conflict, Refusal
from core.model.contract import ContractState, ContractTerms
from core.model.customer import Account
from core.model.ids import ContractId
from core.model.money import Money
from core.ports import UnitOfWork
from core.services.contracts import draw_up, sign
from core.services.payments import record_payment
from core.services.standings import standing_of
from tests.world import World

DAY = date(2026, 3, 5)


def signed(world: World, fen: int) -> ContractId:
    """A signed contract of 张伟's customer."""
    with world.work("张伟") as uow:
        life = {"owner_id": uow.actor.id, "created_at": uow.now, "updated_at": uow.now}
        account = Account(name="华东机电", core_name="华东机电", **life)
        uow.accounts.add(account)
        uow.flush()
        contract = draw_up(uow, account, ContractTerms(amount=Money(fen)))
        contract.state = ContractState.APPROVED
        sign(uow, contract)
    return contract.id


def done(world: World, name: str, deed: Callable[[UnitOfWork], object]) -> str:
    """Do something as somebody, again after a lost race; say how it ended."""
    member = world.member(name)
    for _ in range(30):
        try:
            with world.program.open_work(member) as uow:
                deed(uow)
        except Refusal as refusal:
            return refusal.code
        except Conflict:
            continue
        return "done"
    raise AssertionError("conflicts without end")


def pays(contract_id: ContractId, fen: int) -> Callable[[UnitOfWork], object]:
    def pay(uow: UnitOfWork) -> None:
        contract = uow.contracts.get(contract_id)
        record_payment(uow, uow.accounts.get(contract.account_id), Money(fen), DAY, contract=contract)

    return pay


def test_the_same_receipt_recorded_by_two_at_once_counts_once_and_the_other_is_asked(any_world: World) -> None:
    world = any_world
    contract_id = signed(world, 10_000_000)
    deeds = [("张伟", pays(contract_id, 2_500_000)), ("陈静", pays(contract_id, 2_500_000))] * 3
    with ThreadPoolExecutor(6) as pool:
        ended = Counter(pool.map(lambda deed: done(world, deed[0], deed[1]), deeds))
    assert ended == {"done": 1, "unclear": 5}
    with world.work() as uow:
        assert standing_of(uow, uow.contracts.get(contract_id)).received.fen == 2_500_000


def test_different_receipts_recorded_at_once_all_count_and_nobody_overpays_unasked(any_world: World) -> None:
    world = any_world
    contract_id = signed(world, 10_000_000)
    deeds = [pays(contract_id, fen) for fen in range(1_500_001, 1_500_009)]
    with ThreadPoolExecutor(8) as pool:
        ended = Counter(pool.map(lambda deed: done(world, "陈静", deed), deeds))
    assert ended == {"done": 6, "unclear": 2}, "the seventh would be more than is owed"
    with world.work() as uow:
        standing = standing_of(uow, uow.contracts.get(contract_id))
        payments = uow.payments.on([contract_id])[contract_id]
    assert standing.received.fen == sum(one.amount.fen for one in payments)
    assert standing.paid.fen + standing.open.fen == 10_000_000
    assert standing.surplus.fen == 0
