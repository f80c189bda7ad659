"""The Stream connection: kept before answered, replaced before missed, never in a hurry where it is not wanted."""

import asyncio
import json
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.bootstrap import build
from bot.channels.dingtalk.channel import REMEMBERED, heartbeat, is_streaming
from bot.channels.dingtalk.events import message_of
from bot.channels.dingtalk.frames import Frame, Frames
from bot.channels.dingtalk.keeper import Keeper
from bot.channels.dingtalk.stream import Pauses, Stream, Timing
from bot.channels.dingtalk.taps import Clicks
from bot.event import Event, EventKind
from bot.settings import Settings
from storage import tables
from storage.migrate import upgrade

from .conftest import Shared
from .dingtalk_pushes import CLIENT, NOW, SECRET, a_message, a_press, channel
from .dingtalk_stub import StreamStub, until

ROBOT = channel(corp_id="").robot
QUICK = Timing(first_pause=0.02, longest_pause=0.1, refused=60, watch=0.05, beat=0.1, farewell=1)


class Inbox:
    """Keeps in memory, dropping known keys; a test closes its door or has it fail."""

    def __init__(self) -> None:
        self.events: dict[str, Event] = {}
        self.door = threading.Event()
        self.door.set()
        self.broken = False
        self.odd: set[str] = set()
        self.calls = 0

    def keep(self, events: Sequence[Event]) -> None:
        self.calls += 1
        assert self.door.wait(10)
        if self.broken or any(event.key in self.odd for event in events):
            raise ConnectionError("no database")
        for event in events:
            self.events.setdefault(event.key, event)

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events.values()]


@pytest.fixture
def stub() -> Iterator[StreamStub]:
    made = StreamStub()
    yield made
    made.close()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def shared() -> Shared:
    return Shared()


