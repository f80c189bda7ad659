"""本月 stays the running month, 3月 stays March."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.metrics.periods import Span, Unit
from core.rules.metrics.relative import period_of, said_period, shifted, span_in

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("first", "last", "said", "kept", "called"),
    [
        ("2026-03-01", "2026-03-31", "本月赢单金额", "month:0", "本月"),
        ("2026-02-01", "2026-02-28", "上个月的", "month:-1", "上个月"),
        ("2026-04-01", "2026-04-30", "下个月能做多少", "month:1", "下个月"),
        ("2026-01-01", "2026-03-31", "本季度漏斗", "quarter:0", "本季度"),
        ("2025-01-01", "2025-12-31", "去年业绩", "year:-1", "去年"),
        ("2026-02-04", "2026-03-05", "近30天", "last:30", "近30天"),
        ("2026-03-01", "2026-03-31", "3月赢单金额", "2026-03-01:2026-03-31", "2026-03"),
        ("2026-01-01", "2026-03-31", "一季度业绩", "2026-01-01:2026-03-31", "2026年1季度"),
        ("2025-01-01", "2025-12-31", "2025年业绩", "2025-01-01:2025-12-31", "2025年"),
    ],
)
def test_what_was_said_decides_whether_a_period_moves(first: str, last: str, said: str, kept: str, called: str) -> None:
    span = Span(date.fromisoformat(first), date.fromisoformat(last))
    assert period_of(span, DAY, said) == kept
    assert span_in(kept, DAY) == span
    assert said_period(kept, DAY) == called


@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), unit=st.sampled_from(Unit), number=st.integers(-24, 4))
def test_a_period_that_is_kept_means_the_same_on_the_day_it_was_said(day: date, unit: Unit, number: int) -> None:
    if unit is Unit.FISCAL:
        return
    span = shifted(unit, day, number)
    assert span_in(period_of(span, day), day) == span
