"""Second thoughts after something was done: the wrong customer, the wrong day (phrases E15, E7)."""

from datetime import datetime

import pytest

from core.model.followup import FollowUp, Plan
from core.model.lead import Lead
from tests.scripted import Script, act
from tests.world import SHANGHAI, World

SAID = "刚才那条跟进写错了，是中兴不是华为"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def kept(world: World, lead: Lead) -> tuple[list[FollowUp], list[Plan]]:
    with world.work() as uow:
        return uow.followups.of(lead.ref, 5), uow.plans.open_for(lead.ref)


@pytest.fixture
def script(world: World) -> Script:
    world.has_leads("华为技术有限公司", "中兴通讯", held_by="张伟")
    return Script(world)


def test_e15_the_last_follow_up_moves_to_the_other_customer_after_a_yes(world: World, script: Script) -> None:
    world.says("张伟", "跟进 华为 电话聊了报价，下周三下午三点再联系")
    [card] = world.says("张伟", SAID)
    assert "把这条跟进改记到「中兴通讯」，对吗？" in card
    assert "原来记在：华为技术有限公司" in card
    assert "「电话聊了报价" in card
    assert "已改记到「中兴通讯」" in world.says("张伟", "确认")[0]
    huawei, zte = world.lead("华为技术有限公司"), world.lead("中兴通讯")
    assert kept(world, huawei) == ([], [])
    [followup], [plan] = kept(world, zte)
    assert followup.content.startswith("电话聊了报价")
    assert plan.at == at("03-11 15:00")
    assert (huawei.state, huawei.last_followup_at, zte.state) == ("assigned", None, "working")


def test_the_first_customers_clock_runs_again_as_if_nothing_had_been_written(world: World, script: Script) -> None:
    world.now = at("03-05 20:00")
    world.says("张伟", "跟进 华为 电话聊了报价")
    world.says("张伟", SAID)
    world.says("张伟", "确认")
    world.ticks(at("03-06 10:01"))
    assert world.lead("华为技术有限公司").state == "pooled", "24 hours without a follow-up"
    assert world.lead("中兴通讯").state == "working"


def test_a_plan_that_the_wrong_follow_up_had_closed_is_open_again_and_reminds(world: World, script: Script) -> None:
    world.says("张伟", "下次联系 华为 今天下午三点 送样品")
    world.says("张伟", "跟进 华为 电话聊了报价")
    assert kept(world, world.lead("华为技术有限公司"))[1] == []
    world.says("张伟", SAID)
    world.says("张伟", "确认")
    [plan] = kept(world, world.lead("华为技术有限公司"))[1]
    assert plan.at == at("03-05 15:00")
    world.ticks(at("03-05 14:30"))
    assert [text for text in world.heard("张伟") if "该联系华为技术有限公司" in text]


def test_an_earlier_follow_up_of_the_first_customer_still_counts(world: World, script: Script) -> None:
    world.says("张伟", "跟进 华为 昨天发的样品对方收到了")
    world.now = at("03-05 11:00")
    world.says("张伟", "跟进 华为 电话聊了报价")
    world.says("张伟", SAID)
    world.says("张伟", "确认")
    huawei = world.lead("华为技术有限公司")
    assert (huawei.state, huawei.last_followup_at) == ("working", at("03-05 10:00"))


def test_undo_takes_the_correction_back(world: World, script: Script) -> None:
    world.says("张伟", "跟进 华为 电话聊了报价")
    world.says("张伟", SAID)
    world.says("张伟", "确认")
    assert "已撤销更正跟进" in world.says("张伟", "撤销")[0]
    assert len(kept(world, world.lead("华为技术有限公司"))[0]) == 1
    assert kept(world, world.lead("中兴通讯"))[0] == []
    assert world.lead("华为技术有限公司").state == "working"
    assert world.lead("中兴通讯").state == "assigned"


def test_a_no_leaves_everything_where_it_is(world: World, script: Script) -> None:
    world.says("张伟", "跟进 华为 电话聊了报价")
    world.says("张伟", SAID)
    assert "已放下" in world.says("张伟", "算了")[0]
    assert len(kept(world, world.lead("华为技术有限公司"))[0]) == 1


def test_a_colleagues_customer_is_no_place_for_it(world: World, script: Script) -> None:
    world.has_leads("比亚迪", held_by="李娜")
    world.says("张伟", "跟进 华为 电话聊了报价")
    assert "没有找到「比亚迪」" in world.says("张伟", "刚才那条写错了，是比亚迪不是华为")[0]
    assert len(kept(world, world.lead("华为技术有限公司"))[0]) == 1


def test_without_a_follow_up_there_is_nothing_to_put_right(world: World, script: Script) -> None:
    assert "已改记" not in world.says("张伟", SAID)[0]


