"""What somebody may not see is in none of their figures: every report, every role, saved ones and lists too."""

import random
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from core.errors import Refusal
from core.model.report import View
from core.rules.metrics.periods import Span
from core.services.reports import REPORTS
from core.services.reports.asking import Asked
from core.services.reports.behind import drill
from core.services.reports.views import table_of
from tests.reports.builders import LOST, WON, a_first_quarter, at, has_deal, steps
from tests.world import World

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
ACTORS = ("张伟", "陈晨", "李娜", "王强", "赵敏", "陈静", "周婷", "吴昊")
OF_ALL = {"ranking": ("机会数", "同样机会应得", "实得", "能力系数")}
"""What is measured against everybody's chances by design: what a chance is worth the whole company has shown."""
MEASURES = {"赢单金额": "won", "赢单数": "won", "输单数": "lost", "在手金额": "open", "在手商机数": "open"}
WAY = ("初步接洽", "需求确认", "方案报价")


def figures(world: World, actor: str, name: str, **more: Any) -> Any:
    """Return what a report tells somebody, without what everybody's chances are in; a refusal as its words."""
    try:
        with world.work(actor) as uow:
            table = REPORTS[name].build(uow, Asked(YEAR, limit=500, **more))
    except Refusal as refusal:
        return str(refusal)
    hidden = {place for place, one in enumerate(table.columns) if one.label in OF_ALL.get(name, ())}
    return [[cell for place, cell in enumerate(row) if place not in hidden] for row in table.rows], table.notes


def others_work(world: World, *, only_open: bool) -> None:
    """李娜 of another department gets on: deals, leads, talks, a target."""
    for place in range(6):
        last = WAY[0] if only_open else (WON, LOST, WAY[0])[place % 3]
        way = steps((WAY[0], "03-02 09:00"), *(() if last == WAY[0] else ((last, "03-04 09:00"),)))
        account = {"name": f"别人的客户{place}", "region": "江苏", "source": "展会", "industry": "制造业"}
        has_deal(
            world, way, owner="李娜", yuan=990_000 + place, account=account, product="伺服", name=f"别人的单{place}"
        )
    world.says("李娜", "新线索 佛山别人机械 13912349999 展会 要3台")
    if not only_open:
        world.says("李娜", "跟进 别人的客户0 电话聊了报价，对方要看样品")


@pytest.mark.parametrize("name", [name for name in REPORTS if name != "pivot"])
def test_what_another_department_does_changes_no_figure_of_a_report(world: World, name: str) -> None:
    a_first_quarter(world)
    actors = ("张伟", "陈晨", "王强")
    before = {actor: figures(world, actor, name) for actor in actors}
    # Chances and paces of deals are the whole company's, so only open deals leave the forecast as it was.
    others_work(world, only_open=name.startswith("forecast"))
    for actor in actors:
        assert figures(world, actor, name) == before[actor], actor


@pytest.mark.parametrize("actor", ACTORS)
def test_pivots_saved_ones_and_lists_are_what_counting_one_by_one_gives(world: World, actor: str) -> None:
    world.now = at("03-20 10:00")
    chance = random.Random(actor)
    rows = []
    for place in range(60):
        owner = chance.choice(("张伟", "陈晨", "李娜", "王强"))
        fate, region = chance.choice(("won", "lost", "open")), chance.choice(("江苏", "浙江", "广东"))
        last = {"won": WON, "lost": LOST, "open": "方案报价"}[fate]
        yuan = chance.randrange(1, 900_000)
        way = steps(("初步接洽", "02-02 09:00"), (last, "03-03 09:00"))
        account = {"name": f"客户{place}", "region": region}
        has_deal(
            world,
            way,
            owner=owner,
            yuan=yuan,
            account=account,
            name=f"单{place}",
            reason="价格" if fate == "lost" else "",
        )
        rows.append((owner, fate, region, yuan * 100))
    seen = {
        "张伟": {"张伟"}, "陈晨": {"陈晨"}, "李娜": {"李娜"}, "王强": {"张伟", "陈晨", "王强"},
        "赵敏": {"张伟", "陈晨", "李娜", "王强"},
    }.get(actor)  # fmt: skip
    for measure, fate in MEASURES.items():
        view = View(report="pivot", measures=(measure,), by=("地区",), period="2026-01-01:2026-12-31")
        if seen is None:
            with world.work(actor) as uow, pytest.raises(Refusal):
                table_of(uow, view)
            continue
        mine = [row for row in rows if row[0] in seen and row[1] == fate]
        expected = by_region(mine, counts=measure.endswith("数"))
        with world.work(actor) as uow:
            assert dict(table_of(uow, view).rows) == expected, measure
            listed = drill(uow, Asked(YEAR, measures=(measure,)), 100)
        assert sorted(row[-1] for row in listed.table.rows) == sorted(row[3] for row in mine), measure


def by_region(rows: Iterable[tuple[str, str, str, int]], *, counts: bool) -> dict[str, int]:
    found: dict[str, int] = {}
    for _, _, region, amount in rows:
        found[region] = found.get(region, 0) + (1 if counts else amount)
    return found


def test_finance_sees_all_money_and_no_deals(world: World) -> None:
    a_first_quarter(world)
    assert "没有" in str(figures(world, "陈静", "winloss"))
    assert "没有" in str(figures(world, "陈静", "traits"))
