"""Every failure of the manual's §10.3, by name: each strikes where and as often as asked."""

import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from emulator.dingtalk import Platform
from emulator.dingtalk.fault_kinds import FAULT_KINDS
from emulator.dingtalk.http_way import robot_sign
from emulator.server import Server

from .conftest import CLIENT, SALES, SECRET, Api, Client, Service, acknowledge, group_space, robot_space

FORBIDDEN = "Forbidden.AccessDenied."


def group_id(api: Api) -> str:
    return str(api.control("groups")["groups"][0]["openConversationId"])


def test_every_failure_of_the_manual_can_be_ordered() -> None:
    wanted = {
        "expire_token", "stubborn_token", "qps_limit", "global_limit", "month_quota", "ip_block", "permission_denied",
        "hang", "reset", "truncated_json", "empty_body", "answer_lost", "slow_api", "http_504", "http_500",
        "invalid_users", "flow_control", "group_disbanded", "bot_stopped", "not_in_group", "content_unsafe",
        "card_space_fail", "template_unpublished", "webhook_expired", "webhook_too_fast", "custom_robot_too_fast",
        "custom_robot_refused", "open_400", "open_503", "ticket_expired", "ticket_reused", "disconnect", "stall",
        "drop_abrupt", "dup_push", "reorder_push", "delayed_push", "bad_frame", "unknown_system_topic",
        "unknown_callback_topic", "numeric_time", "robot_sign_bad", "robot_sign_old", "event_sig_bad",
        "event_owner_bad", "event_garbage", "event_param_name", "card_callback_value_key",
        "card_callback_content_object", "card_double_click", "card_timeout", "rename", "staff_id_empty",
        "external_user", "msgtype_unknown", "quote_message", "richtext_repeat_mention",
    }  # fmt: skip
    assert wanted <= {kind.name for kind in FAULT_KINDS}


@pytest.mark.parametrize(
    ("name", "status", "code", "errcodes"),
    [
        ("expire_token", 400, "InvalidAuthentication", (40014, 88)),
        ("qps_limit", 403, FORBIDDEN + "QpsLimitForAppkeyAndApi", (90018,)),
        ("global_limit", 403, FORBIDDEN + "QpsLimitForApi", (90002,)),
        ("month_quota", 403, FORBIDDEN + "ApiCountLimitForOrg", (90020,)),
        ("permission_denied", 403, FORBIDDEN + "AccessTokenPermissionDenied", (88,)),
        ("http_500", 500, "system.error", (-1,)),
        ("http_504", 504, "ServiceTimeout", (15,)),
    ],
)
def test_an_api_fault_has_a_form_in_each_api(api: Api, name: str, status: int, code: str, errcodes: Any) -> None:
    api.fault(name, count=1)
    body = {"robotCode": CLIENT, "userIds": ["user_li"], "msgKey": "sampleText", "msgParam": '{"content":"x"}'}
    response = api.raw("POST", "robot/oToMessages/batchSend", body)
    assert (response.status_code, response.get_json()["code"]) == (status, code)
    assert "requestid" in response.get_json()
    api.renew()
    assert "processQueryKey" in api.to_people(["user_li"])
    api.fault(name, count=1)
    notice = {"agent_id": 123456, "userid_list": "user_li", "msg": {"msgtype": "text", "text": {"content": "x"}}}
    assert api.oapi("topapi/message/corpconversation/asyncsend_v2", notice)["errcode"] in errcodes


def test_denied_permissions_name_their_scopes(api: Api) -> None:
    api.control("scopes", {"denied": ["Card.Instance.Write"]})
    answer = api.card("c-1", robot_space("user_li"))
    assert answer["accessdenieddetail"] == {"requiredScopes": ["Card.Instance.Write"]}
    assert "processQueryKey" in api.to_people(["user_li"])


def test_oapi_says_a_bad_token_in_turn_in_two_forms(api: Api) -> None:
    answers = []
    for _ in range(4):
        api.fault("expire_token")
        answers.append(api.oapi("topapi/v2/user/get", {"userid": "user_li"}))
        api.renew()
    assert [one["errcode"] for one in answers] == [40014, 88, 40014, 88]
    assert answers[1]["sub_code"] == "40014"
    assert api.call("POST", "/topapi/v2/user/get", json={"userid": "user_li"}).get_json()["errcode"] == 41001


def test_a_stubborn_token_never_becomes_good(api: Api) -> None:
    api.fault("stubborn_token")
    for _ in range(3):
        api.renew()
        assert api.to_people(["user_li"])["code"] == "InvalidAuthentication"


