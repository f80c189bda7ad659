"""What was shown on a day is told of that day later (C22): forecasts kept on Mondays, through random histories."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.model.deal import Deal
from core.model.ids import DealId
from core.model.member import SYSTEM, Member
from core.model.money import Money
from core.rules.metrics.periods import Unit, around
from core.rules.permissions import scope_of
from core.services.reports.asking import Asked
from core.services.reports.forecast import keep_snapshot, outlook
from tests.reports.builders import LOST, WON, Step, at, has_deal
from tests.world import World

MONDAYS = tuple(at("03-02 00:00") + timedelta(weeks=number) for number in range(5))
STAGES = ("初步接洽", "需求确认", "方案报价", "商务谈判")
READERS = ("张伟", "王强", "赵敏")
Shown = dict[tuple[str, date], tuple[int, int, int]]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_forecast_kept_on_a_monday_stays_what_was_shown_then(any_world: World, seed: int) -> None:
    dice = random.Random(seed)
    shown: dict[date, Shown] = {}
    for monday in MONDAYS:
        _lives(any_world, dice, monday)
        any_world.now = monday
        with any_world.program.open_work(SYSTEM, now=monday) as uow:
            keep_snapshot(uow)
        shown[monday.date()] = {
            (name, month): _seen(any_world, any_world.member(name), month)
            for name in READERS
            for month in _months(monday)
        }
    _lives(any_world, dice, MONDAYS[-1] + timedelta(days=5))
    assert any(sum(one) for told in shown.values() for one in told.values()), "there is something to compare"
    with any_world.work() as uow:
        for taken_on, told in shown.items():
            for (name, month), figures in told.items():
                kept = uow.metrics.snapshots(month, scope_of(any_world.member(name)))
                [row] = [one for one in kept if one["taken_on"] == taken_on] or [_NOTHING]
                found = (row["expected"], row["fresh"], row["closed"])
                assert found == pytest.approx(figures, abs=len(READERS)), (taken_on, name, month)


_NOTHING: dict[str, Any] = {"expected": 0, "fresh": 0, "closed": 0}


def _months(day: datetime) -> list[date]:
    first = around(Unit.MONTH, day.date())
    return [first.first, around(Unit.MONTH, first.last + timedelta(days=1)).first]


def _seen(world: World, reader: Member, month: date) -> tuple[int, int, int]:
    """Return what a forecast says to somebody, in 分; each holder's part is rounded for itself."""
    with world.program.open_work(reader, reading=True) as uow:
        whole = outlook(uow, Asked(around(Unit.MONTH, month))).whole
    return round(whole.forecast.total), round(whole.fresh), whole.forecast.closed


def _lives(world: World, dice: random.Random, until: datetime) -> None:
    """Let deals begin, move, end, change hands and change their worth in the week before an instant."""
    for _ in range(dice.randrange(3, 7)):
        begun = until - timedelta(days=dice.randrange(1, 60), hours=dice.randrange(1, 20))
        way = [Step(STAGES[0], begun)]
        for stage in STAGES[1 : dice.randrange(1, len(STAGES) + 1)]:
            way.append(Step(stage, way[-1].at + (until - way[-1].at) / 3))
        if dice.random() < 0.5:
            way.append(Step(dice.choice((WON, LOST)), way[-1].at + (until - way[-1].at) / 2))
        owner = dice.choice(("张伟", "陈晨", "李娜"))
        number = has_deal(world, way, owner=owner, yuan=dice.randrange(1, 90) * 10_000)
        with world.work() as uow:
            known = uow.deals.find([DealId(dice.randrange(1, number + 1))])
            for deal in known:
                _changes(world, dice, deal)


def _changes(world: World, dice: random.Random, deal: Deal) -> None:
    deal.owner_id = world.member(dice.choice(("张伟", "陈晨", "李娜"))).id
    if dice.random() < 0.5:
        deal.amount = Money(dice.randrange(1, 90) * 1_000_000)
    if deal.is_open and dice.random() < 0.3:
        deal.forecast = dice.choice(("commit", "omitted"))
