"""The funnel (semantics B.9): the worked numbers, and the facts behind it that every change keeps right."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from core.model.ids import AccountId, DealId
from core.model.member import SYSTEM
from core.rules.metrics.declared import PASSAGES, dimension
from core.rules.metrics.funnel import Change, StageFigures, raised
from core.rules.metrics.periods import Span
from core.rules.permissions import scope_of
from core.services.reports.asking import Asked
from core.services.reports.behind import drill
from core.services.reports.funnel import Funnel, funnel
from core.services.reports.pivot import UNKNOWN, filters, pivot
from tests.reports.builders import LOST, WON, Step, at, day, has_deal, steps
from tests.world import World

MARCH = Asked(Span(day("03-01"), day("03-31")))
SEED = {"初步接洽": (1000, 3), "需求确认": (200, 7), "方案报价": (80, 10), "商务谈判": (40, 15), "赢单": (24, 0)}
REASONS = {"初步接洽": "联系不上", "需求确认": "预算取消", "方案报价": "价格", "商务谈判": "其他"}


def of(made: Funnel, stage: str) -> StageFigures:
    return next(one for one in made.stages if one.stage == stage)


def shown(world: World, asked: Asked = MARCH, by: str | None = None) -> Funnel:
    actor = world.member(by) if by else SYSTEM
    with world.program.open_work(actor, reading=True) as uow:
        return funnel(uow, asked)


def test_b9_1_dwell_conversions_and_reasons_of_a_stage(world: World) -> None:
    world.now = at("03-20 10:00")
    before = ("初步接洽", "02-20 09:00")
    has_deal(world, steps(before, ("方案报价", "03-01 09:00"), ("商务谈判", "03-11 09:00")))
    has_deal(world, steps(before, ("方案报价", "03-02 09:00"), (LOST, "03-08 09:00")), reason="价格")
    has_deal(
        world,
        steps(
            before, ("方案报价", "03-03 09:00"), ("需求确认", "03-05 09:00"), ("方案报价", "03-07 09:00"),
            ("商务谈判", "03-14 09:00"),
        ),
    )  # fmt: skip
    has_deal(world, steps(before, ("方案报价", "03-04 09:00")))
    stage = of(shown(world), "方案报价")
    assert (stage.counts.entered, stage.counts.advanced, stage.counts.open) == (4, 2, 1)
    assert stage.counts.conversion == 0.5
    assert stage.counts.settled == pytest.approx(2 / 3)
    assert stage.counts.dwell == pytest.approx(25 / 3)
    assert stage.reasons == (("价格", 1),)


def test_b9_2_a_skipped_stage_counts_as_passed_and_adds_nothing_to_its_dwell(world: World) -> None:
    world.now = at("03-20 10:00")
    has_deal(world, steps(("初步接洽", "03-02 09:00"), ("方案报价", "03-05 09:00")))
    made = shown(world)
    skipped = of(made, "需求确认").counts
    assert (skipped.entered, skipped.advanced, skipped.left) == (1, 1, 0)
    assert skipped.dwell is None
    counts = [one.counts.entered for one in made.stages]
    assert counts == sorted(counts, reverse=True), "the counts never rise on the way"


@pytest.fixture(scope="module")
def seeded() -> World:
    """The seed's table, lived through: a thousand deals of which each stage keeps its share."""
    world = World()
    world.now = at("12-20 10:00")
    order = list(SEED)
    gone = {
        stage: SEED[stage][0] - (SEED[order[n + 1]][0] if n + 1 < len(order) else 0) for n, stage in enumerate(order)
    }
    for place, stage in enumerate(order):
        for number in range(gone[stage]):
            way, when = [], at("01-05 09:00") + timedelta(minutes=number)
            for passed in order[: place + 1]:
                way.append(Step(passed, when))
                when += timedelta(days=SEED[passed][1])
            if stage != WON:
                way.append(Step(LOST, when))
            has_deal(world, way, reason=REASONS.get(stage, "产品"))
    yield world
    world.close()


