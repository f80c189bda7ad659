"""What we tell about the pool: warnings, what the clock took, and what is asked of leaders."""

from dataclasses import dataclass
from datetime import date, datetime

from core.notices.base import LeadLine, Notice


@dataclass(frozen=True, kw_only=True)
class LeadsExpiring(Notice):
    """These records leave soon unless they are followed up."""

    leads: tuple[LeadLine, ...]


@dataclass(frozen=True, kw_only=True)
class LeadsRecycled(Notice):
    """The clock took these; `reason` is the rule in words, `gone` where they went: a pool, a colleague, a review."""

    leads: tuple[LeadLine, ...]
    reason: str
    gone: str = "公海"


@dataclass(frozen=True, kw_only=True)
class RequestMade(Notice):
    """To a leader: somebody asks for more time or for days off. `standing` says what is true now."""

    request_id: int
    kind: str
    by: str
    about: str = ""
    until: datetime | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    reason: str = ""
    standing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class RequestDecided(Notice):
    """To whoever asked: it was granted or refused; `leaves_at` is when the record goes now, `answer` why not."""

    kind: str
    granted: bool
    by: str
    about: str = ""
    ref: str = ""
    until: datetime | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    leaves_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class AppealFiled(Notice):
    """To a leader: somebody says that the clock was unjust; `evidence` are the facts, as label and value."""

    request_id: int
    by: str
    about: str
    reason: str
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class ReviewNeeded(Notice):
    """To a leader: these have gone round so often that somebody must decide what becomes of them."""

    leads: tuple[LeadLine, ...]
    times: int
    holder: str