@pytest.mark.parametrize("html", [True, False])
def test_an_address_is_blocked_for_five_minutes(api: Api, platform: Platform, html: bool) -> None:
    api.fault("ip_block", params={"html": html})
    response = api.raw("POST", "robot/groups/query", {"robotCode": CLIENT})
    assert (response.mimetype == "text/html") is html
    assert html or response.get_json()["status"] == 1111
    platform.clock.advance(timedelta(minutes=6))
    assert "openConversationIds" in api.v1("POST", "robot/groups/query", {"robotCode": CLIENT})


def test_the_line_loses_answers_before_and_after_the_deed(served: Server, calls: Api) -> None:
    body = {"robotCode": CLIENT, "userIds": ["user_li"], "msgKey": "sampleText", "msgParam": '{"content":"x"}'}

    def send(client: httpx2.Client) -> httpx2.Response:
        headers = {"x-acs-dingtalk-access-token": calls.token}
        return client.post("/v1.0/robot/oToMessages/batchSend", json=body, headers=headers)

    with httpx2.Client(base_url=served.url, trust_env=False, timeout=5) as client:
        calls.fault("reset")
        with pytest.raises(httpx2.HTTPError):
            send(client)
        assert calls.screen("user_li") == []
        calls.fault("answer_lost")
        with pytest.raises(httpx2.HTTPError):
            send(client)
        calls.fault("http_504", params={"processed": True})
        assert send(client).status_code == 504
        calls.fault("truncated_json")
        with pytest.raises(json.JSONDecodeError):
            send(client).json()
        calls.fault("empty_body")
        assert send(client).content == b""
        assert len(calls.screen("user_li")) == 4
        calls.fault("hang", params={"seconds": 0.01})
        with pytest.raises(httpx2.HTTPError):
            send(client)
        calls.fault("slow_api", count=1, params={"seconds": 0.01})
        assert send(client).status_code == 200
        assert len(calls.screen("user_li")) == 5


def test_receivers_can_be_struck_out(api: Api) -> None:
    api.fault("invalid_users", params={"users": ["user_li"]})
    assert api.to_people(["user_li", "user_wang"])["invalidStaffIdList"] == ["user_li"]
    api.fault("flow_control")
    assert api.to_people(["user_li"])["flowControlledStaffIdList"] == ["user_li"]
    assert [item["userid"] for item in api.control("outbox")["items"]] == ["user_wang"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("group_disbanded", "group.disbanded"),
        ("not_in_group", "resource.not.found"),
        ("bot_stopped", "bot.stopped"),
        ("content_unsafe", "contain.notAllowed.content"),
    ],
)
def test_the_robot_meets_trouble_in_a_group(api: Api, name: str, code: str) -> None:
    api.fault(name)
    assert api.to_group(group_id(api))["code"] == code
    assert api.screen("user_li") == []


def test_cards_meet_trouble(api: Api) -> None:
    api.fault("template_unpublished", count=1)
    assert api.card("c-1", robot_space("user_li"))["code"] == "param.templateUnpublished"
    api.fault("content_unsafe")
    assert api.card("c-1", robot_space("user_li"))["code"] == "param.contentUnsafe"
    api.fault("card_space_fail")
    answer = api.card("c-1", f"{robot_space('user_li')};{group_space(group_id(api))}")
    assert (answer["success"], [one["success"] for one in answer["result"]["deliverResults"]]) == (True, [False, True])


@pytest.mark.parametrize(("name", "errcode"), [("webhook_expired", 300001), ("webhook_too_fast", 130101)])
def test_a_session_meets_trouble(api: Api, platform: Platform, name: str, errcode: int) -> None:
    session = platform.sessions.open("cid", "user_li", 90, platform.clock.now())["session"]
    api.fault(name)
    said = {"msgtype": "text", "text": {"content": "x"}}
    assert api.oapi("robot/sendBySession", said, session=session)["errcode"] == errcode
    assert api.oapi("robot/sendBySession", said, session=session)["errcode"] == 0


@pytest.mark.parametrize(("name", "errcode"), [("custom_robot_too_fast", 410100), ("custom_robot_refused", 310000)])
def test_a_custom_robot_meets_trouble(api: Api, name: str, errcode: int) -> None:
    api.fault(name)
    said = {"msgtype": "text", "text": {"content": "x"}}
    assert api.oapi("robot/send", said, access_token="free")["errcode"] == errcode


@pytest.mark.parametrize(("name", "status"), [("open_400", 400), ("open_503", 503)])
def test_opening_a_stream_fails(api: Api, name: str, status: int) -> None:
    api.fault(name)
    assert api.open().status_code == status
    assert api.open().status_code == 200


