"""Callbacks to a real local receiver: checked, sealed, repeated, answered (manual §8.3)."""

import threading
import time
from typing import Any

import pytest

from emulator.wecom import Platform

from .conftest import AGENT, CORP, Api, Service, button_card


def say(api: Api, text: str = "今天", user: str = "xiaoli") -> dict[str, Any]:
    return api.control("say", {"userid": user, "text": text, "wait": True})


def reply(service: Service, msgtype: str, user: str = "xiaoli", **nodes: Any) -> bytes:
    head = {"ToUserName": user, "FromUserName": CORP, "CreateTime": 1760000000, "MsgType": msgtype}
    return service.sealed({**head, **nodes})


def test_a_url_is_saved_when_it_answers_the_exact_word(calls: Api, service: Service, live: Platform) -> None:
    service.answer = lambda request: (200, request["plain"].encode())
    assert calls.control("callback", {"url": service.url})["ok"]
    assert service.requests[-1]["method"] == "GET"
    assert service.requests[-1]["body"] == b""


@pytest.mark.parametrize("extra", [b"\n", b'"', b" "])
def test_one_byte_too_many_and_the_url_is_not_saved(calls: Api, service: Service, live: Platform, extra: bytes) -> None:
    service.answer = lambda request: (200, request["plain"].encode() + extra)
    refused = calls.control("callback", {"url": service.url + "/other"})
    assert refused["error"].startswith("40057")
    assert live.callbacks.url == service.url


def test_a_slow_answer_to_the_check_fails_too(calls: Api, service: Service, live: Platform) -> None:
    live.switches.verify_limit_s = 0.05

    def slow(request: dict[str, Any]) -> tuple[int, bytes]:
        time.sleep(0.15)
        return 200, request["plain"].encode()

    service.answer = slow
    assert calls.control("callback", {})["error"].startswith("40057")


def test_what_a_member_says_arrives_sealed(calls: Api, service: Service) -> None:
    assert say(calls, "新线索 苏州汇川 ]]> <b>")["outcome"] == "delivered"
    event = service.requests[0]["event"]
    assert event["Content"] == "新线索 苏州汇川 ]]> <b>"
    assert (event["FromUserName"], event["ToUserName"], event["AgentID"]) == ("xiaoli", CORP, str(AGENT))
    assert event["CreateTime"] == service.requests[0]["query"]["timestamp"] == "1795395600"
    assert int(event["MsgId"]) > 2**60
    shown = calls.control("outbox?userid=xiaoli&all=1")["items"]
    assert shown[0]["from"] == "member"


def test_three_deliveries_say_the_same_under_fresh_covers(calls: Api, service: Service) -> None:
    service.answer = lambda _: (503, b"")
    event = say(calls)
    assert (event["outcome"], event["attempts"]) == ("failed", 3)
    assert event["note"] == "回调失败 503，不再重试"
    assert len({request["plain"] for request in service.requests}) == 1
    for name in ("nonce", "msg_signature"):
        assert len({request["query"][name] for request in service.requests}) == 3
    assert len({request["body"] for request in service.requests}) == 3
    tries = calls.control("deliveries")["deliveries"]
    assert [one["outcome"] for one in tries] == ["retry", "retry", "failed"]


def test_it_stops_repeating_once_the_service_accepts(calls: Api, service: Service) -> None:
    answers = iter([(500, b""), (200, b"")])
    service.answer = lambda _: next(answers)
    assert say(calls)["attempts"] == 2


def test_by_the_newer_page_any_answer_counts(calls: Api, service: Service) -> None:
    calls.control("switches", {"retry_on_non_200": False})
    service.answer = lambda _: (500, b"")
    assert say(calls)["attempts"] == 1


def test_a_late_answer_is_thrown_away(calls: Api, service: Service, live: Platform) -> None:
    live.switches.answer_limit_s = 0.1

    def late(_: dict[str, Any]) -> tuple[int, bytes]:
        time.sleep(0.25)
        return 200, reply(service, "text", Content="太晚了")

    service.answer = late
    event = say(calls)
    assert (event["outcome"], event["attempts"]) == ("failed", 3)
    assert calls.screen("xiaoli") == []


def test_nobody_listening_is_three_failures(platform: Platform) -> None:
    platform.switches.retry_pause_s = 0.0
    platform.start()
    assert say(Api(platform.app.test_client()))["note"] == "回调失败 连接不上，不再重试"


def test_a_passive_reply_appears_on_the_phone(calls: Api, service: Service) -> None:
    service.answer = lambda _: (200, reply(service, "text", Content="收到"))
    say(calls)
    assert calls.screen("xiaoli")[0]["content"]["content"] == "收到"
    assert calls.control("deliveries")["deliveries"][0]["reply"]["Content"] == "收到"


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (lambda s: b"<xml><MsgType>text</MsgType></xml>", "没有 'MsgSignature'"),
        (lambda s: b"ok", "不是约定的 XML"),
        (lambda s: reply(s, "text", user="chenzong", Content="x"), "ToUserName"),
        (lambda s: reply(s, "poem", Content="x"), "不认识的 MsgType"),
        (lambda s: reply(s, "update_button", Button={"ReplaceName": "x"}), "只有卡片事件"),
        (lambda s: reply(s, "text", Content="x").replace(b"<TimeStamp>17", b"<TimeStamp>18"), "-40001"),
    ],
)
def test_a_reply_that_is_none_is_recorded_and_not_shown(calls: Api, service: Service, build: Any, why: str) -> None:
    service.answer = lambda _: (200, build(service))
    assert why in say(calls)["note"]
    assert calls.screen("xiaoli") == []


