"""Working along on a customer that a colleague holds, and whose region is whose."""

from datetime import datetime, timedelta

import pytest

from core.services.collaboration import credit_of
from tests.assigning import comes_in, enters, holder, in_force, rule
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def shared(world: World) -> World:
    """张伟 holds 汇川 and asked 李娜, of another department, to work along for three tenths."""
    world.has_leads("苏州汇川技术有限公司", held_by="张伟", phone="13812345678")
    assert "没有找到" in world.says("李娜", "看看 汇川")[0]
    [agreed] = world.says("张伟", "和李娜一起跟汇川，业绩七三开")
    assert agreed.startswith("李娜和张伟一起跟「苏州汇川技术有限公司」\n能看，也能记跟进\n业绩：张伟 70%，李娜 30%")
    return world


def test_a_colleague_is_asked_and_sees_the_customer(shared: World) -> None:
    [asked] = shared.heard("李娜")
    assert asked.startswith("张伟请您一起跟「苏州汇川技术有限公司」")
    assert "您的业绩：30%" in asked
    [seen] = shared.says("李娜", "看看 汇川")
    assert "13812345678" in seen
    assert "负责人：张伟" in seen


def test_what_a_colleague_writes_is_told_to_the_holder_and_counts(shared: World) -> None:
    shared.heard("李娜")
    shared.says("李娜", "跟进 汇川 约了技术交流，对方关心交期")
    assert any("约了技术交流" in text for text in shared.heard("张伟"))
    assert shared.lead("苏州汇川技术有限公司").state == "working"
    assert "约了技术交流" in shared.says("张伟", "看看 汇川")[0]


def test_a_colleague_may_write_and_not_give_the_customer_away(shared: World) -> None:
    for said in ("作废 汇川 空号", "退回 汇川 无需求", "和陈晨一起跟汇川"):
        answer = shared.says("李娜", said)[-1]
        assert answer.startswith(("您没有", "「苏州汇川技术有限公司」现在不在您名下")), said
    assert shared.lead("苏州汇川技术有限公司").owner_id == shared.member("张伟").id


def test_the_plan_of_a_colleague_leaves_the_holders_plan_alone(shared: World) -> None:
    shared.says("张伟", "跟进 汇川 电话聊了需求，周五上午十点再联系")
    shared.says("李娜", "跟进 汇川 约了技术交流，下周一下午三点上门")
    lead, both = shared.lead("苏州汇川技术有限公司"), {shared.member("张伟").id, shared.member("李娜").id}
    with shared.work() as uow:
        assert {plan.owner_id for plan in uow.plans.open_for(lead.ref)} == both


def test_shares_never_sum_to_more_than_all(shared: World) -> None:
    [answer] = shared.says("张伟", "和陈晨一起跟汇川，陈晨占80%")
    assert answer.startswith("业绩分成加起来不能超过 100%。别人已经分了 30%，陈晨最多 70%")
    [agreed] = shared.says("张伟", "和陈晨一起跟汇川，陈晨占20%")
    assert "业绩：张伟 50%，李娜 30%，陈晨 20%" in agreed


def test_credit_is_what_was_agreed_at_the_time_and_always_sums_to_a_hundred(shared: World) -> None:
    agreed_at = shared.now
    shared.now += timedelta(days=10)
    shared.says("张伟", "和李娜一起跟汇川，业绩五五")
    shared.now += timedelta(days=10)
    shared.says("张伟", "不和李娜一起跟汇川了")
    zhang, li = shared.member("张伟").id, shared.member("李娜").id
    number = shared.lead("苏州汇川技术有限公司").id
    with shared.work() as uow:
        lead = uow.leads.get(number)
        for when, expected in (
            (agreed_at - timedelta(hours=1), {zhang: 100}),
            (agreed_at + timedelta(days=1), {zhang: 70, li: 30}),
            (agreed_at + timedelta(days=11), {zhang: 50, li: 50}),
            (agreed_at + timedelta(days=21), {zhang: 100}),
        ):
            assert credit_of(uow, lead, when) == expected


