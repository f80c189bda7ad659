"""The same figures on SQLite and on PostgreSQL: funnel, pivots, money, a field of the company's own (8.1)."""

import json

from core.model.ids import DealId
from core.rules.metrics.declared import LOST, LOST_HERE
from core.rules.metrics.periods import Span
from core.rules.permissions import scope_of
from core.services.reports import REPORTS
from core.services.reports.asking import Asked
from core.services.reports.behind import drill
from core.services.reports.pivot import filters, pivot
from tests.conversations.test_contracts import signs
from tests.reports.builders import WON, at, day, has_deal, steps
from tests.world import World

MARCH = Span(day("03-01"), day("03-31"))


def _sold(world: World) -> None:
    way = ("初步接洽", "02-02 09:00"), ("需求确认", "02-05 09:00"), ("方案报价", "02-10 09:00")
    to_the_end = (*way, ("商务谈判", "02-20 09:00"), (WON, "03-03 09:00"))
    for yuan, region in ((300_000, "江苏"), (50_000, "浙江")):
        has_deal(world, steps(*to_the_end), yuan=yuan, account={"name": f"{region}客户", "region": region})
    has_deal(world, steps(*way), yuan=70_000, account={"name": "在谈客户", "region": "江苏"})


def test_the_funnel_of_a_quarter_by_name(any_world: World) -> None:
    any_world.now = at("03-05 10:00")
    _sold(any_world)
    with any_world.work() as uow:
        table = REPORTS["funnel"].build(uow, Asked(Span(day("01-01"), day("03-31"))))
    entered = {row[0]: row[1] for row in table.rows}
    assert entered == {"初步接洽": 3, "需求确认": 3, "方案报价": 3, "商务谈判": 2, "赢单": 2}


def test_a_pivot_by_region_and_month_with_a_filter_and_its_single_deals(any_world: World) -> None:
    any_world.now = at("03-05 10:00")
    _sold(any_world)
    with any_world.work() as uow:
        by = Asked(MARCH, by=("地区", "月"), measures=("赢单金额", "赢单数", "赢率"))
        assert pivot(uow, by).rows == (("江苏", "2026-03", 30_000_000, 1, 1.0), ("浙江", "2026-03", 5_000_000, 1, 1.0))
        only = Asked(MARCH, where=filters(uow, [("地区", ("浙江",)), ("负责人", ("张伟",))]), measures=("赢单金额",))
        assert pivot(uow, only).rows == ((5_000_000,),)
        assert [row[-1] for row in drill(uow, only).table.rows] == [5_000_000]


def test_what_was_received_by_person_and_month(any_world: World) -> None:
    signs(any_world, "38.5万 账期30天")
    any_world.says("张伟", "华为回款12万")
    with any_world.work("王强") as uow:
        table = pivot(uow, Asked(MARCH, by=("负责人", "月"), measures=("回款金额", "合同金额")))
        assert table.rows == (("张伟", "2026-03", 12_000_000, 38_500_000),)
        by_department = pivot(uow, Asked(MARCH, by=("部门",), measures=("回款金额",)))
        assert by_department.rows == (("销售部/华东", 12_000_000),)


def test_a_field_that_the_company_made_is_a_dimension(any_world: World) -> None:
    any_world.now = at("03-05 10:00")
    field = {"key": "level", "label": "预算级别", "type": "choice", "options": ["高", "低"]}
    any_world.applies(json.dumps({"fields": {"account": [field]}}, ensure_ascii=False))
    way = steps(("初步接洽", "02-02 09:00"), (WON, "03-03 09:00"))
    for yuan, level in ((300_000, "高"), (50_000, "低"), (20_000, "高")):
        has_deal(any_world, way, yuan=yuan, account={"name": f"{yuan}客户", "custom": {"level": level}})
    with any_world.work() as uow:
        table = pivot(uow, Asked(MARCH, by=("预算级别",), measures=("赢单金额", "赢单数")))
    assert table.rows == (("高", 32_000_000, 2), ("低", 5_000_000, 1))


def test_lists_behind_figures_page_through_every_deal_the_largest_first(any_world: World) -> None:
    any_world.now = at("03-05 10:00")
    way = steps(("初步接洽", "02-02 09:00"), ("输单", "03-03 09:00"))
    amounts = (50_000, None, 300_000, 50_000, None, 20_000, 70_000)
    made = [(yuan, has_deal(any_world, way, yuan=yuan or 0)) for yuan in amounts]
    with any_world.work() as uow:
        for yuan, number in made:
            if yuan is None:
                uow.deals.get(DealId(number)).amount = None
    expected = [number for _, number in sorted(made, key=lambda one: (one[0] is None, -(one[0] or 0), -one[1]))]
    with any_world.work() as uow:
        scope = scope_of(any_world.member("张伟"))
        for base in (LOST, LOST_HERE):
            for span in (MARCH, Span(day("01-01"), day("12-31"))):
                days = Span(day("02-01"), span.last) if base is LOST_HERE else span
                pages = [uow.metrics.records(base, days, (), scope, limit=2, offset=start) for start in range(0, 10, 2)]
                assert [number for page in pages for number in page] == expected
