"""Accounts and their contacts: companies we know, and the people in them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.model.ids import UNSAVED, AccountId, ContactId, MemberId, Ref


@dataclass(eq=False, kw_only=True)
class Account:
    """A company we do business with. `aliases` are what colleagues call it in chat.

    `graded_at` is when its grade was changed; a rhythm begins anew then.
    `external_id` is the number it has in the files that it came from.
    `owned_at` is since when its holder has it; `contract_ends_on` the last day of the contract in force. `cycle` counts
    its holders, as a lead's does.
    """

    id: AccountId = UNSAVED
    name: str
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    core_name: str = ""
    credit_code: str | None = None
    external_id: str = ""
    phone: str | None = None
    region: str = ""
    industry: str = ""
    size: str = ""
    address: str = ""
    grade: str = ""
    graded_at: datetime | None = None
    source: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    pool: str = ""
    owner_id: MemberId | None = None
    owned_at: datetime | None = None
    pooled_at: datetime | None = None
    last_followup_at: datetime | None = None
    became_kind: str | None = None
    became_id: int | None = None
    protected_until: datetime | None = None
    contract_ends_on: date | None = None
    cycle: int = 0
    created_by: MemberId | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        """Whoever holds an account when it is put on record has had it since then."""
        if self.owner_id is not None and self.owned_at is None:
            self.owned_at, self.cycle = self.updated_at, 1

    @property
    def ref(self) -> Ref:
        return Ref("account", self.id)

    @property
    def became(self) -> Ref | None:
        """What it has become, by conversion or merging: whoever asks for this is led there."""
        if self.became_kind is None or self.became_id is None:
            return None
        return Ref(self.became_kind, self.became_id)

    def merge(self, into: Ref, at: datetime) -> None:
        """The account goes on as another record."""
        self.became_kind, self.became_id, self.deleted_at = into.kind, into.id, at

    @property
    def is_pooled(self) -> bool:
        return self.owner_id is None and self.pooled_at is not None

    def assign(self, to: MemberId, at: datetime) -> None:
        """Give the account to a member; its clocks start now."""
        self.owner_id, self.owned_at, self.pooled_at = to, at, None
        self.cycle += 1

    def to_pool(self, at: datetime, pool: str) -> None:
        """Let go of the account: nobody holds it and no clock of it runs."""
        self.owner_id, self.owned_at, self.pooled_at, self.pool = None, None, at, pool

    def followed_up(self, at: datetime) -> None:
        """Note a valid follow-up."""
        if self.last_followup_at is None or at > self.last_followup_at:
            self.last_followup_at = at


@dataclass(eq=False, kw_only=True)
class Contact:
    """A person in an account."""

    id: ContactId = UNSAVED
    account_id: AccountId
    name: str
    title: str = ""
    phone: str | None = None
    email: str | None = None
    external_id: str | None = None
    owner_id: MemberId | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("contact", self.id)
