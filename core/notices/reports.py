"""What the clock tells whoever leads people of their figures: where deals leak, and how the month went."""

from dataclasses import dataclass
from datetime import date

from core.notices.base import Notice


@dataclass(frozen=True)
class StageLine:
    """A stage of the funnel: how many deals entered it, and which share of them went on."""

    stage: str
    entered: int
    conversion: float | None = None


@dataclass(frozen=True)
class DealToOpen:
    """A deal that is worth a look."""

    ref: str
    name: str


@dataclass(frozen=True, kw_only=True)
class FunnelCoach(Notice):
    """The biggest leak of the last weeks, why, what to do, and the deals to begin with.

    `low` are stages that convert worse than chance explains, `effect` what became of the last change of the rules.
    """

    whose: str
    days: str
    first: date
    last: date
    stages: tuple[StageLine, ...]
    worst: str = ""
    leak: float | None = None
    reasons: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    before: str = ""
    low: tuple[str, ...] = ()
    effect: str = ""
    deals: tuple[DealToOpen, ...] = ()


@dataclass(frozen=True)
class MonthLine:
    """One member's month: what they won, in 分, and which share of their target that is."""

    name: str
    won: int
    attainment: float | None = None


@dataclass(frozen=True, kw_only=True)
class MonthReview(Notice):
    """How the month went: what was won, in 分, against the target and the forecast at its beginning."""

    whose: str
    month: date
    won: int
    count: int
    target: int = 0
    accuracy: float | None = None
    people: tuple[MonthLine, ...] = ()
    worst: str = ""
    leak: float | None = None


@dataclass(frozen=True, kw_only=True)
class SavedReportSent(Notice):
    """A saved report that somebody has sent to them: the lines of its table as they may see them.

    `kinds` say of each column what its figures are; `chart` is the kind of picture, empty for the one that fits.
    """

    number: int
    title: str
    columns: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    rows: tuple[tuple[int | float | str | None, ...], ...] = ()
    total: int = 0
    words: tuple[str, ...] = ()
    chart: str = ""
