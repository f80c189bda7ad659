"""A promise in time: one row for whatever the clock will say."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.ids import UNSAVED, Ref


class DeadlineKind(StrEnum):
    """What falls due. The order is the order of a sweep: what takes a lead away goes before what warns of it."""

    RECYCLE = "recycle"
    FIRST_CONTACT = "first_contact"
    RECYCLE_WARNING = "recycle_warning"
    REMINDER = "reminder"
    STALE_DEAL = "stale_deal"
    DEAL_AGE = "deal_age"
    RECEIPT = "receipt"
    COLLABORATION = "collaboration"
    REPORT = "report"
    PEACE_ENDS = "peace_ends"
    QUOTE_EXPIRY = "quote_expiry"
    QUOTE_ENDING = "quote_ending"
    CONTRACT_TERM = "contract_term"
    CONTRACT_EXPIRY = "contract_expiry"
    PAYMENT_DUE = "payment_due"
    APPROVAL = "approval"
    PROMISE = "promise"
    MIRROR = "mirror"
    PURGE = "purge"


LIMITS = frozenset({DeadlineKind.RECYCLE, DeadlineKind.FIRST_CONTACT, DeadlineKind.STALE_DEAL, DeadlineKind.DEAL_AGE})
"""Kinds that are missed only once now is after due: acting exactly at the due instant is in time (semantics B.1)."""


@dataclass(eq=False, kw_only=True)
class Deadline:
    """At `due_at` the clock speaks about `subject`, once per (subject, kind, rule, cycle).

    `holder_id` is who the promise binds, `limit_at` the instant it is about (for a warning: when the lead goes).
    """

    id: int = UNSAVED
    subject_kind: str
    subject_id: int
    kind: str
    rule: str
    cycle: int
    due_at: datetime
    limit_at: datetime
    holder_id: int | None = None
    settled_at: datetime | None = None

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_kind, self.subject_id)

    @property
    def key(self) -> tuple[str, int, str, str, int]:
        return (self.subject_kind, self.subject_id, self.kind, self.rule, self.cycle)
