"""The files of the issue, as companies really keep them."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from core.model.customer import Account
from core.model.deal import Deal, StageStay
from core.model.lead import Lead, LeadState
from core.rules.metrics.declared import CYCLE, LOST, WON, WON_AMOUNT, dimension
from core.rules.metrics.periods import Span
from core.rules.permissions import scope_of
from tests.imports.conftest import Desk

Find = Callable[[str], Path]
TEAM = (
    "platform,userid,name,department,role\n"
    "wecom,csy,陈思远,销售部,rep\nwecom,lt,李婷,销售部,rep\nwecom,whr,王浩然,销售部,rep\n"
)


def test_the_messy_export_of_a_crm(desk: Desk, shared: Find) -> None:
    file = shared("excel/messy_crm_export_first_rows.xlsx")
    desk.enrols(desk.text(TEAM))
    report = desk.takes(file)
    assert (report.read, report.taken) == (104, 88)
    assert {reason: len(rows) for reason, rows in report.dropped.items()} == {
        "与已有记录重复": 11, "完全重复的行": 1, "小计/合计行": 2, "空行": 2,
    }  # fmt: skip
    assert report.repeats == [{"row": "43", "of": "8"}]
    leads = desk.all(Lead)
    assert all(lead.phone and len(lead.phone) == 11 for lead in leads)
    assert all(lead.state == LeadState.WORKING for lead in leads)
    assert Counter(lead.owner_id for lead in leads).most_common()[-1][1] == 13
    assert "其他电话：18200009999" in next(lead.need for lead in leads if lead.name == "凤凰光学股份有限公司")
    assert desk.takes(file).taken == 0
    desk.world.ids["陈思远"] = "csy"
    desk.world.passes(days=3)
    assert all(lead.state == LeadState.WORKING for lead in desk.all(Lead))
    assert "凤凰光学" in "".join(desk.world.says("陈思远", "查一下 凤凰光学股份有限公司"))


def test_the_messy_export_as_deals_has_every_amount_and_day(desk: Desk, shared: Find) -> None:
    desk.enrols(desk.text(TEAM))
    report = desk.takes(shared("excel/messy_crm_export_first_rows.xlsx"), "deals")
    assert not report.bad
    deals = desk.all(Deal)
    assert len(deals) == report.taken == 88
    assert all(deal.amount and deal.account_id and deal.owner_id for deal in deals)
    assert all((deal.closed_on or deal.expected_close_on).year == 2024 for deal in deals)
    assert len(desk.all(Account)) == 88


def test_a_pipeline_with_its_people_accounts_and_deals(desk: Desk, shared: Find) -> None:
    roster = desk.enrols(shared("pipeline/maven_sales_teams.csv"))
    assert len(roster.new) == 41
    accounts = desk.takes(shared("pipeline/maven_accounts.csv"), "accounts")
    assert (accounts.taken, accounts.respelled[("technolgy", "technology")]) == (85, 12)
    file = shared("pipeline/maven_pipeline_asof_2017-06-30.csv")
    report = desk.takes(file, "deals")
    assert (report.read, report.taken, report.bad) == (4365, 4365, [])
    deals = desk.all(Deal)
    assert Counter(deal.stage for deal in deals) == {"需求确认": 1686, "赢单": 1785, "输单": 894}
    assert sum(1 for deal in deals if deal.account_id is None) == 484
    assert sum(1 for deal in deals if deal.product == "GTX Pro") == 742
    assert len(desk.all(Account)) == 85
    again = desk.takes(file, "deals")
    assert (again.taken, len(again.certain)) == (0, 4365)
    _tells_what_the_file_tells(desk, file, shared("pipeline/maven_sales_teams.csv"))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _tells_what_the_file_tells(desk: Desk, file: Path, teams: Path) -> None:
    """Compare stages, win rate, days and revenue by person and quarter with what the file says, read by itself."""
    rows = _rows(file)
    over = [row for row in rows if row["deal_stage"] in ("Won", "Lost")]
    stood = Counter(stay.stage for stay in desk.all(StageStay))
    assert stood["需求确认"] == sum(row["deal_stage"] == "Engaging" or bool(row["engage_date"]) for row in rows)
    assert (stood["赢单"], stood["输单"]) == tuple(sum(r["deal_stage"] == end for r in rows) for end in ("Won", "Lost"))
    expected: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in over:
        closed, begun = date.fromisoformat(row["close_date"]), date.fromisoformat(row["engage_date"])
        cell = expected[row["sales_agent"], f"{closed.year}-Q{(closed.month + 2) // 3}"]
        won = row["deal_stage"] == "Won"
        cell[0] += won
        cell[1] += not won
        cell[2] += float(row["close_value"]) * 100 if won else 0
        cell[3] += (closed - begun).days if won else 0
    with desk.world.work() as uow:
        names = {member.id: member for member in uow.members.everybody()}
        bases = (WON, LOST, WON_AMOUNT, CYCLE)
        by = (dimension("member"), dimension("quarter"))
        span = Span(date(2016, 1, 1), date(2017, 12, 31))
        found = uow.metrics.totals(bases, by, span, (), scope_of(uow.actor), fiscal_begins=1)
        told = {
            (names[member].name, quarter): [got.get(b.key, 0) for b in bases]
            for (member, quarter), got in found.items()
        }
        managers = {member.name: names[member.manager_id].name for member in names.values() if member.manager_id}
    assert told == {key: pytest.approx(value) for key, value in expected.items()}
    says = {row["sales_agent"]: row["manager"] for row in _rows(teams)}
    assert {agent: managers[agent] for agent in says} == says


def test_a_deal_that_is_over_stood_where_its_first_date_says(desk: Desk) -> None:
    head = "商机名称,客户名称,阶段,金额,需求确认日期,成交日期\n"
    path = desk.text(
        head + "服务器,苏州汇川技术,赢单,35万,2026-01-05,2026-02-10\n存储,宁波海天精工,需求确认,5万,2026-02-01,\n"
    )
    assert desk.takes(path, "deals").taken == 2
    stays = [(one.deal_id, one.stage, one.next_stage, one.left_at is None) for one in desk.all(StageStay)]
    assert stays == [(1, "需求确认", "赢单", False), (1, "赢单", "", True), (2, "需求确认", "", True)]


def test_anonymous_leads_are_no_twins(desk: Desk, shared: Find) -> None:
    report = desk.takes(shared("leads/x_education_leads_oldest70.csv"))
    assert (report.read, report.taken) == (6468, 6468)
    leads = desk.all(Lead)
    assert not {lead.source for lead in leads} & {"google", "Select"}
