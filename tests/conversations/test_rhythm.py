"""The rhythm in chat: whom nobody has seen yet, compliance, and the ladder of silence (semantics B.7)."""

from datetime import datetime, timedelta

import pytest

from core.model.customer import Account
from core.model.playbook import Group, Playbook, Silence
from core.model.playbook.assignment import AssignmentRule, AssignmentSection
from core.model.playbook.cadence import Rung, Then
from core.services.absences import ask_absence
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def has_account(world: World, name: str, *, held_by: str, grade: str = "A") -> Account:
    with world.work(held_by) as uow:
        account = Account(
            name=name, core_name=name, grade=grade, owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now
        )
        uow.accounts.add(account)
    return account


@pytest.fixture
def four(world: World) -> World:
    """Four A customers of 张伟 since a Monday."""
    world.now = at("03-02 09:00")
    for name in ("海康威视", "大华股份", "汇川技术", "先导智能"):
        has_account(world, name, held_by="张伟")
    return world


def visits(world: World, when: str, *names: str) -> None:
    world.now = at(when)
    for name in names:
        world.says("张伟", f"跟进 {name} 上门拜访谈了 {when} 的进展")


def test_b7_1_compliance_is_81_25_percent(four: World) -> None:
    everybody = ("海康威视", "大华股份", "汇川技术", "先导智能")
    visits(four, "03-04 15:00", *everybody)
    visits(four, "03-11 15:00", *everybody)
    visits(four, "03-18 15:00", *everybody[:3])
    visits(four, "03-25 15:00", *everybody[:2])
    four.says("张伟", "跟进 汇川技术 打电话聊了项目的进度")
    four.now = at("03-30 10:00")
    [card] = four.says("张伟", "我的拜访节奏")
    assert "近 4 周节奏达成 81.25%" in card
    assert "应完成 16 次，完成 13 次" in card
    assert "汇川技术：每周拜访 1 次，3/4，缺 03-23 起" in card, "a call satisfies no visit"
    assert "先导智能：每周拜访 1 次，2/4，缺 03-16、03-23 起" in card


def test_b7_1_one_visit_with_two_customers_satisfies_both(four: World) -> None:
    four.now = at("03-04 15:00")
    four.says("张伟", "拜访了海康威视和大华股份，一起看了产线")
    four.says("张伟", "确认")
    [card] = four.says("张伟", "拜访缺口")
    assert "还有 2 家没按节奏联系" in card
    assert "海康威视" not in card
    assert "大华股份" not in card


def test_on_wednesday_at_five_the_rep_hears_once_of_everybody_not_seen_in_one_card(four: World) -> None:
    visits(four, "03-03 15:00", "海康威视")
    four.heard("张伟")
    four.ticks(at("03-04 16:59"))
    assert four.heard("张伟") == []
    four.ticks(at("03-04 17:00"))
    four.ticks(at("03-04 17:01"))
    [card] = four.heard("张伟")
    assert "这周还有 3 家 A 级客户没联系" in card
    assert "大华股份：每周拜访 1 次，到 03-08" in card
    assert four.heard("王强") == [], "the manager hears on Friday"


def test_a_visit_is_planned_from_the_warning_with_one_tap(four: World) -> None:
    four.ticks(at("03-04 17:00"))
    four.heard("张伟")
    assert "什么时候" in four.taps("张伟", "约 海康威视")[0]
    assert "约好了：海康威视" in four.says("张伟", "明天下午三点")[0]
    assert "上门拜访" in four.says("张伟", "看看 海康威视")[0]


def test_on_friday_at_five_the_manager_hears_what_is_missing_and_on_monday_the_figures(four: World) -> None:
    visits(four, "03-03 15:00", "海康威视", "大华股份", "汇川技术")
    four.ticks(at("03-06 17:00"))
    assert "张伟：先导智能（A）" in "".join(four.heard("王强"))
    four.ticks(at("03-09 09:00"))
    digest = "".join(four.heard("王强"))
    assert "销售部/华东 上周（03-02 起）跟进节奏" in digest
    assert "上周达成 3/4：75%" in digest
    assert "张伟：上周 3/4（75%）" in digest


def test_a_friday_that_is_a_holiday_moves_to_the_workday_before(four: World) -> None:
    four.ticks(at("04-30 17:00"))
    assert "还有 4 家客户没按节奏联系" in "".join(four.heard("王强"))
    four.ticks(at("05-01 17:00"))
    assert four.heard("王强") == []