@pytest.mark.parametrize("name", ["ticket_expired", "ticket_reused"])
def test_a_ticket_is_no_good(calls: Api, name: str) -> None:
    calls.fault(name)
    opened = calls.open().get_json()
    address = f"{opened['endpoint']}?ticket={opened['ticket']}"
    with pytest.raises(InvalidStatus) as refused, connect(address, proxy=None):
        pass
    assert refused.value.response.status_code == 401


def test_a_disconnect_is_announced_and_overlaps_with_the_next_connection(calls: Api, client: Client) -> None:
    calls.fault("disconnect", params={"reason": "persistent connection is timeout"})
    [frame] = client.wait_for(1, "SYSTEM")
    assert frame["headers"]["topic"] == "disconnect"
    assert json.loads(frame["data"]) == {"reason": "persistent connection is timeout"}
    assert not client.closed.is_set()
    other = Client(calls)
    calls.control("say", {"userid": "user_li", "text": "x", "wait": True})
    assert len(other.wait_for(1)) == 1
    assert client.closed.wait(5)
    assert [one for one in client.frames if one["type"] == "CALLBACK"] == []
    other.close()


def test_a_stalled_socket_stays_open_and_silent(calls: Api, client: Client, live: Platform) -> None:
    live.switches.robot_redeliveries = 0
    calls.control("say", {"userid": "user_li", "text": "a", "wait": True})
    calls.fault("stall")
    assert calls.control("say", {"userid": "user_li", "text": "b", "wait": True})["outcome"] == "failed"
    assert len(client.frames) == 1
    assert not client.closed.is_set()


@pytest.mark.parametrize("code", [1006, 1011])
def test_a_socket_is_cut(calls: Api, client: Client, code: int) -> None:
    calls.control("say", {"userid": "user_li", "text": "a", "wait": True})
    calls.fault("drop_abrupt", params={"code": code})
    assert client.closed.wait(5)
    assert client.line.protocol.close_code == code


def test_clients_meet_frames_nobody_expects(calls: Api, client: Client) -> None:
    calls.control("say", {"userid": "user_li", "text": "a", "wait": True})
    for name in ("bad_frame", "unknown_system_topic", "unknown_callback_topic"):
        calls.fault(name)
    assert client.wait_for(1, "SYSTEM")[0]["headers"]["topic"] == "KEEPALIVE"
    assert client.wait_for(2)[1]["headers"]["topic"] == "/v1.0/of/tomorrow"
    assert len(client.garbage) == 1
    calls.fault("numeric_time")
    calls.control("say", {"userid": "user_li", "text": "b", "wait": True})
    assert isinstance(client.wait_for(3)[2]["headers"]["time"], int)


def test_a_push_comes_twice_late_or_never(calls: Api, client: Client) -> None:
    def say(text: str, wait: bool = True) -> Any:
        return calls.control("say", {"userid": "user_li", "text": text, "wait": wait})

    calls.fault("dup_push")
    say("a")
    assert len({frame["data"] for frame in client.wait_for(2)}) == 1
    calls.fault("drop_push")
    assert say("b")["outcome"] == "dropped"
    calls.fault("delayed_push", params={"ms": 30})
    assert say("c")["outcome"] == "delivered"
    calls.fault("reorder_push")
    say("d", wait=False)
    say("e")
    texts = [json.loads(frame["data"])["text"]["content"] for frame in client.wait_for(5)]
    assert texts == ["a", "a", "c", "e", "d"]


@pytest.mark.parametrize("name", ["robot_sign_bad", "robot_sign_old"])
def test_a_stranger_knocks_before_the_real_message(calls: Api, service: Service, live: Platform, name: str) -> None:
    calls.control("callback", {"robot_mode": "http"})
    calls.fault(name)
    calls.control("say", {"userid": "user_li", "text": "x", "wait": True})
    strange, real = service.requests
    stamp = strange["headers"]["timestamp"]
    age_ms = live.clock.now().timestamp() * 1000 - int(stamp)
    signed = strange["headers"]["sign"] == robot_sign(SECRET, stamp)
    assert (signed, age_ms > 3_600_000) == ((False, False) if name == "robot_sign_bad" else (True, True))
    assert strange["body"] == real["body"]