@pytest.mark.parametrize(
    ("said", "moved"),
    [
        ("不对，是周四", "03-12 15:00"),
        ("错了，改到周四上午十点", "03-12 10:00"),
        ("时间错了，3月17日下午两点", "03-17 14:00"),
    ],
)
def test_right_after_a_plan_a_correction_moves_it(world: World, script: Script, said: str, moved: str) -> None:
    world.says("张伟", "跟进 华为 电话聊了报价，下周三下午三点再联系")
    [answer] = world.says("张伟", said)
    assert "改好了：华为技术有限公司" in answer
    assert "原来：03-11 周三 15:00" in answer
    [plan] = kept(world, world.lead("华为技术有限公司"))[1]
    assert plan.at == at(moved)
    assert len(kept(world, world.lead("华为技术有限公司"))[0]) == 1, "the follow-up stands"
    world.ticks(at("03-11 14:31"))
    assert not [text for text in world.heard("张伟") if "该联系" in text], "the old reminder is gone"


@pytest.mark.parametrize(("said", "moved"), [("时间错了，是下午两点", "14:00"), ("改到上午十点", "10:00")])
def test_an_hour_alone_leaves_the_day_as_it_was(world: World, script: Script, said: str, moved: str) -> None:
    world.says("张伟", "跟进 华为 电话聊了报价和交期，下周三下午三点再联系")
    world.says("张伟", said)
    assert [plan.at for plan in kept(world, world.lead("华为技术有限公司"))[1]] == [at(f"03-11 {moved}")]


def test_e7_the_next_contact_moves_and_undo_brings_it_back(world: World, script: Script) -> None:
    world.says("张伟", "跟进 华为 电话聊了报价，下周三下午三点再联系")
    said = script.means(
        "华为  改到周五下午４点", act("plan.move", customer="华为技术有限公司", at="2026-03-06T16:00:00+08:00")
    )
    [answer] = world.says("张伟", said)
    assert "03-06 周五 16:00" in answer
    assert "原来：03-11 周三 15:00" in answer
    assert "已撤销改约时间：华为技术有限公司" in world.says("张伟", "撤销")[0]
    [plan] = kept(world, world.lead("华为技术有限公司"))[1]
    assert plan.at == at("03-11 15:00")
    world.ticks(at("03-11 14:30"))
    assert [text for text in world.heard("张伟") if "该联系" in text]


def test_an_amount_that_was_wrong_is_asked_whose_it_is(world: World, script: Script) -> None:
    [answer] = world.says("张伟", "金额错了，是36万")
    assert "是哪个客户" in answer


def test_what_was_written_under_the_named_customer_moves_not_merely_the_last(world: World, script: Script) -> None:
    world.has_leads("大疆创新", held_by="张伟")
    world.says("张伟", "跟进 华为 电话聊了报价和交期")
    world.says("张伟", "跟进 中兴 电话聊了样品和账期")
    assert "「电话聊了报价和交期」" in world.says("张伟", "刚才那条写错了，是大疆创新不是华为")[0].replace(
        "「聊了", "「电话聊了"
    )
    assert "已改记到「大疆创新」" in world.says("张伟", "确认")[0]
    assert kept(world, world.lead("华为技术有限公司"))[0] == []
    assert "没有记在「华为技术有限公司」上的跟进" in world.says("张伟", "写错了，是中兴不是华为")[0]


def test_right_after_a_plan_a_bare_move_means_that_plan(world: World, script: Script) -> None:
    world.says("张伟", "跟进 华为 电话聊了报价和交期，下周三下午三点再联系")
    assert "改好了：华为技术有限公司" in world.says("张伟", "时间改到下周四")[0]
    [plan] = kept(world, world.lead("华为技术有限公司"))[1]
    assert plan.at == at("03-12 15:00")


@pytest.mark.parametrize("said", ["不对劲，客户那边好像换人了", "他说的不是这个意思"])
def test_a_sentence_that_only_begins_like_a_correction_is_none(world: World, script: Script, said: str) -> None:
    world.says("张伟", "跟进 华为 电话聊了报价，下周三下午三点再联系")
    world.says("张伟", said)
    assert [plan.at for plan in kept(world, world.lead("华为技术有限公司"))[1]] == [at("03-11 15:00")]


def test_what_waits_about_somebody_else_is_not_corrected(world: World) -> None:
    world.has_leads("苏州汇川", "大疆创新", "华为技术", held_by="张伟")
    (shown,) = world.says("张伟", "跟进 汇川 电话沟通了报价，对方要打九折，下周三下午三点再联系")
    assert "苏州汇川" in shown
    answers = world.says("张伟", "刚才那条写错了，是华为不是大疆")
    assert not any("记跟进：华为" in answer for answer in answers)


def test_the_person_and_the_way_of_a_follow_up_are_put_right(world: World, script: Script) -> None:
    world.says("张伟", "跟进 中兴通讯 电话和刘总聊了报价和交期")
    [card] = world.says("张伟", script.means("不是刘总是王工", act("followup.correct", contact="王工", wrong="刘总")))
    assert "王工聊了报价" in card
    world.says("张伟", "确认")
    [card] = world.says("张伟", script.means("方式是上门", act("followup.correct", method="visit")))
    assert "方式：拜访" in card
    world.says("张伟", "确认")
    lead = world.lead("中兴通讯")
    with world.work() as uow:
        [told] = uow.followups.of(lead.ref, 3)
    assert (told.method, "王工" in told.content, "刘总" in told.content) == ("visit", True, False)
