"""Days, weeks, months and festivals as people name them, some of which come round again: 周五, 17号, 国庆."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final, Literal

from bot.understanding.workdays import Workdays

Lean = Literal["future", "past"]

ONE_DAY: Final = timedelta(days=1)
_PUBLIC_HOLIDAYS: Final = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
# How people say it, the holiday it hangs on, and the days between.
_HOLIDAY_NAMES: Final = {
    "元旦": ("元旦", 0),
    "春节": ("春节", 0),
    "过年": ("春节", 0),
    "年": ("春节", 0),
    "大年初一": ("春节", 0),
    "除夕": ("春节", -1),
    "大年三十": ("春节", -1),
    "年三十": ("春节", -1),
    "元宵": ("春节", 14),
    "清明": ("清明", 0),
    "劳动": ("劳动节", 0),
    "五一": ("劳动节", 0),
    "端午": ("端午", 0),
    "中秋": ("中秋", 0),
    "国庆": ("国庆", 0),
    "十一": ("国庆", 0),
}
_FIXED_FESTIVALS: Final = {
    "圣诞": (12, 25),
    "平安夜": (12, 24),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
    "情人": (2, 14),
    "妇女": (3, 8),
    "儿童": (6, 1),
    "教师": (9, 10),
}
# A date of this year that went by so recently is meant as past: nobody plans eleven months ahead without the year.
_GRACE: Final = timedelta(days=60)
_CYCLES: Final = range(-1, 3)


class NotATime(Exception):
    """The words only look like a time."""


class ImpossibleDate(Exception):
    """The words name a day that does not exist, such as 2月30日."""


@dataclass(frozen=True, slots=True)
class Days:
    """One day or several in a row; those that do not exist (30 February) stand where they would be."""

    first: date
    last: date
    festival: bool = False
    exists: bool = True

    @property
    def is_one(self) -> bool:
        """Say whether this is a single day."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Recurrent:
    """Days that come round again; `near` gives the turn before, the present and the next turns, None for unknown."""

    near: Callable[[date], tuple[Days | None, ...]]
    grace: timedelta = timedelta(0)

    def on_or_after(self, start: date, grace: timedelta = timedelta(0)) -> Days:
        """Find the first turn that is not over at `start`, or not for longer than `grace`."""
        return _existing(days for days in self.near(start) if days and days.last >= start - grace)

    def on_or_before(self, end: date) -> Days:
        """Find the last turn that has begun at `end`."""
        return _existing(days for days in reversed(self.near(end)) if days and days.first <= end)

    def each(self, change: Callable[[Days], Days]) -> "Recurrent":
        """Apply `change` to every turn."""
        near = self.near
        return replace(
            self, near=lambda anchor: tuple(change(days) if days and days.exists else days for days in near(anchor))
        )


Period = Days | Recurrent


def resolve(period: Period, today: date, lean: Lean) -> Days:
    """Find the days that are meant when `period` is said on `today`."""
    if isinstance(period, Days):
        return period
    return period.on_or_before(today) if lean == "past" else period.on_or_after(today, period.grace)


def change_each(period: Period, change: Callable[[Days], Days]) -> Period:
    """Apply `change` to the period, whichever turn of it will be meant."""
    return change(period) if isinstance(period, Days) else period.each(change)


def day_of(year: int, month: int, day: int) -> Days:
    """Name one day of the calendar."""
    try:
        found = date(year, month, day)
    except ValueError:
        raise ImpossibleDate from None
    return Days(found, found)


def one_day(day: date) -> Days:
    """Make a period of a single day."""
    return Days(day, day)


