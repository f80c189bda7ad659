"""What the reader of times asks of a work calendar, and a calendar of China to ask without a database."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from holidays import HolidayBase, country_holidays


class Workdays(Protocol):
    """A work calendar."""

    def is_workday(self, day: date) -> bool:
        """Say whether people work on `day`."""

    def holiday(self, name: str, year: int) -> date | None:
        """Find the day of 元旦, 春节, 清明, 劳动节, 端午, 中秋 or 国庆 in `year`, not the first day off around it."""


_HOLIDAYS = {
    "元旦": "New Year's Day",
    "春节": "Chinese New Year (Spring Festival)",
    "清明": "Tomb-Sweeping Day",
    "劳动节": "Labor Day",
    "端午": "Dragon Boat Festival",
    "中秋": "Mid-Autumn Festival",
    "国庆": "National Day",
}
# Before a year's official list appears only its statutory days are known; these days off have not moved since 2020.
_LONG_BREAKS = {"春节": 6, "劳动节": 5, "国庆": 7}


class ChinaWorkdays:
    """China's calendar as the `holidays` library knows it: official lists for past years, a forecast for the others."""

    def is_workday(self, day: date) -> bool:
        """Say whether people work on `day`; the long breaks are free even in a year that is only a forecast."""
        return _year(day.year).is_working_day(day) and day not in _long_breaks(day.year)

    def holiday(self, name: str, year: int) -> date | None:
        """Find the day of a public holiday."""
        return _public_holidays(year).get(name)


@lru_cache(maxsize=16)
def _year(year: int) -> HolidayBase:
    """One calendar a year, because a calendar that grows lists another year's make-up days as its own."""
    return country_holidays("CN", years=year, expand=False)


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> dict[str, date]:
    days: dict[str, date] = {}
    for day, names in sorted(_year(year).items()):
        for name, english in _HOLIDAYS.items():
            if day.year == year and english in names.split("; "):
                days.setdefault(name, day)
    return days


@lru_cache(maxsize=16)
def _long_breaks(year: int) -> frozenset[date]:
    starts = ((_public_holidays(year).get(name), length) for name, length in _LONG_BREAKS.items())
    return frozenset(start + timedelta(n) for start, length in starts if start for n in range(length))
