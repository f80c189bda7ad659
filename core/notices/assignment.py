"""What people are told about who got which lead, and about working along on a customer."""

from dataclasses import dataclass
from datetime import datetime

from core.notices.base import LeadLine, Notice


@dataclass(frozen=True, kw_only=True)
class LeadsRouted(Notice):
    """These leads are yours by the rules; `reason` says why in one line, of several leads for all of them."""

    leads: tuple[LeadLine, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class LeadsQueued(Notice):
    """Nobody could take these leads, so their manager decides; `colleagues` are (name, reference) of who might."""

    leads: tuple[LeadLine, ...]
    reason: str
    colleagues: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class CollaborationBegun(Notice):
    """`by` asked somebody to work along on a customer, for a share of its credit."""

    by: str
    customer: str
    customer_ref: str
    holder: str
    share: int
    may_write: bool
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CollaborationEnded(Notice):
    """Working along on a customer is over: its day came, or `by` ended it."""

    by: str
    customer: str
    colleague: str
