"""When a reminder that repeats comes again."""

from datetime import datetime

import pytest

from core.model.rhythm import Rhythm
from core.rules.reminders import next_turn
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("every", "first", "after", "again"),
    [
        ("day", "03-05 17:00", "03-05 17:00", "03-06 17:00"),
        ("day", "03-05 17:00", "03-08 18:00", "03-09 17:00"),
        ("day*2", "03-05 17:00", "03-05 17:00", "03-07 17:00"),
        ("day*3", "03-05 17:00", "03-09 18:00", "03-11 17:00"),
        ("workday", "03-06 09:00", "03-06 09:00", "03-09 09:00"),
        ("week", "03-06 18:00", "03-06 18:00", "03-13 18:00"),
        ("week*2", "03-09 09:00", "03-09 09:00", "03-23 09:00"),
        ("week@135", "03-06 09:00", "03-06 09:00", "03-09 09:00"),
        ("week@135", "03-09 09:00", "03-09 09:00", "03-11 09:00"),
        ("month", "03-05 09:00", "03-05 09:00", "04-05 09:00"),
        ("month@31", "01-31 09:00", "01-31 09:00", "02-28 09:00"),
        ("month@31", "02-28 09:00", "02-28 09:00", "03-31 09:00"),
        ("month@w-1", "04-30 09:00", "04-30 09:00", "05-29 09:00"),
        ("month@1.1", "04-06 09:00", "04-06 09:00", "05-04 09:00"),
        ("month@-1.5", "03-27 16:00", "03-27 16:00", "04-24 16:00"),
        ("quarter", "03-05 09:00", "03-05 09:00", "06-05 09:00"),
        ("quarter@31", "03-31 09:00", "03-31 09:00", "06-30 09:00"),
    ],
)
def test_the_next_turn_is_the_first_one_to_come(world: World, every: str, first: str, after: str, again: str) -> None:
    with world.work() as uow:
        assert next_turn(Rhythm.parse(every), at(first), at(after), uow.calendar) == at(again)


@pytest.mark.parametrize(
    ("every", "name"),
    [
        ("week*2", "每两周"),
        ("day*3", "每3天"),
        ("month*6", "每6个月"),
        ("week@135", "每周一、三、五"),
        ("month@31", "每月最后一天"),
        ("month@30", "每月30号（没有的月份是最后一天）"),
        ("month@w-1", "每月最后一个工作日"),
        ("month@2.1", "每月第2个周一"),
        ("quarter@31", "每季度最后一天"),
    ],
)
def test_a_rhythm_is_said_as_people_say_it(every: str, name: str) -> None:
    assert Rhythm.parse(every).name == name
    assert str(Rhythm.parse(every)) == every


def test_a_reminder_on_the_thirty_first_does_not_drift(world: World) -> None:
    world.now = at("01-30 09:00")
    world.says("张伟", "每月31号上午十点提醒我报销")
    for due in ("01-31", "02-28", "03-31", "04-30", "05-31"):
        world.ticks(at(f"{due} 10:00"))
        assert world.heard("张伟")[-1].startswith("提醒时间到"), due
