"""One message, several acts: all or nothing, one answer, one 撤销 for all of them."""

import pytest

from bot.understanding.acts import Outcome
from tests.scripted import Script, act
from tests.world import World

MONDAY = "2026-03-09T09:00:00+08:00"


@pytest.fixture
def script(world: World) -> Script:
    world.has_leads("华为技术有限公司", "中兴通讯", held_by="张伟")
    return Script(world)


def both(script: Script) -> str:
    return script.means(
        "上午去了华为和中兴，华为要改方案下周一给，中兴没见到人",
        act("followup.log", customer="华为技术有限公司", method="visit", content="要改方案下周一给", next_at=MONDAY),
        act("followup.log", customer="中兴通讯", method="visit", content="上午去了，没见到人"),
    )


def test_two_follow_ups_in_one_sentence_are_kept_and_answered_together(world: World, script: Script) -> None:
    [answer] = world.says("张伟", both(script))
    assert "2 件事都办好了" in answer
    assert "已记跟进：华为技术有限公司" in answer
    assert "已记跟进：中兴通讯" in answer
    assert "03-09" in answer
    for lead in (world.lead("华为技术有限公司"), world.lead("中兴通讯")):
        with world.work() as uow:
            [kept] = uow.followups.of(lead.ref, 5)
        assert kept.method == "visit"


def test_one_undo_takes_both_back_and_a_second_tap_finds_nothing(world: World, script: Script) -> None:
    world.says("张伟", both(script))
    button = next(b for b in world.card("张伟").buttons if b.label == "全部撤销")
    [answer] = world.taps("张伟", "全部撤销")
    assert "已撤销记跟进：华为技术有限公司、中兴通讯" in answer
    for lead in (world.lead("华为技术有限公司"), world.lead("中兴通讯")):
        with world.work() as uow:
            assert (lead.state, uow.followups.of(lead.ref, 5), uow.plans.open_for(lead.ref)) == ("assigned", [], [])
            assert {d.kind for d in uow.deadlines.of(lead.ref)} == {"recycle", "recycle_warning"}
    assert "已经撤销过了" in world.presses("张伟", "undo", button.values)[0]


def test_different_deeds_of_one_sentence_are_named_when_they_are_taken_back(world: World, script: Script) -> None:
    said = script.means(
        "跟进华为发了样品，再提醒我明天寄发票",
        act("followup.log", customer="华为技术有限公司", content="发了样品给对方"),
        act("reminder.create", at="2026-03-06T09:00:00+08:00", content="寄发票"),
    )
    world.says("张伟", said)
    [answer] = world.says("张伟", "撤销")
    assert "1. 记跟进：华为技术有限公司\n2. 提醒" in answer


def test_when_the_second_cannot_be_done_the_first_is_taken_back_and_the_answer_says_which(
    world: World, script: Script
) -> None:
    said = script.means(
        "跟进华为发了样品，再提醒我昨天寄发票",
        act("followup.log", customer="华为技术有限公司", content="发了样品给对方"),
        act("reminder.create", at="2026-03-04T09:00:00+08:00", content="寄发票"),
    )
    world.passes(minutes=20)
    world.heard("张伟")
    [answer] = world.says("张伟", said)
    assert "第 2 件「提醒」办不了，所以都没有记录" in answer
    assert "已经过去" in answer
    lead = world.lead("华为技术有限公司")
    with world.work() as uow:
        assert uow.followups.of(lead.ref, 5) == []
    assert "没有可以撤销" in world.says("张伟", "撤销")[0]


def test_a_question_about_one_act_keeps_the_other_and_the_answer_does_both(world: World, script: Script) -> None:
    world.has_leads("上海宏达贸易", "上海宏大机电", held_by="张伟")
    said = script.means(
        "给宏达发了样品，中兴也发了",
        act("followup.log", content="发了样品给对方"),
        act("followup.log", customer="中兴通讯", content="也发了样品给对方"),
        outcome=Outcome.CHOOSE,
        missing=("customer",),
        choices=(("上海宏达贸易", "L3"), ("上海宏大机电", "L4")),
        question="是哪一家？",
    )
    [question] = world.says("张伟", said)
    assert "是哪一家" in question
    lead = world.lead("中兴通讯")
    with world.work() as uow:
        assert uow.followups.of(lead.ref, 5) == []
    answer, *_ = world.says("张伟", "第二个")
    assert "已记跟进" in answer or "对吗" in answer
    if "对吗" in answer:
        answer, *_ = world.says("张伟", "对")
    assert "已记跟进：上海宏大机电" in answer
    assert "已记跟进：中兴通讯" in answer


def test_what_cannot_be_done_yet_is_named_and_the_rest_waits_for_a_yes(world: World, script: Script) -> None:
    said = script.means(
        "跟进华为聊了方案，顺便报修服务器",
        act("followup.log", customer="华为技术有限公司", content="聊了方案，对方认可"),
        act("ticket.create", customer="华为技术有限公司", content="服务器"),
    )
    [card] = world.says("张伟", said)
    assert "对吗" in card
    assert "「报修」还不能办" in card
    assert "已记跟进" in world.says("张伟", "确认")[0]
