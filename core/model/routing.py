"""How leads found their holders: every decision with its why, what rules remember, who is on duty, who works along."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from core.model.ids import UNSAVED, LeadId, MemberId, Ref

WON: Final = "转为客户"
LOST: Final = ("退回", "作废")
"""How an assignment ends when its lead was won, and when its holder gave it up."""


WHOLE: Final = 100
"""All of the credit for a customer, in percent."""


class Way(StrEnum):
    """By which door a lead came to be given to somebody."""

    CHAT = "chat"
    IMPORT = "import"
    API = "api"
    RECYCLE = "recycle"
    HANDOVER = "handover"


class Placed(StrEnum):
    """Where a lead went."""

    RULE = "rule"
    OWNER = "owner"
    QUEUE = "queue"
    POOL = "pool"


@dataclass(eq=False, kw_only=True)
class Routing:
    """One decision about who gets a lead, with its why. Rows are only ever added.

    `entered_at` is when the lead came to us, `at` when it was decided; `value` is what it counts for the guard of
    fairness.
    """

    id: int = UNSAVED
    lead_id: LeadId
    at: datetime
    entered_at: datetime
    way: str
    placed: str
    rule: str = ""
    member_id: MemberId | None = None
    value: int = 0
    why: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False, kw_only=True)
class Shift:
    """Somebody is on duty on a day."""

    id: int = UNSAVED
    member_id: MemberId
    day: date
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1


@dataclass(eq=False, kw_only=True)
class Collaboration:
    """Somebody works along on a customer that another holds, for `share` percent of its credit, until `until`.

    What is over keeps its row, so that credit can be reported later.
    """

    id: int = UNSAVED
    customer_kind: str
    customer_id: int
    member_id: MemberId
    may_write: bool = True
    share: int = 0
    until: datetime | None = None
    ended_at: datetime | None = None
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("collaboration", self.id)

    @property
    def customer(self) -> Ref:
        return Ref(self.customer_kind, self.customer_id)

    def runs_at(self, now: datetime) -> bool:
        """Say whether it is in force."""
        return self.deleted_at is None and self.ended_at is None and (self.until is None or now <= self.until)

    def end(self, at: datetime) -> None:
        """From `at` on the colleague is no longer part of it."""
        self.ended_at = at
