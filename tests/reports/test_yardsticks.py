"""Skill against luck (C8), the return of the system (B.12), pace of targets (B.10), and periods."""

from collections import defaultdict
from datetime import date
from random import Random

import pytest

from core.model.ids import MemberId
from core.model.playbook import Returns
from core.model.report import TargetKind
from core.rules.metrics.lift import Chances, lifts
from core.rules.metrics.periods import Span, Unit, around, cut, last_months, previous, same_last_year
from core.rules.metrics.returns import ESTIMATED, MEASURED, UNKNOWN, Measurements, gains, ratio, short_model
from core.rules.metrics.targets import Pace, workdays_gone

SEED_3 = Returns(
    cost=300_000, margin=0.4, hours_saved=2, wage=50, people=10, conversion_before=0.024, conversion_after=0.029,
    leads_a_year=12_000, average=8_000, ltv_before=48_000, ltv_after=52_800, customers=300, ramp_before=60,
    ramp_after=45, hires=6, day_worth=300,
)  # fmt: skip


def test_b12_the_long_model_of_the_seed() -> None:
    lines = gains(SEED_3, Measurements())
    assert [round(one.value or 0) for one in lines] == [264_000, 480_000, 1_440_000, 27_000]
    assert round(lines[1].at_margin or 0) == 192_000
    whole, margin = ratio(lines, 300_000), ratio(lines, 300_000, at_margin=True)
    assert round(whole.benefit) == 2_211_000
    assert (round(whole.ratio or 0, 2), round(whole.net or 0, 2)) == (7.37, 6.37)
    assert round(margin.benefit) == 1_923_000
    assert (round(margin.ratio or 0, 2), round(margin.net or 0, 2)) == (6.41, 5.41)
    assert {one.known for one in lines} == {ESTIMATED}


def test_b12_the_short_model_of_the_seed() -> None:
    given = Returns(cost=100_000, labour_saved=240_000, more_sold=180_000, less_lost=60_000)
    short = ratio(short_model(given), given.cost)
    assert (short.benefit, short.ratio) == (480_000, 4.8)
    assert short.net == pytest.approx(3.8)


def test_b12_what_is_measured_says_so_with_its_baseline_and_what_is_not_is_never_guessed() -> None:
    nothing = gains(Returns(), Measurements())
    assert [one.value for one in nothing] == [None] * 4
    assert {one.known for one in nothing} == {UNKNOWN}
    found = Measurements(
        conversion_before=0.024, conversion_after=0.029, leads_a_year=12_000, average=8_000, window="2025年"
    )
    line = gains(Returns(), found)[1]
    assert line.known == MEASURED
    assert "基线 2025年" in line.basis
    assert round(line.value or 0) == 480_000


def test_b10_pace_is_attainment_against_workdays_gone() -> None:
    march = Span(date(2026, 3, 1), date(2026, 3, 31))
    gone, workdays = workdays_gone(march, date(2026, 3, 5), lambda day: day.weekday() < 5)
    pace = Pace(TargetKind.SIGNED, 100_000_000, 15_000_000, gone, workdays)
    assert (gone, workdays) == (4, 22)
    assert pace.attainment == 0.15
    assert pace.time_gone == pytest.approx(0.1818, abs=1e-4)
    assert pace.is_behind
    assert pace.needed(20_000_000) == 5
    assert pace.needed(0) is None


def test_c8_chances_of_equal_quality_give_everybody_a_lift_of_one() -> None:
    """Everybody wins with the chance of the kind, whatever kinds they got: over many runs nobody seems better."""
    dice = Random(8)
    kinds = {("展会", "A", "机械"): 0.5, ("官网", "B", "电子"): 0.3, ("广告", "C", "化工"): 0.1}
    found: dict[int, list[float]] = defaultdict(list)
    for _ in range(60):
        chances = []
        for member in range(1, 6):
            for place, (kind, chance) in enumerate(kinds.items()):
                count = 400 if place == member % 3 else 120
                won = sum(dice.random() < chance for _ in range(count))
                chances.append(Chances(MemberId(member), kind, count, float(won)))
        made = lifts(chances)
        assert sum(one.expected for one in made) == pytest.approx(sum(one.won for one in made))
        for one in made:
            found[one.member_id].append(one.lift or 0)
    assert all(abs(sum(of) / len(of) - 1) <= 0.05 for of in found.values())


def test_c8_whoever_makes_more_of_the_same_chances_stands_out_and_luck_does_not() -> None:
    good, bad = ("展会", "A", "机械"), ("广告", "C", "化工")
    lucky, skilled, weak = (MemberId(n) for n in (1, 2, 3))
    made = {
        one.member_id: one
        for one in lifts(
            [
                Chances(lucky, good, 100, 50), Chances(skilled, bad, 100, 20), Chances(weak, bad, 100, 4),
                Chances(weak, good, 100, 50),
            ]
        )
    }  # fmt: skip
    assert made[lucky].won > made[skilled].won
    assert made[lucky].lift == pytest.approx(1.0)
    assert (made[skilled].lift or 0) > 1.5
    assert (made[weak].lift or 2) < 1
    assert sum(one.expected for one in made.values()) == pytest.approx(124)


DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        (Unit.DAY, "2026-03-05", "2026-03-05"),
        (Unit.WEEK, "2026-03-02", "2026-03-08"),
        (Unit.MONTH, "2026-03-01", "2026-03-31"),
        (Unit.QUARTER, "2026-01-01", "2026-03-31"),
        (Unit.YEAR, "2026-01-01", "2026-12-31"),
    ],
)
def test_a_day_lies_in_one_period_of_each_unit(unit: Unit, first: str, last: str) -> None:
    assert around(unit, DAY) == Span(date.fromisoformat(first), date.fromisoformat(last))


def test_a_fiscal_year_begins_with_its_month() -> None:
    assert around(Unit.FISCAL, DAY, 4) == Span(date(2025, 4, 1), date(2026, 3, 31))
    assert around(Unit.FISCAL, date(2026, 4, 1), 4) == Span(date(2026, 4, 1), date(2027, 3, 31))


def test_before_a_whole_period_comes_a_whole_one_and_before_one_to_date_as_many_days() -> None:
    assert previous(around(Unit.MONTH, DAY)) == around(Unit.MONTH, date(2026, 2, 1))
    assert previous(around(Unit.QUARTER, DAY)) == around(Unit.QUARTER, date(2025, 12, 1))
    assert previous(around(Unit.MONTH, DAY).until(DAY)) == Span(date(2026, 2, 1), date(2026, 2, 5))
    assert previous(Span(date(2026, 3, 10), date(2026, 3, 12))) == Span(date(2026, 3, 7), date(2026, 3, 9))


def test_the_same_days_a_year_earlier_keep_the_end_of_february() -> None:
    assert same_last_year(Span(date(2028, 2, 1), date(2028, 2, 29))) == Span(date(2027, 2, 1), date(2027, 2, 28))
    assert last_months(DAY, 12) == Span(date(2025, 3, 1), date(2026, 2, 28))


def test_days_are_cut_into_periods_without_gap_or_overlap() -> None:
    span = Span(date(2026, 1, 15), date(2026, 4, 2))
    for unit in Unit:
        parts = cut(span, unit, 4)
        assert (parts[0].first, parts[-1].last) == (span.first, span.last)
        assert sum(part.days for part in parts) == span.days
