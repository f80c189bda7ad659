"""The files of the issue, as companies really keep them."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from core.model.customer import Account
from core.model.deal import Deal
from core.model.lead import Lead, LeadState
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


def test_anonymous_leads_are_no_twins(desk: Desk, shared: Find) -> None:
    report = desk.takes(shared("leads/x_education_leads_oldest70.csv"))
    assert (report.read, report.taken) == (6468, 6468)
    leads = desk.all(Lead)
    assert not {lead.source for lead in leads} & {"google", "Select"}
