"""An approval that takes another turn: signed after, handed on by the card, sent back to a node in both modes."""

from datetime import timedelta

import pytest

from core.model.contract import Contract, ContractState
from core.model.money import Money
from core.services.reports import report
from core.services.reports.asking import Asked
from tests.approving import Office, at
from tests.world import World


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def test_yes_and_then_somebody_else_looks_at_it_too(office: Office) -> None:
    quote = office.offers("10")
    said = "\n".join(office.world.says("王强", "同意，再让刘洋看一下"))
    assert "再请刘洋看" in said
    assert office.quote(quote).state == "pending"
    assert "王强已同意，请您也看一下" in office.last("刘洋")
    office.world.taps("刘洋", "同意")
    assert office.quote(quote).state == "valid"


def test_the_card_hands_it_on_and_whoever_has_it_decides(office: Office) -> None:
    quote = office.offers("10")
    assert "转给哪位" in "\n".join(office.world.taps("王强", "转交"))
    office.world.taps("王强", "赵敏")
    assert "王强转给您" in office.last("赵敏")
    office.world.taps("赵敏", "同意")
    assert office.quote(quote).state == "valid"


def finance_sends_back(office: Office, words: str) -> None:
    office.world.taps("王强", "同意")
    office.world.taps("赵敏", "同意")
    office.world.taps("陈静", "同意")
    said = "\n".join(office.world.says("宋岚", words))
    assert "已退回" in said
    for name in ("王强", "赵敏", "陈静"):
        office.cards(name)


def test_b8_10_sent_straight_back_the_nodes_between_are_not_asked_again(office: Office) -> None:
    quote = office.offers("30")
    finance_sends_back(office, "退回给王强，毛利没写清楚，补完直接回给我")
    office.world.says("王强", "同意")
    assert office.cards("赵敏") == []
    office.world.says("宋岚", "同意")
    assert office.quote(quote).state == "valid"


def test_sent_back_in_order_everybody_after_that_node_is_asked_again(office: Office) -> None:
    quote = office.offers("30")
    finance_sends_back(office, "退回给王强，毛利没写清楚")
    office.world.says("王强", "同意")
    for name in ("赵敏", "陈静", "宋岚"):
        assert office.quote(quote).state == "pending"
        office.world.says(name, "同意")
    assert office.quote(quote).state == "valid"


def test_the_report_has_flows_nodes_people_and_the_bottleneck(office: Office) -> None:
    office.offers("10")
    office.world.now += timedelta(hours=2)
    office.world.taps("王强", "同意")
    office.offers("15", to="苏州绿控")
    with office.world.work("赵敏") as uow:
        table = report("approvals").build(uow, Asked())
    assert ["流程", "特价", "1", "2", "2", "0", "–", "100%"] in table.as_words()
    assert any(row[1] == "王强" and row[5] == "1" for row in table.as_words())
    assert any("最慢的环节" in note for note in table.notes)


def test_how_long_approvals_took_in_a_month_and_how_soon_contracts_are_signed(office: Office) -> None:
    world = office.world
    office.offers("10")
    world.now += timedelta(hours=3)
    world.taps("王强", "同意")
    world.says("张伟", "拟合同 华东机电 20万")
    world.says("张伟", "确认")
    for name in ("王强", "刘洋"):
        world.says(name, "同意")
    world.now += timedelta(days=2)
    world.says("张伟", "登记签约 华东机电")
    world.says("张伟", "确认")
    world.now += timedelta(days=30)
    last = "\n".join(world.says("赵敏", "上个月审批耗时"))
    assert "审批耗时 03-01 到 03-31" in last
    assert "特价：1 个，一般 3 小时，一次通过 1/1" in last
    assert "合同从拟定到签约一般 2 天" in last
    assert "没有审批" in "\n".join(world.says("赵敏", "2月审批耗时"))


def signed(office: Office, drawn_up: str, on: str) -> None:
    """A contract was drawn up and signed on these days of 2026."""
    drawn, day = at(f"{drawn_up} 10:00"), at(f"{on} 10:00")
    with office.world.work("张伟") as uow:
        life = {"created_at": drawn, "updated_at": drawn}
        contract = Contract(
            number=f"HT{drawn_up}-{on}", title="产线", account_id=office.accounts["华东机电"], owner_id=uow.actor.id,
            party_a="华东机电", amount=Money(1_000_000), state=ContractState.SIGNED, signed_on=day.date(), **life,
        )  # fmt: skip
        uow.contracts.add(contract)


def test_the_signing_cycle_is_held_against_the_one_before_the_system(office: Office) -> None:
    office.world.applies("reports: {returns: {began_on: 2026-02-01}}")
    for drawn_up, on in (("01-05", "01-11"), ("01-12", "01-18"), ("02-20", "02-22"), ("03-02", "03-04")):
        signed(office, drawn_up, on)
    office.offers("10")
    office.world.taps("王强", "同意")
    [said] = office.world.says("赵敏", "签约周期用了系统之后快了没")
    assert "一般 2 天（2 份），2026-02-01 上线前 6 天（2 份）：快了 4 天，67%" in said
    assert "特价" in "\n".join(office.world.says("赵敏", "审批一般卡在哪"))


def test_without_old_contracts_the_company_s_own_figure_counts_and_none_is_invented(office: Office) -> None:
    signed(office, "03-02", "03-04")
    assert "不知道上线前几天" in office.world.says("赵敏", "签约周期多久")[0]
    office.world.applies("reports: {returns: {began_on: 2026-02-01, signing_before: 5.8}}")
    assert "上线前 5.8 天（公司给的数）：快了 3.8 天" in office.world.says("赵敏", "签约周期多久")[0]


def test_a_rep_is_not_told_how_fast_their_leaders_are(office: Office) -> None:
    assert "没有查看审批耗时的权限" in office.world.says("张伟", "审批一般卡在哪")[0]
