"""One person, two chats: a code said in the other one joins them, and both hear of it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.event import EventKind
from core.model.member import SYSTEM, Member
from core.services.followups import plan_next
from core.services.leads import NewLead, create_lead
from core.services.members import Enrolment, enrol
from scheduler.jobs import tick
from storage import tables
from tests.world import World


@pytest.fixture
def both(world: World) -> World:
    """张伟 works on WeCom; DingTalk is switched on and knows him as dz, but we do not yet."""
    world.opens("dingtalk", 张伟="dZ", 李娜="dL")
    return world


def code_of(world: World, name: str = "张伟", **where: str) -> str:
    [said] = world.says(name, "绑定", **where)
    return re.search(r"绑定码：(\d{6})", said)[1]  # type: ignore[index]


def behind(world: World, channel: str, user_id: str) -> Member | None:
    with world.program.open_work(SYSTEM, reading=True) as uow:
        return uow.members.known_as(channel, user_id)


def enrolled(world: World, name: str = "张伟", **more: str) -> Member:
    with world.work() as uow:
        member, _ = enrol(uow, Enrolment(channel="dingtalk", user_id=world.ids_on["dingtalk"][name], name=name, **more))
    return member


def test_a_stranger_with_the_code_is_the_same_person_and_both_chats_hear_of_it(both: World) -> None:
    both.has_leads("华东机电", held_by="张伟")
    code = code_of(both)
    [said] = both.says("张伟", f"绑定 {code}", on="dingtalk")
    assert "绑定好了：这里也是张伟的聊单" in said
    [warned] = both.heard("张伟")
    assert "钉钉账号已和您绑定\ndZ，03-05 10:00" in warned
    assert "不是您本人操作" in warned
    assert "华东机电" in both.says("张伟", "看看 华东机电", on="dingtalk")[0]
    assert behind(both, "dingtalk", "dZ").id == both.member("张伟").id  # type: ignore[union-attr]


def test_the_other_sentences_of_a_stranger_stay_refused(both: World) -> None:
    both.has_leads("华东机电")
    for said in ("领取 1", "绑定 华东机电", "今天", "绑定 123456 领取 1"):
        assert "还没有在聊单开通" in both.says("张伟", said, on="dingtalk")[0]
    assert "先在另一个平台" in both.says("张伟", "绑定", on="dingtalk")[0]
    assert both.lead("华东机电").state == "pooled"
    assert behind(both, "dingtalk", "dZ") is None


def test_a_stranger_hears_how_to_come_in_from_the_other_platform(both: World) -> None:
    assert "已经在企业微信用聊单的，请在那边发送「绑定」" in both.says("张伟", "你好", on="dingtalk")[0]


def test_where_there_is_one_platform_only_nothing_is_said_of_another(world: World) -> None:
    world.program.__dict__["operated"] = {"channels": ("wecom",)}
    assert "目前只接通了企业微信，不用绑定" in world.says("张伟", "绑定")[0]
    for said in ("绑定", "绑定 123456", "今天"):
        assert world.says("nobody", said) == [
            "您还没有在聊单开通。请联系管理员把您加入成员名单，之后发送「帮助」开始使用"
        ]


def test_a_code_joins_once(both: World) -> None:
    code = code_of(both)
    both.says("张伟", f"绑定{code}", on="dingtalk")
    assert "不对或已过期" in both.says("李娜", f"绑定 {code}", on="dingtalk")[0]
    assert behind(both, "dingtalk", "dL") is None


def test_a_code_is_over_after_ten_minutes_and_a_newer_one_ends_an_older(both: World) -> None:
    first = code_of(both)
    second = code_of(both)
    assert "不对或已过期" in both.says("张伟", f"绑定 {first}", on="dingtalk")[0]
    both.now += timedelta(minutes=10)
    assert "不对或已过期" in both.says("张伟", f"绑定 {second}", on="dingtalk")[0]
    assert behind(both, "dingtalk", "dZ") is None


def test_five_wrong_codes_are_followed_by_a_pause_and_the_right_one_waits_too(both: World) -> None:
    code = code_of(both)
    wrong = "000000" if code != "000000" else "111111"
    said = [both.says("张伟", f"绑定 {wrong}", on="dingtalk")[0] for _ in range(5)]
    assert ["还可以试" in one for one in said] == [True] * 4 + [False]
    assert "错了太多次，10:15 以后再试" in said[-1]
    assert "错了太多次" in both.says("张伟", f"绑定 {code}", on="dingtalk")[0]
    both.now += timedelta(minutes=15)
    fresh = code_of(both)
    assert "绑定好了" in both.says("张伟", f"绑定 {fresh}", on="dingtalk")[0]


def test_a_code_that_is_no_code(both: World) -> None:
    assert "绑定码是 6 位数字" in both.says("张伟", "绑定 12345", on="dingtalk")[0]
    assert "没看懂" in both.says("张伟", "绑定 华东机电")[0]


def test_a_code_is_kept_as_a_digest_only(both: World) -> None:
    code = code_of(both)
    with both.program.open_work.reading() as session:
        [row] = session.execute(select(tables.link_codes)).all()
    assert code not in str(row.digest) + str(row.salt)
    assert len(row.digest) == 64


def test_the_own_chat_is_the_wrong_one(both: World) -> None:
    code = code_of(both)
    assert "要到钉钉里说" in both.says("张伟", f"绑定 {code}")[0]
    assert "绑定好了" in both.says("张伟", f"绑定 {code}", on="dingtalk")[0]


def test_nobody_guesses_a_colleagues_code_in_the_chat_where_it_was_given(both: World) -> None:
    code = code_of(both)
    assert "还可以试 4 次" in both.says("陈晨", f"绑定 {code}")[0]


def test_who_is_joined_already_is_told_so(both: World) -> None:
    both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")
    assert "企业微信和钉钉账号已经绑定在一起" in both.says("张伟", "绑定")[-1]
    assert "已经绑定在一起" in both.says("张伟", "关联企业微信账号", on="dingtalk")[-1]


def test_who_left_is_not_let_in_by_a_colleagues_code(both: World) -> None:
    enrolled(both, "李娜", phone="13900000000")
    both.comes("", EventKind.DIRECTORY, on="dingtalk", fields={"change_type": "delete_user", "user_id": "dL"})
    both.settles()
    assert "还没有在聊单开通" in both.says("李娜", f"绑定 {code_of(both)}", on="dingtalk")[0]
    assert behind(both, "dingtalk", "dL") is None


def test_a_code_is_never_said_in_a_group(both: World) -> None:
    both.comes("张伟", EventKind.TEXT, text="绑定", reply_to={"group": "g1"})
    assert "私聊" in both.settles().heard("张伟")[0]


def test_an_empty_member_of_ones_own_is_joined_at_once(both: World) -> None:
    second = enrolled(both, roles="manager")
    assert "绑定好了" in both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")[0]
    with both.work() as uow:
        assert not uow.members.get(second.id).active
    assert set(both.member("张伟").roles) == {"rep", "manager"}


def own_customer(world: World, member: Member) -> None:
    with world.program.open_work(member) as uow:
        lead = create_lead(uow, NewLead(name="苏州汇川", phone="13711112222"), certain=True)
        plan_next(uow, lead, world.now + timedelta(hours=3), "报价")


def test_what_the_second_member_holds_moves_when_its_person_agrees(both: World) -> None:
    second = enrolled(both)
    own_customer(both, second)
    due = both.lead("苏州汇川")
    [asked] = both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")
    assert "1 位客户、1 个计划" in asked
    assert "确认合并吗" in asked
    assert both.lead("苏州汇川").owner_id == second.id
    done, *_ = both.taps("张伟", "确认合并", on="dingtalk")
    assert "1 位客户、1 个计划已经一并归到张伟名下" in done
    lead, first = both.lead("苏州汇川"), both.member("张伟")
    assert (lead.owner_id, lead.cycle, lead.assigned_at) == (first.id, due.cycle, due.assigned_at)
    assert "苏州汇川" in both.says("张伟", "今天")[-1]
    both.heard("张伟", on="dingtalk")
    both.passes(hours=2, minutes=31)
    assert any("苏州汇川" in said for said in both.heard("张伟")), "reminders go on"
    assert both.heard("张伟", on="dingtalk") == []
    with both.work() as uow:
        moved = [change for change in uow.history.of_command(_command(both, "member.link")) if change.before]
        assert {change.subject_kind for change in moved if "owner_id" in (change.before or {})} == {"lead", "plan"}
        assert not uow.members.get(second.id).active


def test_joining_can_be_taken_back_like_any_other_deed(both: World) -> None:
    second = enrolled(both)
    own_customer(both, second)
    both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")
    both.taps("张伟", "确认合并", on="dingtalk")
    assert "已撤销" in both.says("张伟", "撤销", on="dingtalk")[0]
    assert both.lead("苏州汇川").owner_id == second.id
    assert behind(both, "dingtalk", "dZ").id == second.id  # type: ignore[union-attr]
    both.passes(hours=2, minutes=31)
    assert any("苏州汇川" in said for said in both.heard("张伟", on="dingtalk"))


def _command(world: World, action: str) -> str:
    with world.program.open_work.reading() as session:
        rows = tables.history.c
        found = session.scalar(select(rows.command).where(rows.action == action).order_by(rows.id.desc()).limit(1))
        assert found
        return found


def test_who_does_not_agree_keeps_everything_as_it_was(both: World) -> None:
    second = enrolled(both)
    own_customer(both, second)
    code = code_of(both)
    both.says("张伟", f"绑定 {code}", on="dingtalk")
    assert "没有绑定" in both.taps("张伟", "不用了", on="dingtalk")[0]
    assert both.lead("苏州汇川").owner_id == second.id
    assert "不对或已过期" in both.says("李娜", f"绑定 {code}", on="dingtalk")[0], "a code that was said is used"


def test_agreeing_too_late_moves_nothing(both: World) -> None:
    second = enrolled(both)
    own_customer(both, second)
    both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")
    both.now += timedelta(minutes=11)
    assert "已经过期" in both.taps("张伟", "确认合并", on="dingtalk")[0]
    assert both.lead("苏州汇川").owner_id == second.id


def test_two_people_who_are_both_on_one_platform_are_not_joined(both: World) -> None:
    lina = both.member("李娜")
    enrolled(both, "李娜")
    with both.work() as uow:
        door = uow.members.account("dingtalk", "dL")
        assert door is not None
        door.open_for(lina.id)
    assert "都绑定了企业微信账号" in both.says("李娜", f"绑定 {code_of(both)}", on="dingtalk")[0]


def test_the_warned_one_parts_the_accounts_by_a_tap(both: World) -> None:
    both.says("李娜", f"绑定 {code_of(both)}", on="dingtalk")
    both.heard("张伟")
    [said] = both.taps("张伟", "解绑钉钉")
    assert "已解绑钉钉账号 dL" in said
    assert any("已解绑" in heard for heard in both.heard("李娜", on="dingtalk"))
    assert "还没有在聊单开通" in both.says("李娜", "今天", on="dingtalk")[0]


def test_what_waits_for_an_account_that_was_parted_goes_to_the_other(both: World) -> None:
    both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")
    both.says("张伟", "通知发到钉钉")
    both.heard("张伟")
    lead = both.has_leads("华东机电", held_by="张伟")[0]
    with both.work("张伟") as uow:
        plan_next(uow, lead, both.now + timedelta(hours=2), "报价")
    both.now += timedelta(hours=1, minutes=31)
    tick(both.program.open_work, both.program.workdays)
    both.program.__dict__["outlets"] = {}
    both.comes("张伟", EventKind.TEXT, text="解绑 钉钉")
    for channel, user_id in both._waiting():
        both.program.dispatcher.drain(channel, user_id)
    both.program.__dict__["outlets"] = both.channels
    both.delivers()
    assert any("华东机电" in said for said in both.heard("张伟"))
    assert all("华东机电" not in said for said in both.heard("张伟", on="dingtalk"))


def test_parting_needs_another_way_in(both: World) -> None:
    assert "没有绑定钉钉账号" in both.says("张伟", "解绑 钉钉")[0]
    assert "没有其他可用的平台账号" in both.says("张伟", "解绑 企业微信")[0]
    assert "是哪个平台" in both.says("张伟", "解绑")[0]


def test_an_administrator_parts_anybodys_accounts_and_nobody_else_does(both: World) -> None:
    both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")
    both.heard("张伟")
    assert "没有解绑别人的账号的权限" in both.says("陈晨", "解绑 张伟 钉钉")[0]
    assert "已解绑张伟的钉钉账号" in both.says("吴昊", "解绑 张伟 钉钉")[0]
    assert "操作人：吴昊" in both.heard("张伟")[0]
    assert behind(both, "dingtalk", "dZ") is None


def test_a_parted_account_can_be_joined_again(both: World) -> None:
    both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")
    both.says("张伟", "解绑 钉钉")
    both.heard("张伟")
    assert "绑定好了" in both.says("张伟", f"绑定 {code_of(both)}", on="dingtalk")[-1]


def test_an_import_that_names_a_mobile_on_both_platforms_joins_by_itself(both: World) -> None:
    with both.work() as uow:
        enrol(
            uow, Enrolment(channel="wecom", user_id="zhangwei", name="张伟", phone="138 0013 8001", department="销售部")
        )
    second = enrolled(both, phone="+8613800138001", roles="manager")
    assert second.id == both.member("张伟").id
    assert set(both.member("张伟").roles) == {"rep", "manager"}
