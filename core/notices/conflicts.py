"""What is told of two colleagues on one customer."""

from dataclasses import dataclass
from datetime import datetime

from core.model.ids import MemberId
from core.notices.base import Notice


@dataclass(frozen=True)
class ConflictSide:
    """One of those on a customer: when they were first and last in touch, how often, and whether they still are."""

    member_id: MemberId
    name: str
    first_at: datetime | None
    last_at: datetime | None
    count: int
    active: bool


@dataclass(frozen=True, kw_only=True)
class ConflictReported(Notice):
    """To who leads both: two are on one customer, the first by valid follow-ups first."""

    by: str
    customer: str
    customer_ref: str
    sides: tuple[ConflictSide, ...]