@pytest.mark.parametrize("name", ["event_sig_bad", "event_owner_bad", "event_garbage"])
def test_a_strange_event_comes_before_the_real_one(calls: Api, service: Service, name: str) -> None:
    calls.control("callback", {"event_mode": "http"})
    calls.fault(name)
    calls.control("event", {"eventType": "org_change", "wait": True})
    strange, real = service.requests
    assert "refused" in strange
    assert real["fields"]["EventType"] == "org_change"
    assert calls.control("deliveries")["deliveries"][0]["outcome"] == "hostile"


def test_events_change_their_spelling(calls: Api, service: Service) -> None:
    calls.control("callback", {"event_mode": "http"})
    calls.fault("event_param_name")
    calls.fault("rename")
    calls.control("event", {"eventType": "user_add_org", "data": {"userId": ["u"]}, "wait": True})
    [request] = service.requests
    assert set(request["query"]) == {"signature", "timestamp", "nonce"}
    assert request["fields"]["UserId"] == ["u"]
    assert {"TimeStamp"} <= set(request["fields"])
    assert "userId" not in request["fields"]


def test_clicks_change_their_shape(calls: Api, client: Client) -> None:
    client.answer = lambda frame: acknowledge(frame, {"response": {}})
    calls.card("c-1", robot_space("user_li"))
    click = {"userid": "user_li", "outTrackId": "c-1", "key": "x", "wait": True}
    calls.fault("card_callback_value_key")
    calls.control("click", click)
    calls.fault("card_callback_content_object")
    calls.control("click", click)
    calls.fault("card_double_click")
    calls.control("click", click)
    first, second, *fingers = [json.loads(frame["data"]) for frame in client.wait_for(4)]
    assert "content" not in first
    assert json.loads(first["value"])["cardPrivateData"]["params"] == {"key": "x"}
    assert second["content"]["cardPrivateData"]["params"] == {"key": "x"}
    assert fingers[0] == fingers[1]
    calls.fault("card_timeout")
    assert calls.control("click", click)["outcome"] == "failed"
    assert calls.screen("user_li")[0]["failed"]


def heard(calls: Api, client: Client, **more: Any) -> Any:
    before = len([one for one in client.frames if one["type"] == "CALLBACK"])
    calls.control("say", {"userid": "user_li", "text": "今天", "wait": True, **more})
    return json.loads(client.wait_for(before + 1)[-1]["data"])


def test_messages_change_their_shape(calls: Api, client: Client) -> None:
    calls.fault("staff_id_empty")
    assert heard(calls, client)["senderStaffId"] == ""
    calls.fault("external_user")
    assert heard(calls, client)["senderCorpId"] == ""
    calls.fault("msgtype_unknown")
    unknown = heard(calls, client)
    assert (unknown["msgtype"], "text" in unknown) == ("unknownMsgType", False)
    calls.fault("quote_message")
    assert heard(calls, client)["text"]["isReplyMsg"] is True
    calls.fault("richtext_repeat_mention")
    rich = heard(calls, client, group=SALES)
    assert rich["content"]["richText"] == [{"text": "@聊单 "}, {"text": "今天"}]


@pytest.mark.parametrize("long", [True, False])
def test_without_quota_a_message_is_an_explanation_and_events_stop(calls: Api, client: Client, long: bool) -> None:
    calls.fault("month_quota")
    if long:
        calls.fault("rename")
    body = heard(calls, client)
    code, text = ("errorCode", "errorMessage") if long else ("errCode", "errMsg")
    assert (body[code], "text" in body) == (20001, False)
    assert text in body
    assert calls.control("event", {"eventType": "todo_task_create", "wait": True})["outcome"] == "dropped"


def test_the_months_quota_can_be_enforced(api: Api, platform: Platform) -> None:
    api.control("switches", {"quota": True, "api_per_month": 2})
    answers = [api.to_people(["user_li"]) for _ in range(3)]
    assert [("code" in one) for one in answers] == [False, False, True]
    assert api.oapi("topapi/v2/user/get", {"userid": "user_li"})["errcode"] == 0  # contacts are free
    assert api.control("usage")["calls"] == 2
    platform.clock.advance(timedelta(days=31))
    api.renew()
    assert "processQueryKey" in api.to_people(["user_li"])


def test_one_api_takes_so_many_calls_in_a_second(api: Api, platform: Platform) -> None:
    now = [100.0]
    platform.counters.tick = lambda: now[0]
    api.control("switches", {"qps_per_api": 3})
    codes = [api.to_people(["user_li"]).get("code", "") for _ in range(4)]
    assert codes == ["", "", "", FORBIDDEN + "QpsLimitForAppkeyAndApi"]
    now[0] += 1.01
    assert "processQueryKey" in api.to_people(["user_li"])
