"""Pushes over HTTP: the robot's signed messages, encrypted events with retries, the same bytes as over Stream."""

import json
import time
from datetime import timedelta
from typing import Any

import pytest

from emulator.dingtalk import Platform

from .conftest import SALES, Api, Client, Service


@pytest.fixture
def over_http(calls: Api) -> Api:
    """The company whose console says HTTP."""
    calls.control("callback", {"robot_mode": "http", "event_mode": "http"})
    return calls


def test_a_message_is_signed_and_its_answer_may_be_the_reply(over_http: Api, service: Service) -> None:
    service.answer = lambda _: (200, json.dumps({"msgtype": "text", "text": {"content": "收到"}}).encode())
    pushed = over_http.control("say", {"userid": "user_li", "text": "今天", "wait": True})
    [request] = service.requests
    assert pushed["outcome"] == "delivered"
    assert request["fields"]["text"]["content"] == "今天"
    assert request["headers"]["Content-Type"] == "application/json; charset=utf-8"
    assert over_http.screen("user_li")[0]["content"] == {"content": "收到"}


@pytest.mark.parametrize("answer", [b"", b'{"msgtype":"empty"}', b"{}"])
def test_an_empty_answer_says_nothing(over_http: Api, service: Service, answer: bytes) -> None:
    service.answer = lambda _: (200, answer)
    assert over_http.control("say", {"userid": "user_li", "text": "x", "wait": True})["note"] == ""
    assert over_http.screen("user_li") == []


def test_a_failed_message_comes_once_more_with_the_same_msg_id(over_http: Api, service: Service) -> None:
    service.answer = lambda _: (500, b"")
    pushed = over_http.control("say", {"userid": "user_li", "text": "x", "wait": True})
    one, other = service.requests
    assert one["body"] == other["body"]
    assert (pushed["outcome"], pushed["note"]) == ("failed", "推送失败 500")


def test_http_and_stream_carry_the_same_bytes(calls: Api, service: Service, client: Client, live: Platform) -> None:
    """The same user action, but for the ids that every action has of its own."""

    def same(text: str) -> str:
        body = json.loads(text)
        session = body.pop("sessionWebhook").split("session=")[0]
        return json.dumps({**body, "msgId": "", "sessionWebhook": session}, ensure_ascii=False)

    words = {
        "userid": "user_wang",
        "text": "@聊单 今天 😀 “引号”\n第二行",
        "group": SALES,
        "at": ["user_li"],
        "wait": True,
    }
    calls.control("say", words)
    calls.control("callback", {"robot_mode": "http"})
    first = calls.control("say", words)
    calls.control("callback", {"robot_mode": "stream"})
    calls.control("replay", {"event_id": first["event_id"], "wait": True})
    other, replayed = client.wait_for(2)
    assert replayed["data"].encode() == service.requests[0]["body"]
    assert same(other["data"]) == same(service.requests[0]["body"].decode())


def test_an_event_is_encrypted_and_must_be_answered_encrypted(over_http: Api, service: Service) -> None:
    pushed = over_http.control("event", {"eventType": "user_add_org", "data": {"userId": ["u"]}, "wait": True})
    [request] = service.requests
    assert pushed["outcome"] == "delivered"
    assert request["query"]["signature"] == request["query"]["msg_signature"]
    assert request["fields"]["EventType"] == "user_add_org"
    assert request["fields"]["userId"] == ["u"]
    assert request["fields"]["eventId"] == pushed["key"]


@pytest.mark.parametrize("answer", [b"success", b"{}", b'{"encrypt":"x"}'])
def test_an_event_answered_in_plain_fails_is_retried_and_listed(
    over_http: Api, service: Service, live: Platform, answer: bytes
) -> None:
    service.answer = lambda _: (200, answer)
    pushed = over_http.control("event", {"eventType": "user_leave_org", "data": {"userId": ["u"]}, "wait": True})
    assert (pushed["outcome"], pushed["attempts"], len(service.requests)) == ("failed", 3, 3)

    def listed() -> dict[str, Any]:
        query = {"access_token": over_http.token}
        return over_http.call("GET", "/call_back/get_call_back_failed_result", query_string=query).get_json()

    assert listed()["failed_list"] == []
    live.clock.advance(timedelta(minutes=5))
    [event] = listed()["failed_list"]
    assert (event["call_back_tag"], event["userid"]) == ("user_leave_org", ["u"])
    assert listed()["failed_list"] == []


def test_a_slow_event_answer_counts_as_none(over_http: Api, service: Service, live: Platform) -> None:
    live.switches.event_limit_s = 0.4

    def slow(request: dict[str, Any]) -> tuple[int, bytes]:
        time.sleep(0.8 if len(service.requests) == 1 else 0)
        return service.well(request)

    service.answer = slow
    pushed = over_http.control("event", {"eventType": "org_change", "wait": True})
    assert (pushed["outcome"], pushed["attempts"]) == ("delivered", 2)


def test_saving_an_event_address_asks_it_first(over_http: Api, service: Service, live: Platform) -> None:
    saved = over_http.control("callback", {"event_url": f"{service.url}/events"})
    assert saved["event_url"] == f"{service.url}/events"
    assert service.requests[0]["fields"] == {"EventType": "check_url"}
    assert "error" in over_http.control("callback", {"event_url": f"{service.url}/elsewhere"})
    assert live.event_url == f"{service.url}/events"


def test_people_come_change_and_leave_with_their_events(over_http: Api, service: Service) -> None:
    over_http.control("person", {"userid": "user_q", "name": "钱多", "department": "销售部"})
    over_http.control("person", {"userid": "user_q", "changes": {"name": "钱多多"}})
    over_http.control("person", {"userid": "user_q", "leave": True})
    kinds = {request["fields"]["EventType"]: request["fields"] for request in service.wait_for(3)}
    assert set(kinds) == {"user_add_org", "user_modify_org", "user_leave_org"}
    assert kinds["user_modify_org"]["diffInfo"]["curr"] == {"name": "钱多多"}
    assert over_http.oapi("topapi/v2/user/get", {"userid": "user_q"})["errcode"] == 33012


def test_events_of_groups_may_come_wrapped(over_http: Api, service: Service) -> None:
    over_http.control("switches", {"wrap_events": True})
    over_http.control("group", {"group": SALES, "add": ["User_Li"]})
    fields = service.wait_for(1)[0]["fields"]
    assert (fields["biz_type"], fields["biz_data"]["syncAction"]) == (177, "chat_add_member")
    assert fields["biz_data"]["userId"] == ["User_Li"]
