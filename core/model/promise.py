"""A promise between us and a customer: what, by when, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.ids import UNSAVED, FollowUpId, MemberId, Ref


class PromiseState(StrEnum):
    """What became of a promise. `CHANGED`: another one took its place."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    CHANGED = "changed"


@dataclass(eq=False, kw_only=True)
class Promise:
    """Something promised to a customer by `made_by`, or by the customer when it is `theirs`.

    `words` are its own, `thing` is what it is about (方案, 样品), by which two are compared. `due_at` is None where no
    time was named. `settled_at` is when it was kept, broken or changed.
    """

    id: int = UNSAVED
    customer_kind: str
    customer_id: int
    followup_id: FollowUpId | None = None
    made_by: MemberId | None = None
    to_whom: str = ""
    words: str
    thing: str = ""
    theirs: bool = False
    due_at: datetime | None = None
    state: str = PromiseState.OPEN
    settled_at: datetime | None = None
    settled_by: MemberId | None = None
    made_at: datetime
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("promise", self.id)

    @property
    def customer(self) -> Ref:
        return Ref(self.customer_kind, self.customer_id)

    @property
    def is_open(self) -> bool:
        return self.state == PromiseState.OPEN and self.deleted_at is None

    @property
    def was_late(self) -> bool:
        """Whether it was kept after its time."""
        return self.settled_at is not None and self.due_at is not None and self.settled_at > self.due_at

    def settle(self, state: PromiseState, at: datetime, by: MemberId | None) -> None:
        """Say what became of it."""
        self.state, self.settled_at, self.settled_by = state, at, by
