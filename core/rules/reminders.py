"""When a reminder that repeats comes again."""

import calendar as months
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from core.calendar import WorkCalendar
from core.model.rhythm import Every, Rhythm

DAY = timedelta(days=1)
SHORTEST_MONTH = 28
MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def next_turn(every: Rhythm, at: datetime, after: datetime, calendar: WorkCalendar) -> datetime:
    """Return the first turn later than `after`, at the same time of day; turns that were missed are not made up for."""
    wall = calendar.local(at)
    for day in _turns(every, wall.date(), calendar):
        moment = datetime.combine(day, wall.time(), wall.tzinfo)
        if moment > after:
            return moment
    raise AssertionError("a rhythm has no end")


def _turns(every: Rhythm, first: date, calendar: WorkCalendar) -> Iterator[date]:
    """Yield the days of the turns behind the first one."""
    if every.unit in MONTHS:
        start = first.replace(day=1)
        for turn in count(1):
            month = start.year * 12 + start.month - 1 + MONTHS[every.unit] * every.step * turn
            yield _day_of(every, date(month // 12, month % 12 + 1, 1), first, calendar)
    elif every.unit is Every.WEEK and every.on:
        yield from (day for day in _days(first, 1) if str(day.isoweekday()) in every.on)
    elif every.unit is Every.WORKDAY:
        yield from (day for day in _days(first, 1) if calendar.is_workday(day))
    else:
        yield from _days(first, every.step * (7 if every.unit is Every.WEEK else 1))


def _days(first: date, step: int) -> Iterator[date]:
    return (first + step * turn * DAY for turn in count(1))


def _day_of(every: Rhythm, month: date, first: date, calendar: WorkCalendar) -> date:
    """The day of a month on which a turn falls; a month that is too short ends sooner, and the next one does not."""
    days = [month.replace(day=n + 1) for n in range(months.monthrange(month.year, month.month)[1])]
    if every.nth is not None:
        number, weekday = every.nth
        found = [day for day in days if day.isoweekday() == weekday]
    elif every.on.startswith("w"):
        number, found = int(every.on[1:]), [day for day in days if calendar.is_workday(day)] or days
    else:
        number, found = int(every.on or first.day), days
    return found[max(number, -len(found))] if number < 0 else found[min(number, len(found)) - 1]
