"""What comes next: days off, nights, and putting off what was not done (phrases E9, E11, E127)."""

from datetime import datetime

import pytest

from bot.understanding.acts import Outcome
from core.model.followup import Plan
from tests.scripted import Script, act
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def plans(world: World, name: str) -> list[Plan]:
    lead = world.lead(name)
    with world.work() as uow:
        return uow.plans.open_for(lead.ref)


@pytest.fixture
def script(world: World) -> Script:
    world.has_leads("中兴通讯", held_by="张伟")
    return Script(world)


@pytest.fixture
def sunday(script: Script) -> str:
    plan = act("plan.create", customer="中兴通讯", at="2026-03-08T10:00:00+08:00", content="演示")
    return script.means("大后天上午10点去中兴演示 帮我记一下", plan)


def test_e9_a_sunday_is_asked_about_and_kept_when_it_is_meant(world: World, sunday: str) -> None:
    [question] = world.says("张伟", sunday)
    assert "03-08 是周日，不上班。保留还是改到工作日？" in question
    assert plans(world, "中兴通讯") == []
    assert "约好了：中兴通讯" in world.taps("张伟", "就周日 03-08")[0]
    assert plans(world, "中兴通讯")[0].at == at("03-08 10:00")


@pytest.mark.parametrize("answer", ["2", "第二个", "改到周一", "改到周一吧"])
def test_e9_or_it_becomes_the_monday(world: World, sunday: str, answer: str) -> None:
    world.says("张伟", sunday)
    assert "约好了：中兴通讯" in world.says("张伟", answer)[0]
    assert plans(world, "中兴通讯")[0].at.astimezone(SHANGHAI).date() == at("03-09 00:00").date()


def test_e9_any_other_day_is_an_answer_too(world: World, sunday: str) -> None:
    world.says("张伟", sunday)
    assert "约好了：中兴通讯" in world.says("张伟", "那就下周二下午两点")[0]
    assert plans(world, "中兴通讯")[0].at == at("03-10 14:00")


@pytest.mark.parametrize("answer", ["改到周一", "下周一"])
def test_e9_when_the_reader_offers_two_moments_a_bare_day_keeps_the_hour(
    world: World, script: Script, answer: str
) -> None:
    choices = (
        ("就 03-08 10:00", "2026-03-08T10:00:00+08:00"),
        ("改到 03-09 10:00", "2026-03-09T10:00:00+08:00"),
    )
    said = script.means(
        "大后天上午10点去中兴演示",
        act("plan.create", customer="中兴通讯", at="2026-03-08T10:00:00+08:00"),
        outcome=Outcome.ASK,
        missing=("at",),
        choices=choices,
    )
    world.says("张伟", said)
    world.says("张伟", answer)
    assert plans(world, "中兴通讯")[0].at == at("03-09 10:00")


def test_e9_other_words_are_no_answer_and_the_question_stays(world: World, sunday: str) -> None:
    world.says("张伟", sunday)
    world.says("张伟", "这个怎么说呢")
    assert plans(world, "中兴通讯") == []
    assert "约好了：中兴通讯" in world.says("张伟", "1")[0]


def test_to_be_reminded_is_no_answer_to_when_one_talks_again(world: World, script: Script) -> None:
    world.says("张伟", "跟进 中兴通讯 电话聊了报价和交期")
    world.says("张伟", "提醒我明天上午十点寄发票")
    assert plans(world, "中兴通讯") == []


def test_whoever_writes_at_night_and_wants_to_hear_soon_is_not_asked(world: World) -> None:
    world.now = datetime(2026, 3, 6, 0, 5, tzinfo=SHANGHAI)
    assert "2026-03-06 00:06" in world.says("张伟", "提醒我 1分钟后 给王工回电话")[0]
    assert "是凌晨" in world.says("张伟", "提醒我 3小时后 给王工回电话")[0]


@pytest.mark.parametrize(("answer", "when"), [("对", "01:00"), ("1", "01:00"), ("2", "13:00"), ("3", "09:00")])
def test_e127_one_at_night_is_asked_about_once(world: World, script: Script, answer: str, when: str) -> None:
    said = script.means("明天凌晨一点提醒我", act("reminder.create", at="2026-03-06T01:00:00+08:00"))
    assert "是凌晨" in world.says("张伟", said)[0]
    assert f"2026-03-06 {when}" in world.says("张伟", answer)[0]
    world.ticks(at(f"03-06 {when}"))
    assert [text for text in world.heard("张伟") if "提醒时间到" in text]


