"""When a reminder that repeats comes again."""

from datetime import date, datetime, timedelta

from core.calendar import WorkCalendar
from core.model.followup import Every

DAY = timedelta(days=1)
MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.YEAR: 12}


def next_turn(every: Every, at: datetime, after: datetime, calendar: WorkCalendar) -> datetime:
    """Return the first turn later than `after`, at the same time of day; turns that were missed are not made up for."""
    wall = calendar.local(at)
    first = wall.date()
    turns = 0
    while True:
        turns += 1
        day = _turn(every, first, turns)
        moment = datetime.combine(day, wall.time(), wall.tzinfo)
        if moment > after and (every is not Every.WORKDAY or calendar.is_workday(day)):
            return moment


def _turn(every: Every, first: date, turns: int) -> date:
    """Count so many turns from the first; a month that is too short ends sooner."""
    if every in MONTHS:
        month = first.year * 12 + first.month - 1 + MONTHS[every] * turns
        start = date(month // 12, month % 12 + 1, 1)
        last = (start.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY
        return start.replace(day=min(first.day, last.day))
    return first + turns * (7 * DAY if every is Every.WEEK else DAY)