def test_b9_the_table_of_the_seed_is_reproduced(seeded: World) -> None:
    made = shown(seeded, Asked(Span(day("01-01"), day("12-31"))))
    assert [one.counts.entered for one in made.stages] == [1000, 200, 80, 40, 24]
    assert [one.counts.conversion for one in made.stages[:-1]] == [0.2, 0.4, 0.5, 0.6]
    assert [round(one.counts.dwell or 0, 2) for one in made.stages[:-1]] == [3, 7, 10, 15]
    assert made.overall == pytest.approx(0.024)
    assert made.days == pytest.approx(35)
    assert of(made, "方案报价").counts.leak == 0.5
    assert "价格复盘" in of(made, "方案报价").advice[0]
    assert "BANT" in of(made, "需求确认").advice[0]


def test_b9_a_rise_is_labelled_relative_or_in_points() -> None:
    assert raised(0.57, 0.22, relative=True).after == pytest.approx(0.6954)
    assert raised(0.57, 0.22, relative=False).after == pytest.approx(0.79)
    said = str(Change(0.57, 0.79))
    assert "绝对提高 22.0 个百分点" in said
    assert "相对提高 38.6%" in said


def test_every_figure_counts_only_what_the_asker_may_see(world: World) -> None:
    world.now = at("03-20 10:00")
    for owner, count in (("张伟", 3), ("陈晨", 2), ("李娜", 4)):
        for _ in range(count):
            has_deal(world, steps(("初步接洽", "03-02 09:00"), ("需求确认", "03-04 09:00")), owner=owner)
    seen = {name: shown(world, by=name).stages[0].counts.entered for name in ("张伟", "李娜", "王强", "赵敏")}
    assert seen == {"张伟": 3, "李娜": 4, "王强": 5, "赵敏": 9}
    assert shown(world).stages[0].counts.entered == 9


def _facts(world: World) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    from sqlalchemy import select

    from storage import tables

    with world.program.open_work.reading() as session:
        rows = sorted(map(tuple, session.execute(select(tables.passages))), key=str)
        sums = [tuple(row) for row in session.execute(select(tables.passage_sums)) if row.entered]
        return rows, sorted(sums, key=str)


def test_a_full_rebuild_gives_the_facts_that_the_changes_have_kept(world: World) -> None:
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "跟进 华为 电话聊了服务器需求，明天下午三点再联系")
    world.says("张伟", "给华为建个商机 服务器采购 35万 6月底签")
    world.says("张伟", "华为推进到需求确认")
    world.says("张伟", "华为 退回初步接洽，客户预算没批")
    world.now += timedelta(days=2)
    world.says("张伟", "预算80万，决策人李总，对手是浪潮")
    world.says("张伟", "华为推进到需求确认")
    world.says("张伟", "撤销")
    has_deal(
        world, steps(("初步接洽", "02-02 09:00"), ("方案报价", "02-04 09:00"), (LOST, "02-09 09:00")), owner="李娜"
    )
    chenchen = world.member("陈晨").id
    with world.work() as uow:
        uow.deals.get(DealId(1)).owner_id = chenchen
        uow.deals.get(DealId(1)).product = "存储"
        uow.deals.get(DealId(1)).account_id = AccountId(1)
    with world.work() as uow:
        huawei = uow.accounts.get(AccountId(1))
        huawei.region, huawei.source, huawei.industry = "广东", "展会", "通信"
    world.says("张伟", "把华为改成A级")
    kept = _facts(world)
    assert any("广东" in row and "A" in row for row in kept[0]), "passages tell of the customer"
    assert kept[0], "there is something to compare"
    with world.work() as uow:
        assert uow.metrics.rebuild(after=0, limit=1000) is None
        uow.metrics.add_up()
    assert _facts(world) == kept


def test_a_deal_that_came_from_a_file_was_in_the_first_stage_when_it_began(world: World) -> None:
    world.now = at("03-20 10:00")
    has_deal(world, steps((WON, "03-10 00:00")), begun_on=day("03-01"))
    has_deal(world, steps((LOST, "03-12 00:00")), begun_on=day("03-02"), reason="价格")
    made = shown(world)
    assert [one.counts.entered for one in made.stages] == [2, 1, 1, 1, 1]
    assert of(made, "初步接洽").counts.settled == 0.5
    assert of(made, "初步接洽").counts.dwell is None, "how long it stood there nobody wrote down"


