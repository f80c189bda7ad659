"""Where a card goes on DingTalk, what it costs, and what becomes of it when the platform does not take it."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from bot.cards.card import Button, Card, Option, Select
from bot.channels.base import Receipt
from bot.channels.dingtalk import failures
from bot.channels.dingtalk.client import DingTalkClient
from bot.channels.dingtalk.crypto import card_secret
from core.errors import CardOutOfReach, DeliveryFailed

from .conftest import Shared, Stub
from .dingtalk_clients import (
    ARRIVED,
    CLIENT,
    CREATE,
    DELIVER,
    DELIVERED,
    GROUP,
    HELLO,
    HOOK,
    INSTANCES,
    REGISTER,
    SECRET,
    TAPPED,
    TEMPLATE,
    TO_GROUP,
    TO_PEOPLE,
    a_client,
    failing,
    said,
    session,
)

OK = {"errcode": 0, "errmsg": "ok"}
LONG = Card(title="周报", text="本周跟进情况如下。\n" * 400)
QUOTA = "Forbidden.AccessDenied.ApiCountLimitForOrg"


@pytest.fixture
def client(stub: Stub, shared: Shared) -> Iterator[DingTalkClient]:
    """Return a client without a template."""
    at_rest(stub)
    with a_client(stub, shared) as client:
        yield client


@pytest.fixture
def with_cards(stub: Stub, shared: Shared) -> Iterator[DingTalkClient]:
    """Return a client with a template."""
    at_rest(stub)
    with a_client(stub, shared, template_id=TEMPLATE) as client:
        yield client


def at_rest(stub: Stub) -> None:
    stub.answers(TO_PEOPLE, ARRIVED)
    stub.answers(TO_GROUP, {"processQueryKey": "pqk-g"})
    stub.answers(HOOK, OK)
    stub.answers(CREATE, DELIVERED)
    stub.answers(INSTANCES, {"success": True, "result": True})


def refusal(code: str, status: int = 400) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "application/json"}, json.dumps({"code": code, "message": "x"}).encode()


def send(client: DingTalkClient, card: Card = TAPPED, *, again: bool = False, **where: str) -> Receipt:
    return client.send("user_li", card, card_id="o12-6a3", again=again, reply_to=where)


# Where it goes


def test_what_answers_nobody_goes_to_the_person_and_costs_a_call(client: DingTalkClient, stub: Stub) -> None:
    receipt = send(client, HELLO)
    assert receipt == Receipt(platform_id="pqk-1", parts=1, calls=1)
    (sent,) = said(stub, TO_PEOPLE)
    assert sent == {
        "robotCode": CLIENT,
        "userIds": ["user_li"],
        "msgKey": "sampleText",
        "msgParam": {"content": "客户😀 已记录"},
    }


def test_an_answer_goes_to_the_live_session_free_of_charge(client: DingTalkClient, stub: Stub) -> None:
    assert send(client, **session(stub)) == Receipt(parts=1, calls=0)
    (sent,) = said(stub, HOOK)
    assert sent["msgtype"] == "actionCard"
    assert unquote(sent["actionCard"]["singleURL"]).endswith("content=认领 #o12-6a3.1")
    assert "x-acs-dingtalk-access-token" not in stub.calls[0].headers
    assert stub.counted() == {HOOK: 1}, "not even a token"


@pytest.mark.parametrize("lives", [timedelta(minutes=4), timedelta(minutes=-1)])
def test_a_session_that_ends_soon_is_not_trusted(client: DingTalkClient, stub: Stub, lives: timedelta) -> None:
    assert send(client, **session(stub, lives=lives)).calls == 1
    assert HOOK not in stub.counted()


@pytest.mark.parametrize(
    "odd", [{"session": "opened by another key"}, {"until": "soon"}, {"until": "2026-01-20T09:00:00"}, {"until": ""}]
)
def test_a_session_that_cannot_be_read_is_none(client: DingTalkClient, stub: Stub, odd: dict[str, str]) -> None:
    assert send(client, **{**session(stub), **odd}).calls == 1


def test_a_session_address_elsewhere_is_never_called(client: DingTalkClient, stub: Stub) -> None:
    elsewhere = {**session(stub), "session": "sealed https://evil.example/robot/sendBySession?session=1"}
    assert send(client, **elsewhere).calls == 1


@pytest.mark.parametrize("code", [300001, 400101, 310000, 88])
def test_a_session_that_is_gone_after_all_gives_way_to_the_api(client: DingTalkClient, stub: Stub, code: int) -> None:
    stub.answers(HOOK, {"errcode": code, "errmsg": "session 不存在"})
    if code == 88:  # the platform is busy: the session may be fine, and the message on the screen
        assert failing(lambda: send(client, **session(stub))).unknown
        return
    assert send(client, **session(stub)) == Receipt(platform_id="pqk-1", parts=1, calls=1)
    assert stub.counted()[HOOK] == 1


def test_too_fast_at_the_session_waits_and_costs_nothing(client: DingTalkClient, stub: Stub) -> None:
    stub.answers(HOOK, {"errcode": 130101, "errmsg": "send too fast"})
    failure = failing(lambda: send(client, **session(stub)))
    assert (failure.temporary, failure.retry_after) == (True, timedelta(seconds=5))
    assert TO_PEOPLE not in stub.counted()


def test_in_a_group_everybody_reads_masked_numbers(client: DingTalkClient, stub: Stub) -> None:
    send(client, **session(stub, group=GROUP))
    send(client, group=GROUP)
    (by_hook,), (by_api,) = said(stub, HOOK), said(stub, TO_GROUP)
    assert "138＊＊＊＊5678" in by_hook["actionCard"]["text"]
    assert by_api["openConversationId"] == GROUP
    assert "138＊＊＊＊5678" in by_api["msgParam"]["text"]
    assert "13812345678" not in json.dumps([by_hook, by_api])


@pytest.mark.parametrize("code", ["group.disbanded", "bot.stopped", "openConversationId.notExisted"])
def test_an_answer_into_a_group_that_is_gone_reaches_the_person(client: DingTalkClient, stub: Stub, code: str) -> None:
    stub.answers(TO_GROUP, refusal(code))
    assert send(client, group=GROUP).platform_id == "pqk-1"
    assert said(stub, TO_PEOPLE)[0]["userIds"] == ["user_li"]


@pytest.mark.parametrize(
    ("listed", "code", "temporary"),
    [
        ("invalidStaffIdList", failures.NO_RECEIVER, False),
        ("flowControlledStaffIdList", None, True),
        ("filteredStaffIdList", "filtered", False),
    ],
)
def test_an_answer_without_an_error_may_still_say_that_nobody_got_it(
    client: DingTalkClient, stub: Stub, listed: str, code: str | None, temporary: bool
) -> None:
    stub.answers(TO_PEOPLE, {**ARRIVED, listed: ["user_li"]})
    failure = failing(lambda: send(client))
    assert (failure.code, failure.temporary, failure.unknown) == (code, temporary, False)
    stub.answers(TO_PEOPLE, {**ARRIVED, listed: ["somebody_else"]})
    assert send(client).calls == 1


@pytest.mark.parametrize("code", ["staffId.notExisted", "robot.oto.notExist", "chatbotId.notAllow.sendOTO"])
def test_whoever_cannot_be_reached_is_told_apart(client: DingTalkClient, stub: Stub, code: str) -> None:
    stub.answers(TO_PEOPLE, refusal(code))
    assert failing(lambda: send(client)).code == failures.NO_RECEIVER


@pytest.mark.parametrize("user_id", ["", "a\nb", "x" * 65])
def test_a_malformed_receiver_is_refused_here(client: DingTalkClient, stub: Stub, user_id: str) -> None:
    assert not failing(lambda: client.send(user_id, HELLO, card_id="o1-a", again=False)).temporary
    assert stub.calls == []


def test_a_stranger_is_answered_where_they_spoke_and_nowhere_else(with_cards: DingTalkClient, stub: Stub) -> None:
    stranger = "$:5f2a"
    with_cards.send(stranger, TAPPED, card_id="o1-a", again=False, reply_to=session(stub))
    assert stub.counted() == {HOOK: 1}
    failure = failing(lambda: with_cards.send(stranger, HELLO, card_id="o2-a", again=False))
    assert (failure.code, failure.temporary) == (failures.NO_RECEIVER, False)


# Several messages


def test_a_long_text_goes_on_where_an_earlier_try_broke_off(client: DingTalkClient, stub: Stub) -> None:
    stub.answers(TO_PEOPLE, ARRIVED, refusal("system.busy", 500), ARRIVED)
    failure = failing(lambda: send(client, LONG))
    assert (failure.temporary, "前 1 条已送达，还有 1 条" in failure.reason) == (True, True)
    receipt = send(client, LONG)
    sent = [body["msgParam"]["content"] for body in said(stub, TO_PEOPLE)]
    assert (receipt.parts, receipt.calls, len(sent)) == (2, 1, 3)
    assert sent[0] + sent[2] == LONG.as_text()


def test_a_lasting_failure_in_the_middle_is_not_repeated(client: DingTalkClient, stub: Stub) -> None:
    stub.answers(TO_PEOPLE, ARRIVED, refusal("miss.param.title"))
    failure = failing(lambda: send(client, LONG))
    assert (failure.temporary, failure.unknown) == (False, False)


def test_withheld_content_is_not_silence(client: DingTalkClient, stub: Stub) -> None:
    stub.answers(HOOK, {"errcode": 430104, "errmsg": "x"}, OK)
    failure = failing(lambda: send(client, **session(stub)))
    assert (failure.temporary, failure.unknown) == (False, False)
    assert "没有通过钉钉的内容审核" in said(stub, HOOK)[1]["text"]["content"]
    assert "o12-6a3" in said(stub, HOOK)[1]["text"]["content"]


def test_a_card_the_platform_would_not_take_is_said_in_text(
    client: DingTalkClient, stub: Stub, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.dingtalk.client.check", lambda message: ["title: empty"])
    send(client)
    (sent,) = said(stub, TO_PEOPLE)
    assert sent["msgKey"] == "sampleText"
    assert "也可以：认领" in sent["msgParam"]["content"]
    assert "title: empty" in caplog.text


# Interactive cards


def test_a_card_that_changes_is_created_under_our_id_and_delivered(with_cards: DingTalkClient, stub: Stub) -> None:
    assert send(with_cards) == Receipt(platform_id="pqk-card", response_code="o12-6a3", parts=1, calls=1)
    (body,) = stub.sent(CREATE)
    assert (body["cardTemplateId"], body["outTrackId"], body["callbackType"]) == (TEMPLATE, "o12-6a3", "STREAM")
    assert (body["openSpaceId"], body["userIdType"]) == ("dtv1.card//IM_ROBOT.user_li", 1)
    assert body["imRobotOpenDeliverModel"] == {"spaceType": "IM_ROBOT", "robotCode": CLIENT}
    assert body["imRobotOpenSpaceModel"]["lastMessageI18n"] == {"ZH_CN": "客户 华东机电"}
    params = body["cardData"]["cardParamMap"]
    assert all(isinstance(value, str) for value in params.values())
    assert json.loads(params["buttons"])[0]["key"] == "claim?lead_id=1"
    assert "privateData" not in body


def test_in_a_group_the_person_asking_sees_the_whole_card(with_cards: DingTalkClient, stub: Stub) -> None:
    send(with_cards, group=GROUP)
    (body,) = stub.sent(CREATE)
    assert body["openSpaceId"] == f"dtv1.card//IM_GROUP.{GROUP}"
    assert body["imGroupOpenDeliverModel"] == {"robotCode": CLIENT}
    assert "13812345678" not in json.dumps(body["cardData"])
    assert set(body["privateData"]) == {"user_li"}
    assert "13812345678" in body["privateData"]["user_li"]["cardParamMap"]["fields"]


def test_what_never_changes_is_said_at_the_session_for_nothing(with_cards: DingTalkClient, stub: Stub) -> None:
    facts = Card(title="客户", fields=(("地区", "杭州"),), buttons=(Button(label="打开", url="https://a.example"),))
    assert send(with_cards, facts, **session(stub)).calls == 0
    assert send(with_cards, HELLO).calls == 1
    assert CREATE not in stub.counted()
    assert send(with_cards, facts).response_code == "o12-6a3", "but without a session a card costs no more"


WORDY = replace(TAPPED, text="很长的备注。" * 200)


def test_words_that_do_not_fit_a_card_come_before_it_so_that_its_buttons_stand_last(
    with_cards: DingTalkClient, stub: Stub
) -> None:
    receipt = send(with_cards, WORDY, **session(stub))
    assert (receipt.parts, receipt.calls, receipt.platform_id) == (2, 1, "pqk-card")
    assert "很长的备注" in said(stub, HOOK)[0]["markdown"]["text"]
    assert [call.api for call in stub.calls if call.api in (HOOK, CREATE)] == [HOOK, CREATE]


def test_words_that_came_are_not_said_again_when_their_card_must_wait(with_cards: DingTalkClient, stub: Stub) -> None:
    stub.answers(CREATE, "reset", refusal("param.cardAlreadyExist"))
    assert failing(lambda: send(with_cards, WORDY, **session(stub))).unknown
    assert send(with_cards, WORDY, again=True, **session(stub)).parts == 2
    assert len(said(stub, HOOK)) == 1


def test_without_its_words_a_card_waits_too(with_cards: DingTalkClient, stub: Stub) -> None:
    stub.answers(TO_PEOPLE, "reset", ARRIVED)
    assert failing(lambda: send(with_cards, WORDY)).temporary
    assert CREATE not in stub.counted()
    assert send(with_cards, WORDY, again=True).response_code == "o12-6a3"


def test_a_card_that_is_refused_after_its_words_is_said_whole(with_cards: DingTalkClient, stub: Stub) -> None:
    stub.answers(CREATE, refusal("param.templateNotExist"))
    receipt = send(with_cards, WORDY, **session(stub))
    assert receipt.response_code == ""
    words, *whole = said(stub, HOOK)
    assert "很长的备注" in words["markdown"]["text"]
    assert "很长的备注" in whole[0]["actionCard"]["text"]
    assert "认领" in json.dumps(whole[-1]["actionCard"], ensure_ascii=False)


def test_without_a_stream_taps_come_over_http_to_an_address_registered_once(stub: Stub, shared: Shared) -> None:
    at_rest(stub)
    for _ in range(2):  # another process finds it registered
        with a_client(stub, shared, template_id=TEMPLATE, stream_alive=lambda: False) as client:
            send(client)
    (registered,) = stub.sent(REGISTER)
    assert registered["callbackUrl"] == "https://crm.example.com/callback/dingtalk/card"
    assert (registered["apiSecret"], registered["forceUpdate"]) == (card_secret(SECRET), True)
    first, second = stub.sent(CREATE)
    assert (first["callbackType"], first["callbackRouteKey"]) == ("HTTP", registered["callbackRouteKey"])
    assert second["callbackRouteKey"] == registered["callbackRouteKey"]


def test_registering_is_counted(stub: Stub, shared: Shared) -> None:
    at_rest(stub)
    with a_client(stub, shared, template_id=TEMPLATE, stream_alive=lambda: False) as client:
        assert [send(client).calls, send(client).calls] == [2, 1]


def test_a_card_known_to_the_platform_was_delivered_when_it_is_tried_again(
    with_cards: DingTalkClient, stub: Stub
) -> None:
    stub.answers(CREATE, "reset", refusal("param.cardAlreadyExist"))
    assert failing(lambda: send(with_cards)).temporary
    assert send(with_cards, again=True).response_code == "o12-6a3"
    assert DELIVER not in stub.counted()


def test_a_card_known_but_not_delivered_is_delivered_now(with_cards: DingTalkClient, stub: Stub) -> None:
    stub.answers(CREATE, refusal("param.cardAlreadyExist"))
    stub.answers(DELIVER, {"success": True, "result": [{"success": True, "carrierId": "pqk-late"}]})
    assert send(with_cards) == Receipt(platform_id="pqk-late", response_code="o12-6a3", parts=1, calls=2)
    (body,) = stub.sent(DELIVER)
    assert (body["outTrackId"], body["openSpaceId"]) == ("o12-6a3", "dtv1.card//IM_ROBOT.user_li")
    assert "cardData" not in body


@pytest.mark.parametrize("results", [[{"success": False, "errorMsg": "robot not in group"}], [{"success": "false"}]])
def test_success_as_a_whole_may_hide_that_nobody_got_it(
    with_cards: DingTalkClient, stub: Stub, results: list[dict[str, Any]]
) -> None:
    stub.answers(CREATE, {"success": True, "result": {"deliverResults": results}})
    assert send(with_cards) == Receipt(platform_id="pqk-1", response_code="", parts=1, calls=2)
    assert said(stub, TO_PEOPLE)[0]["msgKey"] == "sampleActionCard"


def test_a_card_that_was_made_and_not_delivered_is_never_taken_for_sent(with_cards: DingTalkClient, stub: Stub) -> None:
    refused = {"success": True, "result": {"deliverResults": [{"success": False, "errorMsg": "x"}]}}
    stub.answers(CREATE, refused, refusal("param.cardAlreadyExist"))
    stub.answers(TO_PEOPLE, "reset", ARRIVED)
    assert failing(lambda: send(with_cards)).unknown
    assert send(with_cards, again=True).platform_id == "pqk-1"


@pytest.mark.parametrize("code", ["param.templateNotExist", "param.templateUnpublished"])
def test_a_template_that_is_not_there_is_said_once_and_buttons_still_work(
    with_cards: DingTalkClient, stub: Stub, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    stub.answers(CREATE, refusal(code))
    with caplog.at_level(logging.WARNING):
        receipts = [send(with_cards), send(with_cards)]
    assert [receipt.calls for receipt in receipts] == [1, 1]
    assert caplog.text.count("DINGTALK_CARD_TEMPLATE_ID") == 1
    assert stub.counted()[CREATE] == 1
    assert {sent["msgKey"] for sent in said(stub, TO_PEOPLE)} == {"sampleActionCard"}


@pytest.mark.parametrize("code", ["param.invalid", "Forbidden.AccessDenied.AccessTokenPermissionDenied"])
def test_a_card_that_is_refused_is_said_in_messages(with_cards: DingTalkClient, stub: Stub, code: str) -> None:
    stub.answers(CREATE, refusal(code))
    assert send(with_cards).platform_id == "pqk-1"


def test_a_busy_platform_is_asked_again_for_the_card(with_cards: DingTalkClient, stub: Stub) -> None:
    stub.answers(CREATE, refusal("system.busy", 500))
    assert failing(lambda: send(with_cards)).temporary
    assert TO_PEOPLE not in stub.counted()


def test_a_card_with_two_questions_of_one_name_is_said_in_messages(
    with_cards: DingTalkClient, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    twice = tuple(Select(key="a", title=title, options=(Option(id="1", label="一"),)) for title in "甲乙")
    assert send(with_cards, replace(TAPPED, selects=twice)).response_code == ""
    assert CREATE not in stub.counted()
    assert "'a' twice" in caplog.text


def test_in_a_used_up_month_an_answer_still_goes_to_the_session(with_cards: DingTalkClient, stub: Stub) -> None:
    stub.answers(CREATE, refusal(QUOTA, 403))
    stub.answers(INSTANCES, refusal(QUOTA, 403))
    assert send(with_cards, **session(stub)).calls == 0
    with pytest.raises(CardOutOfReach):
        with_cards.update("user_li", TAPPED, response_code="o1-a", reply_to=session(stub))
    held = failing(lambda: send(with_cards))
    assert (held.temporary, held.code) == (True, QUOTA)


# Changing a card


def test_a_settled_card_takes_the_place_of_the_tapped_one(with_cards: DingTalkClient, stub: Stub) -> None:
    card = replace(TAPPED, settled="已认领")
    assert with_cards.update("user_li", card, response_code="o12-6a3") == Receipt(calls=1)
    (call,) = [call for call in stub.calls if call.api == INSTANCES]
    body = json.loads(call.body)
    assert (call.method, body["outTrackId"]) == ("PUT", "o12-6a3")
    assert body["cardUpdateOptions"] == {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
    params = body["cardData"]["cardParamMap"]
    assert (params["buttons"], params["settled"]) == ("[]", "已认领")
    assert "privateData" not in body


def test_in_a_group_the_change_is_masked_for_all_but_one(with_cards: DingTalkClient, stub: Stub) -> None:
    with_cards.update("user_li", replace(TAPPED, settled="已认领"), response_code="o12-6a3", reply_to={"group": GROUP})
    (body,) = stub.sent(INSTANCES)
    assert "13812345678" not in json.dumps(body["cardData"])
    assert "13812345678" in body["privateData"]["user_li"]["cardParamMap"]["fields"]
    assert "settled" not in body["privateData"]["user_li"]["cardParamMap"], "nobody keeps the old buttons"


@pytest.mark.parametrize("code", ["param.cardNotExist", "param.invalid", "unauthorized"])
def test_a_card_out_of_reach_is_said_so(with_cards: DingTalkClient, stub: Stub, code: str) -> None:
    stub.answers(INSTANCES, refusal(code))
    with pytest.raises(CardOutOfReach):
        with_cards.update("user_li", TAPPED, response_code="o12-6a3")


def test_a_message_with_buttons_cannot_be_changed(client: DingTalkClient) -> None:
    with pytest.raises(CardOutOfReach):
        client.update("user_li", TAPPED, response_code="")


def test_a_busy_platform_is_asked_again_for_the_change(with_cards: DingTalkClient, stub: Stub) -> None:
    stub.answers(INSTANCES, "reset", {"success": True})
    failure = failing(lambda: with_cards.update("user_li", TAPPED, response_code="o12-6a3"))
    assert (failure.temporary, failure.unknown, type(failure)) == (True, False, DeliveryFailed)
    assert with_cards.update("user_li", TAPPED, response_code="o12-6a3").calls == 1


# Files and taking back


def test_a_file_is_uploaded_and_sent(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("media/upload", {**OK, "media_id": "@media-1", "type": "file"})
    receipt = client.send_file("user_li", "报价单 v2.PDF", b"%PDF-1.7")
    upload = next(call for call in stub.calls if call.api == "media/upload")
    assert (upload.query["type"], "access_token" in upload.query) == ("file", True)
    assert upload.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert 'filename="报价单 v2.PDF"'.encode() in upload.body
    assert said(stub, TO_PEOPLE)[0]["msgParam"] == {
        "mediaId": "@media-1",
        "fileName": "报价单 v2.PDF",
        "fileType": "pdf",
    }
    assert receipt == Receipt(platform_id="pqk-1", calls=2)
    client.send_file("user_li", "图.png", b"png", reply_to={"group": GROUP})
    assert said(stub, TO_GROUP)[0]["msgParam"] == {"photoURL": "@media-1"}


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [("file", "a.csv", b"x"), ("file", "a.pdf", b""), ("voice", "a.mp3", b"x" * (2 * 2**20 + 1)), ("other", "a", b"x")],
)
def test_files_the_platform_would_refuse_are_refused_here(
    client: DingTalkClient, stub: Stub, kind: str, name: str, content: bytes
) -> None:
    assert not failing(lambda: client.upload(kind, name, content)).temporary
    assert stub.calls == []


def test_an_upload_without_a_media_id_is_tried_later(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("media/upload", OK)
    assert failing(lambda: client.upload("file", "a.pdf", b"x")).temporary


def test_a_file_somebody_sent_is_fetched_without_our_token(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("robot/messageFiles/download", {"downloadUrl": f"{stub.url}/oss/file?sign=5e55101"})
    stub.answers("oss/file", (200, {"Content-Type": "application/pdf"}, b"%PDF"))
    found = client.download("code-1", "合同.pdf")
    assert (found.name, found.content_type, found.content) == ("合同.pdf", "application/pdf", b"%PDF")
    asked, fetched = stub.calls[-2:]
    assert json.loads(asked.body) == {"downloadCode": "code-1", "robotCode": CLIENT}
    assert "x-acs-dingtalk-access-token" not in fetched.headers
    assert "access_token" not in fetched.query


def test_a_file_that_cannot_be_had_says_why(
    client: DingTalkClient, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.answers("robot/messageFiles/download", refusal("invalidParameter.robotCode.downloadCode"))
    gone = failing(lambda: client.download("code-1"))
    assert (gone.temporary, "下载码已过期" in gone.reason) == (False, True)
    stub.answers("robot/messageFiles/download", {"downloadUrl": "file:///etc/passwd"})
    assert failing(lambda: client.download("code-1")).temporary
    stub.answers("robot/messageFiles/download", {"downloadUrl": f"{stub.url}/oss/file"})
    stub.answers("oss/file", (404, {}, b""))
    assert not failing(lambda: client.download("code-1")).temporary
    monkeypatch.setattr("bot.channels.dingtalk.api.LARGEST_FILE", 10)
    stub.answers("oss/file", (200, {}, b"x" * 11))
    assert "太大" in failing(lambda: client.download("code-1")).reason


def test_a_message_can_be_taken_back(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("robot/otoMessages/batchRecall", {"successResult": ["pqk-1"], "failedResult": {}})
    stub.answers("robot/groupMessages/recall", {"successResult": [], "failedResult": {"pqk-g": "too late"}})
    assert client.recall("pqk-1")
    assert not client.recall("pqk-g", group=GROUP)
    assert stub.sent("robot/groupMessages/recall")[0]["openConversationId"] == GROUP


def test_what_the_robot_cannot_send_travels_in_a_zip(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("media/upload", {**OK, "media_id": "@media-1", "type": "file"})
    for _ in range(2):
        client.send_file("user_li", "公司介绍.pptx", b"PK-slides")
    (upload,) = (call for call in stub.calls if call.api == "media/upload")
    assert 'filename="公司介绍.pptx.zip"'.encode() in upload.body
    sent = said(stub, TO_PEOPLE)
    assert [one["msgParam"]["fileType"] for one in sent] == ["zip", "zip"]


def test_an_id_that_is_refused_is_uploaded_anew(client: DingTalkClient, stub: Stub) -> None:
    stub.answers("media/upload", {**OK, "media_id": "@media-1"}, {**OK, "media_id": "@media-2"})
    client.send_file("user_li", "图.png", b"png")
    refused = (400, {}, b'{"code":"invalidParameter.photoURL","message":"x"}')
    stub.answers("robot/oToMessages/batchSend", refused, {"processQueryKey": "pqk-9"})
    assert client.send_file("user_li", "图.png", b"png").platform_id == "pqk-9"
    assert said(stub, TO_PEOPLE)[-1]["msgParam"] == {"photoURL": "@media-2"}
