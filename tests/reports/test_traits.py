"""What won and large deals have in common, with how sure that is (M75)."""

import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.metrics.traits import Closed, fisher, traits, wilson
from core.services.reports import REPORTS
from core.services.reports.asking import Asked
from tests.reports.builders import LOST, WON, at, has_deal, steps
from tests.world import World


def closed(won: int, lost: int, value: str, amount: int = 100) -> list[Closed]:
    return [Closed(place < won, amount + place, ((value,),)) for place in range(won + lost)]


def test_a_trait_that_goes_with_winning_is_named_with_its_numbers() -> None:
    found = traits([*closed(40, 10, "制造业"), *closed(10, 40, "零售")], 1)
    [best] = [one for one in found if one.value == "制造业"]
    assert best.verdict.startswith("更容易赢")
    assert (best.count, best.won, best.rest, best.rest_won) == (50, 40, 50, 10)


def test_too_few_say_nothing_however_great_the_difference() -> None:
    found = traits([*closed(9, 0, "航天"), *closed(20, 60, "零售")], 1)
    assert next(one for one in found if one.value == "航天").verdict == "样本太少"


def test_chance_alone_is_seldom_named() -> None:
    chance = random.Random(7)
    named = 0
    for _ in range(60):
        deals = [
            Closed(chance.random() < 0.4, 100, tuple((chance.choice("ABCDEF"),) for _ in range(6))) for _ in range(240)
        ]
        named += any(one.sure_won for one in traits(deals, 6))
    assert named <= 60 * 0.2


@given(k=st.integers(0, 30), more=st.integers(0, 30), rest_k=st.integers(0, 30), rest_more=st.integers(0, 30))
def test_the_exact_test_is_the_sum_of_the_tables_that_are_as_improbable(
    k: int, more: int, rest_k: int, rest_more: int
) -> None:
    n, rest, hits = k + more, rest_k + rest_more, k + rest_k
    tables = {x: comb(hits, x) * comb(n + rest - hits, n - x) for x in range(max(0, hits - rest), min(hits, n) + 1)}
    expected = sum(one for one in tables.values() if one <= tables[k]) / comb(n + rest, n)
    assert fisher(k, n, rest_k, rest) == pytest.approx(expected, rel=1e-6)


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)


def test_the_report_says_bases_doubts_and_only_what_its_reader_may_see(world: World) -> None:
    world.now = at("03-20 10:00")
    for place in range(44):
        made = place % 2 == 0
        wins = place % 10 < 8 if made else place % 10 < 2
        has_deal(
            world, steps(("初步接洽", "02-02 09:00"), (WON if wins else LOST, "03-03 09:00")), yuan=10_000 + place,
            account={"name": f"客户{place}", "industry": "制造业" if made else "零售", "source": "展会"},
        )  # fmt: skip
    for place in range(20):
        has_deal(
            world, steps(("初步接洽", "02-02 09:00"), (LOST, "03-03 09:00")), owner="李娜",
            account={"name": f"南方{place}", "industry": "制造业"},
        )  # fmt: skip
    answer = world.says("王强", "什么样的客户容易成交")[0]
    assert "行业=制造业" in answer
    assert "更容易赢" in answer
    assert "共 44 个已结束商机" in answer
    assert "不等于因果" in answer
    with world.work("赵敏") as uow:
        table = REPORTS["traits"].build(uow, Asked(limit=100))
    assert "共 64 个已结束商机" in table.notes[0]
    assert "样本太少" in world.says("李娜", "高价值特征")[0]


def test_a_handful_of_deals_is_called_a_handful(world: World) -> None:
    world.now = at("03-20 10:00")
    has_deal(world, steps(("初步接洽", "02-02 09:00"), (WON, "03-03 09:00")), account={"industry": "制造业"})
    answer = world.says("张伟", "什么样的客户容易成交")[0]
    assert "样本太少：不到 30 个" in answer
