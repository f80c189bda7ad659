"""Every change: who, when, through which channel and message, before and after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.model.ids import UNSAVED, MemberId, Ref


@dataclass(eq=False, kw_only=True)
class Change:
    """One change of one record. Changes of one transaction share `command`; `undone_at` marks what was taken back."""

    id: int = UNSAVED
    at: datetime
    actor_id: MemberId | None
    channel: str
    inbox_id: int | None
    command: str
    action: str
    subject_kind: str
    subject_id: int
    version: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    undone_at: datetime | None = None

    @property
    def subject(self) -> Ref:
        return Ref(self.subject_kind, self.subject_id)
