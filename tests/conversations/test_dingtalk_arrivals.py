"""What only DingTalk does to a conversation: strangers without an id, bare mentions, withheld messages, departures."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.channels.dingtalk.events import Robot, message_of
from bot.channels.dingtalk.subscription import events_of, pushed
from core.errors import BadInput
from core.services.members import Enrolment, enrol
from tests.world import World

ROBOT = Robot("dingapp", "dingapp", "", "https://oapi.dingtalk.com", lambda secret: secret[::-1])


class DingWorld(World):
    """A world in which people write to the robot as the platform pushes it."""

    def pushes(self, **message: Any) -> list[str]:
        body = {
            "msgId": f"m{next(self._numbers)}",
            "senderId": "$:LWCP_v1:$x",
            "conversationId": "cid1",
            "conversationType": "1",
            "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=abc",
            "msgtype": "text",
            **message,
        }
        event = message_of(body, ROBOT, self.now)
        self.program.keep([event, event])
        self.settles()
        return self.heard(event.user_id)


@pytest.fixture
def ding() -> Iterator[DingWorld]:
    made = DingWorld(platform="dingtalk")
    yield made
    made.close()


def test_a_message_is_answered_once_where_it_was_said(ding: DingWorld) -> None:
    answers = ding.pushes(senderStaffId="zhangwei", text={"content": "新线索 苏州汇川 王工 13812345678"})
    assert len(answers) == 1
    assert set(ding.channel.asked[-1]) == {"session", "until"}
    assert ding.lead("苏州汇川").owner_id == ding.member("张伟").id


def test_a_stranger_without_an_id_is_told_what_to_do_where_they_spoke(ding: DingWorld) -> None:
    told = ding.pushes(text={"content": "帮助"}, conversationType="2", senderStaffId="")
    assert "请联系管理员" in told[0]
    assert set(ding.channel.asked[-1]) == {"group", "session", "until"}


def test_an_encrypted_id_enrols_nobody(ding: DingWorld) -> None:
    with ding.work() as uow, pytest.raises(BadInput, match="通讯录里的 userid"):
        enrol(uow, Enrolment(channel="dingtalk", user_id="$:LWCP_v1:$x", name="谁"))


def test_who_only_mentions_us_is_shown_what_we_can_do(ding: DingWorld) -> None:
    (answer,) = ding.pushes(senderStaffId="zhangwei", conversationType="2", text={"content": " "})
    assert "一句话就能记" in answer


def test_what_was_withheld_is_not_recorded_and_its_author_learns_why(ding: DingWorld) -> None:
    (answer,) = ding.pushes(senderStaffId="zhangwei", errCode=20001, errMsg="受调用量超量影响")
    assert "没有把这条消息" in answer
    assert "请联系管理员" in answer
    (answer,) = ding.pushes(senderStaffId="zhangwei", msgtype="unknownMsgType", content={"unknownMsgType": "x"})
    assert "请用文字写一句" in answer


def test_what_was_spoken_is_done(ding: DingWorld) -> None:
    spoken = {"recognition": "新线索 苏州汇川 王工 13812345678", "downloadCode": "d"}
    ding.pushes(senderStaffId="zhangwei", msgtype="audio", content=spoken)
    assert ding.lead("苏州汇川").owner_id == ding.member("张伟").id


def test_who_leaves_the_company_is_let_in_no_more(ding: DingWorld) -> None:
    report = pushed({"EventType": "user_leave_org", "eventId": "e1", "userId": ["zhangwei", "nobody"]})
    ding.program.keep(events_of(report, ROBOT, ding.now))
    ding.settles()
    assert not ding.member("张伟").active
    (answer,) = ding.pushes(senderStaffId="zhangwei", text={"content": "帮助"})
    assert "还没有在聊单开通" in answer