class Wall:
    """A clock on the wall that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def stream(stub: StreamStub, inbox: Inbox, shared: Shared, wall: Wall) -> Iterator[Any]:
    """Start a stream with some timing changed; all are stopped at the end."""
    running: list[Stream] = []

    def start(**timing: float) -> Stream:
        made = Stream(
            client_id=CLIENT,
            client_secret=SECRET,
            api_base=stub.url,
            frames=Frames(ROBOT, Clicks(), lambda: NOW),
            keep=inbox.keep,
            tokens=shared,
            timing=replace(QUICK, **timing),
            wall=wall,
        )
        made.start()
        running.append(made)
        return made

    yield start
    inbox.door.set()
    for one in running:
        one.stop()
        assert not one._thread.is_alive()


def test_it_asks_for_robot_messages_presses_and_events_and_connects_with_the_ticket(
    stub: StreamStub, stream: Any
) -> None:
    stream()
    stub.socket()
    (asked,) = stub.opened
    assert (asked["path"], asked["accept"]) == ("/v1.0/gateway/connections/open", "application/json")
    assert (asked["clientId"], asked["clientSecret"]) == (CLIENT, SECRET)
    assert [(one["type"], one["topic"]) for one in asked["subscriptions"]] == [
        ("EVENT", "*"),
        ("CALLBACK", "/v1.0/im/bot/messages/get"),
        ("CALLBACK", "/v1.0/card/instances/callback"),
    ]


def test_a_message_is_answered_only_after_it_is_kept_and_pings_do_not_wait_for_it(
    stub: StreamStub, stream: Any, inbox: Inbox
) -> None:
    stream()
    inbox.door.clear()
    socket = stub.socket()
    socket.push(a_message(), number="f1")
    until(lambda: inbox.calls)
    socket.ping("o1")
    until(lambda: socket.answered("ping-o1"))
    assert socket.answered("f1") is None
    assert inbox.events == {}
    inbox.door.set()
    until(lambda: socket.answered("f1"))
    assert inbox.texts == ["领取 L1"]
    assert socket.answered("ping-o1") == {
        "code": 200,
        "headers": {"messageId": "ping-o1", "contentType": "application/json"},
        "message": "OK",
        "data": '{"opaque": "o1"}',
    }
    assert json.loads(socket.answered("f1")["data"]) == {"response": None}


def test_messages_keep_their_order_and_share_commits(stub: StreamStub, stream: Any, inbox: Inbox) -> None:
    stream()
    inbox.door.clear()
    socket = stub.socket()
    for number in range(150):
        socket.push(a_message(msgId=f"m{number}", text={"content": f"第{number}句"}), number=f"f{number}")
    inbox.door.set()
    until(lambda: len(socket.answers) == 150)
    assert inbox.texts == [f"第{number}句" for number in range(150)]
    assert inbox.calls < 150


def test_presses_and_events_come_the_same_way(stub: StreamStub, stream: Any, inbox: Inbox) -> None:
    stream()
    socket = stub.socket()
    socket.press(a_press(), "f1")
    socket.report("user_leave_org", {"timeStamp": "1767225600000", "userId": ["a", "b"]}, "f2")
    until(lambda: socket.answered("f1") and socket.answered("f2"))
    assert json.loads(socket.answered("f1")["data"]) == {"response": {}}
    assert json.loads(socket.answered("f2")["data"])["status"] == "SUCCESS"
    assert [event.kind for event in inbox.events.values()] == [
        EventKind.TAP,
        EventKind.DIRECTORY,
        EventKind.DIRECTORY,
    ]


def test_before_the_platform_closes_a_connection_another_one_stands(
    stub: StreamStub, stream: Any, inbox: Inbox
) -> None:
    stream()
    old = stub.socket()
    old.disconnect()
    new = stub.socket(1)
    assert not old.closed.is_set()
    old.push(a_message(msgId="late"), number="late")
    new.push(a_message(msgId="early"), number="early")
    until(lambda: old.answered("late") and new.answered("early"))
    assert {key.rpartition(":")[2] for key in inbox.events} == {"late", "early"}
    until(old.closed.is_set)
    assert not new.closed.is_set()
    assert old.answered("bye") is None


def test_what_is_being_kept_when_a_connection_goes_is_answered_on_that_one_or_not_at_all(
    stub: StreamStub, stream: Any, inbox: Inbox
) -> None:
    stream()
    inbox.door.clear()
    old = stub.socket()
    old.push(a_message(), number="f1")
    until(lambda: inbox.calls)
    old.reset()
    new = stub.socket(1)
    inbox.door.set()
    new.push(a_message(), number="f2")
    until(lambda: new.answered("f2"))
    assert len(inbox.events) == 1
    assert [one["headers"]["messageId"] for one in new.answers] == ["f2"]


def test_a_connection_that_has_gone_quiet_is_replaced(stub: StreamStub, stream: Any, inbox: Inbox) -> None:
    stream(silence=0.3)
    quiet = stub.socket()
    new = stub.socket(1)
    until(quiet.closed.is_set)
    new.push(a_message(), number="f1")
    until(lambda: new.answered("f1"))


def test_after_the_machine_has_slept_the_connection_is_made_anew(stub: StreamStub, stream: Any, wall: Wall) -> None:
    stream(farewell=0.1)
    old = stub.socket()
    wall.now += 3600
    stub.socket(1)
    until(old.closed.is_set)


def test_a_clock_that_is_set_back_is_no_sleep(stub: StreamStub, stream: Any, wall: Wall, inbox: Inbox) -> None:
    stream()
    socket = stub.socket()
    wall.now -= 3600
    threading.Event().wait(0.3)
    socket.push(a_message(), number="f1")
    until(lambda: socket.answered("f1"))
    assert len(stub.sockets) == 1


@pytest.mark.parametrize("how", ["reset", "close"])
def test_a_lost_connection_is_made_anew(stub: StreamStub, stream: Any, how: str) -> None:
    stream()
    for number in range(4):
        socket = stub.socket(number)
        socket.reset() if how == "reset" else socket.connection.close()
    stub.socket(4)


def test_while_the_platform_is_down_it_is_tried_again(stub: StreamStub, stream: Any) -> None:
    stub.statuses.extend([503, 500, 504])
    stream()
    stub.socket()
    assert len(stub.opened) == 4


def test_a_used_ticket_costs_one_more_question(stub: StreamStub, stream: Any) -> None:
    stub.spoilt = 2
    stream()
    stub.socket()
    assert len(stub.opened) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429])
def test_who_is_refused_does_not_insist_and_tells_the_operator_why(
    stub: StreamStub, stream: Any, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    stub.statuses.extend([status] * 50)
    with caplog.at_level(logging.ERROR):
        running = stream()
        until(lambda: "DINGTALK_CLIENT_SECRET" in caplog.text)
    threading.Event().wait(0.5)
    assert len(stub.opened) == 1
    assert f"HTTP {status}, invalidClientIdOrSecret" in caplog.text
    assert SECRET not in caplog.text
    assert not running.healthy


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1/", "ftp://x", "", "wss://[", "ws://127.0.0.1:1/connect"])
def test_an_endpoint_that_is_none_is_only_a_failure(
    stub: StreamStub, stream: Any, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StreamStub, "endpoint", endpoint)
    stream()
    until(lambda: len(stub.opened) >= 3)


def test_no_secret_or_ticket_is_logged(
    stub: StreamStub, stream: Any, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        stub.spoilt = 1
        stream()
        socket = stub.socket()
        socket.push(a_message(text={"content": "机密内容"}), number="f1")
        until(lambda: socket.answered("f1"))
        socket.disconnect()
        stub.socket(1)
    ours = [record for record in caplog.records if not record.name.startswith("websockets")]
    said = "\n".join(record.getMessage() for record in ours)
    assert "the stream is connected" in said
    for secret in (SECRET, "ticket", "机密内容", "sendBySession"):
        assert secret not in said


def test_pauses_grow_from_one_second_to_a_minute_and_begin_anew_after_health() -> None:
    pauses = Pauses(Timing())
    for expected in (1, 2, 4, 8, 16, 32, 60, 60):
        assert expected / 2 <= pauses.after_failure() <= expected
    assert 30 <= pauses.after_life(59, dropped=False) <= 60
    assert pauses.after_life(61, dropped=False) == 0
    assert 1 <= pauses.after_life(1, dropped=False) <= 2
    assert 0.5 <= pauses.after_life(100, dropped=True) <= 1
    for expected in (60, 120, 240, 480, 600, 600):
        assert expected / 2 <= pauses.after_refusal() <= expected


# ── when the inbox cannot be reached ──


def test_what_cannot_be_kept_is_not_acknowledged_and_kept_when_it_can_be(
    stub: StreamStub, stream: Any, inbox: Inbox
) -> None:
    inbox.broken = True
    stream()
    socket = stub.socket()
    socket.push(a_message(), number="f1")
    socket.press(a_press(), "f2")
    socket.report("user_leave_org", {"userId": ["a"]}, "f3")
    until(lambda: socket.answered("f3"))
    assert json.loads(socket.answered("f3")["data"])["status"] == "LATER"
    until(lambda: inbox.calls > 8)
    assert socket.answered("f1") is socket.answered("f2") is None
    inbox.broken = False
    until(lambda: socket.answered("f1") and socket.answered("f2"))
    assert [event.kind for event in inbox.events.values()] == [EventKind.TEXT, EventKind.TAP]


def test_one_odd_event_does_not_keep_the_others_waiting(stub: StreamStub, stream: Any, inbox: Inbox) -> None:
    inbox.odd.add(f"{CLIENT}:m3")
    stream(patience=1)
    inbox.door.clear()
    socket = stub.socket()
    for number in range(8):
        socket.push(a_message(msgId=f"m{number}"), number=f"f{number}")
    inbox.door.set()
    until(lambda: len(socket.answers) == 7)
    assert socket.answered("f3") is None
    assert len(inbox.events) == 7


def test_one_answer_that_cannot_be_sent_costs_the_others_nothing() -> None:
    answered: list[str] = []

    class Line:
        async def answer(self, text: str) -> None:
            if "broken" in text:
                raise RuntimeError("a bug")
            answered.append(text)

    async def keep_three() -> None:
        keeper = Keeper(lambda _: None)
        for text in ("one", "broken", "three"):
            await keeper.take(Line(), Frame(topic="robot", answer=text, events=(said,)))
        keeper.finish()
        await keeper.run()

    said = message_of(a_message(), ROBOT, NOW)
    asyncio.run(keep_three())
    assert answered == ["one", "three"]


def test_more_than_there_is_room_for_is_left_to_be_pushed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.dingtalk.keeper.MOST_WAITING", 2)
    answered: list[str] = []
    kept: list[Event] = []

    class Line:
        async def answer(self, text: str) -> None:
            answered.append(text)

    async def keep_four() -> None:
        keeper = Keeper(kept.extend)
        for number in range(4):
            event = message_of(a_message(msgId=f"m{number}"), ROBOT, NOW)
            await keeper.take(Line(), Frame(topic="event", answer=f"{number}", otherwise="LATER", events=(event,)))
        keeper.finish()
        await keeper.run()

    asyncio.run(keep_four())
    assert answered == ["LATER", "LATER", "0", "1"]
    assert len(kept) == 2


# ── frames nobody promised ──


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", None),
        ("half a fra", None),
        (b"\xff\xfe", None),
        ("[]", None),
        ("{}", None),
        ('{"type":"SYSTEM","headers":[]}', None),
        ('{"type":"SYSTEM","headers":{"messageId":7}}', None),
        ('{"type":"CALLBACK","headers":{"messageId":"x"}}', 404),
        ('{"type":"HOLOGRAM","headers":{"messageId":"x"},"data":"{}"}', 404),
        ('{"type":"CALLBACK","headers":{"messageId":"x","topic":"/v1.0/graph/api/invoke"},"data":"{}"}', 404),
        ('{"type":"CALLBACK","headers":{"messageId":"x","topic":"/v1.0/im/bot/messages/get"},"data":"{\\"a"}', 400),
        ('{"type":"CALLBACK","headers":{"messageId":"x","topic":"/v1.0/im/bot/messages/get"},"data":"[]"}', 400),
        ('{"type":"CALLBACK","headers":{"messageId":"x","topic":"/v1.0/im/bot/messages/get"},"data":{"a":1}}', 400),
        ('{"type":"CALLBACK","headers":{"messageId":"x","topic":["a"]},"data":"{}"}', 404),
        ('{"type":"EVENT","headers":{"messageId":"x"},"data":"{}"}', 400),
        ('{"type":"EVENT","headers":{"messageId":"x","eventType":["a"]},"data":"{}"}', 400),
        ('{"type":"SYSTEM","headers":{"messageId":"x","topic":"CONNECTED","time":"noon"},"data":"{}"}', 200),
        ('{"type":"SYSTEM","headers":{"messageId":"x","topic":"KEEPALIVE","time":12}}', 200),
        ('{"type":"SYSTEM","headers":{"messageId":"x"},"data":"{\\"any\\":1}"}', 200),
        ('{"type":"SYSTEM","headers":{"messageId":"x"},"data":"{"}', 400),
    ],
)
def test_a_frame_that_nobody_understands_is_answered_as_such(frame: str | bytes, code: int | None) -> None:
    read = Frames(ROBOT, Clicks(), lambda: NOW).read(frame)
    assert (read.events, read.leaving) == ((), False)
    assert (json.loads(read.answer)["code"] if read.answer else None) == code


def test_garbage_costs_neither_the_connection_nor_the_next_message(stub: StreamStub, stream: Any, inbox: Inbox) -> None:
    stream()
    socket = stub.socket()
    for garbage in ("", "{", b"\x00\xff", "null", "[" * 5000, '{"headers":{"messageId":"x"},"type":"x"}'):
        socket.raw(garbage)
    socket.push(a_message(), number="f1", time=1767225600756)
    socket.push(a_message(msgId="m2", robotCode="dinganother"), number="f2")
    until(lambda: socket.answered("f1") and socket.answered("f2"))
    assert socket.answered("f2")["code"] == 400
    assert len(inbox.events) == 1
    assert len(stub.sockets) == 1


def test_events_without_headers_of_their_own_are_read_from_their_data() -> None:
    frame = {
        "type": "EVENT",
        "headers": {"messageId": "x"},
        "data": json.dumps({"EventType": "user_leave_org", "UserId": ["a"]}),
    }
    (event,) = Frames(ROBOT, Clicks(), lambda: NOW).read(json.dumps(frame)).events
    assert event.fields["user_id"] == "a"


# ── heartbeat and end ──


def test_other_processes_see_that_there_is_a_stream_and_an_outage_changes_nothing(
    stub: StreamStub, stream: Any, shared: Shared
) -> None:
    running = stream()
    stub.socket()
    until(lambda: is_streaming(shared, CLIENT))
    assert running.healthy
    assert not is_streaming(shared, "dinganother")
    running.stop()
    assert not running.healthy
    assert is_streaming(shared, CLIENT)
    assert shared.lives[heartbeat(CLIENT)] == REMEMBERED


def test_a_stop_finishes_what_is_being_kept_and_closes(stub: StreamStub, stream: Any, inbox: Inbox) -> None:
    running = stream()
    inbox.door.clear()
    socket = stub.socket()
    socket.push(a_message(), number="f1")
    until(lambda: inbox.calls)
    stopping = threading.Thread(target=running.stop)
    stopping.start()
    threading.Event().wait(0.1)
    assert socket.answered("f1") is None
    inbox.door.set()
    stopping.join(15)
    until(lambda: socket.answered("f1") is not None)
    until(socket.closed.is_set)


def test_a_stop_does_not_wait_for_a_pause(stub: StreamStub, stream: Any) -> None:
    stub.statuses.extend([400] * 5)
    running = stream(refused=3600, longest_refused=3600)
    until(lambda: stub.opened)
    running.stop()
    assert not running._thread.is_alive()


# ── with the real inbox ──


def test_the_same_message_over_two_connections_and_http_is_kept_once(stub: StreamStub, tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'liaodan.db'}",
        data=tmp_path,
        dingtalk_client_id=CLIENT,
        dingtalk_client_secret=SECRET,
        dingtalk_api_base=stub.url,
        _env_file=None,
    )
    program = build(settings)
    upgrade(program.engine)
    running = program.stream()
    running.start()
    old = stub.socket()
    old.push(a_message(), number="f1")
    old.push(a_message(), number="f2")
    old.disconnect()
    new = stub.socket(1)
    new.push(a_message(), number="f3")
    until(lambda: old.answered("f1") and old.answered("f2") and new.answered("f3"))
    until(lambda: is_streaming(program.tokens, CLIENT))
    with program.engine.connect() as connection:
        kept = connection.scalar(select(func.count()).select_from(tables.inbox))
        seen = str(connection.execute(select(tables.inbox.c.event)).all())
    assert kept == 1
    assert "sendBySession" not in seen
    running.stop()
    program.close()


def test_stream_needs_the_channels_settings(tmp_path: Path) -> None:
    program = build(Settings(database_url="sqlite://", data=tmp_path, _env_file=None))
    with pytest.raises(ValueError, match="DINGTALK_CLIENT_ID"):
        program.stream()
    program.close()
