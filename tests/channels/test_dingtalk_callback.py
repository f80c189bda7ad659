"""The three addresses: what is genuine is read, everything else gets one and the same answer."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.base import REFUSED, Request
from bot.channels.dingtalk.bodies import LARGEST_BODY
from bot.channels.dingtalk.crypto import card_sign, robot_sign
from bot.event import EventKind

from .dingtalk_pushes import (
    CLIENT,
    CORP,
    NOW,
    SECRET,
    STAMP,
    a_message,
    a_press,
    channel,
    opened,
    posted,
    to_card,
    to_event,
    to_robot,
)

LEFT = {"EventType": "user_leave_org", "CorpId": CORP, "eventId": "e1", "timeStamp": STAMP, "userId": ["user_Li"]}
GENUINE: dict[str, Callable[[], Request]] = {
    "robot": lambda: to_robot(a_message()),
    "card": lambda: to_card(a_press()),
    "event": lambda: to_event(LEFT),
}


def read(request: Request, address: str, **changes: Any) -> Any:
    return channel(**changes).callbacks[address].read(request)


def refused(request: Request, address: str, **changes: Any) -> bool:
    return read(request, address, **changes) is REFUSED


def test_a_message_is_read_and_answered_with_nothing_to_say() -> None:
    reading = read(to_robot(a_message()), "robot")
    assert (reading.status, reading.content_type) == (200, "application/json; charset=utf-8")
    assert json.loads(reading.body) == {"msgtype": "empty"}
    (event,) = reading.events
    assert (event.kind, event.user_id, event.text) == (EventKind.TEXT, "user_Li", "领取 L1")


def test_a_press_is_read_and_changes_nothing_yet() -> None:
    reading = read(to_card(a_press()), "card")
    assert (reading.status, reading.body) == (200, b"{}")
    (event,) = reading.events
    assert (event.kind, event.action, event.values) == (EventKind.TAP, "lead.claim", {"lead": "12"})


def test_a_press_may_be_signed_as_the_robots_messages_are() -> None:
    headers = {"timestamp": STAMP, "sign": robot_sign(SECRET, STAMP)}
    assert read(posted(a_press(), headers), "card").events
    for wrong in ({}, {**headers, "sign": ""}, {**headers, "x-ddpaas-signature": "x"}):
        assert refused(posted(a_press(), wrong), "card")


def test_an_event_is_read_and_answered_with_sealed_success() -> None:
    reading = read(to_event(LEFT), "event")
    assert opened(reading.body) == "success"
    (event,) = reading.events
    assert (event.kind, event.fields["change_type"], event.fields["user_id"]) == (
        EventKind.DIRECTORY,
        "delete_user",
        "user_Li",
    )


def test_the_check_of_the_address_is_answered_and_leaves_nothing() -> None:
    reading = read(to_event({"EventType": "check_url"}), "event")
    assert (opened(reading.body), reading.events) == ("success", ())


def test_names_of_the_query_differ_with_the_age_of_the_sender() -> None:
    for renamed in ({"msg_signature": "signature"}, {"timestamp": "timeStamp"}):
        assert read(to_event(LEFT, **renamed), "event").events


def test_without_keys_there_is_no_address_for_events() -> None:
    assert set(channel(keys=None).callbacks) == {"robot", "card"}


@pytest.mark.parametrize("address", GENUINE)
@pytest.mark.parametrize("off", [timedelta(hours=1, seconds=1), timedelta(hours=-1, seconds=-1), timedelta(days=400)])
def test_stale_and_future_pushes_are_refused(address: str, off: timedelta) -> None:
    genuine = GENUINE[address]()
    assert read(genuine, address, now=lambda: NOW + timedelta(minutes=59)).events
    assert refused(genuine, address, now=lambda: NOW + off)


@pytest.mark.parametrize("address", GENUINE)
def test_without_its_proof_nothing_is_read(address: str) -> None:
    genuine = GENUINE[address]()
    assert refused(replace(genuine, headers={}, args={}), address)
    for name in genuine.headers:
        assert refused(replace(genuine, headers={**genuine.headers, name: "0"}), address)
    for name in genuine.args:
        assert refused(replace(genuine, args={**genuine.args, name: "0"}), address)
    for method in ("GET", "PUT", "HEAD"):
        assert refused(replace(genuine, method=method), address)


def test_another_apps_secret_opens_no_door() -> None:
    assert refused(to_robot(a_message(), secret="another"), "robot")
    headers = {"x-ddpaas-signature-timestamp": STAMP, "x-ddpaas-signature": card_sign("another", STAMP)}
    assert refused(posted(a_press(), headers), "card")
    assert refused(to_event(LEFT, owner="dinganotherapp001"), "event")
    assert refused(to_event(LEFT, owner=CORP), "event")


def test_a_push_for_another_robot_or_company_is_refused() -> None:
    assert refused(to_robot(a_message(robotCode="dinganotherapp001")), "robot")
    assert refused(to_robot(a_message(chatbotCorpId="dinganothercorp")), "robot")
    assert refused(to_card(a_press(corpId="dinganothercorp")), "card")
    assert refused(to_event({**LEFT, "CorpId": "dinganothercorp"}), "event")
    assert read(to_robot(a_message(robotCode=None, chatbotCorpId=None)), "robot").events
    assert read(to_robot(a_message(chatbotCorpId="dinganothercorp", senderCorpId=None)), "robot", corp_id="").events
    assert read(to_robot(a_message(robotCode="scene")), "robot", robot_code="scene").events


@pytest.mark.parametrize("address", GENUINE)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[]",
        b'"text"',
        b"null",
        b"{",
        b"{}",
        b"\xff\xfe{}",
        b'{"msgId": NaN}',
        b"[" * 30_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"createAt": ' + b"9" * 5000 + b"}",
        b'{"msgId": 1e999, "senderStaffId": "x"}',
    ],
    ids=range(13),
)
def test_a_body_that_is_none_of_theirs_is_refused(address: str, body: bytes) -> None:
    assert refused(replace(GENUINE[address](), body=body), address)
    assert refused(to_event(body.decode("utf-8", "replace") or " "), "event")


@pytest.mark.parametrize("address", GENUINE)
def test_huge_bodies_are_refused(address: str) -> None:
    genuine = GENUINE[address]()
    assert refused(replace(genuine, body=genuine.body + b" " * LARGEST_BODY), address)
    assert read(replace(genuine, body=genuine.body + b" " * 1000), address).events


def test_what_no_database_keeps_is_replaced() -> None:
    body = json.dumps(a_message(senderNick="李\x00雷", text={"content": "a\ud800b😀"})).encode()
    (event,) = read(replace(to_robot({}), body=body), "robot").events
    assert (event.text, event.fields["nick"]) == ("a�b😀", "李�雷")


def test_thousands_of_mutations_never_raise_and_only_whole_objects_pass() -> None:
    dice = random.Random(20260101)
    callbacks = channel().callbacks
    strange = [None, True, 0, -1, 1.5, "", "x", [], {}, [[]], {"a": {}}, "\x00", "九", [1, "a", None], 10**30]
    for _ in range(3000):
        body = a_message() if dice.random() < 0.5 else a_press()
        for _ in range(dice.randrange(1, 4)):
            name = dice.choice([*body, "content", "text", "errCode", "atUsers", "quoteMessage", "EventType", "userId"])
            body[name] = dice.choice(strange)
        assert callbacks["robot"].read(to_robot(body)).status in (200, 403)
        assert callbacks["card"].read(to_card(body)).status in (200, 403)
    for _ in range(500):
        report = {**LEFT, dice.choice([*LEFT, "deptId", "USERID", "biz_type"]): dice.choice(strange)}
        assert callbacks["event"].read(to_event(report)).status in (200, 403)


def test_flipped_bits_of_a_sealed_event_are_refused() -> None:
    dice = random.Random(7)
    genuine = to_event(LEFT)
    callback = channel().callbacks["event"]
    for _ in range(1500):
        body = bytearray(genuine.body)
        at = dice.randrange(13, len(body) - 2)
        body[at] ^= 1 << dice.randrange(7)
        assert callback.read(replace(genuine, body=bytes(body))) is REFUSED


def present() -> str:
    """When the platform signs what it sends now."""
    return str(int(datetime.now(UTC).timestamp() * 1000))


def test_the_program_finds_each_reader_by_its_address(tmp_path: Any) -> None:
    from bot.bootstrap import build
    from bot.settings import Settings

    told = {"dingtalk_client_id": CLIENT, "dingtalk_client_secret": SECRET, "data": tmp_path}
    for more, addresses in (
        ({}, {"dingtalk/robot", "dingtalk/card"}),
        (
            {"dingtalk_token": "mryue", "dingtalk_aes_key": "a" * 43},
            {"dingtalk/robot", "dingtalk/card", "dingtalk/event"},
        ),
    ):
        program = build(Settings(**told, **more, _env_file=None), clock=lambda: NOW)
        assert set(program.callbacks) == addresses
        (event,) = program.callbacks["dingtalk/robot"].read(to_robot(a_message(), stamp=present())).events
        assert "oapi" not in str(event.as_json())
        program.close()
