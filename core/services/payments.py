"""Payments: recorded against a contract's plan or in advance, given back, and what a customer owes after them."""

from dataclasses import dataclass
from datetime import date

from core.errors import BadInput, NotAllowed, NotFound, Unclear
from core.model.contract import BINDING, Contract, Instalment
from core.model.customer import Account
from core.model.ids import AccountId, ContractId, PaymentId
from core.model.money import NOTHING, Money
from core.model.payment import Payment, PaymentKind
from core.notices.money import PaymentReceived
from core.ports import UnitOfWork
from core.rules.permissions import money_scope
from core.rules.settling import Part, Standing, spread
from core.services.contract_clocks import finance_of, owners_of, today
from core.services.contracts import check_amount, covers, settle_state
from core.services.standings import standing_of, standings_of

EARLIEST = date(1990, 1, 1)
FIRST_PARTS = frozenset({"首付款", "首付", "首款", "首期款", "首期", "预付款", "预付", "定金", "订金"})
LAST_PARTS = frozenset({"尾款", "余款"})
PLACES = "一二三四五六七八九"
ADVANCE = "advance"


@dataclass(frozen=True)
class Recorded:
    """A payment, and how its contract stands afterwards; what is paid in advance has none."""

    payment: Payment
    account: Account
    contract: Contract | None
    standing: Standing | None


def payment_of(uow: UnitOfWork, payment_id: PaymentId) -> Payment:
    """Return a payment that the actor may see; else NotFound, worded as if it did not exist."""
    payment = uow.payments.get(payment_id)
    _require_sight(uow, uow.accounts.get(payment.account_id), str(payment.ref))
    return payment


