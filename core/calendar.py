"""Three clocks over one work calendar (semantics B.1), and quiet hours.

Durations are measured on a clock: `calendar` counts every second, `workday` skips whole days off, `worktime` counts
only inside business hours. Instants are aware; arithmetic happens in the business time zone, so a day is a local day.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
NEVER: Set[date] = frozenset()
ONE_DAY = timedelta(days=1)


class Clock(StrEnum):
    """Which seconds count towards a duration."""

    CALENDAR = "calendar"
    WORKDAY = "workday"
    WORKTIME = "worktime"


@dataclass(frozen=True, kw_only=True)
class WorkCalendar:
    """Business hours and days of one company. `is_workday` knows holidays and make-up workdays."""

    is_workday: Callable[[date], bool]
    zone: ZoneInfo = ZoneInfo("Asia/Shanghai")
    opens: time = time(9)
    closes: time = time(18)

    def local(self, instant: datetime) -> datetime:
        """Return `instant` as the business sees it on the wall."""
        return instant.astimezone(self.zone)

    def at(self, day: date, wall: time) -> datetime:
        """Return the UTC instant at which the business' wall clock shows `wall` on `day`."""
        return datetime.combine(day, wall, self.zone).astimezone(UTC)

    def add(self, start: datetime, amount: timedelta, clock: Clock, away: Set[date] = NEVER) -> datetime:
        """Return the instant at which `amount` has passed on `clock` since `start`, in UTC.

        Every clock stands still on the days on which somebody is `away`.
        """
        if clock is Clock.CALENDAR and not away:
            return (start + amount).astimezone(UTC)
        now, left = self.local(start), amount
        while True:
            opens, closes = self._span(now.date(), clock)
            now = max(now, opens)
            if now < closes and self._counts(now.date(), clock, away):
                if left <= closes - now:
                    return (now + left).astimezone(UTC)
                left -= closes - now
            now = datetime.combine(now.date() + ONE_DAY, MIDNIGHT, self.zone)

    def next_workday(self, day: date) -> date:
        """Return `day` itself when it is a workday, else the first workday after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def _counts(self, day: date, clock: Clock, away: Set[date]) -> bool:
        return day not in away and (clock is Clock.CALENDAR or self.is_workday(day))

    def _span(self, day: date, clock: Clock) -> tuple[datetime, datetime]:
        if clock is Clock.WORKTIME:
            return datetime.combine(day, self.opens, self.zone), datetime.combine(day, self.closes, self.zone)
        return (
            datetime.combine(day, MIDNIGHT, self.zone),
            datetime.combine(day + ONE_DAY, MIDNIGHT, self.zone),
        )


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """The part of the day in which nobody is disturbed; it may run over midnight."""

    begins: time = time(21)
    ends: time = time(8)

    def after(self, instant: datetime, calendar: WorkCalendar) -> datetime:
        """Return `instant`, or the end of the quiet hours that it falls into."""
        wall = calendar.local(instant)
        if self.begins <= self.ends:
            return calendar.at(wall.date(), self.ends) if self.begins <= wall.time() < self.ends else instant
        if wall.time() >= self.begins:
            return calendar.at(wall.date() + ONE_DAY, self.ends)
        return calendar.at(wall.date(), self.ends) if wall.time() < self.ends else instant

    def before(self, instant: datetime, calendar: WorkCalendar) -> datetime:
        """Return `instant`, or the beginning of the quiet hours that it falls into."""
        if self.after(instant, calendar) == instant:
            return instant
        wall = calendar.local(instant)
        evening = wall.date() if wall.time() >= self.begins else wall.date() - ONE_DAY
        return calendar.at(evening, self.begins)
