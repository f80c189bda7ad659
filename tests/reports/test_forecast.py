"""The forecast (semantics B.10): worked numbers, months, bands, snapshots, and whose deals it counts."""

from datetime import date, timedelta

import pytest

from core.model.member import SYSTEM
from core.model.playbook import Pipeline
from core.rules.metrics.forecast import (
    COMMIT,
    Judged,
    Rates,
    Settled,
    Standing,
    accuracy,
    forecast,
    judge,
    smoothed,
    within,
)
from core.rules.metrics.periods import Span
from core.rules.permissions import scope_of
from core.services.reports import REPORTS
from core.services.reports.asking import Asked
from core.services.reports.forecast import outlook
from tests.reports.builders import LOST, WON, at, has_deal, steps
from tests.world import World

TODAY = date(2026, 3, 5)
MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))
RATES = Rates(
    pipeline=Pipeline(),
    whole={
        "初步接洽": Settled(200, 1000),
        "需求确认": Settled(80, 200),
        "方案报价": Settled(40, 80),
        "商务谈判": Settled(24, 40),
    },
    dwell={"初步接洽": 3, "需求确认": 7, "方案报价": 10, "商务谈判": 15},
)


def deal(
    stage: str, yuan: int, *, stood: int = 0, expected: date | None = None, category: str = "pipeline"
) -> Standing:
    fen = yuan * 100
    return Standing("标准", stage, TODAY - timedelta(days=stood), expected, None, "", category, 1, fen, float(fen) ** 2)


D1, D2 = deal("初步接洽", 500_000), deal("需求确认", 200_000, stood=2, expected=date(2026, 3, 31))
D3, D4 = deal("方案报价", 300_000, stood=4), deal("商务谈判", 400_000, category=COMMIT)
OPEN: list[Judged] = [judge(one, RATES, TODAY) for one in (D1, D2, D3, D4)]
CLOSED = 150_000 * 100


def test_b10_chances_are_the_products_of_the_remaining_conversions() -> None:
    assert [round(one.chance, 6) for one in OPEN] == [0.024, 0.12, 0.3, 0.6]
    assert [round(one.expected / 100) for one in OPEN] == [12_000, 24_000, 90_000, 240_000]


def test_b10_the_sum_is_516000_with_its_band() -> None:
    whole = forecast(CLOSED, OPEN)
    assert round(whole.total / 100) == 516_000
    assert round(whole.open / 100) == 366_000
    assert round(whole.deviation / 100) == 259_577
    assert whole.low / 100 == pytest.approx(183_327, abs=10)
    assert whole.high / 100 == pytest.approx(848_673, abs=10)
    assert whole.is_wide, "few deals, wide band"


def test_b10_the_band_never_lies_below_what_is_closed() -> None:
    assert forecast(CLOSED, [judge(D1, RATES, TODAY)]).low == CLOSED


def test_b10_a_deal_comes_in_when_what_remains_can_be_done() -> None:
    by_stage = {one.deals.stage: one for one in OPEN}
    assert by_stage["方案报价"].comes_on == date(2026, 3, 26)
    assert by_stage["需求确认"].comes_on == date(2026, 4, 4)
    assert by_stage["需求确认"].optimistic, "the rep said the end of March"
    assert by_stage["初步接洽"].comes_on == date(2026, 4, 9)
    assert not by_stage["方案报价"].optimistic
    assert round(forecast(CLOSED, within(OPEN, MARCH)).total / 100) == 480_000


def test_b10_categories_add_up_from_closed() -> None:
    whole = forecast(CLOSED, OPEN)
    assert whole.cumulative(COMMIT) == CLOSED + 400_000 * 100
    assert whole.cumulative("pipeline") == CLOSED + 1_400_000 * 100
    omitted = judge(deal("商务谈判", 999_000, category="omitted"), RATES, TODAY)
    assert forecast(CLOSED, [*OPEN, omitted]).total == whole.total


def test_b10_accuracy() -> None:
    assert accuracy(480_000, 450_000) == pytest.approx(0.9333, abs=1e-4)
    assert accuracy(480_000, 0) is None


def test_few_deals_are_smoothed_towards_what_was_expected_and_many_speak_for_themselves() -> None:
    assert smoothed(Settled(3, 3), 0.5) == pytest.approx(8 / 13)
    few = Rates(pipeline=Pipeline(), whole={"商务谈判": Settled(3, 3)})
    assert few.conversion("商务谈判")[0] == pytest.approx((3 + 6) / 13)
    team = Rates(
        pipeline=Pipeline(), whole={"商务谈判": Settled(10, 100)}, teams={("销售部/华东", "商务谈判"): Settled(27, 30)}
    )
    assert team.conversion("商务谈判", "销售部/华东")[0] == 0.9
    assert team.conversion("商务谈判", "销售部/华南")[0] == 0.1
    product = Rates(pipeline=Pipeline(), products={("伺服", "商务谈判"): Settled(15, 30)})
    assert product.conversion("商务谈判", "", "伺服")[0] == 0.5


