"""Long work as a row of the transaction that asked for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.model.ids import UNSAVED, MemberId, Ref


class JobState(StrEnum):
    """WAITING until it is done or has failed too often."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(eq=False, kw_only=True)
class Job:
    """A piece of long work: what kind, with what, for whom, and how it went."""

    id: int = UNSAVED
    kind: str
    content: dict[str, Any]
    created_at: datetime
    created_by: MemberId | None = None
    state: str = JobState.WAITING
    attempts: int = 0
    not_before: datetime | None = None
    leased_until: datetime | None = None
    done_at: datetime | None = None
    result: dict[str, Any] | None = None
    error: str = ""

    @property
    def ref(self) -> Ref:
        return Ref("job", self.id)

    def settle(self, at: datetime, result: dict[str, Any] | None, error: str, again_at: datetime | None) -> None:
        """Close the job, or let it wait until `again_at`."""
        self.leased_until, self.error = None, error[:500]
        if not error:
            self.state, self.done_at, self.result = JobState.DONE, at, result
        elif again_at is None:
            self.state, self.done_at = JobState.FAILED, at
        else:
            self.not_before = again_at
