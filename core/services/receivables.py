"""What customers owe: by contract and instalment, since when, and in which age of debt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.model.contract import BINDING, Contract
from core.model.customer import Account
from core.model.ids import AccountId, MemberId
from core.model.money import Money
from core.model.order import Order
from core.model.payment import Payment
from core.ports import UnitOfWork
from core.rules.permissions import money_scope
from core.rules.regions import lineage
from core.rules.settling import AGES, Settled, Standing, age_of
from core.services.contract_clocks import today
from core.services.standings import owed_on_orders, standings_of


@dataclass(frozen=True)
class Owed:
    """What one account owes: under signed contracts, for orders without one, and what it has paid in advance."""

    account: Account
    contracts: tuple[tuple[Contract, Standing], ...]
    orders: tuple[tuple[Order, Money], ...]
    payments: tuple[Payment, ...]
    advance: Money

    @property
    def amount(self) -> Money:
        return Money.sum([*(one.amount for _, one in self.contracts), *(one.amount for one, _ in self.orders)])

    @property
    def open(self) -> Money:
        return Money.sum([*(one.open for _, one in self.contracts), *(left for _, left in self.orders)])

    @property
    def received(self) -> Money:
        return Money.sum(one.signed for one in self.payments)

    def late(self, day: date) -> Money:
        return Money.sum(one.late(day) for _, one in self.contracts)

    def late_days(self, day: date) -> int:
        return max((one.late_days(day) for _, one in self.contracts), default=0)


@dataclass(frozen=True)
class Aged:
    """Debts by age: not late yet, late up to 30, 60 and 90 days, and beyond; and the late instalments, oldest first."""

    ages: tuple[Money, ...]
    late: tuple[tuple[Account, Contract, Settled], ...]

    @property
    def open(self) -> Money:
        return Money.sum(self.ages)


def owed_by(uow: UnitOfWork, account: Account) -> Owed:
    """Return what an account owes."""
    return owed_by_all(uow, [account])[account.id]


def owed_by_all(uow: UnitOfWork, accounts: Sequence[Account]) -> dict[AccountId, Owed]:
    """Return what each of these accounts owes, in a handful of questions however many there are."""
    ids = [one.id for one in accounts]
    contracts = [one for one in uow.contracts.of(ids) if one.state in BINDING]
    orders, payments = uow.orders.of(ids), uow.payments.of(ids)
    standings = standings_of(uow, contracts)
    left = owed_on_orders(uow, ids)
    found = {}
    for account in accounts:
        own = tuple((one, standings[one.id]) for one in reversed(contracts) if one.account_id == account.id)
        paid = tuple(one for one in payments if one.account_id == account.id)
        free = sum(one.signed.fen for one in paid if one.contract_id is None and one.order_id is None)
        surplus = sum(max(standing.surplus.fen, 0) for _, standing in own)
        theirs = tuple(
            (one, left[one.id]) for one in reversed(orders) if one.account_id == account.id and one.id in left
        )
        found[account.id] = Owed(account, own, theirs, paid, Money(free + surplus))
    return found


@dataclass(frozen=True)
class Debt:
    """What is open of one instalment, and whose customer owes it since how many days."""

    account: Account
    contract: Contract
    settled: Settled
    days: int

    @property
    def owner_id(self) -> MemberId | None:
        return self.account.owner_id or self.contract.owner_id


def debts(uow: UnitOfWork) -> list[Debt]:
    """Return all open instalments of signed contracts that the actor may see."""
    day = today(uow)
    contracts = uow.contracts.within(money_scope(uow.actor), tuple(BINDING), 10_000)
    standings = standings_of(uow, contracts)
    accounts = {one.id: one for one in uow.accounts.find({one.account_id for one in contracts})}
    return [
        Debt(accounts[contract.account_id], contract, one, one.late_days(day))
        for contract in contracts
        if contract.account_id in accounts
        for one in standings[contract.id].plan
        if one.open.fen > 0
    ]


def ages_of(owed: Iterable[Debt]) -> tuple[Money, ...]:
    """Return what debts come to in each age."""
    ages = [0] * (len(AGES) + 2)
    for one in owed:
        ages[age_of(one.days)] += one.settled.open.fen
    return tuple(map(Money, ages))


@dataclass(frozen=True)
class Debtors:
    """Which debts are meant: late for more than some days, from some sum on, of a place, a trade or of somebody."""

    days: int = 0
    least: Money | None = None
    region: str = ""
    industry: str = ""
    owners: frozenset[MemberId] | None = None

    def has(self, debt: Debt) -> bool:
        return (
            (not self.days or debt.days > self.days)
            and (self.least is None or debt.settled.open.fen >= self.least.fen)
            and (not self.region or self.region in lineage(debt.account.region))
            and (not self.industry or self.industry in debt.account.industry)
            and (self.owners is None or debt.owner_id in self.owners)
        )


def aging(uow: UnitOfWork, wanted: Debtors | None = None) -> Aged:
    """Return all debts that the actor may see and that are wanted, by age."""
    owed = [one for one in debts(uow) if wanted is None or wanted.has(one)]
    late = sorted((one for one in owed if one.days), key=lambda one: (-one.days, one.contract.id))
    return Aged(ages_of(owed), tuple((one.account, one.contract, one.settled) for one in late))
