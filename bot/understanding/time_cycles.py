"""What comes again and again: 每周一, 每两周周一, 每月31号, 每月最后一个工作日."""

from dataclasses import replace
from datetime import date

from lark import v_args

from bot.understanding.clocks import Clock
from bot.understanding.periods import (
    Days,
    ImpossibleDate,
    NotATime,
    Period,
    Recurrent,
    add_days,
    add_months,
    every_month_and,
    month_of,
    next_workday,
    one_day,
    resolve,
    weekday,
)
from bot.understanding.time_meanings import Meaning, Meanings
from core.model.rhythm import Every, Rhythm
from core.rules.reminders import SHORTEST_MONTH


@v_args(inline=True)
class Cycles(Meanings):
    """Turns the phrases of what recurs into the rhythm and its next turn, and all others into their meaning."""

    def every(self, rhythm: Rhythm, clock: Clock | None = None) -> Meaning:
        meaning = self._recurring(rhythm, self._today, clock)
        over = meaning.at is not None and meaning.at <= self._now
        if rhythm.unit is Every.WORKDAY and (over or not self._workdays.is_workday(self._today)):
            return self._recurring(rhythm, next_workday(self._today, self._workdays), clock)
        return self._recurring(rhythm, add_days(self._today, 1), clock) if over else meaning

    def every_part(self, part: str, clock: Clock | None = None) -> Meaning:
        return self.every(Rhythm(Every.DAY), self.part(part, clock))

    def every_edge(self, rhythm: Rhythm, word: str, clock: Clock | None = None) -> Meaning:
        """Only a quarter's and a year's end come again: 每季度末."""
        if rhythm.unit is Every.QUARTER:
            return self._turning(Rhythm(Every.QUARTER, on="31"), self.this_quarter_edge(word), clock)
        if rhythm.unit is Every.YEAR:
            return self._turning(rhythm, self.this_year_edge(word), clock)
        raise NotATime

    def every_nth_day(self, rhythm: Rhythm, number: int, clock: Clock | None = None) -> Meaning:
        """Of a quarter or a year the last day alone: 每季度最后一天."""
        if number > 0:
            raise NotATime
        return self.every_edge(rhythm, "底", clock)

    def every_date(self, rhythm: Rhythm, days: Period, clock: Clock | None = None) -> Meaning:
        if rhythm.unit is not Every.YEAR:
            raise NotATime
        return self._turning(rhythm, days, clock)

    def every_few(self, rhythm: Rhythm, clock: Clock | None = None) -> Meaning:
        """The first turn of 每两天 is two days on."""
        return self._recurring(rhythm, self._on(rhythm), clock)

    def every_few_weekdays(self, rhythm: Rhythm, number: int, clock: Clock | None = None) -> Meaning:
        if rhythm.unit is not Every.WEEK:
            raise NotATime
        return self._turning(rhythm, weekday(number), clock)

    def weekly(self, number: int, clock: Clock | None = None) -> Meaning:
        return self._turning(Rhythm(Every.WEEK), weekday(number), clock)

    def weekly_several(self, numbers: list[int], clock: Clock | None = None) -> Meaning:
        rhythm = Rhythm(Every.WEEK, on="".join(str(number + 1) for number in numbers))
        return self._recurring(rhythm, min(self._next(weekday(number), clock) for number in numbers), clock)

    def every_month(self) -> Meaning:
        return self._recurring(Rhythm(Every.MONTH), self._today, None)

    def monthly(self, number: int, clock: Clock | None = None) -> Meaning:
        """A day that not every month has is the last one of those that are too short."""
        if number <= SHORTEST_MONTH:
            return self._turning(Rhythm(Every.MONTH), self.day_number(number), clock)
        if number > 31:  # noqa: PLR2004
            raise NotATime
        days = every_month_and(lambda month: _day_or_last(month, number), 1)
        return self._turning(Rhythm(Every.MONTH, on=str(number)), days, clock)

    def monthly_day(self, number: int, clock: Clock | None = None) -> Meaning:
        if number < 0:
            return self.monthly(31, clock)
        return self._turning(Rhythm(Every.MONTH), self.day_of_days(every_month_and(month_of, 1), number), clock)

    def monthly_edge(self, word: str, clock: Clock | None = None) -> Meaning:
        if word == "底":
            return self.monthly(31, clock)
        return self._turning(Rhythm(Every.MONTH), self.this_month_edge(word), clock)

    def monthly_workday(self, number: int, clock: Clock | None = None) -> Meaning:
        days = self.workday_of(every_month_and(month_of, 1), number)
        return self._turning(Rhythm(Every.MONTH, on=f"w{number}"), days, clock)

    def monthly_weekday(self, nth: tuple[int, int], clock: Clock | None = None) -> Meaning:
        return self._turning(Rhythm(Every.MONTH, on=f"{nth[0]}.{nth[1] + 1}"), self.weekday_of_month(nth), clock)

    def _turning(self, rhythm: Rhythm, turns: Period, clock: Clock | None) -> Meaning:
        return self._recurring(rhythm, self._next(turns, clock), clock)

    def _recurring(self, rhythm: Rhythm, day: date, clock: Clock | None) -> Meaning:
        meaning = self._on_day(day, clock) if clock else self._day(day)
        return replace(meaning, kind="recurring", every=rhythm)

    def _on(self, rhythm: Rhythm) -> date:
        """Go one turn on from today."""
        if rhythm.unit is Every.WORKDAY:
            return next_workday(self._today, self._workdays, rhythm.step)
        days = {Every.DAY: 1, Every.WEEK: 7}.get(rhythm.unit)
        if days is not None:
            return add_days(self._today, days * rhythm.step)
        return add_months(self._today, {Every.QUARTER: 3, Every.YEAR: 12}.get(rhythm.unit, 1) * rhythm.step)

    def _next(self, turns: Period, clock: Clock | None) -> date:
        """Find the next turn whose time of day is not over yet."""
        days = self._turn_from(turns, self._today)
        if clock and clock.minutes is not None and self._at(days.first, clock.minutes) <= self._now:
            days = self._turn_from(turns, add_days(days.last, 1))
        return days.first

    @staticmethod
    def _turn_from(turns: Period, day: date) -> Days:
        if isinstance(turns, Recurrent):
            return turns.on_or_after(day)
        if turns.last < day:
            raise ImpossibleDate
        return resolve(turns, day, "future")


def _day_or_last(month: date, number: int) -> Days:
    last = month_of(month).last
    return one_day(last.replace(day=min(number, last.day)))
