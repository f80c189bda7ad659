"""What leaders are told of their figures by the clock."""

from datetime import datetime

import pytest

from core.rules.metrics.funnel import Counts, StageFigures, below_its_band
from tests.reports.builders import LOST, WON, has_deal, steps
from tests.world import SHANGHAI, World


def at(words: str) -> datetime:
    return datetime.fromisoformat(f"2026-{words}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def leaking(world: World) -> World:
    """Four deals reached 方案报价 in the last weeks: one went on, two were lost for the price, one stands there."""
    begin = (("初步接洽", "02-10 09:00"), ("需求确认", "02-12 09:00"), ("方案报价", "02-16 09:00"))
    has_deal(world, steps(*begin, ("商务谈判", "02-24 09:00"), (WON, "03-03 09:00")), name="赢的一单")
    for name in ("丢的甲", "丢的乙"):
        has_deal(world, steps(*begin, (LOST, "02-26 09:00")), name=name, reason="价格高")
    has_deal(world, steps(*begin), name="还在谈的一单", yuan=300_000)
    return world


def heard_by_the_clock(world: World, name: str, when: str) -> str:
    world.heard(name)
    world.ticks(at(when))
    world.works()
    world.delivers()
    return "\n".join(world.heard(name))


def test_on_monday_a_leader_hears_where_deals_leak_why_and_which_to_open(leaking: World) -> None:
    told = heard_by_the_clock(leaking, "王强", "03-09 09:00")
    assert "漏斗教练" in told
    assert "方案报价：进入 4，转化 25%" in told
    assert "最大漏点：方案报价，流失 75%，主要因为价格高 2" in told
    assert "100% 输在价格：做一次价格复盘" in told
    assert "先看这几单：还在谈的一单" in told
    assert "漏斗教练" not in heard_by_the_clock(leaking, "王强", "03-09 09:05"), "once a week"
    assert "漏斗教练" not in heard_by_the_clock(leaking, "王强", "03-10 09:00")


def test_the_picture_of_the_funnel_comes_along(leaking: World) -> None:
    heard_by_the_clock(leaking, "王强", "03-09 09:00")
    coached = [card for _, card in leaking.channel.phones["wangqiang"].cards if "漏斗教练" in card.title]
    [enclosed] = coached[-1].encloses
    assert enclosed.chart is not None
    assert enclosed.chart.labels[2] == "方案报价"


def test_another_departments_leader_hears_nothing_of_these_deals(leaking: World) -> None:
    leaking.enrols((("zhoujie", "周杰", "manager", "销售部/华南", "zhaomin"),))
    assert "漏斗教练" not in heard_by_the_clock(leaking, "周杰", "03-09 09:00")


def test_the_coach_comes_when_a_leader_wants_it(leaking: World) -> None:
    assert "每周三 08:30 发漏斗教练" in leaking.says("王强", "每周三早上8点半给我发漏斗报告")[0]
    assert "漏斗教练" not in heard_by_the_clock(leaking, "王强", "03-09 09:00")
    assert "漏斗教练" in heard_by_the_clock(leaking, "王强", "03-11 08:30")


def test_what_a_change_of_the_rules_has_done_is_told_after_thirty_days(leaking: World) -> None:
    leaking.now = at("03-05 10:00")
    leaking.applies("day: {plan_size: 8}")
    begin = (("初步接洽", "03-06 09:00"), ("需求确认", "03-09 09:00"), ("方案报价", "03-10 09:00"))
    has_deal(leaking, steps(*begin, ("商务谈判", "03-20 09:00")), name="后来的一单")
    has_deal(leaking, steps(*begin, (LOST, "03-20 09:00")), name="后来丢的", reason="价格高")
    told = heard_by_the_clock(leaking, "王强", "04-07 09:00")
    assert "前后 30 天方案报价转化 33.3% → 50.0%：绝对提高 16.7 个百分点，相对提高 50.0%" in told


def test_the_month_is_summed_up_on_its_last_workday(leaking: World) -> None:
    leaking.says("赵敏", "张伟3月目标20万")
    leaking.says("赵敏", "确认")
    assert "小结" not in heard_by_the_clock(leaking, "王强", "03-30 17:30")
    told = heard_by_the_clock(leaking, "王强", "03-31 17:30")
    assert "2026 年 3 月小结" in told
    assert "100,000元（1 单）" in told
    assert "200,000元，达成 50%" in told
    assert "1. 张伟：100,000元，达成 50%" in told


@pytest.mark.parametrize(
    ("advanced", "lost", "low"),
    [
        (9, 31, True),  # 22 % of 40 where 50 % is usual: one time in three thousand
        (10, 30, False),  # 25 % of 40: one time in nine hundred, and there are fifty Mondays a year
        (18, 22, False),  # 45 % of 40: chance
        (450, 550, True),  # 45 % of 1000 is none any more
        (0, 5, False),  # too few to say
        (30, 10, False),  # better than usual
    ],
)
def test_a_stage_is_low_when_chance_does_not_explain_it(advanced: int, lost: int, low: bool) -> None:
    counts = Counts(entered=advanced + lost, advanced=advanced, lost=lost)
    assert below_its_band(StageFigures("方案报价", counts, usual_conversion=0.5)) is low
