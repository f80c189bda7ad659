"""One member on two platforms: answers where one speaks, notices where one likes, the other way when one is shut."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.channels.wecom.failures import NO_RECEIVER
from bot.event import EventKind
from core.errors import DeliveryFailed
from core.model.member import ChannelUser
from core.model.messages import OutboxState
from core.services.followups import plan_next
from scheduler.jobs import tick
from storage.queues import gauges
from storage.tables import outbox
from tests.world import World

GONE = DeliveryFailed("接收人不在应用可见范围或已离职", code=NO_RECEIVER)


@pytest.fixture
def both() -> Iterator[World]:
    """张伟 and his manager 王强 are known on both platforms."""
    world = World()
    world.opens("dingtalk", 张伟="dZ", 王强="dW")
    for name in ("张伟", "王强"):
        member = world.member(name)
        with world.work() as uow:
            user_id = world.ids_on["dingtalk"][name]
            uow.members.add_account(
                ChannelUser(channel="dingtalk", user_id=user_id, display_id=user_id, member_id=member.id)
            )
    yield world
    world.close()


def reminded(world: World) -> None:
    """A reminder becomes due: a notice, nobody's answer."""
    lead = world.has_leads("华东机电", held_by="张伟")[0]
    with world.work("张伟") as uow:
        plan_next(uow, lead, world.now + timedelta(hours=2), "报价")
    world.passes(hours=1, minutes=31)


def row(world: World) -> tuple[str, str, str, str]:
    with world.program.open_work.reading() as session:
        rows = outbox.c
        found = session.execute(
            select(rows.channel, rows.user_id, rows.state, rows.readdressed_from).order_by(rows.id.desc()).limit(1)
        ).one()
        return found.channel, found.user_id, found.state, found.readdressed_from


def test_answers_go_where_one_speaks_and_notices_where_one_likes(both: World) -> None:
    assert "通知发到钉钉" in both.says("张伟", "通知发到钉钉")[0]
    reminded(both)
    assert any("华东机电" in said for said in both.heard("张伟", on="dingtalk"))
    assert both.heard("张伟") == []
    assert "华东机电" in both.says("张伟", "看看 华东机电")[0]
    assert both.heard("张伟", on="dingtalk") == []


def test_where_notices_go_is_shown_and_changed_by_a_tap(both: World) -> None:
    assert "通知发到企业微信（没有指定" in both.says("张伟", "通知方式", on="dingtalk")[0]
    assert "通知发到钉钉" in both.taps("张伟", "发到钉钉", on="dingtalk")[0]
    reminded(both)
    assert any("华东机电" in said for said in both.heard("张伟", on="dingtalk"))


@pytest.mark.parametrize(
    "said",
    [
        "提醒我 半小时后 给王工回电话",
        "下次联系 华东机电 明天下午三点",
        "跟进 华东机电 电话聊了报价，明天下午三点再联系",
    ],
)
def test_what_is_asked_for_on_one_platform_and_reminded_of_on_the_other_says_so(both: World, said: str) -> None:
    both.has_leads("华东机电", held_by="张伟")
    assert "到点提醒发到企业微信。想在这里收到，发送「通知发到钉钉」" in both.says("张伟", said, on="dingtalk")[0]
    both.says("张伟", "通知发到钉钉", on="dingtalk")
    assert "到点提醒发到" not in both.says("张伟", said, on="dingtalk")[0]
    assert "到点提醒发到钉钉。想在这里收到，发送「通知发到企业微信」" in both.says("张伟", said)[0]


def test_a_reminder_comes_where_the_answer_said(both: World) -> None:
    both.says("张伟", "提醒我 半小时后 给王工回电话", on="dingtalk")
    both.passes(minutes=31)
    assert "给王工回电话" in both.heard("张伟")[-1]
    assert both.heard("张伟", on="dingtalk") == []


def test_who_has_one_account_hears_how_to_have_two(both: World) -> None:
    assert "只绑定了这一个平台" in both.says("陈晨", "通知方式")[0]
    assert "还没有绑定钉钉账号" in both.says("陈晨", "通知发到钉钉")[0]
    assert "没看懂平台" in both.says("陈晨", "通知发到邮箱")[0]


def test_a_notice_that_cannot_reach_somebody_goes_to_the_other_account_once(both: World) -> None:
    both.channel.failing = [GONE]
    reminded(both)
    assert any("华东机电" in said for said in both.heard("张伟", on="dingtalk"))
    assert row(both) == ("dingtalk", "dZ", OutboxState.SENT, "wecom:zhangwei")
    assert gauges(both.program.engine)["outbox_readdressed"] == 1


def held() -> DeliveryFailed:
    return DeliveryFailed("本月的接口调用量已用完", temporary=True, retry_after=timedelta(days=4))


