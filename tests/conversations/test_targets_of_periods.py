"""Targets of teams for quarters and years: shared out to months, held against what is there (issue 8)."""

from datetime import date

import pytest

from core.rules.metrics.periods import Span
from core.services.reports import REPORTS
from core.services.reports.asking import Asked
from tests.reports.builders import a_first_quarter, at
from tests.world import World

QUARTER = Span(date(2026, 4, 1), date(2026, 6, 30))


@pytest.fixture
def selling(world: World) -> World:
    return a_first_quarter(world)


def kept(world: World) -> dict[tuple[str, str], int]:
    with world.work() as uow:
        return {
            (one.department, f"{one.month:%m}"): one.value
            for one in uow.yardsticks.targets(date(2026, 1, 1), date(2026, 12, 31))
        }


def test_a_quarters_target_is_kept_by_month_and_comes_to_it_exactly(selling: World) -> None:
    asked = selling.says("赵敏", "二季度华东扛300万，华南250")[-1]
    assert "300万（4月" in asked
    assert "250万（4月" in asked
    selling.says("赵敏", "确认")
    found = kept(selling)
    assert {month for _, month in found} == {"04", "05", "06"}
    for department, value in (("销售部/华东", 300_000_000), ("销售部/华南", 250_000_000)):
        assert sum(found[department, month] for month in ("04", "05", "06")) == value
    assert found["销售部/华东", "05"] < found["销售部/华东", "04"], "May has fewer workdays"


def test_its_pace_is_told_for_the_quarter_and_for_each_month(selling: World) -> None:
    selling.says("赵敏", "一季度华东扛300万，华南250")
    selling.says("赵敏", "确认")
    with selling.work("赵敏") as uow:
        quarter = REPORTS["targets"].build(uow, Asked(Span(date(2026, 1, 1), date(2026, 3, 31))))
        month = REPORTS["targets"].build(uow, Asked(Span(date(2026, 3, 1), date(2026, 3, 31))))
    [row] = [one for one in quarter.rows if one[0] == "销售部/华东"]
    assert row[2] == 3_000_000
    assert row[3] == 500_000
    [row] = [one for one in month.rows if one[0] == "销售部/华东"]
    assert 0 < row[2] < 3_000_000


def test_a_change_in_the_middle_leaves_the_months_that_are_over_as_they_were(selling: World) -> None:
    selling.says("赵敏", "二季度华东扛300万")
    selling.says("赵敏", "确认")
    before = kept(selling)
    selling.now = at("05-12 10:00")
    assert "已经过完的月份不动" in selling.says("赵敏", "二季度华东扛360万")[-1]
    selling.says("赵敏", "确认")
    after = kept(selling)
    assert after["销售部/华东", "04"] == before["销售部/华东", "04"]
    assert sum(after.values()) == 360_000_000


def test_a_year_is_shared_out_to_twelve_months_and_taken_back_with_one_word(selling: World) -> None:
    selling.says("赵敏", "2026年销售部目标 5000万")
    selling.says("赵敏", "确认")
    found = kept(selling)
    assert len(found) == 12
    assert sum(found.values()) == 5_000_000_000
    selling.says("赵敏", "撤销")
    assert not kept(selling)


def test_a_team_is_asked_about_by_its_name_and_teams_add_up_to_the_whole(selling: World) -> None:
    selling.says("赵敏", "一季度华东扛300万，华南250")
    selling.says("赵敏", "确认")
    answer = selling.says("赵敏", "华东一季度目标达成怎么样")[0]
    assert "1. 销售部/华东：50万 / 300万，16.7%" in answer
    assert "李娜" not in answer
    whole = selling.says("赵敏", "一季度目标完成情况")[0]
    assert "目标：550万" in whole
    assert "已签：120万（21.8%）" in whole


def test_nobody_sets_the_target_of_a_department_they_do_not_lead(selling: World) -> None:
    assert "没有" in selling.says("王强", "二季度华南扛300万")[-1]
    assert "没有" in selling.says("张伟", "二季度华东扛300万")[-1]
    assert not kept(selling)
