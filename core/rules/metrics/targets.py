"""How far a target is, against how much of its time is gone (semantics B.10)."""

from collections.abc import Callable, Sequence
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


def spread(value: int, weights: Sequence[int]) -> list[int]:
    """Share a target out by weights, such as the workdays of months: whole figures that come to it exactly.

    What is left after cutting goes to the largest remainders, the earlier first. Without any weight all are alike.
    """
    known = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(known)
    parts = [value * weight // whole for weight in known]
    order = sorted(range(len(known)), key=lambda place: (-(value * known[place] % whole), place))
    for place in order[: value - sum(parts)]:
        parts[place] += 1
    return parts


def respread(value: int, months: Sequence[tuple[int, int, bool]]) -> list[int]:
    """Share a target out over months, each with its workdays, what it had so far, and whether it is over.

    Months that are over keep what they had, so that nobody's past changes; the others take the rest. Where that leaves
    them nothing, or no month is still to come, all are shared out anew.
    """
    over = sum(had for _, had, is_over in months if is_over)
    coming = [workdays for workdays, _, is_over in months if not is_over]
    if not coming or not over or value <= over:
        return spread(value, [workdays for workdays, _, _ in months])
    parts = iter(spread(value - over, coming))
    return [had if is_over else next(parts) for _, had, is_over in months]
