"""One open question per person and chat: bare answers, interruptions, what has run out, and stories."""

import pytest

from bot.event import EventKind
from bot.understanding.acts import Outcome
from tests.scripted import Script, act
from tests.world import World

STORY = (
    "今天路上堵了两个小时，到了以后前台不让进，后来他们采购下来接的我们，聊了差不多四十分钟，"
    "主要还是觉得我们的交期太长，另外上次那批货有两台外壳划伤，希望我们能给个说法"
)


@pytest.fixture
def script(world: World) -> Script:
    world.has_leads("上海宏达贸易", "上海宏大机电", "华为技术有限公司", held_by="张伟")
    return Script(world)


@pytest.fixture
def which(script: Script) -> str:
    return script.means(
        "跟进：宏达，发了样品",
        act("followup.log", content="发了样品给对方"),
        outcome=Outcome.CHOOSE,
        missing=("customer",),
        choices=(("上海宏达贸易", "L1"), ("上海宏大机电", "L2")),
    )


@pytest.mark.parametrize(
    "answer", ["2", "２", "第二个", "第2个吧", "选2", "机电那个", "上海宏大机电", "是宏大机电", "最后一个"]
)
def test_e5_one_of_two_is_chosen_by_number_or_by_any_part_of_its_name(world: World, which: str, answer: str) -> None:
    world.says("张伟", which)
    assert "已记跟进：上海宏大机电" in world.says("张伟", answer)[0]


def test_the_button_chooses_as_the_number_does(world: World, which: str) -> None:
    world.says("张伟", which)
    assert "已记跟进：上海宏达贸易" in world.taps("张伟", "上海宏达贸易")[0]


def test_a_number_beyond_the_choices_is_asked_again_and_the_question_stays(world: World, which: str) -> None:
    world.says("张伟", which)
    assert "只有 1 到 2 可以选" in world.says("张伟", "3")[0]
    assert "已记跟进" in world.says("张伟", "1")[0]


@pytest.mark.parametrize("answer", ["都不是", "算了", "取消"])
def test_none_of_them_puts_the_question_down(world: World, which: str, answer: str) -> None:
    world.says("张伟", which)
    assert "已放下" in world.says("张伟", answer)[0]
    assert "没听明白" in world.says("张伟", "1")[0]


@pytest.mark.parametrize("answer", ["下周一吧", "那就下周一", "下周一再联系", "下周一上午9点左右"])
def test_a_bare_time_answers_when(world: World, script: Script, answer: str) -> None:
    assert "什么时候" in world.says("张伟", script.means("提醒我寄发票", act("reminder.create", content="寄发票")))[0]
    assert "2026-03-09 09:00" in world.says("张伟", answer)[0]


def test_what_cannot_be_done_yet_is_not_asked_about(world: World, script: Script) -> None:
    said = script.means(
        "华为报修", act("ticket.create", customer="华为技术有限公司"), outcome=Outcome.ASK, missing=("content",)
    )
    [answer] = world.says("张伟", said)
    assert "「报修」" in answer
    assert "还不能办" in answer, "what cannot be done is not asked about either"


def test_whose_is_answered_by_a_name_alone(world: World, script: Script) -> None:
    said = script.means("记一下发了样品过去", act("followup.log", content="发了样品过去"))
    assert "是哪个客户" in world.says("张伟", said)[0]
    assert "已记跟进：华为技术有限公司" in world.says("张伟", "华为")[0]


def test_a_name_instead_of_a_reason_means_another_customer_and_the_reason_is_asked_again(
    world: World, script: Script
) -> None:
    world.says("张伟", "退回 上海宏达贸易")
    assert world.says("张伟", "华为")[0].startswith("华为技术有限公司：退回公海的原因是")
    assert "已退回公海：华为技术有限公司" in world.says("张伟", "1")[0]
    assert world.lead("上海宏达贸易").is_held


def test_a_name_that_is_not_found_leaves_the_question_open(world: World, script: Script) -> None:
    said = script.means("记一下发了样品过去", act("followup.log", content="发了样品过去"))
    world.says("张伟", said)
    assert "没有找到「没这家」" in world.says("张伟", "没这家")[0]
    assert "已记跟进：华为技术有限公司" in world.says("张伟", "华为")[0]


def test_a_new_command_interrupts_and_one_line_says_what_was_dropped(world: World, which: str) -> None:
    world.says("张伟", which)
    [answer] = world.says("张伟", "跟进 华为 电话聊了报价，下周三下午三点再联系")
    assert "已记跟进：华为技术有限公司" in answer
    assert "刚才的「记跟进」先放下了" in answer
    assert "没听明白" in world.says("张伟", "1")[0]


def test_an_offer_that_is_not_taken_up_is_not_spoken_of(world: World, script: Script) -> None:
    assert "下次什么时候联系" in world.says("张伟", "跟进 华为 电话聊了报价")[0]
    assert "放下" not in world.says("张伟", "看看 华为")[0]


def test_a_new_question_takes_the_place_of_the_old_one_and_says_so(world: World, which: str) -> None:
    world.says("张伟", which)
    [question] = world.says("张伟", "退回 华为")
    assert "退回公海的原因是" in question
    assert "刚才的「记跟进」先放下了" in question
    assert "已退回公海：华为技术有限公司" in world.says("张伟", "1")[0]


