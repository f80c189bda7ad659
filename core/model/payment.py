"""Payments: money that a customer paid, or got back."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.model.ids import UNSAVED, AccountId, ContractId, InstalmentId, MemberId, OrderId, PaymentId, Ref
from core.model.money import Money


class PaymentKind(StrEnum):
    """Which way the money went."""

    RECEIPT = "receipt"
    REFUND = "refund"


@dataclass(eq=False, kw_only=True)
class Payment:
    """Money received from an account, or given back; the amount is never negative.

    Without a contract and an order it is paid in advance. `instalment_id` is the one that the payer meant, which then
    takes it first. How money settles a plan is worked out anew from all payments (`core/rules/settling.py`), so nothing
    has to be taken back when one of them is.
    """

    id: PaymentId = UNSAVED
    account_id: AccountId
    contract_id: ContractId | None = None
    order_id: OrderId | None = None
    instalment_id: InstalmentId | None = None
    kind: str = PaymentKind.RECEIPT
    amount: Money
    paid_on: date
    note: str = ""
    external_id: str = ""
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("payment", self.id)

    @property
    def customer(self) -> Ref:
        """Whose money it is, for whoever names what was changed."""
        return Ref("account", self.account_id)

    @property
    def signed(self) -> Money:
        """The amount as it counts: what was given back counts against."""
        return self.amount if self.kind == PaymentKind.RECEIPT else Money(-self.amount.fen)
