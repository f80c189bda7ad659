"""What a whole phrase of `times.lark` means at a given moment."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from lark import v_args

from bot.understanding.clocks import NOON, Clock, Length, Point
from bot.understanding.periods import (
    ONE_DAY,
    Days,
    ImpossibleDate,
    NotATime,
    Period,
    Recurrent,
    add_days,
    add_months,
    beside,
    day_number,
    day_of,
    days_off,
    next_workday,
    one_day,
    resolve,
    week_of,
    workday_within,
)
from bot.understanding.time_points import Points
from core.model.rhythm import Rhythm

Kind = Literal["moment", "day", "range", "deadline", "recurring"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase says about time; `TimeSpan` adds where it stands and explains the fields."""

    kind: Kind
    from_: date
    to: date
    at: datetime | None = None
    until: datetime | None = None
    hour: int | None = None
    every: Rhythm | None = None
    inferred: bool = False


@v_args(inline=True)
class Meanings(Points):
    """Turns the tree of one phrase into its `Meaning`."""

    def start(self, meaning: Meaning) -> Meaning:
        return meaning

    # A point as it stands, and before, by or after it.

    def plain(self, point: Point) -> Meaning:
        clock = point.clock
        if point.days is None:
            return self._clock_alone(clock or Clock())
        days = self._resolve(point.days, clock)
        if not days.is_one:
            hint = None if clock is None else clock.hour if clock.minutes is None else clock.minutes // 60 % 24
            return Meaning("range", days.first, days.last, hour=hint)
        if clock is None:
            return self._day(days.first)
        return self._on_day(days.first, clock)

    def due(self, point: Point) -> Meaning:
        return replace(self.plain(point), kind="deadline", from_=self._today)

    due_within = due

    def before(self, point: Point) -> Meaning:
        """Before a day includes that day; before a festival or a longer period that is still to come excludes it."""
        meaning = self.due(point)
        if point.days is None or meaning.at is not None:
            return meaning
        days = self._resolve(point.days)
        if days.festival or (not days.is_one and days.first > self._today):
            return replace(meaning, to=days.first - ONE_DAY)
        return meaning

    def after(self, point: Point) -> Meaning:
        """After a festival is the first workday after its days off, after other days the next day."""
        if point.days is None or (point.clock and point.clock.minutes is not None):
            return self.plain(point)
        days = self._resolve_for_after(point.days)
        return self._day(next_workday(days.last, self._workdays) if days.festival else add_days(days.last, 1))

    def workday_after(self, point: Point, number: int, clock: Clock | None = None) -> Meaning:
        if point.days is None or number < 0:
            raise NotATime
        day = next_workday(self._resolve_for_after(point.days).last, self._workdays, number)
        return self._on_day(day, clock or Clock())

    def workday_before(self, point: Point, number: int, clock: Clock | None = None) -> Meaning:
        """The last workday before something begins: 五一前最后一个工作日."""
        if point.days is None or number > 0:
            raise NotATime
        days = days_off(self._resolve(point.days), self._workdays)
        return self._on_day(workday_within(beside(days, -1), number, self._workdays).first, clock or Clock())

    def weekday_before(self, point: Point, nth: tuple[int, int]) -> Meaning:
        """The last Friday before something begins: 国庆前最后一个礼拜五."""
        if point.days is None or nth[0] > 0:
            raise NotATime
        eve = beside(days_off(self._resolve(point.days), self._workdays), -1).first
        return self._day(eve - timedelta(days=(eve.weekday() - nth[1]) % 7))

    def day_after(self, point: Point, number: int, clock: Clock | None = None) -> Meaning:
        """The third day after: 节后第三天 counts from the end of the days off."""
        if point.days is None or number < 0:
            raise NotATime
        days = days_off(self._resolve_for_after(point.days), self._workdays)
        return self._on_day(beside(days, number).first, clock or Clock())

    def after_festival(self, name: str, clock: Clock | None = None) -> Meaning:
        """Whoever is back from a festival works again: 国庆回来."""
        return self.workday_after(Point(self.festival(name)), 1, clock)

    def after_nearest(self, words: str, clock: Clock | None = None) -> Meaning:
        return self.workday_after(Point(self.nearest_holiday(words)), 1, clock)

    def before_meal(self, words: str) -> Meaning:
        return self.before_meal_of(one_day(self._today), words)

    def before_meal_of(self, days: Period, words: str) -> Meaning:
        return self.due(Point(days, Clock((18 if "晚" in words else NOON) * 60)))

    # From one point to another.

    def stretch(self, left: Point, right: Point) -> Meaning:
        if left.clock and right.clock and left.clock.minutes is not None and right.clock.minutes is not None:
            return self._hours(left, right)
        if left.days is None or right.days is None:
            raise NotATime
        first, last = self._resolve_both(left.days, right.days)
        return Meaning("range", first.first, last.last)

    def stretch_to_day(self, left: Point, right: int) -> Meaning:
        """6月19到21 leaves 号 out where a day was named before."""
        if left.days is None or left.clock is not None:
            raise NotATime
        return self.stretch(left, Point(day_number(right)))

    def hours(self, left: int, right: int) -> Meaning:
        return self._open_hours(None, None, left, right)

    def hours_of_part(self, part: str, left: int, right: int) -> Meaning:
        return self._open_hours(None, part, left, right)

    def hours_of_day(self, days: Period, left: int, right: int) -> Meaning:
        return self._open_hours(days, None, left, right)

    def hours_of_part_of_day(self, days: Period, part: str, left: int, right: int) -> Meaning:
        return self._open_hours(days, part, left, right)

    def duo_hours(self, first: int) -> Meaning:
        """两三点 begins with the earlier of both."""
        return self.hours(first, first + 1)

    def duo_hours_of_part(self, part: str, first: int) -> Meaning:
        return self.hours_of_part(part, first, first + 1)

    def duo_hours_of_day(self, days: Period, first: int) -> Meaning:
        return self.hours_of_day(days, first, first + 1)

    def duo_hours_of_part_of_day(self, days: Period, part: str, first: int) -> Meaning:
        return self.hours_of_part_of_day(days, part, first, first + 1)

    def months_between(self, left: int, right: int) -> Meaning:
        return self.stretch(Point(self.named_month(left)), Point(self.named_month(right)))

    def days_between(self, left: int, right: int) -> Meaning:
        return self.stretch(Point(self.day_number(left)), Point(day_number(right)))

    # Lengths of time from now.

    def later(self, length: Length, clock: Clock | None = None) -> Meaning:
        if clock is None:
            return self._away(length, 1)
        if length.minutes:
            raise NotATime
        return self._on_day(self._go(length, 1).date(), clock)

    def later_same_day(self, length: Length, _words: str, clock: Clock | None = None) -> Meaning:
        """两周后的今天 is the day itself."""
        return self._on_day(self._go(length, 1).date(), clock or Clock())

    def later_weekday(self, length: Length, number: int, clock: Clock | None = None) -> Meaning:
        """两周后的周三 is the Wednesday of the week in which the length ends."""
        if not length.months and (length.minutes or length.workdays or length.days % 7):
            raise NotATime
        return self._on_day(week_of(self._go(length, 1).date()).first + timedelta(number), clock or Clock())

    def later_day_number(self, length: Length, number: int, clock: Clock | None = None) -> Meaning:
        """两个月后的15号 is a day of the month in which the length ends."""
        if not length.months:
            raise NotATime
        month = self._go(length, 1).date()
        return self._on_day(day_of(month.year, month.month, number).first, clock or Clock())

    def ago(self, length: Length) -> Meaning:
        return self._away(length, -1)

    def within(self, length: Length) -> Meaning:
        return replace(self._away(length, 1), kind="deadline", from_=self._today)

    def lastly(self, length: Length) -> Meaning:
        return Meaning("range", self._go(length, -1).date(), self._today)

    def coming(self, length: Length) -> Meaning:
        return Meaning("range", self._today, self._go(length, 1).date())

    # How the meanings above come about.

    def _day(self, day: date) -> Meaning:
        return Meaning("day", day, day)

    def _on_day(self, day: date, clock: Clock) -> Meaning:
        if clock.minutes is None:
            return Meaning("day", day, day, hour=clock.hour)
        at = self._at(day, clock.minutes)
        return Meaning("moment", at.date(), at.date(), at=at, inferred=clock.inferred)

    def _clock_alone(self, clock: Clock) -> Meaning:
        """A time of day without a day is the next one (the last one, looking back); a part of the day is today's."""
        meaning = self._on_day(self._today, clock)
        if meaning.at is None:
            return meaning
        if self._lean == "past":
            return meaning if meaning.at <= self._now else self._on_day(add_days(self._today, -1), clock)
        return meaning if meaning.at >= self._now else self._on_day(add_days(self._today, 1), clock)

    def _resolve(self, period: Period, clock: Clock | None = None) -> Days:
        """Find the days that are meant; the turn that is today moves on when its time of day is over."""
        days = resolve(period, self._today, self._lean)
        timed = isinstance(period, Recurrent) and days.is_one and clock is not None and clock.minutes is not None
        if timed and days.first == self._today and clock and clock.minutes is not None:
            over = self._at(self._today, clock.minutes) <= self._now
            if over and self._lean == "future":
                return resolve(period, add_days(self._today, 1), "future")
            if not over and self._lean == "past":
                return resolve(period, add_days(self._today, -1), "past")
        return days

    def _resolve_for_after(self, period: Period) -> Days:
        """Find the days after which something is to happen: a festival counts until its days off are over."""
        days = self._resolve(period)
        if isinstance(period, Recurrent) and days.festival:
            before = period.on_or_before(self._today)
            if next_workday(before.last, self._workdays) > self._today:
                return before
        return days

    def _resolve_both(self, left: Period, right: Period) -> tuple[Days, Days]:
        """Find both ends; the right one is the next after the left one, and the whole is not over yet."""
        if isinstance(left, Recurrent) and isinstance(right, Recurrent):
            return self._resolve_turns(left, right)
        first = resolve(left, self._today, self._lean)
        last = right if isinstance(right, Days) else right.on_or_after(first.first)
        if first.first > last.last and isinstance(left, Recurrent):
            first = left.on_or_before(last.last)
        if first.first > last.last:
            raise NotATime
        return first, last

    def _resolve_turns(self, left: Recurrent, right: Recurrent) -> tuple[Days, Days]:
        """Find the turn of 周一到周三 or 1月到3月 that is meant: the first not over, or looking back the last begun."""
        looks_back = self._lean == "past"
        turns = left.near(self._today)
        for first in reversed(turns) if looks_back else turns:
            if first is None or (looks_back and first.first > self._today):
                continue
            try:
                last = right.on_or_after(first.first)
            except ImpossibleDate:
                if first.last < self._today and not looks_back:
                    continue
                raise
            if looks_back or last.last >= self._today - left.grace:
                if not first.exists:
                    raise ImpossibleDate
                return first, last
        raise NotATime

    def _open_hours(self, days: Period | None, part: str | None, left: int, right: int) -> Meaning:
        """Read 9-11点, where the first number has no 点 of its own."""
        first = self.hour(left).in_part(part)
        return self._hours(Point(days, first), Point(None, self.hour(right).in_part(None)))

    def _hours(self, left: Point, right: Point) -> Meaning:
        """Read two times of day, of which the second may leave its day and its half of the day to the first."""
        if not left.clock or not right.clock or left.clock.minutes is None or right.clock.minutes is None:
            raise NotATime
        begin = self.plain(left)
        if begin.at is None:
            raise NotATime
        if right.days is None:
            until = begin.at + timedelta(minutes=_minutes_between(left.clock.minutes, right.clock))
        else:
            until = self._at(self._resolve_both(one_day(begin.from_), right.days)[1].first, right.clock.minutes)
        if until <= begin.at:
            raise NotATime
        return replace(begin, kind="range", to=until.date(), until=until)

    def _away(self, length: Length, direction: int) -> Meaning:
        """Go from now; hours and minutes lead to a moment, days and more to a day."""
        moment = self._go(length, direction)
        if length.minutes:
            return Meaning("moment", moment.date(), moment.date(), at=moment)
        return self._day(moment.date())

    def _go(self, length: Length, direction: int) -> datetime:
        if length.workdays:
            if direction < 0:
                raise NotATime
            return self._at(next_workday(self._today, self._workdays, length.workdays), 0)
        day = add_days(add_months(self._today, direction * length.months), direction * length.days)
        return self._now.replace(year=day.year, month=day.month, day=day.day) + direction * timedelta(
            minutes=length.minutes
        )

    def _at(self, day: date, minutes: int) -> datetime:
        later, minute_of_day = divmod(minutes, 24 * 60)
        hour, minute = divmod(minute_of_day, 60)
        day = add_days(day, later)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._now.tzinfo)


def _minutes_between(start: int, end: Clock) -> int:
    """Count the minutes to an end that is the next one after `start`, of either half of the day if it named none."""
    cycle = (12 if end.bare else 24) * 60
    return ((end.minutes or 0) - start - 1) % cycle + 1
