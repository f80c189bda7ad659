"""Where a lead may go from where it stands (semantics B.2), row by row."""

from datetime import datetime

import pytest

from core.errors import LeadNotHeld
from core.model.customer import Account
from core.model.ids import LeadId, Ref
from core.model.lead import Lead, LeadState
from tests.scripted import Script, act
from tests.world import SHANGHAI, World

NAME = "苏州汇川"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def held(world: World) -> World:
    world.has_leads(NAME, held_by="张伟", phone="13812345678")
    return world


def state(world: World) -> str:
    return world.lead(NAME).state


def test_b2_the_first_valid_follow_up_makes_it_work_and_1_does_not(held: World) -> None:
    [answer] = held.says("张伟", "跟进 苏州汇川 1")
    assert "不算有效跟进" in answer
    assert state(held) == "assigned"
    held.says("张伟", "跟进 苏州汇川 电话聊了需求，对方要看样品")
    assert state(held) == "working"


@pytest.mark.parametrize("said", ["已跟进", "跟进中", "1"])
def test_b2_empty_phrases_are_kept_and_stop_no_clock(held: World, said: str) -> None:
    assert "不算有效跟进" in held.says("张伟", f"跟进 苏州汇川 {said}")[0]
    held.ticks(at("03-06 10:01"))
    assert state(held) == "pooled"


def test_b2_returned_with_a_reason(held: World) -> None:
    assert "原因是" in held.says("张伟", "退回 苏州汇川")[0]
    assert "已退回公海" in held.says("张伟", "无需求")[0]
    with held.work() as uow:
        [before] = uow.assignments.of(LeadId(1))
    assert (state(held), before.ended_by, before.reason) == ("pooled", "退回", "无需求")


def test_b2_an_open_plan_is_asked_about_before_the_lead_goes_back(held: World) -> None:
    held.says("张伟", "跟进 苏州汇川 电话聊了报价，下周三下午三点再联系")
    [question] = held.says("张伟", "退回 苏州汇川 无需求")
    assert "还约了 03-11 周三 15:00 联系" in question
    assert "没有退回" in held.says("张伟", "不退了")[0]
    assert state(held) == "working"
    held.says("张伟", "退回 苏州汇川 无需求")
    assert "已退回公海" in held.taps("张伟", "仍然退回")[0]
    with held.work() as uow:
        assert [plan.state for plan in uow.plans.about(held.lead(NAME).ref)] == ["to_replan"]


def test_b2_nurture_leaves_the_capacity_and_a_reaction_makes_it_work_again(held: World) -> None:
    script = Script(held)
    rest = script.means("放放", act("lead.nurture", customer=NAME, next_at="2026-09-07T09:00:00+08:00"))
    held.says("张伟", rest)
    with held.work() as uow:
        assert uow.leads.count_held_by(held.member("张伟").id) == 0
    held.says("张伟", "跟进 苏州汇川 对方主动来电要报价")
    assert state(held) == "working"


@pytest.mark.parametrize("before", ["pooled", "assigned", "working", "nurture"])
def test_b2_any_state_that_has_not_ended_may_become_invalid_and_is_restored_to_what_it_was(
    world: World, before: str
) -> None:
    world.has_leads(NAME, held_by="周婷" if before == "pooled" else "张伟")
    who = "王强" if before == "pooled" else "张伟"
    if before == "working":
        world.says("张伟", "跟进 苏州汇川 电话聊了报价，对方要样册")
    if before == "nurture":
        script = Script(world)
        world.says(
            "张伟", script.means("放放", act("lead.nurture", customer=NAME, next_at="2026-09-07T09:00:00+08:00"))
        )
    assert state(world) == before
    world.says(who, "作废 苏州汇川 空号")
    if before == "pooled":
        world.says(who, "确认")
    assert state(world) == "invalid"
    world.passes(days=20)
    world.heard(who)
    assert "已恢复：苏州汇川" in world.says(who, "恢复 L1")[0]
    assert state(world) == before
    world.passes(hours=23)
    assert state(world) == before, "whoever gets it back has a day at least"


