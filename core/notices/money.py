"""What we tell about contracts, payments and invoices."""

from dataclasses import dataclass
from datetime import date

from core.model.money import Money
from core.notices.base import Notice


@dataclass(frozen=True)
class ContractLine:
    """A contract in a list: its reference, number, customer and last day; `days` are left until then."""

    ref: str
    number: str
    customer: str
    ends_on: date
    days: int


@dataclass(frozen=True, kw_only=True)
class ContractsExpiring(Notice):
    """These contracts end soon: renew them, or let them end."""

    contracts: tuple[ContractLine, ...]


@dataclass(frozen=True, kw_only=True)
class ContractEnded(Notice):
    """A contract's last day is over; `open` is what is still owed under it."""

    contract: ContractLine
    open: Money


@dataclass(frozen=True)
class DueLine:
    """An instalment in a list: its contract, customer and name, what is owed of it and since when (`late` days)."""

    ref: str
    number: str
    customer: str
    name: str
    open: Money
    due_on: date
    late: int


@dataclass(frozen=True, kw_only=True)
class PaymentsDue(Notice):
    """These instalments are to be paid soon or are late; `owner` is whose customers they are, told to finance."""

    lines: tuple[DueLine, ...]
    owner: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentReceived(Notice):
    """Somebody else recorded that a customer of one's own paid, or got money back; `open` is what it still owes."""

    by: str
    customer: str
    customer_ref: str
    amount: Money
    refund: bool
    paid_on: date
    number: str
    open: Money


@dataclass(frozen=True, kw_only=True)
class InvoiceWanted(Notice):
    """To finance: somebody asks for an invoice."""

    invoice_id: int
    by: str
    customer: str
    number: str
    title: str
    tax_number: str
    amount: Money
    special: bool


@dataclass(frozen=True, kw_only=True)
class InvoiceSettled(Notice):
    """To whoever asked: the invoice was issued, or was not and why."""

    by: str
    customer: str
    amount: Money
    number: str
    reason: str
