"""Invoices: whom they are made out to, which ones were asked for, and which were issued."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.model.ids import UNSAVED, AccountId, ContractId, InvoiceId, MemberId, Ref
from core.model.money import Money


class InvoiceState(StrEnum):
    """REQUESTED until finance issues it or says no."""

    REQUESTED = "requested"
    ISSUED = "issued"
    DECLINED = "declined"
    VOID = "void"


INVOICE_STATES = {
    InvoiceState.REQUESTED: "待开",
    InvoiceState.ISSUED: "已开",
    InvoiceState.DECLINED: "未开",
    InvoiceState.VOID: "已作废",
}


@dataclass(eq=False, kw_only=True)
class InvoiceTitle:
    """Whom an account's invoices are made out to. There is one for an account; what it was is in the history."""

    id: int = UNSAVED
    account_id: AccountId
    title: str
    tax_number: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("invoice_title", self.id)

    @property
    def customer(self) -> Ref:
        """Whose title it is, for whoever names what was changed."""
        return Ref("account", self.account_id)


@dataclass(eq=False, kw_only=True)
class Invoice:
    """An invoice for an account, as it was asked for; `title` and `tax_number` are what they were then."""

    id: InvoiceId = UNSAVED
    account_id: AccountId
    contract_id: ContractId | None = None
    state: str = InvoiceState.REQUESTED
    amount: Money
    title: str
    tax_number: str = ""
    special: bool = True
    number: str = ""
    requested_on: date
    issued_on: date | None = None
    reason: str = ""
    created_by: MemberId | None = None
    settled_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("invoice", self.id)

    @property
    def customer(self) -> Ref:
        """Whose invoice it is, for whoever names what was changed."""
        return Ref("account", self.account_id)