@pytest.fixture
def busy(world: World, script: Script) -> Script:
    world.has_leads("华为技术有限公司", held_by="张伟", grade="A")
    world.has_leads("大疆创新", held_by="张伟")
    for name, when in (
        ("中兴通讯", "今天下午三点"),
        ("华为技术有限公司", "今天下午四点"),
        ("大疆创新", "明天上午十点"),
    ):
        world.says("张伟", f"下次联系 {name} {when}")
    script.means("把今天没跟的都顺延到明天", act("plan.move_all", at="2026-03-06T09:00:00+08:00"))
    return script


def test_e11_what_was_not_done_today_moves_to_tomorrow_after_a_reason_and_a_yes(world: World, busy: Script) -> None:
    [question] = world.says("张伟", "把今天没跟的都顺延到明天")
    assert "里面有 A 级客户（华为技术有限公司），顺延的原因是？" in question
    [card] = world.says("张伟", "客户出差了")
    assert "把 2 个计划顺延到 03-06 周五，对吗？" in card
    assert "原因：客户出差了" in card
    assert "大疆" not in card
    assert plans(world, "中兴通讯")[0].at == at("03-05 15:00"), "nothing has moved yet"
    assert "已顺延 2 个计划" in world.says("张伟", "确认")[0]
    assert [plans(world, name)[0].at for name in ("中兴通讯", "华为技术有限公司", "大疆创新")] == [
        at("03-06 15:00"),
        at("03-06 16:00"),
        at("03-06 10:00"),
    ]
    assert "客户出差了" in plans(world, "华为技术有限公司")[0].content


def test_e11_one_undo_brings_them_all_back_with_their_reminders(world: World, busy: Script) -> None:
    world.says("张伟", "把今天没跟的都顺延到明天")
    world.says("张伟", "1")
    world.says("张伟", "确认")
    assert "撤销" in world.says("张伟", "撤销")[0]
    assert [plans(world, name)[0].at for name in ("中兴通讯", "华为技术有限公司")] == [
        at("03-05 15:00"),
        at("03-05 16:00"),
    ]
    world.ticks(at("03-05 14:30"))
    assert [text for text in world.heard("张伟") if "该联系中兴通讯" in text]


def test_e11_without_anything_left_there_is_nothing_to_put_off(world: World, script: Script) -> None:
    said = script.means("都顺延到明天", act("plan.move_all", at="2026-03-06T09:00:00+08:00"))
    assert "没有还没跟的计划" in world.says("张伟", said)[0]


def test_whoever_is_left_out_stays_where_they_are(world: World, busy: Script) -> None:
    said = busy.means(
        "今天的都推到明天，中兴别动", act("plan.move_all", at="2026-03-06T09:00:00+08:00", **{"except": ["中兴通讯"]})
    )
    world.says("张伟", said)
    [card] = world.says("张伟", "客户出差了")
    assert "把 1 个计划顺延" in card
    assert "中兴" not in card
    world.says("张伟", "确认")
    assert plans(world, "中兴通讯")[0].at == at("03-05 15:00")
    assert plans(world, "华为技术有限公司")[0].at == at("03-06 16:00")


def test_only_the_part_of_the_day_that_was_said_moves(world: World, script: Script) -> None:
    world.says("张伟", "下次联系 中兴通讯 今天下午三点")
    said = script.means("上午的都推到明天", act("plan.move_all", at="2026-03-06T09:00:00+08:00", part="上午"))
    assert "没有别的计划可以顺延" in world.says("张伟", said)[0]
    assert plans(world, "中兴通讯")[0].at == at("03-05 15:00")


def test_a_reminder_that_repeats_comes_every_day_until_it_is_called_off(world: World, script: Script) -> None:
    each = act("reminder.create", at="2026-03-05T17:00:00+08:00", content="填跟进", every="day")
    [card] = world.says("张伟", script.means("每天下午五点提醒我填跟进", each))
    assert "每天提醒，下一次 2026-03-05 17:00" in card
    for day in ("03-05", "03-06"):
        world.ticks(at(f"{day} 17:00"))
    assert len([text for text in world.heard("张伟") if "提醒时间到" in text]) == 2
    world.says("张伟", script.means("每天的提醒不用了", act("plan.cancel")))
    world.says("张伟", "1")
    world.ticks(at("03-07 17:00"))
    assert not [text for text in world.heard("张伟") if "提醒时间到" in text]
