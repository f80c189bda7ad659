"""Questions about the work itself (phrases E36, E58, E62, E79, E80)."""

from datetime import datetime

import pytest

from core.services.accounts import NewAccount, create_account
from tests.scripted import Script, act
from tests.world import SHANGHAI, World


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.fixture
def script(world: World) -> Script:
    world.now = at("03-04 10:00")
    world.has_leads("苏州汇川", "大疆创新", held_by="张伟")
    return Script(world)


def test_e58_what_is_about_to_leave_comes_soonest_first(world: World, script: Script) -> None:
    world.now = at("03-04 15:00")
    world.has_leads("后来的", held_by="张伟")
    world.says("张伟", "跟进 大疆创新 电话聊了报价")
    [answer] = world.says("张伟", "哪些快掉公海了")
    assert answer.index("1. 苏州汇川：03-05 10:00 回收") < answer.index("2. 后来的：03-05 15:00 回收")
    assert "大疆" not in answer, "thirty days are not soon"


def test_e36_why_a_lead_was_taken_names_rule_times_and_reason(world: World, script: Script) -> None:
    world.ticks(at("03-05 10:01"))
    world.heard("张伟")
    [answer] = world.says("张伟", script.means("为啥把汇川给收了？", act("explain", customer="苏州汇川")))
    assert "归到您名下：03-04 10:00" in answer
    assert "离开：03-05 10:01" in answer
    assert "规则：首次跟进24小时" in answer
    assert "原因：领取后24小时未跟进" in answer


def test_why_about_a_lead_that_is_still_there_names_its_clock(world: World, script: Script) -> None:
    [answer] = world.says("张伟", script.means("汇川什么时候会被收", act("explain", customer="苏州汇川")))
    assert "没有被收走" in answer
    assert "03-05 10:00 前没有跟进会回收" in answer


def test_why_tells_nothing_about_what_others_lost(world: World, script: Script) -> None:
    world.ticks(at("03-05 10:01"))
    assert "没有找到" in world.says("李娜", script.means("为啥收了汇川", act("explain", customer="苏州汇川")))[0]


def test_e62_visits_of_a_week_are_counted_by_times_and_customers(world: World, script: Script) -> None:
    world.says("张伟", "跟进 大疆创新 上门拜访了，见到采购")
    world.says("张伟", "跟进 大疆创新 下午又上门拜访，看了产线")
    world.says("张伟", "跟进 苏州汇川 电话聊了报价")
    world.says("张伟", "跟进 苏州汇川 1")
    week = {"from": "2026-03-02", "to": "2026-03-08"}
    visits = script.means("我这周拜访了几家", act("activity.count", method="visit", **week))
    [answer] = world.says("张伟", visits)
    assert "拜访 2 次，1 家" in answer
    [answer] = world.says("张伟", script.means("我这周跟进几次", act("activity.count", **week)))
    assert "有效跟进 3 次，2 家" in answer, "「1」 does not count"
    last = script.means("上周呢", act("activity.count", **{"from": "2026-02-23", "to": "2026-03-01"}))
    assert "02-23 至 03-01 有效跟进 0 次" in world.says("张伟", last)[0]


def test_e79_a_manager_sees_whom_everybody_was_in_touch_with(world: World, script: Script) -> None:
    world.says("张伟", "跟进 大疆创新 电话聊了报价")
    world.has_leads("华南电气", held_by="李娜")
    world.says("李娜", "跟进 华南电气 电话聊了报价")
    [answer] = world.says("王强", "今天大家跟了谁")
    assert "张伟 1 次：大疆创新" in answer
    assert "没有跟进：陈晨" in answer
    assert "李娜" not in answer, "another department"
    assert "您没有查看团队跟进的权限" in world.says("张伟", "今天大家跟了谁")[0]


def test_e80_who_was_in_touch_with_nobody_for_three_days(world: World, script: Script) -> None:
    world.says("张伟", "跟进 大疆创新 电话聊了报价")
    world.says("张伟", "跟进 苏州汇川 电话聊了报价")
    world.now = at("03-09 10:00")
    world.says("张伟", "跟进 苏州汇川 又通了一次电话")
    [answer] = world.says("王强", "谁三天没跟客户了")
    assert "张伟：最近跟进 03-09" in answer
    assert "没跟的：大疆创新（03-04）" in answer
    assert "陈晨：还没有跟进记录" in answer
    assert "没有查看团队跟进的权限" in world.says("张伟", "谁三天没跟客户了")[0]


def test_why_goes_by_the_name_or_number_that_was_said(world: World) -> None:
    world.has_leads("宁波海曜", "苏州汇川", held_by="张伟")
    world.passes(hours=25)
    world.heard("张伟")
    for said, name in (
        ("为啥把宁波海曜给收了", "宁波海曜"),
        ("为什么 L1 被收了", "宁波海曜"),
        ("为什么 苏州汇川 被收了", "苏州汇川"),
    ):
        (answer,) = world.says("张伟", said)
        assert name in answer, said
        assert "首次跟进24小时" in answer, said


def test_whoever_leads_people_hears_why_one_of_them_lost_a_lead(world: World) -> None:
    world.has_leads("宁波海曜", held_by="张伟")
    world.passes(hours=25)
    assert "首次跟进24小时" in world.says("王强", "为什么 L1 被收了")[0]
    assert "没有找到" in world.says("李娜", "为什么 L1 被收了")[0]


def test_why_about_a_customer_says_that_it_is_never_taken(world: World) -> None:
    with world.work("张伟") as uow:
        create_account(uow, NewAccount(name="华为技术有限公司"))
    (answer,) = world.says("张伟", "为什么 华为 被收了")
    assert "华为技术有限公司" in answer
    assert "account:" not in answer


def test_a_leader_counts_a_colleagues_follow_ups_and_nobody_else_does(world: World) -> None:
    world.has_leads("苏州汇川", held_by="陈晨")
    world.says("陈晨", "跟进 汇川 电话聊了报价和交期")
    assert "陈晨" in world.says("王强", "陈晨今天打了几个电话")[0]
    assert "电话 1 次，1 家" in world.card("王强").title
    assert "没有" in world.says("张伟", "陈晨今天打了几个电话")[0]
