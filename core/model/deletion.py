"""A record that was deleted: who wanted it gone and why, what went along, and until when it may come back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.ids import UNSAVED, MemberId, Ref


class DeletionState(StrEnum):
    """ASKED waits for a decision, DELETED may be restored; KEPT: nobody agreed. PURGED is gone for good."""

    ASKED = "asked"
    KEPT = "kept"
    DELETED = "deleted"
    RESTORED = "restored"
    PURGED = "purged"


@dataclass(eq=False, kw_only=True)
class Deletion:
    """One record on its way out. `owner_id` held it, `taken` are the records that went along, written P3, D7.

    `gone_at` is when it left all lists, `purge_at` until when it may be restored.
    """

    id: int = UNSAVED
    subject_kind: str
    subject_id: int
    name: str
    reason: str = ""
    state: str = DeletionState.ASKED
    owner_id: MemberId | None = None
    asked_by: MemberId
    taken: tuple[str, ...] = ()
    gone_at: datetime | None = None
    purge_at: datetime | None = None
    settled_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("deletion", self.id)

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_kind, self.subject_id)

    @property
    def everything(self) -> tuple[Ref, ...]:
        """The record itself and all that went along."""
        return (self.subject, *(Ref.parse(one) for one in self.taken))

    def take_away(self, taken: tuple[Ref, ...], at: datetime, until: datetime) -> None:
        """Note that the record is gone, with what else is."""
        self.state, self.taken = DeletionState.DELETED, tuple(map(str, taken))
        self.gone_at, self.purge_at = at, until

    def settle(self, state: DeletionState, at: datetime) -> None:
        """Note how it ended."""
        self.state, self.settled_at = state, at
