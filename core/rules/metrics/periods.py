"""Periods of the business: days in a row, by calendar or fiscal year, to date, the one before, the same last year."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "fiscal": 12}


class Unit(StrEnum):
    """By what periods are cut."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FISCAL = "fiscal"


@dataclass(frozen=True, order=True)
class Span:
    """Days in a row, both ends counted; what they are is decided by the business' wall calendar."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def until(self, day: date) -> "Span":
        """Return the part that is over at the end of `day`: to date."""
        return Span(self.first, max(self.first, min(self.last, day)))

    def __str__(self) -> str:
        if self.first == self.last:
            return f"{self.first}"
        if self == around(Unit.YEAR, self.first):
            return f"{self.first:%Y}年"
        if self == around(Unit.QUARTER, self.first):
            return f"{self.first:%Y}年{(self.first.month - 1) // 3 + 1}季度"
        if self == around(Unit.MONTH, self.first):
            return f"{self.first:%Y-%m}"
        return f"{self.first} 至 {self.last}"


def around(unit: Unit, day: date, fiscal_begins: int = 1) -> Span:
    """Return the period of a unit in which a day lies; a fiscal year begins with the month `fiscal_begins`."""
    if unit is Unit.DAY:
        return Span(day, day)
    if unit is Unit.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6))
    length = _MONTHS[unit]
    begins = fiscal_begins - 1 if unit is Unit.FISCAL else 0
    months = day.year * 12 + day.month - 1
    start = months - (months - begins) % length
    return Span(_first(start), _first(start + length) - ONE_DAY)


def previous(span: Span) -> Span:
    """Return the period before: the whole one before a whole one, as many of its days before one to date."""
    for unit in (Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR):
        whole = around(unit, span.first)
        if span.first == whole.first and span.last <= whole.last:
            before = around(unit, whole.first - ONE_DAY)
            if span == whole:
                return before
            if unit is not Unit.WEEK or span.days > 1:
                return before.until(before.first + (span.last - span.first))
    length = timedelta(days=span.days)
    return Span(span.first - length, span.last - length)


def same_last_year(span: Span) -> Span:
    """Return the same days a year earlier; the end of a February stays one."""
    return Span(_year_before(span.first), _year_before(span.last))


def last_months(day: date, count: int) -> Span:
    """Return the `count` months that lie before the one of `day`."""
    months = day.year * 12 + day.month - 1
    return Span(_first(months - count), _first(months) - ONE_DAY)


def whole_months(span: Span) -> Span | None:
    """Return the calendar months that lie inside whole; None when there is none."""
    first = span.first if span.first.day == 1 else around(Unit.MONTH, span.first).last + ONE_DAY
    after = span.last + ONE_DAY
    last = after.replace(day=1) - ONE_DAY
    return Span(first, last) if first <= last else None


def cut(span: Span, unit: Unit, fiscal_begins: int = 1) -> list[Span]:
    """Cut days into periods of a unit, the first and the last as far as they lie inside."""
    parts, day = [], span.first
    while day <= span.last:
        whole = around(unit, day, fiscal_begins)
        parts.append(Span(day, min(whole.last, span.last)))
        day = whole.last + ONE_DAY
    return parts


def named(part: Span, unit: Unit) -> str:
    """Name one period of a unit."""
    day = part.first
    if unit is Unit.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if unit is Unit.MONTH:
        return f"{day:%Y-%m}"
    if unit is Unit.QUARTER:
        return f"{day:%Y}-Q{(day.month - 1) // 3 + 1}"
    if unit is Unit.YEAR:
        return f"{day:%Y}"
    if unit is Unit.FISCAL:
        return f"FY{part.last:%Y}"
    return f"{day}"


def _first(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _year_before(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    is_end = day.day == monthrange(day.year, day.month)[1]
    return date(day.year - 1, day.month, last if is_end and day.month == 2 else min(day.day, last))  # noqa: PLR2004 - February