def test_the_manager_asks_who_of_the_a_customers_was_not_seen(four: World) -> None:
    visits(four, "03-03 15:00", "海康威视")
    [card] = four.says("王强", "A类客户这周谁还没拜访")
    assert "这一期A 级客户还有 3 家没按节奏联系" in card
    assert "张伟（3 家）" in card
    four.now = at("03-11 10:00")
    [card] = four.says("王强", "上周A类客户谁没拜访")
    assert "03-02 至 03-08，A 级客户还有 3 家没按节奏联系" in card


def test_a_rep_sees_only_the_own_customers(four: World) -> None:
    assert "都按节奏联系了" in four.says("陈晨", "A类客户这周谁还没拜访")[0]


def test_a_grade_without_a_rhythm_is_said_to_have_none(four: World) -> None:
    assert "没有节奏要求" in four.says("王强", "D类客户这周谁还没拜访")[0]


def test_leads_with_a_grade_have_the_same_rhythm(world: World) -> None:
    world.now = at("03-02 09:00")
    world.has_leads("华东机电", held_by="张伟", grade="A")
    world.says("张伟", "跟进 华东机电 电话聊了报价的事情")
    world.ticks(at("03-04 17:00"))
    assert "华东机电：每周拜访 1 次" in "".join(world.heard("张伟"))


def silence(world: World, name: str, when: str) -> list[str]:
    """What somebody hears about silence at the minute it is told."""
    world.heard(name)
    world.ticks(at(when))
    return [text for text in world.heard(name) if "没有跟进" in text and "件事" not in text]


@pytest.fixture
def quiet(world: World) -> World:
    """Two leads of 张伟, last followed up on a Monday morning."""
    world.now = at("03-02 08:00")
    world.has_leads("华东机电", "华东电气", held_by="张伟")
    for name in ("华东机电", "华东电气"):
        world.says("张伟", f"跟进 {name} 电话聊了{name}要的样品")
    return world


def test_the_ladder_tells_the_rep_on_day_3_the_manager_too_on_day_5_and_flags_on_day_7(quiet: World) -> None:
    assert silence(quiet, "张伟", "03-04 08:40") == []
    [third] = silence(quiet, "张伟", "03-05 08:40")
    assert "2 家客户好几天没有跟进" in third, "one card a person, not one a customer"
    assert silence(quiet, "王强", "03-06 08:40") == []
    assert silence(quiet, "张伟", "03-06 08:41") == [], "nothing is repeated"
    quiet.ticks(at("03-09 08:40"))
    assert "华东机电：5 天没跟进" in "".join(quiet.heard("张伟"))
    assert "同事名下：\n1. 华东机电：5 天没跟进，张伟" in "".join(quiet.heard("王强"))
    quiet.ticks(at("03-11 08:40"))
    assert "【高风险】华东机电：7 天没跟进" in "".join(quiet.heard("张伟"))
    assert "【高风险】华东机电：7 天没跟进，张伟" in "".join(quiet.heard("王强"))
    quiet.ticks(at("03-16 08:40"))
    assert not [text for text in quiet.heard("张伟") if "高风险" in text]


def test_a_follow_up_lets_the_ladder_begin_anew(quiet: World) -> None:
    silence(quiet, "张伟", "03-05 08:40")
    quiet.says("张伟", "跟进 华东机电 对方确认了样品的规格")
    quiet.ticks(at("03-09 08:40"))
    assert "华东机电" not in "".join(text for text in quiet.heard("王强") if "没跟进" in text)
    assert [text for text in silence(quiet, "张伟", "03-10 08:40") if "华东机电 已 3 天没有跟进" in text]


def test_who_has_an_appointment_is_not_asked_after(quiet: World) -> None:
    quiet.says("张伟", "下次联系 华东机电 3月20日下午三点")
    [card] = silence(quiet, "张伟", "03-05 08:40")
    assert "华东电气 已 3 天没有跟进" in card


def test_a_leavers_silent_customers_are_told_to_the_manager_at_once(quiet: World) -> None:
    with quiet.work() as uow:
        uow.members.get(quiet.member("张伟").id).active = False
    assert "张伟（已离职）" in silence(quiet, "王强", "03-05 08:40")[0]


