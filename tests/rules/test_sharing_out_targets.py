"""A quarter's target is shared out to its months and loses nothing."""

from hypothesis import given
from hypothesis import strategies as st

from core.rules.metrics.targets import respread, spread

VALUES = st.integers(1, 10**13)
DAYS = st.lists(st.integers(0, 23), min_size=1, max_size=12)


@given(value=VALUES, workdays=DAYS)
def test_the_months_come_to_the_target_exactly_and_follow_their_workdays(value: int, workdays: list[int]) -> None:
    parts = spread(value, workdays)
    assert sum(parts) == value
    assert all(part >= 0 for part in parts)
    for (one, days), (other, more) in zip(
        zip(parts, workdays, strict=True), zip(parts[1:], workdays[1:], strict=True), strict=False
    ):
        assert days <= more or one >= other - 1 or not any(workdays)


@given(value=VALUES, months=st.lists(st.tuples(st.integers(1, 23), st.integers(0, 10**12)), min_size=1, max_size=12),
       gone=st.integers(0, 12))  # fmt: skip
def test_a_new_target_in_the_middle_keeps_what_is_over_where_that_can_be(
    value: int, months: list[tuple[int, int]], gone: int
) -> None:
    rows = [(days, had, place < gone) for place, (days, had) in enumerate(months)]
    parts = respread(value, rows)
    assert sum(parts) == value
    over = sum(had for _, had, is_over in rows if is_over)
    if 0 < over < value and gone < len(months):
        assert [part for part, row in zip(parts, rows, strict=True) if row[2]] == [had for _, had in months[:gone]]


def test_a_quarter_goes_by_its_workdays() -> None:
    assert spread(300_000_000, [21, 19, 21]) == [103_278_689, 93_442_623, 103_278_688]
