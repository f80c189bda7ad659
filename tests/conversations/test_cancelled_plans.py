"""Plans and reminders that are called off."""

from datetime import datetime

import pytest

from core.model.deadline import Deadline, DeadlineKind
from core.model.followup import Plan
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def open_plans(world: World) -> list[Plan]:
    with world.work("张伟") as uow:
        return uow.plans.open_until(uow.actor.id, at("12-31 00:00"))


def reminders(world: World) -> list[Deadline]:
    with world.work("张伟") as uow:
        return uow.deadlines.due(DeadlineKind.REMINDER, at("03-20 00:00"), 50)


@pytest.fixture(autouse=True)
def appointments(world: World) -> None:
    world.now = at("03-05 10:00")
    world.has_leads("中兴通讯", "大疆创新", held_by="张伟")
    world.says("张伟", "下周三下午三点拜访中兴通讯")
    world.says("张伟", "下周四上午十点拜访大疆创新")


def test_a_visit_is_called_off_and_nobody_is_reminded_of_it(world: World) -> None:
    [card] = world.says("张伟", "取消下周三拜访中兴通讯的计划")
    assert "取消了：中兴通讯" in card
    assert "03-11 周三 15:00" in card
    assert [plan.at for plan in open_plans(world)] == [at("03-12 10:00")]
    assert len(reminders(world)) == 1


def test_what_was_called_off_comes_back_by_undo_with_its_reminder(world: World) -> None:
    before = open_plans(world)
    world.says("张伟", "中兴通讯那个拜访取消掉")
    world.says("张伟", "撤销")
    assert [plan.at for plan in open_plans(world)] == [plan.at for plan in before]
    assert len(reminders(world)) == 2


def test_a_day_on_which_nothing_stands_is_said_and_nothing_is_called_off(world: World) -> None:
    [answer] = world.says("张伟", "取消明天跟中兴通讯的会")
    assert "没有这样的计划" in answer
    assert len(open_plans(world)) == 2


def test_without_a_customer_and_a_day_the_plans_are_listed_and_one_is_chosen(world: World) -> None:
    [question] = world.says("张伟", "那个提醒不要了")
    assert "取消哪一个" in question
    assert "中兴通讯" in question
    assert "大疆创新" in question
    assert "取消了：大疆创新" in world.says("张伟", "2")[0]
    assert [plan.at for plan in open_plans(world)] == [at("03-11 15:00")]


def test_a_colleagues_plan_is_not_called_off(world: World) -> None:
    world.says("李娜", "取消下周三拜访中兴通讯的计划")
    assert len(open_plans(world)) == 2