def test_a_notice_that_would_be_held_for_days_goes_to_the_other_account(both: World) -> None:
    both.channel.failing = [held()]
    reminded(both)
    assert any("华东机电" in said for said in both.heard("张伟", on="dingtalk"))


def test_where_both_accounts_hold_it_it_waits(both: World) -> None:
    both.channel.failing, both.channels["dingtalk"].failing = [held()], [held()]
    reminded(both)
    assert row(both)[2] == OutboxState.WAITING


def test_what_reaches_nobody_on_either_platform_is_given_up(both: World) -> None:
    both.channel.failing = [GONE]
    both.channels["dingtalk"].failing = [DeliveryFailed("接收人不存在")]
    reminded(both)
    assert row(both) == ("dingtalk", "dZ", OutboxState.FAILED, "wecom:zhangwei")
    assert (both.heard("张伟"), both.heard("张伟", on="dingtalk")) == ([], [])


def test_a_failure_that_passes_keeps_the_way(both: World) -> None:
    both.channel.failing = [DeliveryFailed("系统繁忙", temporary=True)]
    reminded(both)
    assert row(both) == ("wecom", "zhangwei", OutboxState.WAITING, "")


def test_what_was_tried_for_hours_in_vain_goes_the_other_way(both: World) -> None:
    both.channel.failing = [DeliveryFailed("系统繁忙", temporary=True) for _ in range(12)]
    reminded(both)
    for hours in range(1, 13):
        both.program.__dict__["messenger"] = replace(
            both.program.messenger,
            clock=lambda hours=hours: datetime.now(UTC) + timedelta(hours=hours * 6),  # type: ignore[misc]
        )
        both.delivers()
    assert any("华东机电" in said for said in both.heard("张伟", on="dingtalk"))
    assert row(both)[2:] == (OutboxState.SENT, "wecom:zhangwei")


def test_an_answer_that_cannot_be_given_where_it_was_asked_is_given_elsewhere(both: World) -> None:
    both.channel.failing = [GONE]
    both.comes("张伟", EventKind.TEXT, text="帮助", reply_to={"session": "s1"})
    both.settles()
    assert "一句话就能记" in both.heard("张伟", on="dingtalk")[0]
    assert both.channels["dingtalk"].asked == [{}], "the right to answer belongs to the first platform"


def test_a_channel_that_is_switched_off_strands_nobody_who_has_another(both: World) -> None:
    both.channels.pop("wecom")
    both.has_leads("苏州汇川", held_by="陈晨")
    reminded(both)
    assert any("华东机电" in said for said in both.heard("张伟", on="dingtalk"))
    assert row(both)[3] == "wecom:zhangwei"


def test_what_waits_for_somebody_who_leaves_is_not_said(both: World) -> None:
    both.has_leads("华东机电", held_by="陈晨")
    with both.work("陈晨") as uow:
        plan_next(uow, uow.leads.held_by(uow.actor.id)[0], both.now + timedelta(hours=2), "报价")
    both.now += timedelta(hours=1, minutes=31)
    tick(both.program.open_work, both.program.workdays)
    both.comes("", EventKind.DIRECTORY, fields={"change_type": "delete_user", "user_id": "chenchen"})
    both.settles()
    assert both.heard("陈晨") == []
    assert gauges(both.program.engine)["outbox_dropped"] == 1
    assert "还没有在聊单开通" in both.says("陈晨", "帮助")[0]


def test_who_leaves_one_platform_is_shut_out_of_both_until_somebody_says_otherwise(both: World) -> None:
    both.has_leads("华东机电", "苏州汇川", held_by="张伟")
    both.comes("", EventKind.DIRECTORY, on="dingtalk", fields={"change_type": "delete_user", "user_id": "dZ"})
    both.settles()
    assert "还没有在聊单开通" in both.says("张伟", "今天")[0]
    assert both.lead("华东机电").owner_id == both.member("张伟").id
    for reader in ("吴昊", "王强"):
        [told] = both.heard(reader)
        assert "张伟 已离开钉钉" in told
        assert "2 位客户" in told
        assert "企业微信账号还在" in told
    assert both.heard("王强", on="dingtalk") == []
    assert "没有恢复成员的权限" in both.says("陈晨", "恢复成员 张伟")[0]
    assert "张伟已恢复，可以在企业微信里继续用" in both.taps("王强", "仍在公司，恢复")[0]
    assert "华东机电" in both.says("张伟", "今天")[0]
    assert "还没有在聊单开通" in both.says("张伟", "今天", on="dingtalk")[0]
    both.comes("", EventKind.DIRECTORY, fields={"change_type": "delete_user", "user_id": "zhangwei"})
    both.settles()
    assert "没有其他可用的平台账号" in both.says("王强", "恢复成员 张伟")[-1]