@pytest.mark.parametrize(
    ("first", "last"),
    [("02-10", "04-20"), ("03-01", "03-31"), ("03-05", "03-25"), ("02-01", "03-15"), ("02-20", "03-31")],
)
@pytest.mark.parametrize("where", [(), (("region", ("广东", None)),)], ids=["all", "of some regions"])
@pytest.mark.parametrize(
    "by",
    ["stage", "reason", "product", "member", "department", "month", "quarter", "week", "region", "source", "grade"],
)
def test_sums_by_month_and_records_at_the_ends_tell_of_the_same_deals(
    half_a_year: World, first: str, last: str, by: str, where: tuple[tuple[str, tuple[str | None, ...]], ...]
) -> None:
    span, cut = Span(day(first), day(last)), [dimension(by)]
    only = [(dimension(key), values) for key, values in where]
    whole: dict[object, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    with half_a_year.program.open_work(SYSTEM, reading=True) as uow:
        scope, fine = scope_of(SYSTEM), [*cut, dimension("day")]
        for key, figures in uow.metrics.totals(PASSAGES, fine, span, only, scope).items():
            for name, value in figures.items():
                whole[key[:1]][name] += value
        found = uow.metrics.totals(PASSAGES, cut, span, only, scope)
    assert found == whole
    assert sum(one["entered"] for one in found.values()) > 0


@pytest.fixture(scope="module")
def half_a_year() -> Iterator[World]:
    """Deals of several people and products that entered, were lost and were won all over some months."""
    world = World()
    world.now = at("06-20 10:00")
    for number in range(60):
        begun = at("01-20 09:00") + timedelta(days=2 * number)
        ways = (("初步接洽", "需求确认"), ("初步接洽", "方案报价", LOST), ("初步接洽", "需求确认", "初步接洽", WON))
        way = [Step(stage, begun + timedelta(days=9 * n)) for n, stage in enumerate(ways[number % 3])]
        reason = ("价格", "预算取消")[number % 2] if way[-1].stage == LOST else ""
        owner = ("张伟", "陈晨", "李娜")[number % 3 - number % 2]
        account = {"region": ("广东", "北京")[number % 2], "source": f"来源{number % 3}", "grade": "A"}
        more = {"account": account} if number % 5 else {}
        has_deal(world, way, owner=owner, reason=reason, product=f"产品{number % 4}", **more)
    yield world
    world.close()


def test_deals_of_a_region_are_found_by_their_customers(world: World) -> None:
    world.now = at("03-20 10:00")
    for region in ("广东", "广东", "北京"):
        has_deal(world, steps(("初步接洽", "03-02 09:00"), ("需求确认", "03-04 09:00")), account={"region": region})
    has_deal(world, steps(("初步接洽", "03-02 09:00")))
    asked = replace(MARCH, where=((dimension("region"), ("广东",)),))
    assert shown(world, asked).stages[0].counts.entered == 2
    assert {deal.stage for deal in shown(world, asked).to_open} == {"需求确认"}


def test_what_is_set_right_of_a_customer_holds_for_the_past_too(world: World) -> None:
    """As for won money: a customer is where it is known to be now, in every figure of it alike."""
    world.now = at("06-20 10:00")
    has_deal(world, steps(("初步接洽", "03-02 09:00"), (WON, "03-04 09:00")), account={"region": "广东"})
    with world.work() as uow:
        uow.accounts.get(AccountId(1)).region = "福建"
    by_region = Asked(MARCH.span, by=("地区",), measures=("进入数", "赢单数"))
    with world.program.open_work(SYSTEM, reading=True) as uow:
        assert [row[:1] + row[2:] for row in pivot(uow, by_region).rows] == [("福建", 1)]
        assert pivot(uow, replace(by_region, where=filters(uow, [("地区", ("广东",))]))).rows == ()


def test_deals_of_which_a_region_is_not_known_are_found_behind_their_cell(world: World) -> None:
    world.now = at("03-20 10:00")
    has_deal(world, steps(("初步接洽", "03-02 09:00"), (WON, "03-04 09:00")), account={"region": ""}, name="甲")
    has_deal(world, steps(("初步接洽", "03-02 09:00"), (WON, "03-04 09:00")), name="乙")
    with world.program.open_work(SYSTEM, reading=True) as uow:
        [row] = pivot(uow, replace(MARCH, by=("地区",), measures=("赢单数",))).rows
        assert row == (UNKNOWN, 2)
        unknown = replace(MARCH, measures=("赢单数",), where=filters(uow, [("地区", (UNKNOWN,))]))
        assert {name for _, name in drill(uow, unknown).refs} == {"甲", "乙"}
