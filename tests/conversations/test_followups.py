"""Following up: kept, counted or not, and the reminder at its minute (semantics B.2, B.7)."""

from datetime import datetime

import pytest

from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def test_one_sentence_keeps_method_text_and_the_next_date(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    [answer] = world.says("张伟", "跟进 华东机电 电话聊了报价，下周三下午三点再联系")
    assert "已记跟进：华东机电" in answer
    assert "方式：电话" in answer
    assert "下次联系：03-11 15:00" in answer
    assert world.lead("华东机电").state == "working"


def test_b7_2_the_reminder_comes_half_an_hour_before_at_its_minute_and_once(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "跟进 华东机电 电话聊了报价，下周三下午三点再联系")
    world.ticks(at("03-11 14:29:59"))
    assert not [text for text in world.heard("张伟") if "该联系" in text]
    world.ticks(at("03-11 14:30"))
    [reminder] = [text for text in world.heard("张伟") if "该联系" in text]
    assert "该联系华东机电了" in reminder
    assert "03-11 15:00" in reminder
    world.passes(minutes=5)
    assert not [text for text in world.heard("张伟") if "该联系" in text]


def test_a_promise_closer_than_the_lead_time_is_reminded_of_when_it_comes(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    assert "下次联系：03-05 10:20" in world.says("张伟", "跟进 华东机电 电话聊了报价，20分钟后再联系")[0]
    world.ticks(at("03-05 10:19"))
    assert not [text for text in world.heard("张伟") if "该联系" in text]
    world.ticks(at("03-05 10:20"))
    assert [text for text in world.heard("张伟") if "该联系" in text]


def test_done_early_says_nothing_later(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "跟进 华东机电 电话聊了报价，下周三下午三点再联系")
    world.now = at("03-11 09:00")
    world.says("张伟", "跟进 华东机电 微信里已经谈妥，等合同")
    world.ticks(at("03-11 14:31"))
    assert not [text for text in world.heard("张伟") if "该联系" in text]


def test_a_next_date_may_follow_in_a_second_message(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    [answer] = world.says("张伟", "跟进 华东机电 电话聊了报价")
    assert "下次什么时候联系" in answer
    [answer] = world.says("张伟", "下周三下午三点")
    assert "约好了：华东机电" in answer
    assert "约定时间：2026-03-11 15:00" in answer


def test_a_sentence_without_a_blank_finds_the_own_customer(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    assert "已记跟进：华东机电" in world.says("张伟", "跟进华东机电电话聊了报价，客户要考虑")[0]


def test_two_of_that_name_are_asked_about_and_the_sentence_is_kept(world: World) -> None:
    world.has_leads("上海宏达贸易", "上海宏达机电", held_by="张伟")
    [question] = world.says("张伟", "跟进：宏达，发了样品给对方")
    assert "对应多个客户" in question
    assert "已记跟进：上海宏达机电" in world.says("张伟", "2")[0]


def test_a_colleagues_customer_is_not_found_whether_it_exists_or_not(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    existing = world.says("李娜", "跟进 华东机电 电话聊了报价")[0].replace("华东机电", "X")
    world.says("李娜", "算了")
    missing = world.says("李娜", "跟进 没有这家 电话聊了报价")[0].replace("没有这家", "X")
    assert existing == missing
    by_number = world.says("李娜", "看看 L1")[0].replace("L1", "X")
    assert by_number == world.says("李娜", "看看 L999")[0].replace("L999", "X")


def test_a_manager_sees_and_follows_the_departments_customers(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.has_leads("华南电气", held_by="李娜")
    assert "华东机电" in world.says("王强", "看看 华东机电")[0]
    assert "没有找到" in world.says("王强", "看看 华南电气")[0]
    assert "华南电气" in world.says("赵敏", "看看 华南电气")[0]


def test_the_same_text_within_a_day_does_not_count_again(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "跟进 华东机电 电话聊了报价")
    assert "不算有效跟进" in world.says("张伟", "跟进 华东机电 电话聊了报价")[0]


@pytest.mark.parametrize("said", ["跟进 华东机电 聊了报价，2月30日再联系", "跟进 华东机电 聊了报价，昨天下午再联系"])
def test_an_impossible_or_past_next_date_is_not_guessed(world: World, said: str) -> None:
    world.has_leads("华东机电", held_by="张伟")
    [answer] = world.says("张伟", said)
    with world.work() as uow:
        assert uow.plans.open_for(world.lead("华东机电").ref) == []
    assert answer


@pytest.mark.parametrize("when", ["9999-12-31 23:59", "明天25:61", "25点"])
def test_a_time_that_was_not_understood_is_not_guessed(world: World, when: str) -> None:
    assert "没看懂时间" in world.says("张伟", f"提醒我 {when} 开会")[0]


def test_a_bare_reminder_comes_at_its_minute(world: World) -> None:
    [answer] = world.says("张伟", "提醒我半小时后给大疆王工回电话")
    assert "2026-03-05 10:30" in answer
    world.ticks(at("03-05 10:30"))
    [reminder] = [text for text in world.heard("张伟") if "提醒时间到" in text]
    assert "给大疆王工回电话" in reminder


def test_undoing_a_follow_up_puts_the_clock_back(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "跟进 华东机电 电话聊了报价，下周三下午三点再联系")
    assert "已撤销记跟进" in world.says("张伟", "撤销")[0]
    lead = world.lead("华东机电")
    assert (lead.state, lead.last_followup_at) == ("assigned", None)
    with world.work() as uow:
        assert uow.plans.open_for(lead.ref) == []
        assert uow.followups.of(lead.ref, 5) == []
    world.ticks(at("03-06 10:01"))
    assert world.lead("华东机电").state == "pooled"


def test_undoing_a_claim_gives_the_lead_back(world: World) -> None:
    world.has_leads("华东机电", held_by="周婷")
    world.says("张伟", "领取 1")
    assert "已撤销领取：华东机电" in world.says("张伟", "撤回")[0]
    assert world.lead("华东机电").state == "pooled"
    with world.work() as uow:
        assert uow.deadlines.of(world.lead("华东机电").ref) == []
    assert "领取成功" in world.says("李娜", "领取 1")[0]


def test_a_claim_cannot_be_undone_once_somebody_else_acted_on_it(world: World) -> None:
    world.has_leads("华东机电", held_by="周婷")
    world.says("张伟", "领取 1")
    world.says("王强", "跟进 华东机电 和客户老板通了电话")
    assert "之后又有新的变动" in world.says("张伟", "撤销")[0]


def test_undoing_a_return_brings_lead_and_clocks_back(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "退回 华东机电 无需求")
    assert "已撤销退回公海" in world.says("张伟", "撤销")[0]
    assert world.lead("华东机电").owner_id == world.member("张伟").id
    world.ticks(at("03-06 10:01"))
    assert world.lead("华东机电").state == "pooled"


def test_only_the_author_can_undo_by_a_forwarded_card(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "跟进 华东机电 电话聊了报价")
    button = next(b for b in world.card("张伟").buttons if b.action == "undo")
    world.says("李娜", "帮助")
    assert "没有可以撤销的操作" in world.presses("李娜", "undo", button.values)[0]
