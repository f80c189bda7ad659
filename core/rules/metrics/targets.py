"""How far a target is, against how much of its time is gone (semantics B.10)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from core.model.report import MONEY_KINDS, TargetKind
from core.rules.metrics.periods import Span

KINDS: Final = {
    TargetKind.SIGNED: "签约",
    TargetKind.RECEIVED: "回款",
    TargetKind.CUSTOMERS: "新客户",
    TargetKind.VISITS: "拜访",
}


@dataclass(frozen=True)
class Pace:
    """A target, what is there, and which share of the workdays is gone, today included."""

    kind: str
    target: int
    actual: int
    gone: int
    workdays: int

    @property
    def is_money(self) -> bool:
        return self.kind in MONEY_KINDS

    @property
    def attainment(self) -> float | None:
        return self.actual / self.target if self.target else None

    @property
    def time_gone(self) -> float:
        return self.gone / self.workdays if self.workdays else 1.0

    @property
    def gap(self) -> int:
        return max(self.target - self.actual, 0)

    @property
    def is_behind(self) -> bool:
        return self.attainment is not None and self.attainment < self.time_gone

    def needed(self, average: float) -> int | None:
        """How many deals of the usual size close the gap; None where no size is usual."""
        return ceil(self.gap / average) if average > 0 else None


def workdays_gone(span: Span, today: date, is_workday: Callable[[date], bool]) -> tuple[int, int]:
    """Return how many workdays of a period are gone, today included, and how many it has."""
    days = [span.first + timedelta(days=number) for number in range(span.days)]
    work = [day for day in days if is_workday(day)]
    return sum(day <= today for day in work), len(work)