def test_b2_after_thirty_days_an_invalid_lead_stays_invalid(held: World) -> None:
    held.says("张伟", "作废 苏州汇川 空号")
    held.passes(days=30, minutes=1)
    held.heard("张伟")
    assert "作废已超过 30天，不能恢复" in held.says("张伟", "恢复 L1")[0]
    assert state(held) == "invalid"


def test_what_has_been_put_on_record_meanwhile_is_no_second_time(held: World) -> None:
    held.says("张伟", "作废 苏州汇川 空号")
    held.says("李娜", "新线索 苏州汇川 13812345678")
    assert "已有记录" in held.says("张伟", "恢复 L1")[0]


def test_only_whose_it_was_restores_it(held: World) -> None:
    held.says("张伟", "作废 苏州汇川 空号")
    assert "没有找到" in held.says("李娜", "恢复 L1")[0]
    assert "没有作废，不用恢复" in (held.says("张伟", "恢复 L1") and held.says("张伟", "恢复 L1"))[0]


def test_undo_of_restoring_makes_it_invalid_again(held: World) -> None:
    held.says("张伟", "作废 苏州汇川 空号")
    held.says("张伟", "恢复线索 苏州汇川")
    assert "已撤销恢复线索：苏州汇川" in held.says("张伟", "撤销")[0]
    lead = held.lead(NAME)
    assert (lead.state, lead.invalid_from) == ("invalid", "assigned")


def test_b2_a_transfer_resets_nothing(held: World) -> None:
    held.says("张伟", "跟进 苏州汇川 电话聊了报价，下周三下午三点再联系")
    before = held.lead(NAME)
    held.passes(days=3)
    held.says("王强", "分配 苏州汇川 陈晨")
    after = held.lead(NAME)
    assert after.owner_id == held.member("陈晨").id
    assert (after.state, after.last_followup_at) == ("working", before.last_followup_at)
    card = held.says("陈晨", "看看 苏州汇川")[-1]
    assert "电话聊了报价" in card
    assert "下次 03-11 15:00" in card
    held.ticks(at("03-11 14:31"))
    assert [text for text in held.heard("陈晨") if "该联系苏州汇川了" in text]


def test_b2_conversion_takes_everything_along(held: World) -> None:
    held.says("张伟", "跟进 苏州汇川 电话聊了报价，下周三下午三点再联系")
    held.says("张伟", "打标签 苏州汇川 高意向")
    held.says("张伟", "以后 老汇 就是苏州汇川")
    held.says("张伟", "苏州汇川转成客户，顺便建个商机 伺服采购 35万")
    card = held.says("张伟", "确认")[0]
    assert "已转为客户：苏州汇川" in card
    for words in ("看看 L1", "看看 老汇"):
        card = held.says("张伟", words)[0]
        assert "客户 A1" in card
        assert "高意向" in card
        assert "350,000元" in card
    held.ticks(at("03-20 10:00"))
    assert state(held) == "converted", "no clock of it runs any more"


def test_b2_what_is_a_customer_already_is_not_converted_twice(held: World) -> None:
    with held.work("张伟") as uow:
        life = {"created_at": uow.now, "updated_at": uow.now, "owner_id": uow.actor.id}
        uow.accounts.add(Account(name=NAME, core_name="汇川", **life))
    held.says("张伟", "转客户 L1")
    [answer] = held.says("张伟", "确认")
    assert "已有记录：苏州汇川（公司名称相同），由张伟跟进" in answer
    assert "请发送「合并 L1 和 A1」" in answer
    assert state(held) == "assigned"


@pytest.mark.parametrize("ended", [LeadState.CONVERTED, LeadState.INVALID, LeadState.MERGED])
def test_b2_nothing_leads_out_of_an_end_but_restoring(ended: LeadState) -> None:
    lead = Lead(name=NAME, state=ended, created_at=at("03-05 10:00"), updated_at=at("03-05 10:00"))
    for deed in (
        lead.to_nurture,
        lambda: lead.invalidate(at("03-05 10:00")),
        lambda: lead.convert(Ref("account", 1)),
        lambda: lead.merge(Ref("lead", 2)),
    ):
        with pytest.raises(LeadNotHeld):
            deed()
