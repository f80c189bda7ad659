"""What is told of hand-overs."""

from dataclasses import dataclass
from datetime import datetime

from core.notices.base import Notice


@dataclass(frozen=True)
class BriefLine:
    """What a receiver must know of one customer: last contact, next plan, promises, deals, how it may be lost."""

    ref: str
    name: str
    grade: str
    last_at: datetime | None
    next_at: datetime | None = None
    next_what: str = ""
    promises: tuple[str, ...] = ()
    deals: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BookHandedOver(Notice):
    """Everything that one receiver was given, in one message; `lines` are the most pressing of them."""

    handover_id: int
    leaver: str
    by: str
    leads: int
    accounts: int
    deals: int
    plans: int
    promises: int
    risky: int
    lines: tuple[BriefLine, ...]
    confirm_by: datetime


@dataclass(frozen=True, kw_only=True)
class ReceiptMissing(Notice):
    """A receiver has not confirmed what they were given."""

    receiver: str
    leaver: str
    customers: int
    handed_at: datetime


@dataclass(frozen=True, kw_only=True)
class HandoverTakenBack(Notice):
    """What the reader was given went back to whom it came from."""

    leaver: str
    customers: int


@dataclass(frozen=True, kw_only=True)
class HandoverSettled(Notice):
    """A large book was handed over in the background, or could not be: `trouble` says why and what to do."""

    leaver: str
    customers: int = 0
    receivers: tuple[str, ...] = ()
    command: str = ""
    trouble: str = ""