def test_courtesies_neither_answer_nor_drop_a_choice(world: World, which: str) -> None:
    world.says("张伟", which)
    assert world.says("张伟", "谢谢") == []
    assert "已记跟进" in world.says("张伟", "1")[0]


def test_a_question_that_ran_out_is_put_again_when_its_answer_comes_late(world: World, which: str) -> None:
    world.says("张伟", which)
    world.passes(minutes=31)
    world.heard("张伟")
    [question] = world.says("张伟", "2")
    assert "已经过期，再问您一次" in question
    assert "宏达" in question or "哪个客户" in question
    assert "已记跟进：上海宏大机电" in world.says("张伟", "2")[0]


@pytest.mark.parametrize("said", ["1", "2", "确认", "算了", "选 1"])
def test_e12_a_bare_answer_to_nothing_stores_nothing(world: World, script: Script, said: str) -> None:
    assert "没听明白" in world.says("张伟", said)[0]
    lead = world.lead("华为技术有限公司")
    with world.work() as uow:
        assert uow.followups.of(lead.ref, 5) == []


def test_e13_an_empty_phrase_is_kept_but_says_that_no_clock_stops(world: World, script: Script) -> None:
    said = script.means("已跟进", act("followup.log", content="已跟进"))
    assert "是哪个客户" in world.says("张伟", said)[0]
    [answer] = world.says("张伟", "华为")
    assert "不算有效跟进" in answer
    assert "时钟没有停" in answer


def test_e121_the_same_message_three_times_has_one_effect_and_one_answer(world: World, script: Script) -> None:
    for _ in range(3):
        world.comes("张伟", EventKind.TEXT, key="same", text="跟进 华为 电话聊了报价")
    assert len(world.settles().heard("张伟")) == 1
    lead = world.lead("华为技术有限公司")
    with world.work() as uow:
        assert len(uow.followups.of(lead.ref, 5)) == 1


def test_a_long_story_that_names_a_customer_is_shown_first_and_nothing_is_kept_before(
    world: World, script: Script
) -> None:
    [shown] = world.says("张伟", f"华为那边{STORY}")
    assert "记跟进：华为技术有限公司，对吗？" in shown
    lead = world.lead("华为技术有限公司")
    with world.work() as uow:
        assert uow.followups.of(lead.ref, 5) == []
    assert "已记跟进：华为技术有限公司" in world.says("张伟", "确认")[0]
    with world.work() as uow:
        [kept] = uow.followups.of(lead.ref, 5)
    assert kept.content == f"华为那边{STORY}"


def test_e128_a_story_that_names_nobody_offers_whom_one_was_in_touch_with_lately(world: World, script: Script) -> None:
    world.says("张伟", "跟进 宏大机电 电话聊了报价，下周三下午三点再联系")
    offer = world.says("张伟", STORY)[0]
    assert "1. 上海宏大机电" in offer
    assert "已记跟进：华为技术有限公司" in world.says("张伟", "华为")[0]


def test_a_short_line_that_is_not_understood_is_no_story(world: World, script: Script) -> None:
    assert "没听明白" in world.says("张伟", "仓库昨天刷了新漆")[0]


def test_two_chats_of_one_person_have_a_question_each(world: World, which: str) -> None:
    world.comes("张伟", EventKind.TEXT, text=which, reply_to={"group": "cid-sales"})
    world.settles().heard("张伟")
    assert "没听明白" in world.says("张伟", "1")[0], "alone with us nothing is asked"
    world.says("张伟", "退回 华为")
    world.comes("张伟", EventKind.TEXT, text="2", reply_to={"group": "cid-sales"})
    assert "已记跟进：上海宏大机电" in world.settles().heard("张伟")[0]
    assert "已退回公海：华为技术有限公司" in world.says("张伟", "1")[0]


def test_somebody_else_in_the_group_does_not_answer_for_me(world: World, which: str) -> None:
    world.comes("张伟", EventKind.TEXT, text=which, reply_to={"group": "cid-sales"})
    world.settles().heard("张伟")
    world.comes("陈晨", EventKind.TEXT, text="2", reply_to={"group": "cid-sales"})
    assert "没听明白" in world.settles().heard("陈晨")[0]


@pytest.mark.parametrize(
    "said", ["电话沟通了交期", "拜访了，库存够，下周交货", "报价发过去了，等审批", "对方问发票抬头，合同还在走流程"]
)
def test_what_was_talked_about_is_the_answer_whatever_its_words_could_ask_for(world: World, said: str) -> None:
    world.has_leads("中兴通讯", held_by="张伟")
    world.says("张伟", "跟进 中兴")
    (answer,) = world.says("张伟", said)
    assert answer.startswith("已记跟进：中兴通讯")


def test_a_command_of_its_own_is_not_what_was_talked_about(world: World) -> None:
    world.has_leads("中兴通讯", "大疆创新", held_by="张伟")
    for said in ("今天", "跟进 大疆 电话聊了报价和交期", "撤销"):
        world.says("张伟", "跟进 中兴")
        (answer, *_) = world.says("张伟", said)
        assert "已记跟进：中兴" not in answer, said
