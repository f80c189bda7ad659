"""The request policy: what goes over the wire, and what becomes of every failure."""

import gc
import json
import logging
import socket
import threading
import traceback
from datetime import timedelta
from typing import Any

import pytest

from bot.cards.card import Button, Card
from bot.channels.base import Receipt
from bot.channels.wecom.client import WeComClient
from bot.channels.wecom.directory import WeComDirectory
from bot.channels.wecom.menu import MenuEntry
from core.errors import CardOutOfReach, DeliveryFailed

from .conftest import AGENT, CORP, SECRET, Shared, Stub

HELLO = Card(title="客户😀 已记录")
TAPPED = Card(title="认领", buttons=(Button(label="认领", action="claim", values={"lead_id": "1"}),))
OK = {"errcode": 0, "errmsg": "ok"}
JSON = {"Content-Type": "application/json"}


def failing(client: WeComClient, *, card: Card = HELLO, again: bool = False) -> DeliveryFailed:
    """Send and return how it failed, after a look at everything that may be printed of it."""
    with pytest.raises(DeliveryFailed) as caught:
        client.send("zhangsan", card, card_id="card-1", again=again)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(caught.value)
    assert not any(secret in shown for secret in (SECRET, "corpsecret", "access_token=", "-of-the-stub"))
    assert caught.value.__context__ is None or isinstance(caught.value.__context__, DeliveryFailed)
    return caught.value


def test_a_message_goes_out_as_raw_utf8_without_duplicate_check(client: WeComClient, stub: Stub) -> None:
    receipt = client.send("zhangsan", HELLO, card_id="card-1", again=False)
    token, sent = stub.calls
    assert receipt == Receipt(platform_id="m2")
    assert (token.raw.split("?")[0], sent.raw.split("?")[0]) == ("/cgi-bin/gettoken", "/cgi-bin/message/send")
    assert token.query == {"corpid": CORP, "corpsecret": SECRET}
    assert sent.query == {"access_token": "token-1-of-the-stub"}
    assert "客户😀".encode() in sent.body
    assert sent.headers["Content-Type"] == "application/json; charset=utf-8"
    body = json.loads(sent.body)
    assert (body["touser"], body["agentid"], body["msgtype"]) == ("zhangsan", AGENT, "text")
    assert "enable_duplicate_check" not in body


def test_a_repeated_try_asks_the_platform_to_drop_what_it_has(client: WeComClient, stub: Stub) -> None:
    client.send("zhangsan", HELLO, card_id="card-1", again=True)
    (body,) = stub.sent()
    assert (body["enable_duplicate_check"], body["duplicate_check_interval"]) == (1, 1800)


def test_a_cards_second_try_is_equal_to_the_byte(client: WeComClient, stub: Stub) -> None:
    for again in (False, True):
        client.send("zhangsan", TAPPED, card_id="card-1", again=again)
    first, second = (call.body for call in stub.calls if call.api == "message/send")
    assert first == second
    assert json.loads(first)["enable_duplicate_check"] == 1


def test_a_card_brings_the_right_to_change_it(client: WeComClient, stub: Stub) -> None:
    stub.answers("message/send", {**OK, "msgid": "m9", "response_code": "rc9"})
    assert client.send("zhangsan", TAPPED, card_id="card-1", again=False) == Receipt(
        platform_id="m9", response_code="rc9"
    )
    assert stub.sent()[0]["template_card"]["task_id"] == "card-1"


def test_a_duplicate_card_was_delivered_when_it_is_tried_again(client: WeComClient, stub: Stub) -> None:
    stub.answers("message/send", {"errcode": 42014, "errmsg": "duplicate task_id"})
    assert client.send("zhangsan", TAPPED, card_id="card-1", again=True) == Receipt()
    assert not failing(client, card=TAPPED).temporary


def test_the_token_is_shared_and_outlives_a_client(client: WeComClient, stub: Stub, shared: Shared) -> None:
    client.send("zhangsan", HELLO, card_id="card-1", again=False)
    client.send("zhangsan", HELLO, card_id="card-2", again=False)
    assert stub.counted()["gettoken"] == 1
    assert list(shared.lives.values()) == [timedelta(seconds=6900)]
    assert SECRET[:6] not in next(iter(shared.kept))


