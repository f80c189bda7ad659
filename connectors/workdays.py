"""China's workdays: the `holidays` package, and what an administrator corrected.

The State Council publishes a year's days off in the November before it. Until then a year is only predicted:
`is_official` says so, and the clock warns (libs.md §4).
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays.countries import China

LAST_PUBLISHED = 2026
"""The newest year whose official arrangement, make-up workdays included, is in the package."""

_NAMES = {
    "元旦": "New Year's Day",
    "春节": "Chinese New Year (Spring Festival)",
    "清明": "Tomb-Sweeping Day",
    "劳动节": "Labor Day",
    "五一": "Labor Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-Autumn Festival",
    "国庆": "National Day",
}


class ChinaWorkdays:
    """Holidays and make-up workdays. `corrections` are days that an administrator entered; they win."""

    def __init__(self, corrections: Mapping[date, bool] | None = None) -> None:
        self._corrections = dict(corrections or {})

    def is_workday(self, day: date) -> bool:
        """Say whether people work on `day`."""
        corrected = self._corrections.get(day)
        return _is_workday(day) if corrected is None else corrected

    def is_official(self, year: int) -> bool:
        """Say whether the days off of `year` are known rather than predicted."""
        return year <= LAST_PUBLISHED or any(day.year == year for day in self._corrections)

    def holiday(self, name: str, year: int) -> date | None:
        """Return the first day of a named holiday in `year`, or None for a name we do not know."""
        return _first_days(year).get(_NAMES.get(name.removesuffix("节"), _NAMES.get(name, "")))


@lru_cache(maxsize=4096)
def _is_workday(day: date) -> bool:
    return bool(_china().is_working_day(day))


@lru_cache(maxsize=1)
def _china() -> China:
    return China()


@lru_cache(maxsize=64)
def _first_days(year: int) -> dict[str, date]:
    first: dict[str, date] = {}
    for day, names in sorted(China(years=year).items()):
        for name in names.split("; "):
            if day.year == year:
                first.setdefault(name, day)
    return first
