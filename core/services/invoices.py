"""Invoices: whom they are made out to, asked for by whoever sells, issued or declined by finance, and not yet paid."""

from dataclasses import dataclass
from datetime import date

from core.errors import BadInput, NotAllowed, NotFound, Unclear
from core.model.contract import Contract
from core.model.customer import Account
from core.model.ids import AccountId, ContractId, InvoiceId
from core.model.invoice import INVOICE_STATES, Invoice, InvoiceState, InvoiceTitle
from core.model.member import Role
from core.model.money import Money
from core.notices.money import InvoiceSettled, InvoiceWanted
from core.ports import UnitOfWork
from core.rules.permissions import money_scope
from core.rules.tax_numbers import plain_tax_number
from core.services.contract_clocks import finance_of, today
from core.services.contracts import check_amount
from core.services.payments import may_record, require_money
from core.services.standings import standings_of

FINANCE = frozenset({Role.FINANCE})
MOST = 500


@dataclass(frozen=True, kw_only=True)
class TitleWords:
    """What somebody says of whom an invoice is made out to; what is empty stays as it is."""

    title: str = ""
    tax_number: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""


@dataclass(frozen=True)
class Unpaid:
    """An issued invoice and what has not been paid of it, since so many days."""

    invoice: Invoice
    account: Account
    open: Money
    days: int


def title_of(uow: UnitOfWork, account: Account) -> InvoiceTitle | None:
    """Return whom an account's invoices are made out to, if anybody has said so."""
    if not may_record(uow, account):
        raise NotFound(account.name)
    return uow.invoices.title_of(account.id)


def keep_title(uow: UnitOfWork, account: Account, words: TitleWords) -> InvoiceTitle:
    """Note whom an account's invoices are made out to. Refuses a tax number that cannot be one."""
    require_money(uow, account)
    if words == TitleWords():
        raise BadInput("请带上税号或开户行，例如「华为 税号 914403001922038216 开户行 招行深圳分行 账号 7559 1234」")
    number = plain_tax_number(words.tax_number) if words.tax_number else ""
    if number is None:
        raise BadInput(f"税号「{words.tax_number}」不对：位数或校验位对不上。请核对营业执照后再发一次")
    uow.does("invoice.title")
    kept = uow.invoices.title_of(account.id)
    if kept is None:
        kept = InvoiceTitle(account_id=account.id, title=account.name, created_at=uow.now, updated_at=uow.now)
        kept.tax_number = account.credit_code or ""
        uow.invoices.add_title(kept)
    kept.title = words.title[:200] or kept.title
    kept.tax_number = number or kept.tax_number
    kept.address = words.address[:300] or kept.address
    kept.phone = words.phone[:32] or kept.phone
    kept.bank = words.bank[:200] or kept.bank
    kept.bank_account = words.bank_account[:64] or kept.bank_account
    uow.flush()
    return kept


