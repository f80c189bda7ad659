"""The rules of `times.lark` below whole phrases, read into days, times of day, and lengths of time."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final

from lark import v_args

from bot.understanding.clocks import NOON, Clock, Length, Point
from bot.understanding.periods import (
    ONE_DAY,
    Days,
    ImpossibleDate,
    NotATime,
    Period,
    add_days,
    add_months,
    beside,
    change_each,
    day_in_row,
    day_number,
    day_of,
    day_within,
    days_off,
    every_month_and,
    festival_in,
    month_day,
    month_name,
    month_of,
    month_part,
    months_of,
    nearest_holiday,
    next_workday,
    one_day,
    quarter_of,
    resolve,
    week_of,
    week_part,
    weekday,
    weekday_within,
    weekend,
    workday_within,
    year_of,
    yearly,
)
from bot.understanding.time_terminals import Terminals

_OFFICE_HOURS: Final = {"上班": 9, "下班": 18, "收工": 18, "打烊": 18, "天黑": 18, "eod": 18, "cob": 18}
_HOURS_A_DAY: Final = 24
_LAST_WRITTEN_LIKE_A_HOUR: Final = 10
_MONTHS_A_YEAR: Final = 12


@v_args(inline=True)
class Points(Terminals):
    """Turns the lower rules into days, clocks and lengths, with `today` for what is said relative to it.

    Raises NotATime for what only looks like one and ImpossibleDate for days that do not exist. One reader serves one
    text: after 5月1到5号放假 a later 9号 is in May too, so it keeps the last month that was named with a day, and in
    下周四、周五 it keeps the week as long as the list goes on.
    """

    def forget_week(self) -> None:
        """Begin a phrase that goes on no list of weekdays."""
        self._week_in_mind = None

    # Points.

    def on_days(self, days: Period, clock: Clock | None = None) -> Point:
        return Point(days, clock)

    def on_days_at_this_hour(self, days: Period) -> Point:
        found = resolve(days, self._today, self._lean)
        if not found.is_one:  # 下周这时候 is this very day of it
            days = one_day(found.first + timedelta(self._today.weekday() % ((found.last - found.first).days + 1)))
        return Point(days, Clock(self._now.hour * 60 + self._now.minute))

    def at_clock(self, clock: Clock) -> Point:
        return Point(None, clock)

    def on_part(self, day_and_part: tuple[Days, str], clock: Clock | None = None) -> Point:
        day, part = day_and_part
        return Point(day, self.part(part, clock))

    # Days and weeks.

    def relative_day(self, days: Days) -> Days:
        return days

    def two_days(self, words: str) -> Days:
        first = add_days(self._today, 0 if words.startswith("今") else 1)
        return Days(first, first + ONE_DAY)

    def this_day(self, _words: str) -> Days:
        return one_day(self._today)

    def two_weekdays(self, shift_and_last: tuple[int | None, int]) -> Period:
        """周三四 is two days in a row, of which either will do."""
        shift, last = shift_and_last
        if shift is None:
            day = resolve(weekday(last - 1), self._today, self._lean).first
        else:
            day = add_days(self.relative_week(shift).first, last - 1)
        return Days(day, day + ONE_DAY)

    def same_day_of_week(self, shift: int, _words: str) -> Days:
        return one_day(add_days(self._today, 7 * shift))

    def same_day_of_month(self, shift: int, _words: str) -> Days:
        return one_day(add_months(self._today, shift))

    def half_period(self, words: str) -> Days:
        if words.endswith("周"):
            return week_part(week_of(self._today), words)
        return month_part(month_of(self._today), words)

    def half_year_edge(self, second: bool, word: str) -> Days:
        return month_part(self.half_year(second), word)

    def named_day(self, days: Period, number: int) -> Period:
        """Two names of one day must agree: 3月17日(周三) is no day when the 17th is a Tuesday."""
        if resolve(days, self._today, self._lean).first.weekday() != number:
            raise ImpossibleDate
        return days

    def also_named_day(self, days: Period, number: int) -> Period:
        """Two names with a blank between may as well be two days: 17号 周三."""
        try:
            return self.named_day(days, number)
        except ImpossibleDate:
            raise NotATime from None

    def weekday(self, number: int) -> Period:
        before = self._week_in_mind
        if before is not None and number > before.weekday():
            return one_day(add_days(before, number - before.weekday()))
        return weekday(number)

    def relative_weekday(self, shift_and_number: tuple[int, int]) -> Days:
        return self.weekday_of_week(*shift_and_number)

    def relative_week(self, shift: int) -> Days:
        return week_of(add_days(self._today, 7 * shift))

    def weekday_of_week(self, shift: int, number: int) -> Days:
        day = add_days(self.relative_week(shift).first, number)
        self._week_in_mind = day
        return one_day(day)

    def week_edge(self, shift: int, word: str) -> Days:
        return week_part(self.relative_week(shift), word)

    def weekend(self, shift: int | None) -> Period:
        if shift is None:
            return weekend()
        saturday = self.weekday_of_week(shift, 5).first
        return Days(saturday, saturday + ONE_DAY)

    def this_period(self, word: str) -> Days:
        if word == "年":
            return year_of(self._today.year)
        if word.startswith("季"):
            return quarter_of(self._today)
        return month_of(self._today) if word == "月" else week_of(self._today)

    def next_workday(self, _words: str) -> Days:
        return one_day(next_workday(self._today, self._workdays))

    def workday_of(self, days: Period, number: int) -> Period:
        return change_each(days, lambda found: workday_within(found, number, self._workdays))

    def day_beside(self, days: Period, words: str) -> Period:
        return self.days_beside(days, -1 if words.startswith("前") else 1)

    def days_beside(self, days: Period, count: int) -> Period:
        """So many days before or after; a festival counts from the first to the last of its days off."""
        return change_each(days, lambda found: beside(days_off(found, self._workdays), count))

    def days_beside_festival(self, name: str, count: int) -> Period:
        return self.days_beside(self.festival(name), count)

    def day_of_days(self, days: Period, number: int) -> Period:
        return change_each(days, lambda found: day_in_row(days_off(found, self._workdays), number))

    def weekday_of_days(self, days: Period, nth: tuple[int, int]) -> Period:
        return change_each(days, lambda found: weekday_within(found, *nth))

    def weekday_of_month(self, nth: tuple[int, int]) -> Period:
        """The last Wednesday, of this month or of the next when it is over."""
        return self.weekday_of_days(every_month_and(month_of, 1), nth)

    # Dates, months, quarters, years.

    def day_of_month(self, month: Period, number: int) -> Period:
        return self._bear_in_mind(day_within(month, number))

    def day_number(self, number: int) -> Period:
        if not 1 <= number <= 31:  # noqa: PLR2004
            raise NotATime
        month = self._month_in_mind
        return day_number(number) if month is None or number < month.day else day_of(month.year, month.month, number)

    def iso_date(self, parts: list[int]) -> Days:
        return day_of(*parts)

    def compact_date(self, parts: list[int]) -> Days:
        """Eight digits that are no date are some other number, not a mistaken date."""
        try:
            return day_of(*parts)
        except ImpossibleDate:
            raise NotATime from None

    def month_day(self, parts: list[int]) -> Period:
        return self._bear_in_mind(month_day(*parts))

    def named_month(self, number: int) -> Period:
        if not 1 <= number <= _MONTHS_A_YEAR:
            raise ImpossibleDate
        return month_name(number)

    def month_of_year(self, year: int, number: int) -> Days:
        if not 1 <= number <= _MONTHS_A_YEAR:
            raise ImpossibleDate
        return months_of(date(year, number, 1), 1)

    def relative_month(self, shift: int) -> Days:
        return month_of(add_months(self._today, shift))

    def iso_month(self, parts: list[int]) -> Days:
        return self.month_of_year(*parts)

    def english_date(self, parts: list[int]) -> Period:
        return self.month_day(*[parts])

    def _bear_in_mind(self, day: Period) -> Period:
        self._month_in_mind = resolve(day, self._today, self._lean).first
        return day

    def edge(self, period: Period, word: str) -> Period:
        return change_each(period, lambda days: month_part(days, word))

    def this_month_edge(self, word: str) -> Period:
        return self.edge(every_month_and(month_of, 1), word)

    def named_quarter(self, number: int) -> Period:
        return yearly(lambda year: self.quarter_of_year(year, number))

    def quarter_of_year(self, year: int, number: int) -> Days:
        return months_of(date(year, 3 * number - 2, 1), 3)

    def relative_quarter(self, shift: int) -> Days:
        return quarter_of(add_months(self._today, 3 * shift))

    def this_quarter_edge(self, word: str) -> Period:
        return self.edge(every_month_and(quarter_of, 3), word)

    def year(self, number: int) -> int:
        return number

    def whole_year(self, year: int) -> Days:
        return year_of(year)

    def year_edge(self, year: int, word: str) -> Days:
        return month_part(year_of(year), word)

    def this_year_edge(self, word: str) -> Period:
        return self.edge(yearly(year_of), word)

    def half_year(self, second: bool) -> Days:
        return self.half_of_year(self._today.year, second)

    def half_of_year(self, year: int, second: bool) -> Days:
        return months_of(date(year, 7 if second else 1, 1), 6)

    # Festivals.

    def festival(self, name: str) -> Period:
        turns = yearly(lambda year: festival_in(name, year, self._workdays))
        if self.festivals_name_months:
            self._month_in_mind = resolve(turns, self._today, self._lean).first.replace(day=1)
        return turns

    def festival_of_year(self, year: int, name: str) -> Days:
        found = festival_in(name, year, self._workdays)
        if found is None:
            raise NotATime
        return found

    def days_beside_nearest(self, _words: str, count: int) -> Days:
        return beside(days_off(self._nearest_holiday, self._workdays), count)

    def nearest_holiday(self, _words: str) -> Days:
        return self._nearest_holiday

    @cached_property
    def _nearest_holiday(self) -> Days:
        return nearest_holiday(self._today, self._workdays)

    # Times of day.

    def part(self, part: str, clock: Clock | None = None) -> Clock:
        return (clock or Clock()).in_part(part)

    def no_part(self, clock: Clock) -> Clock:
        return clock.in_part(None)

    def office_hour(self, words: str) -> Clock:
        return Clock(next(hour for word, hour in _OFFICE_HOURS.items() if word in words.lower()) * 60)

    def hour(self, hour: int) -> Clock:
        return self.hour_and_minute(hour, 0)

    def hour_and_half(self, hour: int) -> Clock:
        return self.hour_and_minute(hour, 30)

    def hour_and_quarters(self, hour: int, quarters: int) -> Clock:
        return self.hour_and_minute(hour, 15 * quarters)

    def hour_and_minute(self, hour: int, minute: int) -> Clock:
        if hour > _HOURS_A_DAY or minute >= 60 or (hour == _HOURS_A_DAY and minute):  # noqa: PLR2004
            raise NotATime
        return Clock(hour * 60 + minute, bare=hour <= NOON)

    def minutes_to(self, minutes: int, hour: int) -> Clock:
        """差10分3点 is ten minutes before three."""
        if not 0 < minutes < 60 or not 1 <= hour <= _HOURS_A_DAY:  # noqa: PLR2004
            raise NotATime
        return replace(self.hour_and_minute(hour - 1, 60 - minutes), bare=hour <= NOON)

    def quarters_to(self, quarters: int, hour: int) -> Clock:
        return self.minutes_to(15 * quarters, hour)

    def digital(self, words: str) -> Clock:
        """15:30 says all; a single-figure hour such as 3:30 is still a spoken one."""
        hour, minute = (int(part) for part in re.split("[:.]", words)[:2])
        clock = self.hour_and_minute(hour, minute)
        return clock if not words.startswith("0") and hour < _LAST_WRITTEN_LIKE_A_HOUR else Clock(clock.minutes)

    def english_clock(self, words: str) -> Clock:
        hour, minute = (int(part or 0) for part in re.findall(r"(\d+)(?::(\d+))?", words)[0])
        if not 1 <= hour <= NOON:
            raise NotATime
        return Clock((hour % 12 + (12 if "p" in words.lower() else 0)) * 60 + minute)

    # Lengths.

    def length(self, count: int | Decimal, unit: str) -> Length:
        """Half a month is 15 days; half a day is too vague to go by, a day and a half is 36 hours."""
        whole, fraction = int(count), count % 1
        if unit == "YEARS":
            return Length(months=int(count * 12))
        if unit == "MONTHS":
            return Length(months=whole, days=int(fraction * 30))
        if unit == "WEEKS":
            return Length(days=int(count * 7))
        if unit == "DAYS":
            if fraction and not whole:
                raise NotATime
            return Length(minutes=int(count * 24 * 60)) if fraction else Length(days=whole)
        return Length(minutes=int(count * (60 if unit == "HOURS" else 1)))

    def length_and_half(self, count: int | Decimal, unit: str) -> Length:
        return self.length(count + Decimal("0.5"), unit)

    def half(self, unit: str) -> Length:
        return self.length(Decimal("0.5"), unit)

    def hours_and_minutes(self, hours: int | Decimal, _hours: str, minutes: int, _minutes: str) -> Length:
        return Length(minutes=int(hours * 60) + minutes)

    def quarter_hours(self, count: int) -> Length:
        return Length(minutes=15 * count)

    def workdays(self, count: int, _words: str) -> Length:
        return Length(workdays=count)
