"""Failures to order: each strikes where and as often as asked (manual §8.4)."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from emulator.server import Server, serve
from emulator.wecom import Platform

from .conftest import AGENT, CORP, SECRET, Api, Service, button_card


def order(caller: Api, name: str, /, **wish: Any) -> None:
    assert "faults" in caller.control("fault", {"name": name, **wish})


@pytest.mark.parametrize(
    ("name", "code"),
    [("token_invalid", 40014), ("token_expired", 42001), ("busy", -1), ("all_users_bad", 81013), ("ip_denied", 60020)],
)
def test_a_fault_strikes_the_next_call(api: Api, name: str, code: int) -> None:
    order(api, name, count=1)
    assert api.send("text", {"content": "x"})["errcode"] == code
    assert Api(api.client).send("text", {"content": "x"})["errcode"] == 0


def test_a_flapping_token_never_becomes_good(api: Api) -> None:
    order(api, "token_flap")
    for _ in range(3):
        assert Api(api.client).send("text", {"content": "x"})["errcode"] == 40014


def test_a_fault_can_be_for_one_api_and_some_times(api: Api) -> None:
    order(api, "busy", api="user/get", count=2)
    assert api.get("department/list")["errcode"] == 0
    assert [api.get("user/get", userid="xiaoli")["errcode"] for _ in range(3)] == [-1, -1, 0]


def test_chance_repeats_itself_with_its_seed(api: Api) -> None:
    def run() -> list[int]:
        order(api, "busy", count=None, probability=0.5, seed=7)
        codes = [api.get("user/get", userid="xiaoli")["errcode"] for _ in range(20)]
        api.control("fault", {"name": "busy", "clear": True})
        return codes

    first = run()
    assert first == run()
    assert set(first) == {0, -1}


def test_a_frequency_block_ends_with_its_window(api: Api, platform: Platform) -> None:
    order(api, "freq_minute", api="message/send")
    assert api.send("text", {"content": "x"})["errcode"] == 45009
    platform.clock.advance(timedelta(seconds=61))
    assert api.send("text", {"content": "x"})["errcode"] == 0
    assert api.control("faults")["faults"] == []


def test_some_receivers_can_be_bad_and_a_message_can_vanish(api: Api) -> None:
    order(api, "partial_users", params={"users": ["XIAOLI"]})
    assert api.send("text", {"content": "x"}, "xiaoli|chenzong")["invaliduser"] == "xiaoli"
    order(api, "silent_drop")
    assert api.send("text", {"content": "y"}, "xiaoli")["errcode"] == 0
    assert api.screen("xiaoli") == []


def test_a_response_code_can_be_spoilt(api: Api) -> None:
    code = api.send("template_card", button_card())["response_code"]
    body = {"userids": ["xiaoli"], "agentid": AGENT, "response_code": code, "button": {"replace_name": "好"}}
    order(api, "response_code_expired")
    assert api.post("message/update_template_card", body)["errcode"] == 60140
    assert api.post("message/update_template_card", body)["errcode"] == 0


@pytest.fixture
def server(platform: Platform) -> Any:
    made = serve(platform, "127.0.0.1", 0)
    yield made
    made.close()


def test_faults_of_the_line_are_felt_on_the_line(server: Server, platform: Platform) -> None:
    with httpx2.Client(base_url=server.url, trust_env=False, timeout=3) as client:

        def send() -> httpx2.Response:
            token = client.get("/cgi-bin/gettoken", params={"corpid": CORP, "corpsecret": SECRET}).json()
            body = {"touser": "xiaoli", "msgtype": "text", "agentid": AGENT, "text": {"content": "x"}}
            return client.post("/cgi-bin/message/send", params={"access_token": token["access_token"]}, json=body)

        def fault(name: str, **wish: Any) -> None:
            platform.faults.order({"name": name, "api": "message/send", **wish})

        fault("http_502")
        assert send().status_code == 502
        fault("html_body")
        assert "text/html" in send().headers["content-type"]
        fault("reset")
        with pytest.raises(httpx2.TransportError):
            send()
        assert platform.phones.everything() == []
        fault("answer_lost")
        with pytest.raises(httpx2.TransportError):
            send()
        assert len(platform.phones.everything()) == 1
        fault("truncated_json")
        with pytest.raises(ValueError):
            send().json()
        fault("slow_api", params={"seconds": 0.05}, count=1)
        assert send().elapsed.total_seconds() >= 0.05
        assert send().json()["errcode"] == 0


def say(api: Api) -> dict[str, Any]:
    return api.control("say", {"userid": "xiaoli", "text": "今天", "wait": True})


def test_a_callback_can_come_three_times_or_never(calls: Api, service: Service) -> None:
    order(calls, "dup_callback")
    say(calls)
    assert len({request["plain"] for request in service.wait_for(3)}) == 1
    order(calls, "drop")
    assert say(calls)["outcome"] == "dropped"
    assert len(service.requests) == 3


def test_a_delayed_callback_waits_for_the_virtual_clock(calls: Api, service: Service, live: Platform) -> None:
    order(calls, "delay")
    calls.control("say", {"userid": "xiaoli", "text": "x"})
    assert service.requests == []
    live.clock.advance(timedelta(minutes=5))
    service.wait_for(1)


def test_the_second_event_can_overtake_the_first(calls: Api, service: Service) -> None:
    order(calls, "reorder")
    for text in ("一", "二"):
        calls.control("say", {"userid": "xiaoli", "text": text})
    assert [request["event"]["Content"] for request in service.wait_for(2)] == ["二", "一"]


HOSTILE = ("bad_signature", "wrong_receiveid", "bad_padding", "dtd_body", "deep_xml", "json_body")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_copy_comes_before_the_real_event_and_cannot_be_read(calls: Api, service: Service, name: str) -> None:
    order(calls, name)
    assert say(calls)["outcome"] == "delivered"
    assert "refused" in service.requests[0]
    assert "plain" in service.requests[1]
    tries = calls.control("deliveries")["deliveries"]
    assert [(one["outcome"], one["note"]) for one in tries] == [("hostile", name), ("ok", "")]


def test_a_replay_is_byte_for_byte_the_same(calls: Api, service: Service) -> None:
    order(calls, "replayed")
    say(calls)
    first, again = service.wait_for(2)
    assert (first["body"], first["query"]) == (again["body"], again["query"])


def test_odd_events_come_beside_the_real_one(calls: Api, service: Service) -> None:
    for name in ("unknown_event", "missing_fields", "two_piclists", "stale_timestamp"):
        order(calls, name)
    order(calls, "case_changed_userid")
    say(calls)
    events = [request["event"] for request in service.wait_for(5)]
    assert events[-1]["FromUserName"] == "XIAOLI"
    assert any(isinstance(event.get("SendPicsInfo", {}).get("PicList"), list) for event in events)


def test_two_fingers_make_two_events(calls: Api, service: Service) -> None:
    calls.send("template_card", button_card(), "xiaoli|laowang")
    order(calls, "two_people_click")
    calls.control("click", {"task_id": "t-1", "userid": "xiaoli", "key": "ok"})
    order(calls, "double_click")
    calls.control("click", {"task_id": "t-1", "userid": "xiaoli", "key": "ok"})
    events = [request["event"] for request in service.wait_for(4)]
    assert sorted(event["FromUserName"] for event in events) == ["LaoWang", "xiaoli", "xiaoli", "xiaoli"]
    assert len({event["ResponseCode"] for event in events}) == 4


def test_somebody_leaves_and_somebody_gets_a_new_name(calls: Api, service: Service) -> None:
    order(calls, "user_left", params={"userid": "chenzong"})
    assert calls.get("user/get", userid="chenzong")["errcode"] == 60111
    order(calls, "user_renamed", params={"userid": "xiaoli", "new_userid": "li.xiaoyun"})
    assert calls.get("user/get", userid="li.xiaoyun")["name"] == "李晓芸"
    kinds = {request["event"]["ChangeType"] for request in service.wait_for(2)}
    assert kinds == {"delete_user", "update_user"}
