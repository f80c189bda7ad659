"""What was agreed and paid: contracts in several states, a part that is late, a few invoices."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.model.contract import Contract, ContractState, ContractTerms, Milestone, Term
from core.model.customer import Account
from core.model.ids import AccountId, MemberId
from core.model.member import SYSTEM, Member
from core.model.money import Money
from core.ports import OpenWork, UnitOfWork
from core.rules.duplicates import core_name
from core.services.contract_submitting import ask_for_approval
from core.services.contracts import draw_up, reach, sign
from core.services.invoices import TitleWords, ask_for_invoice, issue, keep_title
from core.services.payments import record_payment

FINANCE = "chenjing"
BYD, ZTE, HONGDA, HONGDA_MACHINES = (
    "比亚迪股份有限公司",
    "中兴通讯股份有限公司",
    "上海宏达贸易有限公司",
    "上海宏大机电有限公司",
)
TITLES = {
    BYD: TitleWords(tax_number="91440300MA5DEM0019", bank="工商银行深圳坪山支行", bank_account="4000020100012345"),
    ZTE: TitleWords(tax_number="91440300MA5DEM002C", bank="招商银行深圳分行", bank_account="755900012345"),
}
BY_PARTS = (
    Term(name="首款", share=3_000),
    Term(name="发货款", share=3_000, milestone=Milestone.DELIVERY),
    Term(name="验收款", share=3_000, milestone=Milestone.ACCEPTANCE, days=30),
    Term(name="质保金", share=1_000, milestone=Milestone.ACCEPTANCE, days=365),
)


def agree(past: OpenWork, members: Mapping[str, Member], now: datetime) -> None:
    """Let contracts have been signed and paid, as far as they are by now."""
    _sold_robots(past, members, now)
    _looks_after_servers(past, members, now)
    _sold_inverters(past, now)


def ask_for_contract(open_work: OpenWork, now: datetime) -> None:
    """Let one contract wait for those who must agree to it."""
    account, holder = customer_named(open_work, HONGDA_MACHINES)
    with open_work(holder, now=now) as uow:
        terms = ContractTerms(amount=_yuan(36_000), title="宏大伺服电机试用合同", payment_days=45)
        ask_for_approval(uow, draw_up(uow, account, terms), "老客户介绍，账期长一点")


def _sold_robots(past: OpenWork, members: Mapping[str, Member], now: datetime) -> None:
    """Last year's robots: all paid but what is kept back as a warranty, which is late; the contract ends soon."""
    accepted = now - timedelta(days=365 + 12)
    signed = accepted - timedelta(days=90)
    account, holder = customer_named(past, BYD)
    ends = (now + timedelta(days=25)).date()
    terms = ContractTerms(
        amount=_yuan(1_180_000), title="比亚迪焊装线机器人", plan=BY_PARTS, begins_on=signed.date(), ends_on=ends
    )
    contract = _signed(past, holder, account, terms, signed)
    for at, what, share in (
        (signed + timedelta(days=5), None, 354_000),
        (signed + timedelta(days=60), Milestone.DELIVERY, 354_000),
        (accepted, Milestone.ACCEPTANCE, 354_000),
    ):
        with past(holder, now=at) as uow:
            if what is not None:
                reach(uow, uow.contracts.get(contract.id), what, at.date())
        paid = at + timedelta(days=12)
        with past(members[FINANCE], now=paid) as uow:
            record_payment(uow, account, _yuan(share), paid.date(), contract=uow.contracts.get(contract.id))
    _billed(past, members, account, holder, contract, ((1_062_000, accepted), (118_000, now - timedelta(days=20))))


def _looks_after_servers(past: OpenWork, members: Mapping[str, Member], now: datetime) -> None:
    """A year of maintenance, paid by halves: the second one falls due in three days."""
    account, holder = customer_named(past, ZTE)
    signed = now - timedelta(days=178)
    ends = (signed + timedelta(days=364)).date()
    halves = (
        Term(name="首付", share=5_000, days=15),
        Term(name="尾款", milestone=Milestone.DATE, due_on=(now + timedelta(days=3)).date()),
    )
    terms = ContractTerms(
        amount=_yuan(60_000), title="中兴年度运维", plan=halves, begins_on=signed.date(), ends_on=ends
    )
    contract = _signed(past, holder, account, terms, signed)
    paid = signed + timedelta(days=11)
    with past(members[FINANCE], now=paid) as uow:
        record_payment(uow, account, _yuan(30_000), paid.date(), contract=uow.contracts.get(contract.id))
    with past(holder, now=now - timedelta(days=1)) as uow:
        keep_title(uow, account, TITLES[ZTE])
        ask_for_invoice(uow, account, _yuan(30_000), contract=uow.contracts.get(contract.id))


def _sold_inverters(past: OpenWork, now: datetime) -> None:
    """A small sale that is over and paid."""
    account, holder = customer_named(past, HONGDA)
    signed = now - timedelta(days=75)
    contract = _signed(past, holder, account, ContractTerms(amount=_yuan(48_500), title="宏达变频器首批"), signed)
    paid = signed + timedelta(days=28)
    with past(holder, now=paid) as uow:
        record_payment(uow, account, _yuan(48_500), paid.date(), contract=uow.contracts.get(contract.id))


def _signed(past: OpenWork, holder: Member, account: Account, terms: ContractTerms, at: datetime) -> Contract:
    """Let a contract have been signed; who agreed to it then is forgotten by now."""
    with past(holder, now=at) as uow:
        contract = draw_up(uow, account, terms)
        contract.state = ContractState.APPROVED
        sign(uow, contract, on=_day(uow, at))
    return contract


def _billed(
    past: OpenWork,
    members: Mapping[str, Member],
    account: Account,
    holder: Member,
    contract: Contract,
    bills: tuple[tuple[int, datetime], ...],
) -> None:
    with past(holder, now=bills[0][1]) as uow:
        keep_title(uow, account, TITLES[account.name])
    for number, (yuan, at) in enumerate(bills):
        with past(holder, now=at) as uow:
            invoice = ask_for_invoice(uow, account, _yuan(yuan), contract=uow.contracts.get(contract.id))
        with past(members[FINANCE], now=at + timedelta(hours=3)) as uow:
            issue(uow, uow.invoices.get(invoice.id), f"2544200000{number + 17:04d}")


def customer_named(open_work: OpenWork, name: str) -> tuple[Account, Member]:
    """Return one of the customers that everybody knows, and who holds it."""
    with open_work(SYSTEM, reading=True) as uow:
        known = uow.register.customers({core_name(name)}, (), {name})
        [number] = {one.ref.id for one in known if one.name == name and one.ref.kind == "account"}
        account = uow.accounts.get(AccountId(number))
        return account, uow.members.find([MemberId(account.owner_id or 0)])[MemberId(account.owner_id or 0)]


def _day(uow: UnitOfWork, at: datetime) -> date:
    return uow.calendar.local(at).date()


def _yuan(amount: int) -> Money:
    return Money.yuan(Decimal(amount))