def test_a_card_answered_in_place_changes_for_the_clicker_only(calls: Api, service: Service) -> None:
    calls.send("template_card", button_card(), "xiaoli|laowang")
    service.answer = lambda _: (200, reply(service, "update_button", Button={"ReplaceName": "已确认"}))
    click = {"task_id": "t-1", "userid": "xiaoli", "key": "ok", "selected": {"stage": "quote"}, "wait": True}
    calls.control("click", click)
    event = service.requests[0]["event"]
    assert (event["Event"], event["EventKey"], event["TaskId"]) == ("template_card_event", "ok", "t-1")
    chosen = event["SelectedItems"]["SelectedItem"]
    assert chosen == {"QuestionKey": "stage", "OptionIds": {"OptionId": "quote"}}
    assert [calls.screen(user)[0]["state"] for user in ("xiaoli", "laowang")] == ["greyed", "live"]


def test_a_card_replaced_in_place_is_read_from_pascal_case(calls: Api, service: Service) -> None:
    calls.send("template_card", button_card())
    card = {
        "CardType": "button_interaction",
        "MainTitle": {"Title": "商机 #42"},
        "HorizontalContentList": {"KeyName": "客户", "Value": "某某科技"},
        "ButtonSelection": {
            "QuestionKey": "stage",
            "OptionList": {"Id": "won", "Text": "赢单"},
            "SelectedId": "won",
            "Disable": True,
        },
        "ButtonList": [{"Text": "确认", "Style": 1, "Key": "ok"}, {"Text": "取消", "Style": 4, "Key": "no"}],
        "ReplaceText": "已提交",
    }
    service.answer = lambda _: (200, reply(service, "update_template_card", TemplateCard=card))
    calls.control("click", {"task_id": "t-1", "userid": "xiaoli", "key": "ok", "wait": True})
    (item,) = calls.screen("xiaoli")
    assert (item["state"], item["replace_text"]) == ("replaced", "已提交")
    assert item["content"]["horizontal_content_list"] == [{"keyname": "客户", "value": "某某科技"}]
    assert item["content"]["button_selection"]["disable"] is True
    assert item["content"]["button_list"][0]["style"] == 1


def test_each_click_carries_a_code_of_its_own_that_works_once(calls: Api, service: Service) -> None:
    calls.send("template_card", button_card())
    for _ in range(2):
        calls.control("click", {"task_id": "t-1", "userid": "xiaoli", "key": "ok", "wait": True})
    codes = [request["event"]["ResponseCode"] for request in service.requests]
    assert len(set(codes)) == 2
    body = {"userids": ["xiaoli"], "agentid": AGENT, "response_code": codes[1], "button": {"replace_name": "好"}}
    assert [calls.post("message/update_template_card", body)["errcode"] for _ in range(2)] == [0, 60140]


def test_fifty_events_of_one_second_are_all_delivered_and_distinct(calls: Api, service: Service) -> None:
    for number in range(50):
        fields = {"Event": "change_external_contact", "CreateTime": 1760000000, "ExternalUserID": f"wm{number}"}
        calls.control("event", fields)
    requests = service.wait_for(50)
    assert {request["event"]["CreateTime"] for request in requests} == {"1760000000"}
    assert len({request["plain"] for request in requests}) == 50
    assert requests[0]["event"]["FromUserName"] == "sys"


def test_stopping_does_not_wait_for_a_hanging_service(live: Platform, calls: Api, service: Service) -> None:
    release = threading.Event()
    service.answer = lambda _: (200 if release.wait(5) else 500, b"")
    live.switches.answer_limit_s = 0.2
    calls.control("say", {"userid": "xiaoli", "text": "x"})
    service.wait_for(1)
    started = time.monotonic()
    live.stop()
    assert time.monotonic() - started < 1
    release.set()


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("say", {"userid": "ghost", "text": "x"}, "no member"),
        ("say", {"userid": "xiaoli"}, "text is missing"),
        ("say", [], "JSON object"),
        ("clock", {"advance_s": -1}, "advance_s"),
        ("clock", {"advance_s": "1"}, "advance_s"),
        ("event", {"<x>": 1}, "XML node names"),
        ("fault", {"name": "earthquake"}, "unknown fault"),
        ("fault", {"name": "busy", "count": 0}, "count"),
        ("fault", {"name": "busy", "probability": 2}, "probability"),
        ("fault", {"name": "busy", "params": {"x": 1}}, "params"),
        ("switches", {"colour": "red"}, "unknown switch"),
        ("switches", {"ip_allowed": 1}, "must be like"),
    ],
)
def test_wrong_input_is_refused_with_a_sentence(api: Api, path: str, body: Any, word: str) -> None:
    response = api.client.post(f"/__emu/{path}", json=body)
    assert response.status_code == 400
    assert word in response.get_json()["error"]


def test_a_picture_is_kept_shown_and_told(calls: Api, service: Service) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"0" * 20
    url = "/__emu/picture?userid=xiaoli&filename=card.png"
    assert calls.client.post(url, data=png, content_type="image/png").status_code == 200
    event = service.wait_for(1)[0]["event"]
    assert event["MsgType"] == "image"
    assert calls.client.get(f"/cgi-bin/media/get?access_token={calls.token}&media_id={event['MediaId']}").data == png
    assert calls.client.get(f"/__emu/media/{event['MediaId']}").mimetype == "image/png"
    assert calls.client.post(url, data=b"no picture").status_code == 400


def test_an_unknown_control_route_says_so(api: Api) -> None:
    assert api.client.get("/__emu/say").status_code == 404
    assert "there is no POST" in api.control("dance", {})["error"]
