"""A contract: what was agreed with a customer for how much, and in which instalments it is paid."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.model.ids import UNSAVED, AccountId, ContractId, DealId, InstalmentId, MemberId, QuoteId, Ref
from core.model.money import Money


class ContractState(StrEnum):
    """Where a contract stands, from its draft to its end."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    SIGNED = "signed"
    RUNNING = "running"
    FINISHED = "finished"
    TERMINATED = "terminated"
    EXPIRED = "expired"


STATES = {
    ContractState.DRAFT: "草稿",
    ContractState.PENDING: "审批中",
    ContractState.APPROVED: "已批准，待签",
    ContractState.SIGNED: "已签，未开始",
    ContractState.RUNNING: "执行中",
    ContractState.FINISHED: "已完成",
    ContractState.TERMINATED: "已终止",
    ContractState.EXPIRED: "已到期",
}
"""What people call a state."""

UNSIGNED = frozenset({ContractState.DRAFT, ContractState.PENDING, ContractState.APPROVED})
IN_FORCE = frozenset({ContractState.SIGNED, ContractState.RUNNING})
BINDING = frozenset({*IN_FORCE, ContractState.FINISHED, ContractState.EXPIRED, ContractState.TERMINATED})
"""States after the signature: what was agreed is owed, whatever else has become of the contract."""


class Milestone(StrEnum):
    """What an instalment's days are counted from. `DATE` is a day of its own."""

    SIGNING = "signing"
    DELIVERY = "delivery"
    ACCEPTANCE = "acceptance"
    INVOICE = "invoice"
    DATE = "date"


MILESTONES = {
    Milestone.SIGNING: "签约",
    Milestone.DELIVERY: "发货",
    Milestone.ACCEPTANCE: "验收",
    Milestone.INVOICE: "开票",
    Milestone.DATE: "约定日期",
}


@dataclass(eq=False, kw_only=True)
class Contract:
    """A contract with an account.

    `number` is the company's own. `revision` counts what was amended since the first draft; the history keeps what each
    one said. `renews_id` is the contract that this one carries on. `list_total` and `cost` come from the quote, and are
    None where nobody knows them. `files` are what was attached, `signed_file` is the signed copy.
    """

    id: ContractId = UNSAVED
    number: str
    title: str
    account_id: AccountId
    deal_id: DealId | None = None
    quote_id: QuoteId | None = None
    renews_id: ContractId | None = None
    owner_id: MemberId | None = None
    state: str = ContractState.DRAFT
    revision: int = 1
    party_a: str
    party_b: str = ""
    amount: Money
    list_total: Money | None = None
    cost: Money | None = None
    payment_days: int = 30
    special_terms: str = ""
    begins_on: date | None = None
    ends_on: date | None = None
    signed_on: date | None = None
    closed_on: date | None = None
    reason: str = ""
    signed_file: str = ""
    files: tuple[str, ...] = ()
    external_id: str = ""
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("contract", self.id)

    @property
    def customer(self) -> Ref:
        """Whose contract it is, for whoever names what was changed."""
        return Ref("account", self.account_id)

    @property
    def standing(self) -> str:
        """Where the contract stands, as people call it."""
        return STATES[ContractState(self.state)]

    @property
    def is_unsigned(self) -> bool:
        return self.state in UNSIGNED

    @property
    def is_in_force(self) -> bool:
        return self.state in IN_FORCE

    @property
    def is_binding(self) -> bool:
        return self.state in BINDING

    def sign(self, on: date, today: date) -> None:
        """Note the signature; the contract runs at once unless it begins on a later day."""
        self.signed_on = on
        self.begins_on = self.begins_on or on
        self.state = ContractState.SIGNED if self.begins_on > today else ContractState.RUNNING

    def close(self, state: ContractState, on: date, reason: str = "") -> None:
        """End the contract."""
        self.state, self.closed_on, self.reason = state, on, reason


@dataclass(eq=False, kw_only=True)
class Instalment:
    """A part of a contract's amount, and by when it is owed: `days` after `milestone`, or on a day of its own.

    `due_on` is None until what its days are counted from has happened.
    """

    id: InstalmentId = UNSAVED
    contract_id: ContractId
    place: int
    name: str
    amount: Money
    milestone: str = Milestone.SIGNING
    days: int = 0
    due_on: date | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("instalment", self.id)

    def reach(self, on: date) -> None:
        """Note that what the days are counted from has happened."""
        self.due_on = on + timedelta(days=self.days)


@dataclass(frozen=True, kw_only=True)
class Term:
    """One line of a payment plan as somebody says it: a share in hundredths of a percent, or an amount, or the rest."""

    name: str
    share: int | None = None
    amount: Money | None = None
    milestone: Milestone = Milestone.SIGNING
    days: int = 0
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ContractTerms:
    """What somebody agrees on with a customer, before it is a contract."""

    amount: Money
    title: str = ""
    payment_days: int | None = None
    plan: tuple[Term, ...] = field(default=())
    begins_on: date | None = None
    ends_on: date | None = None
    special_terms: str = ""
