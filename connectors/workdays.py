"""China's workdays: the `holidays` package, and what an administrator corrected.

The State Council publishes a year's days off in the November before it. Until then a year is only predicted:
`is_official` says so, and the clock warns.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

from holidays import HolidayBase, country_holidays

LAST_PUBLISHED = 2026
"""The newest year whose official arrangement, make-up workdays included, is in the package."""

_NAMES = {
    "元旦": "New Year's Day",
    "春节": "Chinese New Year (Spring Festival)",
    "清明": "Tomb-Sweeping Day",
    "劳动节": "Labor Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-Autumn Festival",
    "国庆": "National Day",
}
_LONG_BREAKS = {"春节": 6, "劳动节": 5, "国庆": 7}
"""Days off from the holiday itself on; they have not moved since 2020, so a predicted year has them too."""


LISTED = 11
"""The official list of a year names at least so many days off: fewer entered ones are single corrections."""


class ChinaWorkdays:
    """Holidays and make-up workdays. `corrections` gives the days that an administrator entered; they win."""

    def __init__(self, corrections: Callable[[], Mapping[date, bool]] = dict) -> None:
        self._corrections = corrections

    def is_workday(self, day: date) -> bool:
        """Say whether people work on `day`."""
        corrected = self._corrections().get(day)
        return _is_workday(day) if corrected is None else corrected

    def is_official(self, year: int) -> bool:
        """Say whether the days off of `year` are known rather than predicted."""
        return year <= LAST_PUBLISHED or sum(day.year == year for day in self._corrections()) >= LISTED

    def holiday(self, name: str, year: int) -> date | None:
        """Return the day of 元旦, 春节, 清明, 劳动节, 端午, 中秋 or 国庆 in `year`, not the first day off around it."""
        return _festivals(year).get(name)


@lru_cache(maxsize=4096)
def _is_workday(day: date) -> bool:
    if day.year > LAST_PUBLISHED and day in _long_breaks(day.year):
        return False
    return _year(day.year).is_working_day(day)


@lru_cache(maxsize=32)
def _year(year: int) -> HolidayBase:
    """One calendar a year: a calendar that grows lists another year's make-up days as its own."""
    return country_holidays("CN", years=year, expand=False)


@lru_cache(maxsize=32)
def _festivals(year: int) -> dict[str, date]:
    days: dict[str, date] = {}
    for day, names in sorted(_year(year).items()):
        for name, english in _NAMES.items():
            if day.year == year and english in names.split("; "):
                days.setdefault(name, day)
    return days


@lru_cache(maxsize=32)
def _long_breaks(year: int) -> frozenset[date]:
    first = _festivals(year)
    return frozenset(
        first[name] + timedelta(days=offset)
        for name, length in _LONG_BREAKS.items()
        if name in first
        for offset in range(length)
    )