def add_months(day: date, months: int) -> date:
    """Go `months` on; a day that the month does not have becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise NotATime
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """Go `days` on, where the calendar reaches that far."""
    try:
        return day + timedelta(days)
    except OverflowError:
        raise NotATime from None


def week_of(day: date) -> Days:
    """Name the week around `day`, Monday to Sunday."""
    monday = day - timedelta(day.weekday())
    return Days(monday, monday + timedelta(6))


def month_of(day: date) -> Days:
    """Name the month around `day`."""
    return months_of(day.replace(day=1), 1)


def quarter_of(day: date) -> Days:
    """Name the quarter around `day`."""
    return months_of(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3)


def year_of(year: int) -> Days:
    """Name a whole year."""
    return Days(date(year, 1, 1), date(year, 12, 31))


def months_of(first: date, count: int) -> Days:
    """Name `count` whole months from their first day on."""
    return Days(first, add_months(first, count) - ONE_DAY)


def weekday(number: int) -> Recurrent:
    """Name a day of the week, Monday 0."""

    def near(anchor: date) -> tuple[Days, ...]:
        monday = week_of(anchor).first
        return tuple(one_day(monday + timedelta(7 * cycle + number)) for cycle in _CYCLES)

    return Recurrent(near)


def weekend() -> Recurrent:
    """Name Saturday and Sunday."""
    return weekday(5).each(lambda saturday: Days(saturday.first, saturday.first + ONE_DAY))


def day_number(number: int) -> Recurrent:
    """Name a day of whichever month: 17号."""
    return Recurrent(
        lambda anchor: tuple(_day_in(add_months(anchor.replace(day=1), cycle), number) for cycle in _CYCLES)
    )


def yearly(find: Callable[[int], Days | None], grace: timedelta = timedelta(0)) -> Recurrent:
    """Name what `find` gives for each year."""
    return Recurrent(lambda anchor: tuple(find(anchor.year + cycle) for cycle in _CYCLES), grace)


def every_month_and(part: Callable[[date], Days], months: int) -> Recurrent:
    """Name what `part` gives around the first day of every month, or of every third month."""
    return Recurrent(lambda anchor: tuple(part(add_months(anchor.replace(day=1), months * cycle)) for cycle in _CYCLES))


def month_name(month: int) -> Recurrent:
    """Name a month of whichever year."""
    return yearly(lambda year: months_of(date(year, month, 1), 1))


def month_day(month: int, day: int) -> Recurrent:
    """Name a day of whichever year."""
    return yearly(lambda year: _day_in(date(year, month, 1), day), _GRACE)


def day_within(month: Period, day: int) -> Period:
    """Name a day of a month that was named before it."""
    if isinstance(month, Days):
        return day_of(month.first.year, month.first.month, day)
    return Recurrent(lambda anchor: tuple(days and _day_in(days.first, day) for days in month.near(anchor)), _GRACE)


def month_part(days: Days, word: str) -> Days:
    """Cut 初, 上旬, 上半月, 中旬, 下旬 or 底 out of a month, or the first and last days of anything longer."""
    if word in ("底", "末", "终"):
        return one_day(days.last)
    if days.last - days.first > timedelta(days=31):
        middle = add_months(days.first, round((days.last - days.first).days / 61)) - ONE_DAY
        return months_of(days.first, 1) if word == "初" else one_day(middle if word == "中" else days.last)
    if word == "中":
        return one_day(days.first + timedelta(14))
    begin, end = next((part for words, part in _PARTS_OF_A_MONTH if word in words), (21, 31))
    return Days(days.first + timedelta(begin - 1), min(days.first + timedelta(end - 1), days.last))


_FIRST_HALF: Final = frozenset(f"{side}半{unit}" for side in "上前" for unit in "月周段")
_SECOND_HALF: Final = frozenset(f"{side}半{unit}" for side in "下后" for unit in "月周段")
_PARTS_OF_A_MONTH: Final = (
    (frozenset({"初", "上旬"}), (1, 10)),
    (frozenset({"中旬"}), (11, 20)),
    (_FIRST_HALF, (1, 15)),
    (_SECOND_HALF, (16, 31)),
)


def week_part(days: Days, word: str) -> Days:
    """Cut the beginning (Monday, Tuesday), the middle or the end (Friday) out of a week."""
    if word == "初" or word in _FIRST_HALF:
        return Days(days.first, days.first + ONE_DAY)
    if word in _SECOND_HALF:
        return Days(days.first + timedelta(3), days.first + timedelta(4))
    return one_day(days.first + timedelta(2 if word in ("中", "中旬") else 4))


def festival_in(name: str, year: int, workdays: Workdays) -> Days | None:
    """Find a festival, spoken with or without 节, in a year; None when the calendar does not know it."""
    short = name if name in _HOLIDAY_NAMES or name in _FIXED_FESTIVALS else name.removesuffix("节")
    if short in _FIXED_FESTIVALS:
        return replace(one_day(date(year, *_FIXED_FESTIVALS[short])), festival=True)
    holiday, days_away = _HOLIDAY_NAMES.get(short, (short, 0))
    day = workdays.holiday(holiday, year)
    return None if day is None else Days(day + timedelta(days_away), day + timedelta(days_away), festival=True)


def nearest_holiday(today: date, workdays: Workdays) -> Days:
    """Find the public holiday that people are in or look forward to."""
    found = (
        days
        for year in (today.year, today.year + 1)
        for name in _PUBLIC_HOLIDAYS
        if (days := festival_in(name, year, workdays)) and next_workday(days.last, workdays) > today
    )
    nearest = min(found, key=lambda days: days.first, default=None)
    if nearest is None:
        raise NotATime
    return nearest


def next_workday(day: date, workdays: Workdays, count: int = 1) -> date:
    """Find the `count`-th workday after `day`."""
    for candidate in _walk(add_days(day, 1), 1):
        count -= workdays.is_workday(candidate)
        if count <= 0:
            return candidate
    raise NotATime


def workday_within(days: Days, number: int, workdays: Workdays) -> Days:
    """Find the `number`-th workday of a period, or for -1 the last one up to its end."""
    if number < 0:
        return one_day(
            next(islice((day for day in _walk(days.last, -1) if workdays.is_workday(day)), -number - 1, None))
        )
    found = next_workday(days.first - ONE_DAY, workdays, number)
    if found > days.last:
        raise NotATime
    return one_day(found)


def days_off(days: Days, workdays: Workdays) -> Days:
    """Stretch a festival to the days on which nobody works because of it; other days stay as they are."""
    if not days.festival or workdays.is_workday(days.first):
        return days
    first = next(day for day in _walk(days.first, -1) if workdays.is_workday(day)) + ONE_DAY
    return replace(days, first=first, last=next_workday(days.last, workdays) - ONE_DAY)


def beside(days: Days, count: int) -> Days:
    """Find the day that is `count` days after the last one, or before the first one when it is below nothing."""
    return one_day(add_days(days.first if count < 0 else days.last, count))


def day_in_row(days: Days, number: int) -> Days:
    """Find the `number`-th of some days, the last one for -1."""
    found = days.last if number < 0 else add_days(days.first, number - 1)
    if found > days.last:
        raise NotATime
    return one_day(found)


def weekday_within(days: Days, nth: int, number: int) -> Days:
    """Find the `nth` weekday of that number in a period, the last one for -1; the end of a month means the month."""
    if days.last - days.first < timedelta(days=14):
        days = month_of(days.first)
    found = [
        day
        for day in (add_days(days.first, n) for n in range((days.last - days.first).days + 1))
        if day.weekday() == number
    ]
    if not found or nth > len(found):
        raise NotATime
    return one_day(found[nth if nth < 0 else nth - 1])


def _existing(turns: Iterator[Days]) -> Days:
    """Take the first turn, which must not be a day that does not exist."""
    days = next(turns, None)
    if days is None:
        raise NotATime
    if not days.exists:
        raise ImpossibleDate
    return days


def _day_in(first_of_month: date, day: int) -> Days:
    try:
        return one_day(first_of_month.replace(day=day))
    except ValueError:
        return replace(one_day(month_of(first_of_month).last), exists=False)


def _walk(day: date, step: int) -> Iterator[date]:
    """Walk from `day`, itself included; a calendar without any workday for a year is not asked further."""
    return (add_days(day, step * steps) for steps in range(400))
