"""Money that two people write down at once, on both databases: one receipt counts once, and no sum is lost."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

from core.errors import Conflict, Refusal
from core.model.contract import ContractState, ContractTerms
from core.model.customer import Account
from core.model.ids import ContractId
from core.model.money import Money
from core.model.quote import QuoteState
from core.ports import UnitOfWork
from core.services.contracts import amend, draw_up, sign
from core.services.payments import record_payment
from core.services.quote_changes import Edit, LineEdit, change_quote
from core.services.quote_lines import Wanted, line_of
from core.services.quotes import Terms, drafted, keep_quote
from core.services.standings import standing_of
from tests.world import World

DAY = date(2026, 3, 5)


def _account(uow: UnitOfWork) -> Account:
    life = {"owner_id": uow.actor.id, "created_at": uow.now, "updated_at": uow.now}
    account = Account(name="华东机电", core_name="华东机电", **life)
    uow.accounts.add(account)
    uow.flush()
    return account


def drawn(world: World, fen: int = 10_000_000) -> ContractId:
    """A contract of 张伟's customer that may be signed."""
    with world.work("张伟") as uow:
        contract = draw_up(uow, _account(uow), ContractTerms(amount=Money(fen)))
        contract.state = ContractState.APPROVED
    return contract.id


def signed(world: World, fen: int) -> ContractId:
    """A signed contract of 张伟's customer."""
    contract_id = drawn(world, fen)
    with world.work("张伟") as uow:
        sign(uow, uow.contracts.get(contract_id))
    return contract_id


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


def test_one_contract_signed_by_two_at_once_is_signed_once_and_the_other_is_told(any_world: World) -> None:
    world = any_world
    contract_id = drawn(world)

    def signs(uow: UnitOfWork) -> None:
        sign(uow, uow.contracts.get(contract_id), on=DAY)

    with ThreadPoolExecutor(4) as pool:
        ended = Counter(pool.map(lambda name: done(world, name, signs), ["张伟", "王强"] * 2))
    assert ended == {"done": 1, "input.bad": 3}
    with world.work() as uow:
        contract = uow.contracts.get(contract_id)
        assert (contract.state, contract.signed_on) == (ContractState.RUNNING, DAY)


def test_a_contract_amended_while_it_is_signed_is_one_or_the_other_and_never_both(any_world: World) -> None:
    world = any_world
    contract_id = drawn(world)

    def signs(uow: UnitOfWork) -> None:
        sign(uow, uow.contracts.get(contract_id), on=DAY)

    def amends(uow: UnitOfWork) -> None:
        amend(uow, uow.contracts.get(contract_id), ContractTerms(amount=Money(9_000_000)))

    with ThreadPoolExecutor(2) as pool:
        ended = Counter(pool.map(lambda deed: done(world, "张伟", deed), [signs, amends]))
    assert ended == {"done": 1, "input.bad": 1}
    with world.work() as uow:
        contract = uow.contracts.get(contract_id)
        plan = uow.contracts.plans([contract_id])[contract_id]
    assert (contract.state, contract.amount.fen) in (
        (ContractState.RUNNING, 10_000_000),
        (ContractState.DRAFT, 9_000_000),
    )
    assert sum(one.amount.fen for one in plan) == contract.amount.fen


def test_one_quote_changed_by_two_at_once_gets_one_version_after_the_other(any_world: World) -> None:
    world = any_world
    with world.work("张伟") as uow:
        account = _account(uow)
        line = line_of(
            uow, Wanted(words="电机", unit="台", price=Money(100_000), quantity=Decimal(10), free=True), account
        )
        quote = keep_quote(uow, drafted(uow, account, [line], Terms()))
        number, quote_id = quote.number, quote.id

    def changes(quantity: int) -> Callable[[UnitOfWork], object]:
        def change(uow: UnitOfWork) -> None:
            edit = Edit(lines=(LineEdit(words="电机", quantity=Decimal(quantity)),))
            change_quote(uow, uow.quotes.get(quote_id), edit)

        return change

    with ThreadPoolExecutor(4) as pool:
        ended = Counter(pool.map(lambda many: done(world, "张伟", changes(many)), range(11, 15)))
    with world.work() as uow:
        versions = uow.quotes.versions(number)
    assert [one.revision for one in versions] == list(range(1, len(versions) + 1)), "no revision is given twice"
    assert sum(one.state == QuoteState.VALID for one in versions) == 1
    assert ended["done"] >= 1
    assert sum(ended.values()) == 4
    assert len(versions) == 1 + ended["done"] or ended["done"] == 4
    assert all(one.net_total == Money.sum(line.net_total for line in one.lines) for one in versions)
