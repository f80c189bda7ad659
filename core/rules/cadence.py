"""Whether customers are heard of as often as their grade wants (semantics B.7), and how long nobody was in touch."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from core.calendar import ONE_DAY, WorkCalendar
from core.model.book import Held, Touch
from core.model.playbook.cadence import Moment, Requirement, Rung, Silence

Away = Collection[date]
"""Days on which a member is on leave."""


@dataclass(frozen=True, order=True)
class Period:
    """From the first day up to the day before `ends`."""

    begins: date
    ends: date

    def days(self) -> Iterator[date]:
        day = self.begins
        while day < self.ends:
            yield day
            day += ONE_DAY


@dataclass(frozen=True)
class Kept:
    """How many periods a promise had, how many were kept, and which were not."""

    due: int = 0
    met: int = 0
    missed: tuple[Period, ...] = ()

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(self.due + other.due, self.met + other.met, (*self.missed, *other.missed))

    @property
    def share(self) -> Decimal | None:
        """The part that was kept in percent, half up to two places; None where nothing was due."""
        return share_of(self.met, self.due)


def share_of(part: int, whole: int) -> Decimal | None:
    """Return `part` of `whole` in percent, to two places; None of nothing."""
    return round(Decimal(100 * part) / Decimal(whole), 2) if whole else None


def periods(requirement: Requirement, since: date, begin: date, end: date) -> Iterator[Period]:
    """Yield the whole periods of a promise that begins on `since` which lie between `begin` and `end`.

    A week counts from Monday to Sunday, and the first one only when it is whole.
    """
    first, length = _rhythm(requirement, since)
    place = max(0, -(-(begin - first).days // length))
    while (
        period := Period(first + timedelta(days=place * length), first + timedelta(days=(place + 1) * length))
    ).ends <= end:
        yield period
        place += 1


def standing(requirement: Requirement, since: date, today: date) -> Period | None:
    """Return the period that runs today; None in a first week that is not whole."""
    first, length = _rhythm(requirement, since)
    if today < first:
        return None
    begins = first + timedelta(days=(today - first).days // length * length)
    return Period(begins, begins + timedelta(days=length))


def is_kept(requirement: Requirement, period: Period, touches: Iterable[Touch], calendar: WorkCalendar) -> bool:
    """Say whether the customer was heard of often enough, and in the way that is wanted, within the period."""
    wanted = requirement.methods
    heard = (
        touch
        for touch in touches
        if (not wanted or touch.method in wanted) and period.begins <= calendar.local(touch.at).date() < period.ends
    )
    return sum(1 for _ in heard) >= requirement.times


def is_free(period: Period, calendar: WorkCalendar, away: Away) -> bool:
    """Say whether nothing could be done in the period: no workday in it, or the member away on all of them."""
    return all(day in away or not calendar.is_workday(day) for day in period.days())


def judged(
    held: Held,
    requirement: Requirement,
    touches: Sequence[Touch],
    span: Period,
    calendar: WorkCalendar,
    away: Away = (),
) -> Kept:
    """Judge every whole period of the promise within `span`."""
    since = calendar.local(held.since).date()
    missed, due = [], 0
    for period in periods(requirement, since, span.begins, span.ends):
        if is_free(period, calendar, away):
            continue
        due += 1
        if not is_kept(requirement, period, touches, calendar):
            missed.append(period)
    return Kept(due, due - len(missed), tuple(missed))


def still_wanted(
    held: Held,
    requirement: Requirement,
    touches: Iterable[Touch],
    today: date,
    calendar: WorkCalendar,
    away: Away = (),
) -> Period | None:
    """Return the running period if the customer has not been heard of in it as it wants."""
    period = standing(requirement, calendar.local(held.since).date(), today)
    if period is None or is_free(period, calendar, away):
        return None
    return None if is_kept(requirement, period, touches, calendar) else period


def day_of(moment: Moment, today: date, calendar: WorkCalendar) -> date | None:
    """Return the day of this week on which a moment comes.

    On a day off it comes the workday before; where the week has none before, the first one after. None in a week
    without any workday.
    """
    monday = _monday(today)
    named = monday + timedelta(days=moment.weekday - 1)
    before = (named - timedelta(days=back) for back in range(moment.weekday))
    after = (named + timedelta(days=on) for on in range(1, 8 - moment.weekday))
    return next((day for day in (*before, *after) if calendar.is_workday(day)), None)


@dataclass(frozen=True)
class Idle:
    """How far up the ladder a customer has come: which step, and since when nobody was in touch."""

    held: Held
    place: int
    rung: Rung
    since: datetime

    @property
    def cycle(self) -> int:
        """Number the silence: a new follow-up begins another one."""
        return int(self.since.timestamp())


def idle_step(held: Held, silence: Silence, now: datetime, calendar: WorkCalendar, away: Away = ()) -> Idle | None:
    """Return the highest step that a customer has reached; None while somebody was in touch lately."""
    if not silence.rungs:
        return None
    longer = timedelta()
    if held.ref.kind == "account":
        if held.grade not in silence.accounts:
            return None
        longer = silence.accounts[held.grade] - silence.rungs[0].after
    days, reached = frozenset(away), None
    for place, rung in enumerate(silence.rungs):
        amount = max(rung.after + longer, timedelta(seconds=1))
        if now < calendar.add(held.touched_at, amount, silence.clock, days):
            break
        reached = Idle(held, place, rung, held.touched_at)
    return reached


def silent_days(since: datetime, now: datetime, silence: Silence, calendar: WorkCalendar) -> int:
    """Count the whole days of a silence as its clock counts them."""
    first, today = calendar.local(since).date(), calendar.local(now).date()
    days = [first + timedelta(days=on) for on in range(1, (today - first).days + 1)]
    return len(days) if silence.clock == "calendar" else sum(map(calendar.is_workday, days))


def by_customer(touches: Iterable[Touch]) -> Mapping[object, list[Touch]]:
    """Sort follow-ups by whom they were with."""
    found: dict[object, list[Touch]] = {}
    for touch in touches:
        found.setdefault(touch.customer, []).append(touch)
    return found


def _rhythm(requirement: Requirement, since: date) -> tuple[date, int]:
    """Return the first day of the first whole period, and how many days a period has."""
    if isinstance(requirement.every, str):
        return _monday(since + timedelta(days=6)), 7
    return since, requirement.every.days


def week_of(day: date) -> Period:
    """Return the week from Monday to Sunday in which a day lies."""
    return Period(_monday(day), _monday(day) + timedelta(days=7))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def midnight(day: date, calendar: WorkCalendar) -> datetime:
    """Return the instant at which a day begins."""
    return calendar.at(day, time(0))