def ask_for_invoice(
    uow: UnitOfWork,
    account: Account,
    amount: Money,
    *,
    contract: Contract | None = None,
    special: bool = True,
    certain: bool = False,
) -> Invoice:
    """Ask finance for an invoice; on a contract no more than its amount, all invoices together, unless `certain`."""
    require_money(uow, account)
    check_amount(amount, "开票金额")
    title = uow.invoices.title_of(account.id)
    name = title.title if title is not None else account.name
    number = (title.tax_number if title is not None else "") or account.credit_code or ""
    if special and not number:
        words = f"「{account.name}」还没有税号，开不了专票。请先发送「{account.name} 税号 …」，或者说明开普票"
        raise BadInput(words)
    if contract is not None:
        contract = uow.contracts.get(contract.id, lock=True)
        done = sum(one.amount.fen for one in uow.invoices.of([account.id]) if _counts(one, contract.id))
        left = Money(contract.amount.fen - done)
        if amount.fen > left.fen and not certain:
            asked = f"合同 {contract.number} 一共 {contract.amount}，还能开 {left}。这次要开 {amount}，确定吗？"
            raise Unclear(asked, (("确定，照开", "yes"), ("不开了", "no")), "certain")
    uow.does("invoice.request")
    invoice = Invoice(
        account_id=account.id,
        contract_id=contract.id if contract is not None else None,
        amount=amount,
        title=name,
        tax_number=number,
        special=special,
        requested_on=today(uow),
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.invoices.add(invoice)
    uow.flush()
    for member in finance_of(uow):
        if member.id != uow.actor.id:
            uow.tell(
                InvoiceWanted(
                    to=member.id,
                    invoice_id=invoice.id,
                    by=uow.actor.name,
                    customer=account.name,
                    number=contract.number if contract is not None else "",
                    title=name,
                    tax_number=number,
                    amount=amount,
                    special=special,
                )
            )
    return invoice


def invoice_of(uow: UnitOfWork, invoice_id: InvoiceId, *, lock: bool = False) -> Invoice:
    """Return an invoice that the actor may see; else NotFound, worded as if it did not exist."""
    invoice = uow.invoices.get(invoice_id, lock=lock)
    if not may_record(uow, uow.accounts.get(invoice.account_id)):
        raise NotFound(str(invoice.ref))
    return invoice


def issue(uow: UnitOfWork, invoice: Invoice, number: str, on: date | None = None) -> None:
    """Note that finance issued an invoice, under its number."""
    _require_finance(uow)
    _require_waiting(invoice)
    day = on or today(uow)
    if day > today(uow):
        raise BadInput(f"开票日 {day} 在将来，开出以后再登记")
    uow.does("invoice.issue")
    invoice.state, invoice.number, invoice.issued_on = InvoiceState.ISSUED, number.strip()[:64], day
    _settled(uow, invoice)


def decline(uow: UnitOfWork, invoice: Invoice, reason: str) -> None:
    """Note that finance does not issue an invoice, and why."""
    _require_finance(uow)
    _require_waiting(invoice)
    if not reason.strip():
        raise BadInput("不开票要写原因，例如「税号和抬头对不上」")
    uow.does("invoice.decline")
    invoice.state, invoice.reason = InvoiceState.DECLINED, reason[:200]
    _settled(uow, invoice)


def waiting(uow: UnitOfWork) -> list[Invoice]:
    """Return the invoices that were asked for and wait, as far as the actor may see them."""
    return uow.invoices.within(money_scope(uow.actor), (InvoiceState.REQUESTED,), MOST)


def issued_unpaid(uow: UnitOfWork, since: date | None = None, until: date | None = None) -> list[Unpaid]:
    """Return the issued invoices (of those days) that are not paid whole, the oldest first.

    What was received on a contract pays its invoices in the order in which they were issued; an invoice without a
    contract is paid by what its account paid in advance.
    """
    invoices = uow.invoices.within(money_scope(uow.actor), (InvoiceState.ISSUED,), 10_000)
    accounts = {one.id: one for one in uow.accounts.find({one.account_id for one in invoices})}
    contracts = uow.contracts.find({one.contract_id for one in invoices if one.contract_id is not None})
    money: dict[tuple[AccountId, ContractId | None], int] = {}
    standings = standings_of(uow, contracts)
    for contract in contracts:
        money[contract.account_id, contract.id] = standings[contract.id].received.fen
    for payment in uow.payments.of(accounts):
        if payment.contract_id is None and payment.order_id is None:
            money[payment.account_id, None] = money.get((payment.account_id, None), 0) + payment.signed.fen
    day, found = today(uow), []
    for one in sorted(invoices, key=lambda one: (one.issued_on or one.requested_on, one.id)):
        left = money.get((one.account_id, one.contract_id), 0)
        paid = min(max(left, 0), one.amount.fen)
        money[one.account_id, one.contract_id] = left - paid
        on = one.issued_on or one.requested_on
        within = (since is None or on >= since) and (until is None or on <= until)
        if paid < one.amount.fen and within and one.account_id in accounts:
            found.append(Unpaid(one, accounts[one.account_id], Money(one.amount.fen - paid), (day - on).days))
    return found


def _counts(invoice: Invoice, contract_id: ContractId) -> bool:
    return invoice.contract_id == contract_id and invoice.state in (InvoiceState.REQUESTED, InvoiceState.ISSUED)


def _require_finance(uow: UnitOfWork) -> None:
    if not uow.actor.is_any(FINANCE):
        raise NotAllowed("开票")


def _require_waiting(invoice: Invoice) -> None:
    if invoice.state != InvoiceState.REQUESTED:
        raise BadInput(f"这张发票{INVOICE_STATES[InvoiceState(invoice.state)]}，没有改动")


def _settled(uow: UnitOfWork, invoice: Invoice) -> None:
    invoice.settled_by = uow.actor.id or None
    uow.flush()
    if invoice.created_by is not None and invoice.created_by != uow.actor.id:
        account = uow.accounts.get(invoice.account_id)
        uow.tell(
            InvoiceSettled(
                to=invoice.created_by,
                by=uow.actor.name,
                customer=account.name,
                amount=invoice.amount,
                number=invoice.number,
                reason=invoice.reason,
            )
        )
