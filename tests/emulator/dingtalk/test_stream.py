"""Stream: tickets, frames, who gets what, redelivery (manual §2)."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from emulator.dingtalk import Platform

from .conftest import CLIENT, ROBOT_TOPIC, SALES, SECRET, Api, Client, acknowledge


def refuse_connecting(opened: dict[str, Any]) -> None:
    address = f"{opened['endpoint']}?ticket={opened['ticket']}"
    with pytest.raises(InvalidStatus) as refused, connect(address, proxy=None):
        pass
    assert refused.value.response.status_code == 401


def test_a_ticket_opens_one_socket_within_ninety_seconds(calls: Api, live: Platform) -> None:
    opened = calls.open().get_json()
    with connect(f"{opened['endpoint']}?ticket={opened['ticket']}", proxy=None):
        refuse_connecting(opened)
    late = calls.open().get_json()
    live.clock.advance(timedelta(seconds=91))
    refuse_connecting(late)
    refuse_connecting({**late, "ticket": "never-given"})


@pytest.mark.parametrize(
    "changes",
    [
        {"clientSecret": "wrong"},
        {"subscriptions": []},
        {"subscriptions": [{"type": "EVENT", "topic": "user_add_org"}]},
        {"ua": "x" * 300},
    ],
)
def test_a_wrong_open_call_is_refused(api: Api, changes: dict[str, Any]) -> None:
    assert api.open(**changes).status_code == 400


def test_without_accept_the_answer_is_xml(api: Api) -> None:
    body = {"clientId": CLIENT, "clientSecret": SECRET, "subscriptions": [{"type": "EVENT", "topic": "*"}]}
    assert api.call("POST", "/v1.0/gateway/connections/open", json=body).mimetype == "application/xml"


def test_who_subscribes_to_messages_must_have_a_stream_robot(api: Api) -> None:
    api.control("callback", {"robot_mode": "http", "robot_url": "http://127.0.0.1:9/robot"})
    assert api.open().status_code == 400
    assert api.open([{"type": "EVENT", "topic": "*"}]).status_code == 200


def test_a_message_comes_as_the_manual_writes_it(calls: Api, client: Client, live: Platform) -> None:
    said = calls.control("say", {"userid": "user_li", "text": "新建客户 杭州云帆科技", "wait": True})
    [frame] = client.wait_for(1)
    assert said["outcome"] == "delivered"
    assert (frame["specVersion"], frame["headers"]["topic"]) == ("1.0", ROBOT_TOPIC)
    assert all(isinstance(value, str) for value in frame["headers"].values())
    body = json.loads(frame["data"])
    assert body["text"] == {"content": "新建客户 杭州云帆科技"}
    assert (body["conversationType"], body["senderStaffId"], body["msgId"]) == ("1", "user_li", said["key"])
    assert body["sessionWebhookExpiredTime"] == body["createAt"] + 5_400_000
    assert body["senderId"].startswith("$:LWCP_v1:$")
    assert not {"atUsers", "isInAtList", "conversationTitle"} & set(body)


def test_in_a_group_mentions_are_stripped_and_survive_in_at_users(calls: Api, client: Client) -> None:
    words = {"userid": "user_wang", "text": "@聊单 分配给 @李雷 明天", "group": SALES, "at": ["user_li"], "wait": True}
    calls.control("say", words)
    body = json.loads(client.wait_for(1)[0]["data"])
    assert body["text"]["content"] == " 分配给 明天"
    assert (body["conversationType"], body["isInAtList"], body["conversationTitle"]) == ("2", True, SALES)
    assert [one.get("staffId") for one in body["atUsers"]] == [None, "user_li"]
    assert calls.control("say", {"userid": "user_wang", "text": "随便聊聊", "group": SALES, "to_robot": False}) == {
        "outcome": "said",
        "events": [],
    }


def test_voice_pictures_and_files_carry_what_the_robot_needs(calls: Api, client: Client) -> None:
    calls.control("voice", {"userid": "user_li", "recognition": "今天", "wait": True})
    calls.call("POST", "/__emu/picture?userid=user_li&filename=a.png&wait=1", data=b"\x89PNG", content_type="image/png")
    calls.call(
        "POST", "/__emu/file?userid=user_li&filename=报价.pdf&wait=1", data=b"%PDF", content_type="application/pdf"
    )
    audio, picture, file = [json.loads(frame["data"]) for frame in client.wait_for(3)]
    assert (audio["msgtype"], audio["content"]["recognition"]) == ("audio", "今天")
    assert picture["content"]["pictureDownloadCode"] == picture["content"]["downloadCode"]
    assert file["content"]["fileName"] == "报价.pdf"
    asked = {"downloadCode": file["content"]["downloadCode"], "robotCode": CLIENT}
    url = calls.v1("POST", "robot/messageFiles/download", asked)["downloadUrl"]
    assert calls.call("GET", url.removeprefix(calls.base)).data == b"%PDF"
    refused = calls.call("POST", f"/__emu/file?userid=user_li&group={SALES}&filename=a.pdf", data=b"x")
    assert refused.status_code == 400  # files reach the robot in single chat only


def test_a_message_without_ack_comes_again_with_the_same_msg_id(calls: Api, client: Client) -> None:
    silent = iter([None])
    client.answer = lambda frame: next(silent, acknowledge(frame))
    pushed = calls.control("say", {"userid": "user_li", "text": "慢", "wait": True})
    one, other = client.wait_for(2)
    assert one["headers"]["messageId"] != other["headers"]["messageId"]
    assert one["data"] == other["data"]
    assert (pushed["outcome"], pushed["attempts"]) == ("delivered", 2)


def test_a_message_is_given_up_after_two_redeliveries(calls: Api, client: Client) -> None:
    client.answer = lambda _: None
    pushed = calls.control("say", {"userid": "user_li", "text": "慢", "wait": True})
    assert (pushed["outcome"], pushed["attempts"]) == ("failed", 3)
    assert len(client.wait_for(3)) == 3


def test_an_event_comes_again_until_it_is_done(calls: Api, client: Client) -> None:
    answers = iter([{"status": "LATER", "message": "busy"}, {"status": "SUCCESS"}])
    client.answer = lambda frame: acknowledge(frame, next(answers))
    inner = {"userId": ["user_new"]}
    pushed = calls.control("event", {"eventType": "user_add_org", "data": inner, "wait": True})
    one, other = client.wait_for(2, "EVENT")
    assert (pushed["outcome"], pushed["attempts"]) == ("delivered", 2)
    assert one["headers"]["eventId"] == other["headers"]["eventId"] == pushed["key"]
    assert one["headers"]["eventType"] == "user_add_org"
    assert set(json.loads(one["data"])) == {"timeStamp", "userId"}


def test_an_event_is_done_when_a_library_echoes_it(calls: Api, client: Client) -> None:
    client.answer = lambda frame: acknowledge(frame, json.loads(frame["data"]))
    pushed = calls.control("event", {"eventType": "org_change", "wait": True})
    assert (pushed["outcome"], pushed["attempts"]) == ("delivered", 1)


def test_clients_share_the_messages_and_get_only_what_they_want(calls: Api, client: Client) -> None:
    other, deaf = Client(calls), Client(calls, [{"type": "EVENT", "topic": "*"}])
    for number in range(12):
        calls.control("say", {"userid": "user_li", "text": str(number), "wait": True})
    got = Counter(json.loads(frame["data"])["text"]["content"] for frame in (*client.frames, *other.frames))
    assert got == Counter(map(str, range(12)))
    assert client.frames
    assert other.frames
    assert deaf.frames == []
    for one in (other, deaf):
        one.close()


def test_without_a_connection_a_message_fails(calls: Api, live: Platform) -> None:
    live.switches.robot_redeliveries = 0
    pushed = calls.control("say", {"userid": "user_li", "text": "在吗", "wait": True})
    assert (pushed["outcome"], pushed["note"]) == ("failed", "没有 Stream 连接")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda ack: {**ack, "data": {"response": None}}, "data 不是字符串"),
        (lambda ack: {**ack, "headers": {"messageId": "other"}}, "没有这个 messageId 在等应答"),
        (lambda ack: {**ack, "code": "200"}, "code 不是数字"),
        (lambda ack: {**ack, "data": "not json"}, "data 里不是 JSON"),
        (lambda ack: {"code": 200}, "不是约定的应答"),
    ],
)
def test_a_client_that_breaks_the_protocol_is_written_down(
    calls: Api, client: Client, live: Platform, spoil: Any, error: str
) -> None:
    live.switches.robot_redeliveries = 0
    client.answer = lambda frame: spoil(acknowledge(frame))
    assert calls.control("say", {"userid": "user_li", "text": "x", "wait": True})["outcome"] == "failed"
    assert calls.control("protocol")["errors"][0]["error"] == error


def test_pings_carry_an_opaque_and_three_silences_close_the_socket(calls: Api, live: Platform) -> None:
    live.switches.ping_s = 0.2
    live.stream.stop()
    live.stream.start()  # the pinger has waited for the old interval already
    client = Client(calls)
    answered = client.wait_for(3, "SYSTEM")
    assert {frame["headers"]["topic"] for frame in answered} == {"ping"}
    assert "opaque" in json.loads(answered[0]["data"])
    assert not client.closed.is_set()
    client.answer = lambda _: None
    assert client.closed.wait(5)
    client.close()


def test_what_was_pushed_can_be_pushed_again(calls: Api, client: Client) -> None:
    pushed = calls.control("say", {"userid": "user_li", "text": "x", "wait": True})
    calls.control("replay", {"event_id": pushed["event_id"], "wait": True})
    one, other = client.wait_for(2)
    assert one["data"] == other["data"]


def test_an_answer_to_an_older_message_quotes_it(calls: Api, client: Client) -> None:
    key = calls.to_people(["user_li"])["processQueryKey"]
    [item] = calls.screen("user_li")
    calls.control("say", {"userid": "user_li", "text": "办完了", "quote": item["id"], "wait": True})
    body = json.loads(client.wait_for(1)[0]["data"])
    assert body["originalProcessQueryKey"] == key
    assert body["text"]["isReplyMsg"] is True
    assert body["text"]["repliedMsg"]["content"]["text"] == "你好"


def test_a_dtmd_link_writes_for_whoever_taps_it_and_mentions_the_robot_in_a_group(calls: Api, client: Client) -> None:
    url = f"dtmd://dingtalkclient/sendMessage?content={quote('完成跟进 #1001')}"
    group = calls.control("groups")["groups"][0]["openConversationId"]
    param = {"title": "跟进", "text": f"[完成]({url})"}
    body = {"openConversationId": group, "robotCode": CLIENT, "msgKey": "sampleMarkdown"}
    calls.v1("POST", "robot/groupMessages/send", {**body, "msgParam": json.dumps(param)})
    mine, [other] = calls.screen("user_li")[0], calls.screen("user_wang")
    calls.control("tap", {"userid": "user_wang", "id": other["id"], "url": url, "wait": True})
    heard = json.loads(client.wait_for(1)[0]["data"])
    assert (heard["text"]["content"], heard["isInAtList"], heard["senderStaffId"]) == (
        " 完成跟进 #1001",
        True,
        "user_wang",
    )
    assert heard["atUsers"][0]["dingtalkId"] == heard["chatbotUserId"]
    calls.to_people(["user_li"], "sampleMarkdown", **param)
    single = calls.screen("user_li", "")[-1]
    calls.control("tap", {"userid": "user_li", "id": single["id"], "url": url, "wait": True})
    assert json.loads(client.wait_for(2)[1]["data"])["text"]["content"] == "完成跟进 #1001"
    for wrong in (
        {"userid": "user_wang", "id": mine["id"], "url": url},
        {"userid": "user_li", "id": mine["id"], "url": f"{url}2"},
        {"userid": "user_li", "id": mine["id"], "url": "https://example.com"},
    ):
        assert "error" in calls.control("tap", wrong)
