"""What is on record, as far as telling the same from another needs it."""

from dataclasses import dataclass
from datetime import date

from core.model.ids import AccountId, DealId, MemberId, Ref
from core.model.money import Money


@dataclass(frozen=True)
class KnownCustomer:
    """A lead or account under one of its phones; an account appears once for each phone that reaches it."""

    ref: Ref
    name: str
    short_name: str
    core_name: str
    phone: str | None
    owner_id: MemberId | None


@dataclass(frozen=True)
class KnownContact:
    """A person in an account."""

    account_id: AccountId
    name: str
    phone: str | None


@dataclass(frozen=True)
class KnownDeal:
    """A deal: its number in another program, and what tells it apart where it has none."""

    id: DealId
    external_id: str
    account_id: AccountId | None
    name: str
    amount: Money | None
    day: date | None
