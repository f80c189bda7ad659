"""Cards of one approval on two platforms, in rooms and in old age: all of them end as the matter does."""

import pytest

from bot.event import EventKind
from core.model.member import ChannelUser
from tests.approving import Office
from tests.world import Recorder, World


@pytest.fixture
def both(world: World) -> Office:
    """赵敏 reads in DingTalk, where a card may be changed as often as one likes; everybody else in WeCom."""
    office = Office(world)
    world.opens("dingtalk", 赵敏="dZ")
    world.channels["dingtalk"] = Recorder(updates_once=False)
    member = world.member("赵敏")
    with world.work() as uow:
        uow.members.add_account(ChannelUser(channel="dingtalk", user_id="dZ", display_id="dZ", member_id=member.id))
        uow.members.get(member.id).preferred_channel = "dingtalk"
    return office


def last(office: Office, name: str, on: str) -> str:
    return office.world.channels[on].phones[office.world.ids_on[on][name]].cards[-1][1].as_text()


def test_what_one_decides_in_wecom_shows_on_the_others_card_in_dingtalk_while_it_waits(both: Office) -> None:
    both.offers("15")
    both.world.taps("王强", "同意")
    assert "（0/2）" in last(both, "赵敏", "dingtalk")
    both.world.taps("陈静", "同意")
    assert "（1/2）" in last(both, "赵敏", "dingtalk")
    assert "陈静✓" in last(both, "赵敏", "dingtalk")


def test_a_no_in_dingtalk_ends_every_card_on_both_platforms(both: Office) -> None:
    quote = both.offers("15")
    both.world.taps("王强", "同意")
    both.world.taps("赵敏", "不同意", on="dingtalk")
    both.world.says("赵敏", "毛利太低", on="dingtalk")
    assert both.quote(quote).state == "draft"
    for name in ("王强", "陈静"):
        assert "毛利太低" in "\n".join(both.cards(name)), name
    with pytest.raises(AssertionError):
        both.world.taps("陈静", "同意")
    with pytest.raises(AssertionError):
        both.world.taps("赵敏", "同意", on="dingtalk")


def test_in_a_group_nothing_of_an_approval_is_shown_to_the_others(both: Office) -> None:
    both.offers("10")
    both.cards("王强")
    both.world.comes("王强", EventKind.TEXT, text="有啥要批的", reply_to={"group": "g1"})
    both.world.settles()
    heard = both.cards("王强")
    assert any("华东机电" in said for said in heard)
    into_group = [
        card.as_text()
        for (_, card), asked in zip(
            both.world.channel.phones["wangqiang"].cards[-2:], both.world.channel.asked[-2:], strict=True
        )
        if asked.get("group")
    ]
    assert into_group == ["结果只发给您本人了，请看单聊"]