def test_deals_that_nobody_saw_in_a_stage_are_judged_by_how_closed_ones_ended() -> None:
    rates = Rates(pipeline=Pipeline(), overall=Settled(66, 100), cycle=50)
    assert rates.win("需求确认") == 0.66
    assert rates.remaining("需求确认", 20) == 30


@pytest.fixture
def selling(world: World) -> World:
    world.now = at("03-05 10:00")
    for owner, yuan in (("张伟", 400_000), ("陈晨", 300_000), ("李娜", 200_000)):
        has_deal(
            world, steps(("初步接洽", "02-02 09:00"), ("商务谈判", "03-04 09:00")), owner=owner, yuan=yuan,
            expected_close_on=date(2026, 3, 20),
        )  # fmt: skip
    has_deal(world, steps(("商务谈判", "02-25 09:00"), (WON, "03-03 09:00")), yuan=150_000)
    has_deal(world, steps(("商务谈判", "02-25 09:00"), (LOST, "03-03 09:00")), yuan=100_000, reason="价格")
    return world


def test_a_forecast_counts_the_deals_of_whom_the_asker_sees(selling: World) -> None:
    amounts = {}
    for name in ("张伟", "李娜", "王强", "赵敏"):
        with selling.program.open_work(selling.member(name), reading=True) as uow:
            amounts[name] = outlook(uow, Asked(MARCH)).figures.single.get("pipeline", 0) // 100
    assert amounts == {"张伟": 400_000, "李娜": 200_000, "王强": 700_000, "赵敏": 900_000}


def test_what_was_lost_brings_nothing_and_what_was_won_counts_whole(selling: World) -> None:
    with selling.program.open_work(selling.member("张伟"), reading=True) as uow:
        made = outlook(uow, Asked(MARCH))
    assert made.figures.closed == CLOSED
    assert made.figures.count == 1
    assert made.figures.total == pytest.approx(CLOSED + made.deals[0].chance * 400_000 * 100)


def test_every_monday_at_midnight_a_forecast_is_kept_and_held_against_what_came(selling: World) -> None:
    selling.ticks(at("03-09 00:00"))
    selling.ticks(at("03-09 00:05"))
    with selling.program.open_work(SYSTEM, reading=True) as uow:
        kept = uow.metrics.snapshots(date(2026, 3, 1), scope_of(SYSTEM))
    assert [one["taken_on"] for one in kept] == [date(2026, 3, 9)]
    assert kept[0]["closed"] == CLOSED
    selling.now = at("04-02 10:00")
    with selling.program.open_work(SYSTEM, reading=True) as uow:
        [row] = REPORTS["forecast-accuracy"].build(uow, Asked()).rows
    assert row[0] == "2026-03"
    assert row[4] == pytest.approx(accuracy(kept[0]["expected"], CLOSED))


def test_a_forecast_by_region_adds_up_to_the_whole_and_is_told_in_chat(world: World) -> None:
    world.now = at("03-05 10:00")
    for place, region in enumerate(("江苏", "浙江", "江苏", "")):
        has_deal(
            world, steps(("初步接洽", "02-02 09:00"), ("商务谈判", "03-01 09:00")), yuan=100_000 * (place + 1),
            account={"name": f"客户{place}", "region": region}, product="伺服" if place else "机器人",
        )  # fmt: skip
    has_deal(
        world, steps(("初步接洽", "02-02 09:00"), ("赢单", "03-03 09:00")), yuan=70_000, account={"region": "浙江"}
    )
    span = Span(date(2026, 1, 1), date(2026, 12, 31))
    with world.work("王强") as uow:
        whole = outlook(uow, Asked(span)).figures
        for by in ("地区", "部门", "产品", "负责人", "来源"):
            table = REPORTS["forecast"].build(uow, Asked(span, by=(by,)))
            assert sum(row[1] for row in table.rows) == pytest.approx(whole.total), by
            assert sum(row[4] for row in table.rows) == whole.closed
            assert sum(row[6] for row in table.rows) == whole.count
    assert "地区=浙江" in world.says("王强", "浙江今年能做多少")[0]
    answer = world.says("王强", "按地区看今年的预测")[0]
    assert "1. 江苏：预测" in answer
    assert "按地区、产品" in world.says("王强", "按产品拆开")[0]


def test_what_is_only_begun_in_a_month_is_said_apart_with_the_band_of_the_months_before(world: World) -> None:
    for month, yuan in (("01", 200_000), ("02", 400_000)):
        has_deal(world, steps(("商务谈判", f"{month}-05 09:00"), (WON, f"{month}-20 09:00")), yuan=yuan)
        has_deal(world, steps(("商务谈判", f"{month}-05 09:00"), (LOST, f"{month}-20 09:00")), reason="价格")
    world.now = at("02-28 20:00")
    said = world.says("张伟", "3月预测")[-1]
    assert "30万（近 2 期平均新开 30万，八成在 0元 ~ 83.31万）" in said


def test_where_nothing_new_is_to_be_expected_nothing_is_said_of_it(world: World) -> None:
    has_deal(world, steps(("商务谈判", "01-05 09:00"), (WON, "02-20 09:00")), yuan=200_000)
    world.now = at("02-28 20:00")
    assert "新开" not in world.says("张伟", "3月预测")[-1]