def record_payment(
    uow: UnitOfWork,
    account: Account,
    amount: Money,
    paid_on: date,
    *,
    contract: Contract | None = None,
    note: str = "",
    part: Instalment | None = None,
    refund: bool = False,
    certain: bool = False,
    surplus_certain: bool = False,
) -> Recorded:
    """Record money that an account paid, or got back, on a contract or in advance; `part` of its plan if one was named.

    The contract is locked first, so two people who record at once do it one after the other, and the second is asked.
    Raises Unclear for what is on record already (unless `certain`) and for more than is owed (unless
    `surplus_certain`); BadInput for no amount, a day to come, and more given back than was received.
    """
    _require_sight(uow, account, account.name)
    check_amount(amount, "退款金额" if refund else "回款金额")
    if paid_on > today(uow):
        raise BadInput(f"{'退款' if refund else '到账'}日 {paid_on} 在将来，到账以后再登记，没有记录任何内容")
    if paid_on < EARLIEST:
        raise BadInput(f"{paid_on} 太早了，请核对日期后再发一次")
    account = uow.accounts.get(account.id, lock=True)
    if contract is not None:
        contract = uow.contracts.get(contract.id, lock=True)
        if contract.state not in BINDING:
            raise BadInput(f"合同 {contract.number} 还没有签。可以先登记为预收款，或者先登记签约")
    kind = PaymentKind.REFUND if refund else PaymentKind.RECEIPT
    _ask_about_twin(uow, account, kind, amount, paid_on, certain=certain)
    before = standing_of(uow, contract) if contract is not None else None
    if refund:
        _require_received(uow, account, before, amount)
    elif before is not None and amount.fen > before.open.fen and not surplus_certain:
        raise _too_much(contract, before, amount)
    uow.does("payment.refund" if refund else "payment.record")
    payment = Payment(
        account_id=account.id,
        contract_id=contract.id if contract is not None else None,
        instalment_id=part.id if part is not None else None,
        kind=kind,
        amount=amount,
        paid_on=paid_on,
        note=note[:200],
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.payments.add(payment)
    uow.flush()
    if contract is not None:
        settle_state(uow, contract)
    standing = standing_of(uow, contract) if contract is not None else None
    recorded = Recorded(payment, account, contract, standing)
    _tell(uow, recorded)
    return recorded


@dataclass(frozen=True)
class Split:
    """How a receipt is split over an account's contracts; `rest` is what none of them asks for."""

    parts: tuple[tuple[Contract, Part], ...]
    rest: Money

    @property
    def by_contract(self) -> list[tuple[Contract, Money]]:
        """What each contract gets in all, in the order in which they come up."""
        found: dict[ContractId, tuple[Contract, Money]] = {}
        for contract, part in self.parts:
            before = found.get(contract.id, (contract, NOTHING))[1]
            found[contract.id] = (contract, before + part.amount)
        return list(found.values())


def split_of(uow: UnitOfWork, account: Account, amount: Money) -> Split:
    """Work out how a receipt is split: whatever of all open contracts is due first gets its money first."""
    check_amount(amount, "回款金额")
    contracts = {one.id: one for one in open_contracts(uow, account)}
    parts, rest = spread(standings_of(uow, list(contracts.values())).values(), amount)
    return Split(tuple((contracts[one.instalment.contract_id], one) for one in parts), rest)


def record_split(
    uow: UnitOfWork, account: Account, amount: Money, paid_on: date, *, note: str = "", certain: bool = False
) -> list[Recorded]:
    """Record a receipt that several contracts share, a payment for each of them, and what is left over in advance.

    Refuses like `record_payment`; the same receipt of the same day is asked about as a whole.
    """
    require_money(uow, account)
    account = uow.accounts.get(account.id, lock=True)
    _ask_about_twin(uow, account, PaymentKind.RECEIPT, amount, paid_on, certain=certain)
    split = split_of(uow, account, amount)
    shares: list[tuple[Contract | None, Money]] = [*split.by_contract]
    if split.rest.fen > 0:
        shares.append((None, split.rest))
    return [
        record_payment(uow, account, share, paid_on, contract=contract, note=note, certain=True)
        for contract, share in shares
    ]


def part_named(uow: UnitOfWork, contract: Contract, words: str) -> Instalment | None:
    """Return the instalment that people mean by 首款, 尾款, 第二期 or its name; None where there is none."""
    plan = uow.contracts.plans([contract.id]).get(contract.id, [])
    if not words or len(plan) < 2:  # noqa: PLR2004 - a plan of one part has nothing to choose from
        return None
    bare = words.removesuffix("款")
    named = [one for one in plan if one.name == words or one.name.removesuffix("款") == bare]
    if named:
        return named[0]
    if words in FIRST_PARTS:
        return plan[0]
    if words in LAST_PARTS:
        return plan[-1]
    place = PLACES.find(words[1]) + 1 if words.startswith("第") and len(words) > 1 else 0
    return plan[place - 1] if 0 < place <= len(plan) else None


def take_back(uow: UnitOfWork, payment: Payment) -> Recorded:
    """Strike a payment that was recorded by mistake, long after the few minutes in which it may be undone."""
    account = uow.accounts.get(payment.account_id)
    _require_sight(uow, account, str(payment.ref))
    uow.does("payment.strike")
    payment.deleted_at = uow.now
    uow.flush()
    contract = next(iter(uow.contracts.find([payment.contract_id])), None) if payment.contract_id is not None else None
    if contract is not None:
        settle_state(uow, contract)
    return Recorded(payment, account, contract, standing_of(uow, contract) if contract is not None else None)


def open_contracts(uow: UnitOfWork, account: Account, *, paid: bool = False) -> list[Contract]:
    """Return the signed contracts of an account on which something is owed (or was received), the oldest first."""
    contracts = [one for one in reversed(uow.contracts.of([account.id])) if one.state in BINDING]
    standings = standings_of(uow, contracts)
    if paid:
        return [one for one in contracts if standings[one.id].received.fen > 0]
    return [one for one in contracts if standings[one.id].open.fen > 0]


def may_record(uow: UnitOfWork, account: Account) -> bool:
    """Say whether the actor may record an account's money: finance, its holder and whoever leads them."""
    scope = money_scope(uow.actor)
    if scope.everything:
        return True
    owner = uow.members.find([account.owner_id]).get(account.owner_id) if account.owner_id is not None else None
    if owner is not None and scope.covers(owner.id, owner.department):
        return True
    return any(covers(uow, scope, one) for one in uow.contracts.of([account.id]))


def _require_sight(uow: UnitOfWork, account: Account, words: str) -> None:
    if not may_record(uow, account):
        raise NotFound(words)


def _ask_about_twin(
    uow: UnitOfWork, account: Account, kind: PaymentKind, amount: Money, paid_on: date, *, certain: bool
) -> None:
    same = [
        one for one in reversed(uow.payments.of([AccountId(account.id)])) if one.kind == kind and one.paid_on == paid_on
    ]
    alike = [one for one in same if one.amount == amount]
    if len(same) > 1 and Money.sum(one.amount for one in same) == amount:  # one receipt that was split
        alike = same
    if not alike or certain:
        return
    twin = alike[0]
    by = uow.members.find([twin.created_by]).get(twin.created_by) if twin.created_by is not None else None
    whose = f"，{by.name}登记" if by is not None else ""
    said = "退款" if kind == PaymentKind.REFUND else "回款"
    words = f"「{account.name}」{paid_on} 已经有一笔 {amount} 的{said}（{twin.ref}{whose}）。这是另外一笔吗？"
    raise Unclear(words, (("是另外一笔，再记", "yes"), ("同一笔，不记了", "no")), "certain")


def _too_much(contract: Contract | None, before: Standing, amount: Money) -> Unclear:
    number = contract.number if contract is not None else ""
    owed = before.open
    more = Money(amount.fen - owed.fen)
    if owed.fen <= 0:
        words = f"合同 {number} 已经付清，这笔 {amount} 没有对应的应收。记为预收款吗？"
    else:
        words = f"合同 {number} 只欠 {owed}，这笔 {amount} 多出 {more}。多出的记为预收款吗？"
    return Unclear(words, (("记为预收款", "yes"), ("金额不对，不记", "no")), "surplus")


def _require_received(uow: UnitOfWork, account: Account, before: Standing | None, amount: Money) -> None:
    if before is not None:
        received = before.received
    else:
        received = Money(sum(one.signed.fen for one in uow.payments.of([account.id]) if one.contract_id is None))
    if amount.fen > received.fen:
        raise BadInput(f"「{account.name}」一共只收到 {received}，退不了 {amount}。请核对后再发一次")


def _tell(uow: UnitOfWork, recorded: Recorded) -> None:
    """Let whoever looks after the customer know of money that somebody else recorded, and finance of what a rep did."""
    payment, contract = recorded.payment, recorded.contract
    owner = owners_of(uow, [contract])[contract.id] if contract is not None else recorded.account.owner_id
    told = {owner} if owner is not None else set()
    told |= {one.id for one in finance_of(uow)}
    for member in told - {uow.actor.id}:
        uow.tell(
            PaymentReceived(
                to=member,
                by=uow.actor.name,
                customer=recorded.account.name,
                customer_ref=str(recorded.account.ref),
                amount=payment.amount,
                refund=payment.kind == PaymentKind.REFUND,
                paid_on=payment.paid_on,
                number=contract.number if contract is not None else "",
                open=recorded.standing.open if recorded.standing is not None else Money(0),
            )
        )


def require_money(uow: UnitOfWork, account: Account) -> None:
    """Refuse unless the actor may record an account's money."""
    if not may_record(uow, account):
        raise NotAllowed(f"登记「{account.name}」的款项")
