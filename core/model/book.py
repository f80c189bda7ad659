"""What members hold, leads and accounts side by side."""

from dataclasses import dataclass
from datetime import datetime

from core.model.ids import MemberId, Ref


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A customer in somebody's hands: since when they hold it in this grade, and the last valid follow-up."""

    ref: Ref
    name: str
    owner_id: MemberId
    grade: str
    since: datetime
    last_at: datetime | None
    state: str = ""
    industry: str = ""
    region: str = ""
    tags: tuple[str, ...] = ()

    @property
    def touched_at(self) -> datetime:
        """When somebody was last in touch, or else when the holder began."""
        return max(self.last_at, self.since) if self.last_at else self.since


@dataclass(frozen=True, slots=True)
class Touch:
    """A valid follow-up, as far as a rhythm asks."""

    customer: Ref
    at: datetime
    method: str
    author_id: MemberId | None = None
