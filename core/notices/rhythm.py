"""What is told of the rhythm: whom nobody has seen yet, how well promises were kept, who waits in silence."""

from dataclasses import dataclass
from datetime import date, datetime

from core.notices.base import Notice


@dataclass(frozen=True)
class GapLine:
    """A customer that has not been heard of as its grade wants; `until` is the last day, `want` says what is wanted."""

    ref: str
    name: str
    grade: str
    want: str
    until: date
    last_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CadenceGaps(Notice):
    """The customers that their holder still has to see in this period."""

    gaps: tuple[GapLine, ...]


@dataclass(frozen=True)
class RepGaps:
    """One rep's customers that nobody has seen yet."""

    name: str
    gaps: tuple[GapLine, ...]


@dataclass(frozen=True, kw_only=True)
class TeamGaps(Notice):
    """The same for whoever leads the reps, when the week is nearly over."""

    reps: tuple[RepGaps, ...]


@dataclass(frozen=True)
class RepRhythm:
    """How many periods of a rep's customers ended last week and lately, and how many of them were kept."""

    name: str
    due: int
    met: int
    due_lately: int
    met_lately: int


@dataclass(frozen=True)
class LossLine:
    """What has become of the customers whom a leaver handed over."""

    name: str
    customers: int
    followed: int
    waiting: int
    lost: int
    deals_lost: int


@dataclass(frozen=True, kw_only=True)
class RhythmDigest(Notice):
    """Last week's rhythm of a department; `lately` are the weeks of the second figure.

    `complete` is how complete its customers were by week: of how many, and the sum of their shares.
    """

    department: str
    week: date
    lately: int
    reps: tuple[RepRhythm, ...]
    losses: tuple[LossLine, ...] = ()
    complete: tuple[tuple[date, int, int], ...] = ()


@dataclass(frozen=True)
class SilentLine:
    """A customer with whom nobody was in touch for `days`; `mark` says what has become of it."""

    ref: str
    name: str
    days: int
    last_at: datetime | None
    mark: str = ""
    holder: str = ""


@dataclass(frozen=True, kw_only=True)
class SilentCustomers(Notice):
    """Everything a person hears of a morning about silence: the own customers, and those of the own people."""

    own: tuple[SilentLine, ...] = ()
    team: tuple[SilentLine, ...] = ()
