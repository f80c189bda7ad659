"""The pool: claimed once, given back with a reason, taken back by the clock (semantics B.3, B.4)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.errors import LeadAlreadyHeld
from core.services.leads import NewLead, create_lead
from storage.engine import open_engine
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def test_b3_1_a_lead_nobody_followed_up_is_warned_of_once_after_the_quiet_hours_and_recycled_once(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    for hours in range(1, 22):
        world.passes(hours=1)
        assert not [text for text in world.heard("张伟") if "回收" in text], f"disturbed at +{hours} h"
    world.ticks(at("03-05 08:00"))
    [warning] = world.heard("张伟")
    assert "华东机电 即将回收到公海" in warning
    assert "03-05 10:00 回收" in warning
    world.ticks(at("03-05 10:00"))
    assert world.lead("华东机电").state == "assigned", "acting exactly at the due instant is in time"
    world.ticks(at("03-05 10:00:01"))
    assert world.lead("华东机电").state == "pooled"
    assert world.heard("张伟")[-1:] == [
        "华东机电 已回收到公海\n原因：领取后24小时未跟进\nL1 华东机电：03-05 10:00 到期"
    ]
    world.passes(hours=3)
    assert world.heard("张伟") == []


def test_b3_2_a_follow_up_a_minute_before_keeps_the_lead(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    world.now = at("03-05 09:59")
    world.says("张伟", "跟进 华东机电 电话聊了需求，对方要看样品")
    world.ticks(at("03-05 10:30"))
    assert world.lead("华东机电").state == "working"


def test_b3_3_an_empty_follow_up_does_not_stop_the_clock_and_the_rep_is_told(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", held_by="张伟")
    world.now = at("03-05 09:00")
    [answer] = world.says("张伟", "跟进 华东机电 1")
    assert "不算有效跟进" in answer
    assert "回收时钟没有停" in answer
    [answer] = world.says("张伟", "跟进 华东机电 已跟进")
    assert "不算有效跟进" in answer
    world.ticks(at("03-05 10:01"))
    assert world.lead("华东机电").state == "pooled"


def test_b3_4_a_lead_that_was_never_followed_up_is_not_late_by_a_follow_up_rule(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.passes(minutes=5)
    assert world.lead("华东机电").state == "assigned"


def test_b3_7_a_clock_that_was_down_catches_up_once(world: World) -> None:
    world.now = at("03-04 10:00")
    world.has_leads("华东机电", "华东电气", held_by="张伟")
    world.ticks(at("03-05 16:00"))
    [recycled] = world.heard("张伟")
    assert "2 条线索已回收到公海" in recycled
    world.ticks(at("03-05 16:00"))
    world.passes(minutes=1)
    assert world.heard("张伟") == []


def test_b4_4_of_fifty_who_claim_at_once_one_wins_and_the_others_learn_who_and_when(tmp_path: Path) -> None:
    world = World(open_engine(f"sqlite:///{tmp_path / 'race.db'}"))
    world.enrols(tuple((f"rep{n}", f"销售{n}", "rep", "销售部/华东", "") for n in range(50)))
    [lead] = world.has_leads("华东机电", held_by="周婷")
    members = [world.member(f"销售{n}") for n in range(50)]

    def claim(member: object) -> str:
        from core.services.claiming import claim_lead

        try:
            with world.program.open_work(member) as uow:
                claim_lead(uow, lead.id)
        except LeadAlreadyHeld as lost:
            return str(lost)
        return "won"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(claim, members))
    assert outcomes.count("won") == 1
    winner = members[outcomes.index("won")]
    assert all(f"已被{winner.name}在10:00:00领取" in lost for lost in outcomes if lost != "won")
    with world.work() as uow:
        held = [uow.leads.count_held_by(member.id) for member in members]
        assert sum(held) == 1
        assert uow.assignments.last_holder(lead.id).member_id == winner.id
    world.close()


def test_b4_5_the_same_claim_delivered_three_times_claims_once_and_is_answered_once(world: World) -> None:
    world.has_leads("华东机电", held_by="周婷")
    first = world.says("张伟", "领取 1", key="msg-7")
    assert len(first) == 1
    assert world.says("张伟", "领取 1", key="msg-7") == []
    assert world.says("张伟", "领取 1", key="msg-7") == []
    with world.work() as uow:
        assert uow.leads.count_held_by(world.member("张伟").id) == 1


def test_whoever_comes_second_hears_who_was_first_and_when(world: World) -> None:
    world.has_leads("华东机电", held_by="周婷")
    world.says("张伟", "领取 华东机电")
    world.now += timedelta(minutes=3)
    assert world.says("李娜", "领取 华东机电") == ["「华东机电」已被张伟在10:00:00领取。发送「公海」看看其他线索"]


def test_the_pool_shows_no_number_until_the_lead_is_claimed(world: World) -> None:
    world.has_leads("华东机电", held_by="周婷", phone="13812345678")
    [listed] = world.says("张伟", "公海")
    assert "138****5678" in listed
    assert "13812345678" not in listed
    claimed, listed = world.taps("张伟", "领 华东机电")
    assert "13812345678" in claimed
    assert "13812345678" not in listed


@pytest.mark.parametrize("platform", ["wecom", "dingtalk"])
def test_a_list_from_which_was_claimed_shows_who_has_what_and_offers_the_rest(platform: str) -> None:
    world = World(platform=platform)
    world.has_leads("华东机电", "苏州汇川", "上海沪工", held_by="周婷")
    world.says("张伟", "公海")
    world.says("李娜", "公海")
    _, listed = world.taps("张伟", "领 汇川")
    assert "公海 2 条" in listed
    assert "苏州汇川｜已被您领取" in listed
    assert [button.label for button in world.card("张伟").buttons] == ["领 沪工", "领 华东机电"]
    told, listed = world.taps("李娜", "领 汇川")
    assert "已被张伟在" in told
    assert "苏州汇川｜已被领走" in listed
    world.taps("张伟", "领 沪工")
    _, listed = world.taps("张伟", "领 华东机电")
    assert listed.count("已被您领取") == 3
    assert [button.label for button in world.card("张伟").buttons] == ["看公海"]
    world.close()


def test_a_list_of_one_region_stays_one_of_that_region(world: World) -> None:
    for name, region in (("苏州汇川", "江苏"), ("无锡威孚", "江苏"), ("广州数控", "广东")):
        with world.work("周婷") as uow:
            create_lead(uow, NewLead(name=name, region=region), certain=True)
    world.says("张伟", "公海 江苏")
    assert "公海 2 条 · 江苏" in world.card("张伟").title
    world.taps("张伟", world.card("张伟").buttons[0].label)
    assert world.card("张伟").title == "公海 1 条 · 江苏"


def test_numbers_that_were_typed_into_the_need_are_hidden_in_the_pool_and_cannot_be_searched(world: World) -> None:
    world.says("周婷", "新线索 漏号公司 13811110001 王工手机13987654321转达")
    [listed] = world.says("张伟", "公海 漏号")
    assert "139****4321" in listed
    assert "13987654321" not in listed
    assert "没有符合" in world.says("张伟", "公海 漏号 1398765")[0]


def test_a_search_of_many_words_is_answered(world: World) -> None:
    assert world.says("张伟", "公海 " + "甲 乙 丙 " * 400)


def test_a_lead_given_back_by_a_tap_asks_for_the_reason_and_greys_the_card(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "看看 华东机电")
    [question] = world.taps("张伟", "退回公海")
    assert "原因" in question
    [answer] = world.taps("张伟", "无需求")
    assert "已退回公海：华东机电" in answer
    assert world.card("张伟").settled == "已退回"
    assert world.lead("华东机电").owner_id is None


def test_a_reason_may_be_typed_by_number_or_in_words(world: World) -> None:
    world.has_leads("华东机电", "华南电气", held_by="张伟")
    world.says("张伟", "退回 华东机电")
    assert "原因：联系不上" in world.says("张伟", "2")[0]
    world.says("张伟", "退回 华南电气")
    assert "原因：客户搬走了" in world.says("张伟", "客户搬走了")[0]


def test_somebody_elses_lead_cannot_be_given_back_nor_claimed_nor_told_from_none(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    for command in ("退回 {} 无需求", "领取 {}", "看看 {}", "跟进 {} 电话聊了报价"):
        existing = world.says("李娜", command.format("L1"))[0].replace("L1", "…")
        world.says("李娜", "算了")
        assert existing == world.says("李娜", command.format("L99"))[0].replace("L99", "…")
        assert "华东" not in existing
        world.says("李娜", "算了")
    assert world.lead("华东机电").owner_id == world.member("张伟").id


def test_a_manager_sees_the_departments_lead_but_gives_back_only_own_ones(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    assert "不在您名下" in world.says("王强", "退回 华东机电 无需求")[0]


@pytest.mark.parametrize("word", ["公海", "领取 1"])
def test_finance_has_no_business_in_the_pool(world: World, word: str) -> None:
    world.has_leads("华东机电", held_by="周婷")
    assert "没有" in world.says("陈静", word)[0]


@pytest.mark.parametrize("text", ["公海里迈瑞我领了，下午两点打过去", "公海里那个迈瑞我要了", "领取 迈瑞"])
def test_a_name_that_is_on_no_record_never_claims_whoever_was_spoken_of_before(world: World, text: str) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "退回 华东机电 没需求")
    assert "没有找到「迈瑞」" in world.says("张伟", text)[0]
    world.says("张伟", "确认")
    assert world.lead("华东机电").state == "pooled"


@pytest.mark.parametrize(
    "text",
    [
        "迈瑞不要了，退了",
        "迈瑞先放放，半年后再说",
        "迈瑞空号，作废",
        "迈瑞改到周五下午四点",
        "迈瑞那边推迟到下周二",
        "迈瑞再给我两天，客户出差了",
        "迈瑞推进到方案报价",
        "给迈瑞打标签 高意向",
    ],
)
def test_what_is_said_of_a_stranger_touches_nobody_who_was_spoken_of_before(world: World, text: str) -> None:
    world.has_leads("华东机电", held_by="张伟")
    world.says("张伟", "跟进 华东机电 电话聊了需求，对方要看样品，3月10号再联系")
    before = world.says("张伟", "看看 华东机电")
    [answer] = world.says("张伟", text)
    assert "没认出说的是哪家客户" in answer
    world.says("张伟", "算了")
    assert world.says("张伟", "看看 华东机电") == before
