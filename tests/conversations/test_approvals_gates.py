"""Stages that somebody must agree to, and customers who pay later than the company likes (semantics B.6, B.8)."""

import pytest

from core.model.approval import Approval
from core.model.deal import Deal
from tests.approving import Office
from tests.world import World

GATED = """
name: 要批的阶段
pipelines:
  - name: 标准
    stages:
      - name: 初步接洽
      - name: 需求确认
      - {name: 方案报价, approval: true}
      - name: 商务谈判
      - {name: 赢单, outcome: won}
      - {name: 输单, outcome: lost}
"""


@pytest.fixture
def office(world: World) -> Office:
    office = Office(world)
    world.applies(GATED)
    world.says("张伟", "给华东机电建个商机 服务器采购 35万 6月底签")
    return office


def deal(office: Office) -> Deal:
    with office.world.work() as uow:
        return uow.deals.of(office.accounts["华东机电"])[0]


def approvals(office: Office) -> list[Approval]:
    with office.world.work() as uow:
        return uow.approvals.about(deal(office).ref)


def asked_about_the_contract(office: Office) -> dict[str, str]:
    with office.world.work() as uow:
        (contract,) = uow.contracts.of([office.accounts["华东机电"]])
        return {"contract itself": contract.state} | {
            one.kind: one.state for one in reversed(uow.approvals.about(contract.ref))
        }


def test_a_gate_asks_the_manager_and_the_deal_moves_when_he_agrees(office: Office) -> None:
    world = office.world
    assert "等审批" in world.says("张伟", "推进 华东机电 方案报价")[-1]
    assert deal(office).stage == "初步接洽"
    asked = world.heard("王强")[-1]
    assert "推进到方案报价" in asked
    assert "初步接洽 → 方案报价" in asked
    world.taps("王强", "同意")
    assert (deal(office).stage, deal(office).wanted_stage) == ("方案报价", "")
    assert any(said.startswith("已通过") for said in world.heard("张伟"))


def test_a_deal_that_skips_over_a_gate_asks_too_and_a_stage_without_one_does_not(office: Office) -> None:
    world = office.world
    world.says("张伟", "推进 华东机电 需求确认")
    assert deal(office).stage == "需求确认"
    world.says("张伟", "推进 华东机电 商务谈判")
    assert deal(office).stage == "需求确认"
    world.taps("王强", "同意")
    assert deal(office).stage == "商务谈判"


def test_a_no_leaves_the_deal_where_it_is_and_it_may_be_asked_for_again(office: Office) -> None:
    world = office.world
    world.says("张伟", "推进 华东机电 方案报价")
    world.says("王强", "不同意 预算还没确认")
    assert (deal(office).stage, deal(office).wanted_stage) == ("初步接洽", "")
    assert "预算还没确认" in "\n".join(world.heard("张伟"))
    assert "等审批" in world.says("张伟", "推进 华东机电 方案报价")[-1]


def test_while_it_is_asked_a_changed_amount_begins_anew_and_no_other_way_is_open(office: Office) -> None:
    world = office.world
    world.says("张伟", "推进 华东机电 方案报价")
    assert "正在审批中" in world.says("张伟", "推进 华东机电 方案报价")[-1]
    assert "正在审批中" in world.says("张伟", "推进 华东机电 需求确认")[-1]
    world.says("张伟", "商机金额 华东机电 改成36万")
    world.says("张伟", "确认")
    assert [one.state for one in approvals(office)][:2] == ["running", "voided"]
    world.taps("王强", "同意")
    assert deal(office).stage == "方案报价"


def test_terms_beyond_the_limit_need_finance_and_the_contract_waits_for_both(office: Office) -> None:
    office.world.says("张伟", "拟合同 华东机电 20万 账期120天")
    office.world.says("张伟", "确认")
    running = {"contract itself": "pending", "contract": "running", "payment_terms": "running"}
    assert asked_about_the_contract(office) == running
    for words in ("同意 S1", "同意 S2"):
        office.world.says("王强", words)
    office.world.says("刘洋", "同意")
    assert asked_about_the_contract(office) == running | {"contract": "approved"}
    office.world.says("陈静", "同意")
    assert set(asked_about_the_contract(office).values()) == {"approved"}


def test_terms_that_are_refused_make_a_draft_of_the_contract_whatever_the_others_say(office: Office) -> None:
    office.world.says("张伟", "拟合同 华东机电 20万 账期120天")
    office.world.says("张伟", "确认")
    office.world.says("王强", "驳回 S2 账期太长")
    office.world.says("王强", "同意 S1")
    office.world.says("刘洋", "同意")
    assert asked_about_the_contract(office)["contract itself"] == "draft"


def test_terms_within_the_limit_ask_for_nothing_more(office: Office) -> None:
    office.world.says("张伟", "拟合同 华东机电 20万 账期60天")
    office.world.says("张伟", "确认")
    assert asked_about_the_contract(office) == {"contract itself": "pending", "contract": "running"}
