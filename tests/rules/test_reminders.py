"""When a reminder that repeats comes again."""

from datetime import datetime

import pytest

from core.model.followup import Every
from core.rules.reminders import next_turn
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("every", "first", "after", "again"),
    [
        (Every.DAY, "03-05 17:00", "03-05 17:00", "03-06 17:00"),
        (Every.DAY, "03-05 17:00", "03-08 18:00", "03-09 17:00"),
        (Every.WORKDAY, "03-06 09:00", "03-06 09:00", "03-09 09:00"),
        (Every.WEEK, "03-06 18:00", "03-06 18:00", "03-13 18:00"),
        (Every.MONTH, "01-31 09:00", "01-31 09:00", "02-28 09:00"),
        (Every.QUARTER, "03-05 09:00", "03-05 09:00", "06-05 09:00"),
    ],
)
def test_the_next_turn_is_the_first_one_to_come(world: World, every: Every, first: str, after: str, again: str) -> None:
    with world.work() as uow:
        assert next_turn(every, at(first), at(after), uow.calendar) == at(again)
