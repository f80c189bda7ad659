"""When a report comes next, and until when a notice is kept back from somebody who wants to be left in peace."""

from datetime import date, datetime, timedelta

from core.calendar import WorkCalendar
from core.model.deadline import Deadline, DeadlineKind
from core.model.money import Money
from core.model.subscription import LAST_DAY, QuietRule, Rhythm, Subscription

DAY = timedelta(days=1)
FAR = 400
"""Days after which there is no next time: even the rarest rhythm comes once a month."""


def next_at(wanted: Subscription, after: datetime, calendar: WorkCalendar) -> datetime:
    """Return the first instant after `after` at which the report comes."""
    day = calendar.local(after).date()
    for _ in range(FAR):
        at = calendar.at(day, wanted.at)
        if at > after and is_its_day(wanted, day, calendar):
            return at
        day += DAY
    raise ValueError(f"no next time for {wanted.rhythm} on {wanted.day}")


def is_its_day(wanted: Subscription, day: date, calendar: WorkCalendar) -> bool:
    """Say whether the report comes on this day."""
    if wanted.rhythm == Rhythm.DAILY:
        return True
    if wanted.rhythm == Rhythm.WEEKLY:
        return day.isoweekday() == wanted.day
    if wanted.rhythm == Rhythm.MONTHLY:
        return day == day_of_month(day, wanted.day, calendar)
    return calendar.is_workday(day)


def kept_back_until(rule: QuietRule, now: datetime, worth: Money | None, calendar: WorkCalendar) -> datetime | None:
    """Return until when a notice waits that comes `now`; None when it may come at once."""
    if rule.above is not None and worth is not None and worth >= rule.above:
        return None
    until = now
    for _ in range(FAR):  # a day off ends in the quiet hours of the next morning, and the other way round
        later = rule.hours.after(until, calendar)
        wall = calendar.local(later)
        if rule.days_off and not calendar.is_workday(wall.date()):
            later = calendar.at(wall.date() + DAY, rule.hours.ends if rule.begins > rule.ends else wall.min.time())
        if later == until:
            break
        until = later
    return until if until > now else None


def end_of_peace(rule: QuietRule, until: datetime) -> Deadline:
    """Return the promise to tell, when it is over, what was kept back."""
    return Deadline(
        subject_kind=rule.ref.kind,
        subject_id=rule.id,
        kind=DeadlineKind.PEACE_ENDS,
        rule="免打扰",
        cycle=int(until.timestamp()),
        due_at=until,
        limit_at=until,
        holder_id=rule.member_id,
    )


def day_of_month(day: date, on: int, calendar: WorkCalendar) -> date:
    """Return the day of this month that is meant; a month that is too short ends sooner."""
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY
    if on != LAST_DAY:
        return day.replace(day=min(on, last.day))
    while last.day > 1 and not calendar.is_workday(last):
        last -= DAY
    return last