def test_who_was_asked_out_sees_nothing_more(shared: World) -> None:
    shared.heard("李娜")
    [ended] = shared.says("张伟", "不和李娜一起跟汇川了")
    assert ended.startswith("李娜不再一起跟「苏州汇川技术有限公司」")
    assert shared.heard("李娜")[0].startswith("李娜不再一起跟「苏州汇川技术有限公司」\n张伟结束了协作")
    assert "没有找到" in shared.says("李娜", "看看 汇川")[0]
    shared.says("张伟", "撤销")
    assert "13812345678" in shared.says("李娜", "看看 汇川")[0]


def test_an_agreement_ends_with_its_day_and_both_are_told(shared: World) -> None:
    shared.says("张伟", "和李娜一起跟汇川，业绩七三开，到3月10日")
    shared.says("张伟", "跟进 汇川 电话聊了需求，对方要看样品")
    shared.heard("李娜")
    shared.ticks(at("03-10 23:59"))
    assert "13812345678" in shared.says("李娜", "看看 汇川")[-1]
    shared.ticks(at("03-11 00:00"))
    assert any("到了约定的日子" in text for text in shared.heard("李娜"))
    assert any("到了约定的日子" in text for text in shared.heard("张伟"))
    assert "没有找到" in shared.says("李娜", "看看 汇川")[0]


def test_a_colleague_who_may_only_read_writes_nothing(world: World) -> None:
    world.has_leads("苏州汇川技术有限公司", held_by="张伟")
    world.says("张伟", "让李娜一起跟汇川，只能看")
    world.heard("李娜")
    assert "您没有给「苏州汇川技术有限公司」写跟进的权限" in world.says("李娜", "跟进 汇川 约了技术交流下周去")[0]


def test_a_customer_that_goes_back_to_the_pool_is_nobodys_and_no_colleagues(shared: World) -> None:
    shared.says("张伟", "退回 汇川 无需求")
    shared.heard("李娜")
    assert "没有找到" in shared.says("李娜", "看看 汇川")[0]
    shared.says("陈晨", "领取 汇川")
    assert "没有找到" in shared.says("李娜", "看看 汇川")[0], "who takes it next has agreed nothing"


def test_colleagues_go_along_when_a_lead_becomes_an_account(shared: World) -> None:
    shared.says("张伟", "汇川转成客户")
    shared.says("张伟", "确认")
    shared.heard("李娜")
    assert "没有找到" not in shared.says("李娜", "看看 汇川")[0]
    shared.says("李娜", "跟进 汇川 约了技术交流，对方关心交期")
    assert any("约了技术交流" in text for text in shared.heard("张伟"))


EAST = {"id": "华东保护", "regions": ["华东"], "team": {"departments": ["销售部/华东"]}}


def test_a_protected_region_is_its_teams_and_others_are_asked_to_work_together(world: World) -> None:
    in_force(world, rule("轮流", "李娜", "张伟"), regions=[EAST])
    assert comes_in(world, "苏州绿的", region="苏州") == ["张伟"]
    why = world.says("赵敏", "为什么苏州绿的分给张伟")[0]
    assert "没有分给李娜：区域保护「华东保护」之外" in why
    assert comes_in(world, "广州数控", region="广州") == ["李娜"]


def test_nobody_outside_claims_a_lead_of_a_protected_region(world: World) -> None:
    in_force(world, regions=[EAST])
    lead = enters(world, "苏州绿的", region="苏州")
    [refused] = world.says("李娜", "领取 苏州绿的")
    assert refused.startswith("「苏州绿的」在苏州，受「华东保护」保护，由销售部/华东的同事跟")
    assert "一起跟" in refused
    world.says("张伟", "领取 苏州绿的")
    assert holder(world, lead) == "张伟"
    [agreed] = world.says("张伟", "和李娜一起跟苏州绿的，业绩八二开")
    assert "张伟 80%，李娜 20%" in agreed