def test_the_clock_that_was_down_tells_once_when_it_is_up_again(quiet: World) -> None:
    assert len(silence(quiet, "张伟", "03-05 10:30")) == 1
    assert silence(quiet, "张伟", "03-05 10:31") == []


def test_a_customer_in_silence_is_marked_on_its_card(quiet: World) -> None:
    quiet.now = at("03-11 09:00")
    assert "风险：高风险，7 天没有跟进" in quiet.says("张伟", "看看 华东机电")[0]
    quiet.says("张伟", "跟进 华东机电 对方确认了样品的规格")
    assert "高风险" not in quiet.says("张伟", "看看 华东机电")[0]


def leave(world: World, name: str, begin: str, end: str) -> None:
    """Somebody is on leave from one day to another."""
    with world.work("王强") as uow:
        ask_absence(uow, world.member(name), at(f"{begin} 09:00").date(), at(f"{end} 09:00").date(), "年假")


def test_a_week_wholly_on_leave_is_not_due(four: World) -> None:
    leave(four, "张伟", "03-09", "03-13")
    four.ticks(at("03-11 17:00"))
    assert not [text for text in four.heard("张伟") if "没联系" in text]
    four.now = at("03-16 10:00")
    assert "应完成 4 次，完成 0 次" in four.says("张伟", "我的拜访节奏")[0], "of two weeks only the first"


def test_days_of_leave_are_no_silence(quiet: World) -> None:
    leave(quiet, "张伟", "03-03", "03-04")
    assert silence(quiet, "张伟", "03-05 08:40") == []
    assert len(silence(quiet, "张伟", "03-09 08:40")) == 1


def test_whoever_took_a_customer_over_begins_with_the_next_whole_week(four: World) -> None:
    four.now = at("03-11 10:00")
    four.says("赵敏", "张伟的客户都交接给李娜")
    four.says("赵敏", "确认")
    four.now = at("03-16 10:00")
    four.heard("李娜")
    assert "近 4 周还没有到期的节奏" in four.says("李娜", "我的拜访节奏")[0]
    four.now = at("03-23 10:00")
    assert "应完成 4 次，完成 0 次" in four.says("李娜", "我的拜访节奏")[0]


def test_what_was_lost_with_a_leaver_stands_in_the_monday_digest(four: World) -> None:
    four.says("赵敏", "张伟的客户都交接给陈晨")
    four.says("赵敏", "确认")
    four.now = at("03-03 10:00")
    four.says("陈晨", "跟进 海康威视 电话介绍了自己，聊了交期")
    four.heard("王强")
    four.ticks(at("03-23 09:00"))
    assert "张伟离开后交接的 4 位：已联系 1，流失 3，期限内 0" in "".join(four.heard("王强"))


def test_a_ladder_that_takes_back_gives_the_lead_to_the_pool(quiet: World) -> None:
    rungs = (Rung(after=timedelta(days=3)), Rung(after=timedelta(days=4), manager=True, then=Then.POOL))
    quiet.plays(Playbook(silence=Silence(rungs=rungs)))
    [card] = silence(quiet, "张伟", "03-06 08:40")
    assert "【已收回公海】华东机电：4 天没跟进" in card
    assert quiet.lead("华东机电").is_pooled
    assert "4天未跟进" in "".join(quiet.says("张伟", "为什么 华东机电 被收了"))


def test_a_ladder_that_reassigns_lets_the_assignment_rules_find_the_next_holder(quiet: World) -> None:
    rungs = (Rung(after=timedelta(days=3)), Rung(after=timedelta(days=4), then=Then.REASSIGN))
    east = AssignmentRule(id="华东轮流", to=Group(members=("陈晨",)))
    quiet.plays(Playbook(silence=Silence(rungs=rungs), assignment=AssignmentSection(rules=(east,))))
    [card] = silence(quiet, "张伟", "03-06 08:40")
    assert "【已收回，按规则重新分配】华东机电：4 天没跟进" in card
    assert quiet.lead("华东机电").owner_id == quiet.member("陈晨").id
    assert any("华东机电" in text for text in quiet.heard("陈晨"))


def test_a_lead_that_rests_is_not_asked_after(quiet: World) -> None:
    quiet.says("张伟", "华东机电暂时没意向，半年后再说")
    quiet.says("张伟", "华东电气暂时没意向，半年后再说")
    assert quiet.lead("华东机电").state == "nurture"
    assert silence(quiet, "张伟", "03-11 08:40") == []
