"""The rhythm (semantics B.7): periods, what keeps them, the day on which it is told, and the ladder of silence."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.workdays import ChinaWorkdays
from core.calendar import WorkCalendar
from core.model.book import Held, Touch
from core.model.ids import MemberId, Ref
from core.model.playbook import Cadence, Silence
from core.model.playbook.cadence import Moment, Requirement, Rung
from core.rules.cadence import Kept, Period, day_of, idle_step, judged, periods, silent_days, standing, still_wanted
from tests.world import SHANGHAI

CALENDAR = WorkCalendar(is_workday=ChinaWorkdays().is_workday)
GRADES = Cadence().grades


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def held(kind: str = "lead", grade: str = "A", since: str = "03-02 09:00", last: str = "") -> Held:
    return Held(
        ref=Ref(kind, 1),
        name="华东机电",
        owner_id=MemberId(1),
        grade=grade,
        since=at(since),
        last_at=at(last) if last else None,
    )


def touch(method: str, when: str) -> Touch:
    return Touch(Ref("lead", 1), at(when), method)


def test_a_first_week_that_is_not_whole_does_not_count() -> None:
    found = list(periods(GRADES["A"], day("03-04"), day("03-01"), day("03-30")))
    assert [period.begins for period in found] == [day("03-09"), day("03-16"), day("03-23")]
    assert standing(GRADES["A"], day("03-04"), day("03-05")) is None
    assert standing(GRADES["A"], day("03-02"), day("03-05")) == Period(day("03-02"), day("03-09"))


def test_fourteen_days_count_from_the_day_the_promise_began() -> None:
    found = list(periods(GRADES["B"], day("03-04"), day("03-04"), day("04-05")))
    assert [(p.begins, p.ends) for p in found] == [(day("03-04"), day("03-18")), (day("03-18"), day("04-01"))]


@pytest.mark.parametrize(
    ("grade", "method", "kept"),
    [
        ("A", "visit", True), ("A", "call", False), ("A", "meeting", False),
        ("B", "call", True), ("B", "wechat", True),
        ("C", "email", True), ("C", "call", True), ("C", "wechat", False),
    ],
)  # fmt: skip
def test_each_grade_wants_its_own_kind_of_contact(grade: str, method: str, kept: bool) -> None:
    span = Period(day("03-02"), day("04-06"))
    found = judged(held(grade=grade), GRADES[grade], [touch(method, "03-04 15:00")], span, CALENDAR)
    assert (found.met > 0) is kept


def test_a_week_without_any_workday_is_free_and_so_is_one_wholly_on_leave() -> None:
    span = Period(day("02-16"), day("03-02"))
    since = held(since="02-02 09:00")
    assert [p.begins for p in judged(since, GRADES["A"], (), span, CALENDAR).missed] == [day("02-23")], "春节"
    leave = {day(f"02-{number}") for number in range(23, 28)} | {day("02-28")}
    assert judged(since, GRADES["A"], (), span, CALENDAR, leave).due == 0, "the make-up Saturday is leave too"
    assert judged(since, GRADES["A"], (), span, CALENDAR, leave - {day("02-28")}).due == 1


def test_b7_1_thirteen_of_sixteen_weeks_are_81_25_percent() -> None:
    span = Period(day("03-02"), day("03-30"))
    visits = [[4, 4, 4, 1][number] for number in range(4)]
    found = Kept()
    for number, weeks in enumerate(visits):
        seen = [touch("visit", f"03-{3 + 7 * week:02} 15:00") for week in range(weeks)]
        found += judged(held(), GRADES["A"], [*seen, touch("call", "03-27 10:00")], span, CALENDAR)
        assert number >= 0
    assert (found.due, found.met, found.share) == (16, 13, Decimal("81.25"))


def test_what_is_still_wanted_ends_with_the_first_visit() -> None:
    assert still_wanted(held(), GRADES["A"], (), day("03-04"), CALENDAR) == Period(day("03-02"), day("03-09"))
    seen = [touch("visit", "03-03 10:00")]
    assert still_wanted(held(), GRADES["A"], seen, day("03-04"), CALENDAR) is None


@pytest.mark.parametrize(
    ("weekday", "today", "comes"),
    [
        (3, "03-02", "03-04"),  # a plain Wednesday
        (5, "04-27", "04-30"),  # Friday 05-01 is a holiday: the Thursday before
        (1, "04-06", "04-07"),  # Monday is 清明: the week has none before it, so the Tuesday
        (3, "02-18", None),  # a week of holidays
        (5, "02-23", "02-27"),
    ],
)
def test_a_moment_on_a_day_off_comes_the_workday_before(weekday: int, today: str, comes: str | None) -> None:
    moment = Moment(weekday=weekday, at="17:00")
    assert day_of(moment, day(today), CALENDAR) == (day(comes) if comes else None)


@pytest.mark.parametrize(
    ("now", "place"),
    [("03-06 15:00", None), ("03-09 09:59", None), ("03-09 10:00", 0), ("03-11 10:00", 1), ("03-13 10:00", 2)],
)
def test_silence_climbs_by_workdays(now: str, place: int | None) -> None:
    idle = idle_step(held(since="03-04 10:00"), Silence(), at(now), CALENDAR)
    assert (idle.place if idle else None) == place


def test_days_of_leave_do_not_count_as_silence() -> None:
    leave = {day("03-05"), day("03-06")}
    assert idle_step(held(since="03-04 10:00"), Silence(), at("03-09 10:00"), CALENDAR, leave) is None
    assert idle_step(held(since="03-04 10:00"), Silence(), at("03-11 10:00"), CALENDAR, leave) is not None


def test_an_account_is_asked_after_in_the_rhythm_of_its_grade() -> None:
    b = held("account", "B", "03-04 10:00")
    assert idle_step(b, Silence(), at("03-16 10:00"), CALENDAR) is None
    assert idle_step(b, Silence(), at("03-24 10:00"), CALENDAR) is not None
    assert idle_step(held("account", "", "03-04 10:00"), Silence(), at("05-24 10:00"), CALENDAR) is None


def test_a_ladder_that_does_not_rise_is_refused() -> None:
    with pytest.raises(ValueError, match="每一级的时长要比前一级长"):
        Silence(rungs=(Rung(after="5d"), Rung(after="3d")))


def test_days_of_silence_are_counted_as_the_ladder_counts_them() -> None:
    assert silent_days(at("03-04 10:00"), at("03-09 08:40"), Silence(), CALENDAR) == 3


DAYS = st.integers(0, 150).map(lambda number: date(2026, 1, 1) + timedelta(days=number))


@given(
    since=DAYS,
    length=st.one_of(st.just("week"), st.integers(1, 60).map(lambda n: timedelta(days=n))),
    begin=DAYS,
    weeks=st.integers(0, 12),
)
def test_periods_follow_each_other_without_gap_within_the_span(
    since: date, length: object, begin: date, weeks: int
) -> None:
    end = begin + timedelta(weeks=weeks)
    found = list(periods(Requirement(every=length), since, begin, end))
    assert all(begin <= p.begins and p.ends <= end and p.begins >= since for p in found)
    assert all(one.ends == other.begins for one, other in pairwise(found))


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["visit", "call", "email"])), max_size=20))
def test_kept_and_missed_are_all_that_was_due(said: list[tuple[int, str]]) -> None:
    span = Period(day("03-02"), day("04-06"))
    touches = [Touch(Ref("lead", 1), at("03-02 10:00") + timedelta(days=on), method) for on, method in said]
    for rule in GRADES.values():
        kept = judged(held(), rule, touches, span, CALENDAR)
        assert kept.met + len(kept.missed) == kept.due
        assert 0 <= kept.met <= kept.due
