"""A book that changed hands: who gave what to whom, and whether the receiver has said so."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import Plan
from core.model.ids import UNSAVED, MemberId, Ref
from core.model.lead import Lead


class Split(StrEnum):
    """By what a book is shared out: every group goes whole to one, or every grade and the whole evenly to all."""

    EVENLY = "evenly"
    INDUSTRY = "industry"
    REGION = "region"
    GRADE = "grade"


@dataclass(eq=False, kw_only=True)
class Handover:
    """What one receiver was given of a leaver's book; `confirmed_at` is when they said 收到."""

    id: int = UNSAVED
    leaver_id: MemberId
    receiver_id: MemberId
    ordered_by: MemberId | None
    rule: str
    leads: int
    accounts: int
    deals: int
    plans: int
    confirmed_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("handover", self.id)

    @property
    def customers(self) -> int:
        return self.leads + self.accounts

    @property
    def is_open(self) -> bool:
        return self.confirmed_at is None and self.deleted_at is None


@dataclass(frozen=True)
class Handed:
    """One record of a hand-over; `was` is the state or outcome it had then."""

    ref: Ref
    was: str
    handover_id: int = UNSAVED


@dataclass(kw_only=True)
class Book:
    """Everything a member holds that can change hands."""

    leads: list[Lead] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    @property
    def customers(self) -> list[Lead | Account]:
        return [*self.leads, *self.accounts]

    @property
    def size(self) -> int:
        return len(self.customers) + len(self.contacts) + len(self.deals) + len(self.plans)
