"""The three clocks over the work calendar: semantics B.1."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.workdays import ChinaWorkdays
from core.calendar import Clock, QuietHours, WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
WORKDAYS = ChinaWorkdays()
CALENDAR = WorkCalendar(is_workday=WORKDAYS.is_workday)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("name", "start", "amount", "clock", "due"),
    [
        ("B1-1", "03-06 16:30", timedelta(hours=2), Clock.CALENDAR, "03-06 18:30"),
        ("B1-2", "03-06 16:30", timedelta(hours=2), Clock.WORKTIME, "03-09 09:30"),
        ("B1-3", "03-06 16:30", timedelta(hours=24), Clock.CALENDAR, "03-07 16:30"),
        ("B1-4", "03-06 16:30", timedelta(hours=24), Clock.WORKDAY, "03-09 16:30"),
        ("B1-5", "03-06 16:30", timedelta(hours=24), Clock.WORKTIME, "03-11 13:30"),
        ("B1-6", "02-14 17:00", timedelta(hours=2), Clock.WORKTIME, "02-24 10:00"),
        ("B1-7", "02-14 17:00", timedelta(hours=24), Clock.WORKDAY, "02-24 17:00"),
        ("B1-8", "03-04 10:00", timedelta(days=3), Clock.WORKDAY, "03-09 10:00"),
        ("B1-9", "04-03 15:00", timedelta(hours=24), Clock.WORKDAY, "04-07 15:00"),
    ],
)
def test_a_duration_on_a_clock_ends_when_the_table_says(
    name: str, start: str, amount: timedelta, clock: Clock, due: str
) -> None:
    assert CALENDAR.add(at(start), amount, clock) == at(due), name


def test_our_workdays_agree_with_the_published_ones_from_2010_to_2026() -> None:
    day = date(2010, 1, 1)
    differing = []
    while day.year <= 2026:
        if WORKDAYS.is_workday(day) != chinese_calendar.is_workday(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


def test_a_year_is_only_predicted_until_somebody_enters_its_official_days() -> None:
    assert WORKDAYS.is_official(2026)
    assert not WORKDAYS.is_official(2027)
    one = ChinaWorkdays(lambda: {date(2027, 2, 14): True})
    assert one.is_workday(date(2027, 2, 14))
    assert not one.is_official(2027), "one corrected day is not the official list"
    listed = {date(2027, 2, day): False for day in range(5, 16)}
    assert ChinaWorkdays(lambda: listed).is_official(2027)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)),
    st.integers(0, 5000),
    st.integers(0, 5000),
    st.sampled_from(list(Clock)),
)
def test_two_durations_after_each_other_are_as_long_as_their_sum(
    start: datetime, first: int, second: int, clock: Clock
) -> None:
    begun = start.replace(tzinfo=ZONE)
    one, two = timedelta(minutes=first), timedelta(minutes=second)
    assert CALENDAR.add(CALENDAR.add(begun, one, clock), two, clock) == CALENDAR.add(begun, one + two, clock)


@pytest.mark.parametrize(
    ("instant", "after"),
    [
        ("03-04 22:00", "03-05 08:00"),
        ("03-05 05:12", "03-05 08:00"),
        ("03-05 08:00", "03-05 08:00"),
        ("03-05 20:59", "03-05 20:59"),
        ("03-05 21:00", "03-06 08:00"),
    ],
)
def test_quiet_hours_move_a_warning_to_their_end(instant: str, after: str) -> None:
    assert QuietHours().after(at(instant).astimezone(UTC), CALENDAR) == at(after)


def test_quiet_hours_may_lie_within_one_day() -> None:
    siesta = QuietHours(begins=time(12), ends=time(14))
    assert siesta.after(at("03-05 12:30"), CALENDAR) == at("03-05 14:00")
    assert siesta.after(at("03-05 11:59"), CALENDAR) == at("03-05 11:59")