@pytest.mark.parametrize("code", [40001, 40014, 41001, 42001])
def test_an_expired_token_is_renewed_once(client: WeComClient, stub: Stub, code: int) -> None:
    stub.answers("message/send", {"errcode": code, "errmsg": "x"}, {**OK, "msgid": "m1"})
    assert client.send("zhangsan", HELLO, card_id="card-1", again=False).platform_id == "m1"
    assert stub.counted() == {"gettoken": 2, "message/send": 2}
    assert stub.calls[-1].query == {"access_token": "token-2-of-the-stub"}


def test_a_token_that_is_always_refused_is_an_error_after_one_renewal(client: WeComClient, stub: Stub) -> None:
    stub.answers("message/send", {"errcode": 40014, "errmsg": "invalid access_token"})
    failure = failing(client)
    assert (failure.code, failure.temporary, failure.unknown) == (40014, True, False)
    assert stub.counted() == {"gettoken": 2, "message/send": 2}


def test_many_threads_fetch_one_token(client: WeComClient, stub: Stub) -> None:
    threads = [
        threading.Thread(target=client.send, args=("zhangsan", HELLO), kwargs={"card_id": f"c{n}", "again": False})
        for n in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stub.counted() == {"gettoken": 1, "message/send": 12}


def test_a_newer_token_of_another_process_is_kept(
    client: WeComClient, stub: Stub, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.send("zhangsan", HELLO, card_id="card-1", again=False)
    (name,) = shared.kept

    def renewed_meanwhile(name: str, token: str) -> None:
        shared.kept[name] = "newer-of-the-stub"
        Shared.drop(shared, name, token)

    monkeypatch.setattr(shared, "drop", renewed_meanwhile)
    stub.answers("message/send", {"errcode": 42001, "errmsg": "x"}, {**OK, "msgid": "m1"})
    client.send("zhangsan", HELLO, card_id="card-2", again=False)
    assert stub.counted()["gettoken"] == 1
    assert stub.calls[-1].query == {"access_token": "newer-of-the-stub"}
    assert shared.kept == {name: "newer-of-the-stub"}


def test_waiting_too_long_for_the_token_is_temporary(client: WeComClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.tokens.REFRESH_WAIT", timedelta(milliseconds=20))
    name = client.api._token._name
    with client.api._token._locks.hold(f"{name}:refresh", lives=timedelta(seconds=9), wait=timedelta(0)):
        assert failing(client).temporary


@pytest.mark.parametrize("code", [40001, 40013, 40091, 60020])
def test_a_refused_secret_is_a_setting_to_change_and_not_hammered(client: WeComClient, stub: Stub, code: int) -> None:
    message = "x, hint: [166231717833960362748], from ip: 1.2.3.4, more info at https://open.work.weixin.qq.com"
    stub.answers("gettoken", {"errcode": code, "errmsg": message})
    first, second = failing(client), failing(client)
    assert (first.temporary, first.code, second.code) == (True, code, code), "held until it is mended"
    assert "166231717833960362748" in first.reason
    assert ("1.2.3.4" in first.reason) == (code == 60020)
    assert stub.counted() == {"gettoken": 1}


def test_a_token_answer_without_a_token_is_tried_later(client: WeComClient, stub: Stub) -> None:
    stub.answers("gettoken", OK, {"errcode": -1, "errmsg": "busy"})
    assert failing(client).temporary
    assert failing(client).temporary


@pytest.mark.parametrize(
    ("code", "temporary", "pause"),
    [
        (-1, True, None),
        (45009, True, 60),
        (45033, True, 2),
        (60020, True, 300),
        (48006, True, 300),
        (82004, False, None),
        (987654, False, None),
    ],
)
def test_error_codes_say_what_to_do(
    client: WeComClient, stub: Stub, code: int, temporary: bool, pause: int | None
) -> None:
    stub.answers("message/send", {"errcode": code, "errmsg": "x"})
    failure = failing(client)
    assert (failure.code, failure.temporary, failure.unknown) == (code, temporary, False)
    assert failure.retry_after == (timedelta(seconds=pause) if pause else None)
    assert stub.counted()["message/send"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        "slow",
        "reset",
        (502, {"Content-Type": "text/html"}, b"<html>bad gateway</html>"),
        (200, {"Content-Type": "text/html"}, b"<html>punish</html>"),
        (200, JSON, b'{"errcode":0,"errm'),
        (200, JSON, b"[1]"),
        (200, JSON, b'{"errcode":"soon"}'),
        (200, JSON, b""),
        (200, JSON, b"[" * 100_000),
    ],
)
def test_without_a_sound_answer_a_message_may_have_arrived(client: WeComClient, stub: Stub, answer: Any) -> None:
    stub.answers("message/send", answer)
    failure = failing(client)
    assert (failure.temporary, failure.unknown) == (True, True)
    stub.answers("department/list", answer)
    with pytest.raises(DeliveryFailed) as caught:
        WeComDirectory(client.api).listing()
    assert (caught.value.temporary, caught.value.unknown) == (True, False)


@pytest.mark.parametrize("status", [301, 404, 403])
def test_a_wrong_address_is_a_setting_and_no_redirect_gets_our_token(
    client: WeComClient, stub: Stub, status: int
) -> None:
    stub.answers("message/send", (status, {"Location": f"{stub.url}/elsewhere"}, b""))
    failure = failing(client)
    assert (failure.temporary, failure.unknown) == (True, False), "held until it is mended"
    assert stub.counted()["message/send"] == sum(stub.counted().values()) - 1


def test_too_many_requests_is_temporary(client: WeComClient, stub: Stub) -> None:
    stub.answers("message/send", (429, JSON, b""))
    failure = failing(client)
    assert (failure.temporary, failure.unknown) == (True, False)


def test_a_platform_out_of_reach_was_never_asked(shared: Shared) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        for base in (f"http://127.0.0.1:{taken.getsockname()[1]}", "http://no-such-host.invalid"):
            client = WeComClient(CORP, AGENT, SECRET, base_url=base, public_url="", tokens=shared, locks=shared)
            failure = failing(client)
            assert (failure.temporary, failure.unknown, failure.reason) == (True, False, "企业微信 gettoken：连接不上")
            client.close()


def test_a_nonsense_address_is_a_setting(shared: Shared) -> None:
    client = WeComClient(CORP, AGENT, SECRET, base_url="qyapi", public_url="", tokens=shared, locks=shared)
    assert failing(client).temporary, "held until it is mended"
    client.close()


@pytest.mark.parametrize(
    "answer", [{**OK, "invaliduser": "lisi|zhangsan"}, {"errcode": 81013, "errmsg": "x", "invaliduser": "zhangsan"}]
)
def test_somebody_who_left_is_said_so(client: WeComClient, stub: Stub, answer: dict[str, Any]) -> None:
    stub.answers("message/send", answer)
    failure = failing(client)
    assert (failure.code, failure.temporary, failure.unknown) == (81013, False, False)
    assert "不在应用可见范围或已离职" in failure.reason


def test_others_being_out_of_range_does_not_matter(client: WeComClient, stub: Stub) -> None:
    stub.answers("message/send", {**OK, "msgid": "m1", "invaliduser": "lisi"})
    assert client.send("ZhangSan", HELLO, card_id="card-1", again=False).platform_id == "m1"
    stub.answers("message/send", {**OK, "invaliduser": "zhangsan"})
    with pytest.raises(DeliveryFailed):
        client.send("ZhangSan", HELLO, card_id="card-1", again=False)


@pytest.mark.parametrize("user_id", ["", "@all", "a|b", "张三", "a b", "x" * 65])
def test_a_receiver_is_one_person(client: WeComClient, stub: Stub, user_id: str) -> None:
    with pytest.raises(DeliveryFailed):
        client.send(user_id, HELLO, card_id="card-1", again=False)
    assert stub.calls == []


def test_a_long_text_goes_out_in_order_one_after_the_other(client: WeComClient, stub: Stub) -> None:
    long = Card(title="报告", text="".join(f"{n}. 杭州某某科技，本周应回访。\n" for n in range(150)))
    client.send("zhangsan", long, card_id="card-1", again=False)
    parts = [body["text"]["content"] for body in stub.sent()]
    assert len(parts) == 4
    assert all(len(part.encode()) <= 2048 for part in parts)
    assert "".join(parts) == long.as_text()


def test_when_a_part_fails_the_next_try_lets_the_platform_drop_the_others(client: WeComClient, stub: Stub) -> None:
    long = Card(title="报告", text="本周应回访。\n" * 150)
    stub.answers("message/send", OK, {"errcode": 45009, "errmsg": "x"})
    failure = failing(client, card=long)
    assert (failure.temporary, failure.unknown, failure.code) == (True, True, 45009)
    assert "前 1 条已送达" in failure.reason
    stub.answers("message/send", OK)
    client.send("zhangsan", long, card_id="card-1", again=True)
    first, _, again, rest = stub.sent()
    assert first["text"] == again["text"]
    assert again["enable_duplicate_check"] == rest["enable_duplicate_check"] == 1


def test_a_card_the_platform_refuses_is_said_in_text(client: WeComClient, stub: Stub) -> None:
    stub.answers("message/send", {"errcode": 42031, "errmsg": "x"}, {**OK, "msgid": "m1"})
    receipt = client.send("zhangsan", TAPPED, card_id="card-1", again=False)
    assert receipt == Receipt(platform_id="m1")
    assert stub.sent()[-1]["text"]["content"] == "认领\n也可以：认领"


def test_a_card_we_find_fault_with_is_said_in_text(
    client: WeComClient, stub: Stub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.channels.wecom.client.check", lambda message: ["button_list: 7 entries, 1 to 6"])
    client.send("zhangsan", TAPPED, card_id="card-1", again=False)
    assert [body["msgtype"] for body in stub.sent()] == ["text"]
    assert "7 entries" in caplog.text


def test_an_update_replaces_the_card(client: WeComClient, stub: Stub) -> None:
    client.update("zhangsan", Card(title="认领", settled="已认领"), response_code="rc1")
    (body,) = stub.sent("message/update_template_card")
    assert (body["userids"], body["agentid"], body["response_code"]) == (["zhangsan"], AGENT, "rc1")
    assert body["template_card"]["replace_text"] == "已认领"
    assert stub.counted()["message/send"] == 0


def test_an_updates_overflow_follows_as_text(client: WeComClient, stub: Stub) -> None:
    client.update("zhangsan", Card(title="认领", text="很长。" * 90, settled="已认领"), response_code="rc1")
    assert [call.api for call in stub.calls][1:] == ["message/update_template_card", "message/send"]


@pytest.mark.parametrize("code", [60140, 42015, 42016, 42045])
def test_a_card_out_of_reach_is_said_so(client: WeComClient, stub: Stub, code: int) -> None:
    stub.answers("message/update_template_card", {"errcode": code, "errmsg": "x"})
    with pytest.raises(CardOutOfReach) as caught:
        client.update("zhangsan", HELLO, response_code="rc1")
    assert caught.value.code == code
    stub.answers("message/update_template_card", {**OK, "invaliduser": ["zhangsan"]})
    with pytest.raises(DeliveryFailed, match="已离职"):
        client.update("zhangsan", HELLO, response_code="rc1")
    stub.answers("message/update_template_card", {"errcode": -1, "errmsg": "x"})
    with pytest.raises(DeliveryFailed) as busy:
        client.update("zhangsan", HELLO, response_code="rc1")
    assert not isinstance(busy.value, CardOutOfReach)


def test_a_chinese_file_name_travels_as_it_is(client: WeComClient, stub: Stub) -> None:
    stub.answers("media/upload", {**OK, "media_id": "media-1", "created_at": "1760000000"})
    receipt = client.send_file("zhangsan", '../报价"单":2026.xlsx', b"PK\x03\x04\r\n--x" * 10)
    upload = next(call for call in stub.calls if call.api == "media/upload")
    head, _, rest = upload.body.partition(b"\r\n\r\n")
    assert 'filename="_报价_单__2026.xlsx"; filelength=90'.encode() in head
    assert b"filename*" not in head
    assert rest.startswith(b"PK\x03\x04")
    assert upload.query["type"] == "file"
    assert stub.sent()[-1]["file"] == {"media_id": "media-1"}
    assert receipt.platform_id


def test_sizes_are_checked_before_the_upload(client: WeComClient, stub: Stub) -> None:
    for kind, content in (("file", b"12345"), ("voice", b"x" * (2 * 2**20 + 1)), ("archive", b"x" * 100)):
        with pytest.raises(DeliveryFailed):
            client.upload(kind, "a", content)
    assert stub.calls == []
    stub.answers("media/upload", OK)
    with pytest.raises(DeliveryFailed) as caught:
        client.upload("image", "a.png", b"x" * 100)
    assert caught.value.temporary


def test_a_file_is_fetched_with_its_name(client: WeComClient, stub: Stub) -> None:
    disposition = 'attachment; filename="合同.pdf"'.encode().decode("latin-1")
    headers = {"Content-Type": "application/pdf", "Content-Disposition": disposition}
    stub.answers("media/get", (200, headers, b'{"errcode":1}%PDF'))
    file = client.download("media-1")
    assert (file.name, file.content_type, file.content) == ("合同.pdf", "application/pdf", b'{"errcode":1}%PDF')
    stub.answers("media/get", {"errcode": 40007, "errmsg": "invalid media_id"})
    with pytest.raises(DeliveryFailed) as caught:
        client.download("media-1")
    assert (caught.value.code, caught.value.temporary) == (40007, False)
    stub.answers("media/get", OK)
    with pytest.raises(DeliveryFailed):
        client.download("media-1")


def test_the_menu_is_checked_and_created(client: WeComClient, stub: Stub) -> None:
    more = MenuEntry(label="更多", entries=(MenuEntry(label="看板", url="https://crm.example.com"),))
    client.create_menu((MenuEntry(label="今日待办", key="今天"), more))
    call = stub.calls[-1]
    assert (call.api, call.query["agentid"]) == ("menu/create", str(AGENT))
    assert json.loads(call.body)["button"][0] == {"type": "click", "name": "今日待办", "key": "今天"}
    wrong = [(), (more,) * 4, (MenuEntry(label="六个汉字太长", key="k"),), (MenuEntry(label="空"),)]
    for entries in (*wrong, (MenuEntry(label="多", entries=(more,) * 6),)):
        with pytest.raises(ValueError, match=r"菜单|多"):
            client.create_menu(entries)


def test_about_the_app(client: WeComClient, stub: Stub) -> None:
    stub.answers("agent/get", {**OK, "agentid": AGENT, "close": 0})
    assert client.about()["agentid"] == AGENT


def test_no_secret_reaches_a_log_or_another_host(
    client: WeComClient, stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.send("zhangsan", HELLO, card_id="card-1", again=False)
        stub.answers("message/send", "reset")
        failing(client)
    assert "message/send" in caplog.text
    assert not any(secret in caplog.text for secret in (SECRET, "corpsecret", "-of-the-stub"))
    assert SECRET not in repr(client) + repr(client.api)
    with pytest.raises(DeliveryFailed):
        client.api.get("https://example.com/collect")


def test_connections_are_kept_and_given_back(client: WeComClient, stub: Stub) -> None:
    for number in range(20):
        client.send("zhangsan", HELLO, card_id=f"card-{number}", again=False)
    client.close()
    gc.collect()


def test_an_upload_is_used_again_until_the_platform_has_forgotten_it(client: WeComClient, stub: Stub) -> None:
    media = ({**OK, "media_id": f"media-{number}"} for number in (1, 2))
    stub.answers("media/upload", *media)
    assert client.send_file("zhangsan", "报价.pdf", b"%PDF-1.7 x").calls == 2
    assert client.send_file("zhangsan", "报价.pdf", b"%PDF-1.7 x").calls == 1
    stub.answers("message/send", {"errcode": 40007, "errmsg": "invalid media_id"}, {**OK, "msgid": "m9"})
    assert client.send_file("zhangsan", "报价.pdf", b"%PDF-1.7 x").platform_id == "m9"
    assert [sent["file"]["media_id"] for sent in stub.sent()] == ["media-1", "media-1", "media-1", "media-2"]
    stub.answers("message/send", {"errcode": 40007, "errmsg": "invalid media_id"})
    stub.answers("media/upload", {**OK, "media_id": "media-3"})
    with pytest.raises(DeliveryFailed):
        client.send_file("zhangsan", "报价.pdf", b"%PDF-1.7 x")


def test_a_picture_is_shown_and_another_file_is_a_file(client: WeComClient, stub: Stub) -> None:
    stub.answers("media/upload", {**OK, "media_id": "media-1"})
    client.send_file("zhangsan", "图.png", b"\x89PNG\r\n\x1a\n" + b"x" * 50)
    client.send_file("zhangsan", "不是图.png", b"GIF89a" + b"x" * 50)
    assert [sent["msgtype"] for sent in stub.sent()] == ["image", "file"]
