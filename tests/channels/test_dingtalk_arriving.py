"""The receiving half against the emulated platform, which shares no code with it: over HTTP, Stream, amid faults."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.bootstrap import build
from bot.cards.card import Button, Card
from bot.channels.dingtalk.channel import is_streaming
from bot.channels.dingtalk.frames import Frames
from bot.channels.dingtalk.stream import Stream, Timing
from bot.command.demo import WebServer
from bot.event import Event, EventKind
from bot.settings import Settings
from emulator.dingtalk import Group, Person, Platform
from emulator.dingtalk import Settings as PlatformSettings
from emulator.dingtalk.settings import CRM_CARD
from emulator.server import serve
from storage import tables
from tests.databases import lay_out
from tests.ports import free_port

from .dingtalk_stub import until

CLIENT, SECRET, CORP = "dingdemoappkey0001", "demo-client-secret", "ding9f50b15bccd16741"
TOKEN, AES_KEY = "mryue", "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7"
SALES = "华东销售群"
PEOPLE = (
    Person(userid="user_li", name="李雷", department="销售部"),
    Person(userid="User_Li", name="李磊", department="销售部"),
    Person(userid="user_wang", name="王芳", department="销售部"),
)
QUICK = Timing(silence=3, first_pause=0.05, longest_pause=0.3, refused=0.3, watch=0.1, beat=0.1, farewell=1)


class Company:
    """The emulated company, and our web process and Stream connection with one inbox."""

    def __init__(self, folder: Path, mode: str) -> None:
        port = free_port()
        ours = f"http://127.0.0.1:{port}/callback/dingtalk"
        self.platform = Platform(
            PlatformSettings(
                corp_id=CORP,
                client_id=CLIENT,
                client_secret=SECRET,
                token=TOKEN,
                aes_key=AES_KEY,
                people=PEOPLE,
                groups=(Group(name=SALES, members=("user_li", "user_wang")),),
                robot_mode=mode,
                event_mode=mode,
                robot_url=f"{ours}/robot",
                event_url=f"{ours}/event",
            )
        )
        switches = self.platform.switches
        switches.robot_ack_s = switches.event_stream_ack_s = 1.0
        switches.robot_redeliveries, switches.disconnect_grace_s, switches.qps_per_api = 20, 0.5, 0
        switches.event_first_retry_s = switches.event_second_retry_s = switches.robot_http_pause_s = 0.05
        self.server = serve(self.platform, "127.0.0.1", 0)
        self._chat = self.platform.app.test_client()
        self.program = build(
            Settings(
                database_url=lay_out(folder),
                redis_url="",
                data=folder,
                port=port,
                dingtalk_client_id=CLIENT,
                dingtalk_client_secret=SECRET,
                dingtalk_corp_id=CORP,
                dingtalk_token=TOKEN,
                dingtalk_aes_key=AES_KEY,
                dingtalk_card_template_id=CRM_CARD.id,
                dingtalk_api_base=self.server.url,
                dingtalk_oapi_base=self.server.url,
                _env_file=None,
            ),
            clock=self.platform.clock.now,
        )
        self.program.prepare()
        self._web = WebServer(self.program, "127.0.0.1", port)
        self.stream: Stream | None = None
        if mode == "stream":
            self.connects()

    def connects(self) -> None:
        dingtalk = self.program.dingtalk
        assert dingtalk is not None
        self.stream = Stream(
            client_id=CLIENT,
            client_secret=SECRET,
            api_base=self.server.url,
            frames=Frames(dingtalk.robot, dingtalk.clicks, self.program.clock),
            keep=self.program.keep,
            tokens=self.program.tokens,
            timing=QUICK,
        )
        self.stream.start()
        until(lambda: self.stream is not None and self.stream.healthy)
        until(lambda: is_streaming(self.program.tokens, CLIENT))

    def control(self, path: str, **body: Any) -> dict[str, Any]:
        response = self._chat.post(f"/__emu/{path}", json=body)
        assert response.status_code == 200, response.text
        told: dict[str, Any] = response.get_json()
        return told

    def fault(self, name: str, **wish: Any) -> None:
        self.control("fault", name=name, **wish)

    def says(self, text: str, **more: Any) -> Event:
        """Somebody writes; return what the inbox has got since."""
        return self.new(lambda: self.control("say", **{"userid": "user_li", "text": text, "wait": True, **more}))

    def new(self, deed: Any) -> Event:
        before = {event.key for event in self.events()}
        told = deed()
        assert told["outcome"] == "delivered", told
        (event,) = [event for event in self.events() if event.key not in before]
        return event

    def shows_card(self, card_id: str, user_id: str = "user_li", **reply_to: str) -> None:
        assert self.program.dingtalk is not None
        card = Card(
            title="新线索", text="杭州云帆", buttons=(Button(label="领取", action="lead.claim", values={"lead": "7"}),)
        )
        self.program.dingtalk.client.send(user_id, card, card_id=card_id, again=False, reply_to=reply_to)

    def clicks(self, card_id: str, user_id: str = "user_li", **more: Any) -> dict[str, Any]:
        told = {"userid": user_id, "outTrackId": card_id, "key": "lead.claim?lead=7", "wait": True, **more}
        return self.control("click", **told)

    def events(self) -> list[Event]:
        with self.program.engine.connect() as connection:
            kept = connection.scalars(select(tables.inbox.c.event).order_by(tables.inbox.c.id))
            return [Event.from_json(event) for event in kept]

    @property
    def texts(self) -> list[str]:
        return [event.text for event in self.events()]

    def wrong(self) -> list[Any]:
        """What the platform found wrong with our answers; one that came too late, or to a frame of a fault, is not."""
        return [one for one in self.platform.protocol.since() if one["error"] != "没有这个 messageId 在等应答"]

    def statuses(self, outcome: str) -> list[int]:
        return [one["status"] for one in self.platform.deliveries.since() if one["outcome"] == outcome]

    def close(self) -> None:
        if self.stream is not None:
            self.stream.stop()
        self.server.close()
        self._web.close()
        self.program.close()


@pytest.fixture(params=["stream", "http"])
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path, request.param)
    yield made
    made.close()


@pytest.fixture
def over_stream(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path, "stream")
    yield made
    made.close()
    assert made.wrong() == []


@pytest.fixture
def over_http(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path, "http")
    yield made
    made.close()


def test_what_is_said_alone_and_in_a_group_arrives(company: Company) -> None:
    event = company.says("帮助")
    assert (event.kind, event.text, event.user_id, event.group) == (EventKind.TEXT, "帮助", "user_li", "")
    assert event.reply_to["session"]
    group = company.says("@聊单 分配给 @王芳", group=SALES, at=["user_wang"])
    assert (group.text, group.fields["at_users"]) == ("分配给", [{"user_id": "user_wang"}])
    assert group.group == company.platform.conversations.group(SALES)["openConversationId"]
    assert company.says("帮助", userid="User_Li").user_id == "User_Li"


def test_voice_and_rich_text_are_words(company: Company) -> None:
    voice = company.new(lambda: company.control("voice", userid="user_li", recognition="跟进 华东机电", wait=True))
    assert (voice.kind, voice.text) == (EventKind.VOICE, "跟进 华东机电")
    parts = ["@聊单 ", "新线索 ", "苏州汇川"]
    rich = company.new(lambda: company.control("rich_text", userid="user_li", parts=parts, group=SALES, wait=True))
    assert (rich.kind, rich.text) == (EventKind.TEXT, "新线索 苏州汇川")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("msgtype_unknown", EventKind.UNREADABLE),
        ("month_quota", EventKind.UNREADABLE),
        ("quote_message", EventKind.TEXT),
        ("staff_id_empty", EventKind.TEXT),
        ("external_user", EventKind.TEXT),
    ],
)
def test_odd_messages_are_kept_as_what_they_are(company: Company, fault: str, kind: EventKind) -> None:
    company.fault(fault)
    event = company.says("帮助")
    assert event.kind is kind
    assert event.user_id == "user_li" or event.user_id.startswith("$:")
    assert ("quote" in event.fields) == (fault == "quote_message")


@pytest.mark.parametrize("fault", ["dup_push", "reorder_push", "delayed_push"])
def test_doubled_disordered_and_late_messages_are_kept_once(company: Company, fault: str) -> None:
    company.fault(fault, params={"ms": 100} if fault == "delayed_push" else {})
    told = [company.control("say", userid="user_li", text=f"第{number}句") for number in range(3)]
    until(lambda: len(company.texts) == 3)
    company.control("replay", event_id=told[0]["event_id"], wait=True)
    assert sorted(company.texts) == ["第0句", "第1句", "第2句"]


def test_a_message_has_the_same_key_over_http_and_stream(over_stream: Company) -> None:
    told = over_stream.control("say", userid="user_li", text="帮助", wait=True)
    over_stream.control("callback", robot_mode="http")
    again = over_stream.control("replay", event_id=told["event_id"], wait=True)
    assert again["outcome"] == "delivered"
    assert over_stream.statuses("ok")[-1] == 200
    assert over_stream.texts == ["帮助"]


def test_a_press_arrives_by_the_way_its_card_was_made_for(company: Company) -> None:
    company.shows_card("o1-abc")
    press = company.new(lambda: company.clicks("o1-abc"))
    assert (press.kind, press.action, press.values) == (EventKind.TAP, "lead.claim", {"lead": "7"})
    assert (press.card, press.response_code, press.group) == ("o1-abc", "o1-abc", "")
    made_for = company.platform.cards.get("o1-abc")["callbackType"]
    assert made_for == ("STREAM" if company.stream else "HTTP")


@pytest.mark.parametrize("fault", ["card_callback_value_key", "card_callback_content_object", "card_double_click"])
def test_presses_in_every_shape_are_one_press(company: Company, fault: str) -> None:
    company.shows_card("o1-abc")
    company.fault(fault)
    press = company.new(lambda: company.clicks("o1-abc"))
    assert (press.kind, press.action) == (EventKind.TAP, "lead.claim")


def test_anybody_in_a_group_may_press_and_is_known_by_their_own_id(company: Company) -> None:
    group = company.platform.conversations.group(SALES)["openConversationId"]
    company.shows_card("o1-abc", group=group)
    press = company.new(lambda: company.clicks("o1-abc", "user_wang"))
    assert (press.user_id, press.group) == ("user_wang", group)


@pytest.mark.parametrize("fault", ["", "rename", "event_param_name"])
def test_who_comes_and_goes_is_told(company: Company, fault: str) -> None:
    if fault:
        company.fault(fault)
    company.control("event", eventType="user_leave_org", data={"userId": ["user_wang", "User_Li"]}, wait=True)
    told = [(event.kind, event.fields["change_type"], event.fields["user_id"]) for event in company.events()]
    assert told == [(EventKind.DIRECTORY, "delete_user", name) for name in ("user_wang", "User_Li")]


def test_events_that_the_platform_repeats_are_kept_once(company: Company) -> None:
    told = company.control("event", eventType="calendar_event_change", data={"calendarEventId": "c1"}, wait=True)
    company.control("replay", event_id=told["event_id"], wait=True)
    (event,) = company.events()
    assert (event.kind, event.fields["event"]) == (EventKind.OTHER, "calendar_event_change")


# ── over HTTP ──


def test_the_address_of_events_passes_the_platforms_check(over_http: Company) -> None:
    assert over_http.control("callback", event_url=over_http.platform.event_url)["event_url"]
    assert over_http.events() == []


@pytest.mark.parametrize(
    "fault", ["robot_sign_bad", "robot_sign_old", "event_sig_bad", "event_owner_bad", "event_garbage"]
)
def test_forgeries_are_refused_and_leave_nothing(over_http: Company, fault: str) -> None:
    over_http.fault(fault)
    if fault.startswith("robot"):
        over_http.says("帮助")
    else:
        over_http.control("event", eventType="user_leave_org", data={"userId": ["user_wang"]}, wait=True)
    assert over_http.statuses("hostile") == [403]
    assert len(over_http.events()) == 1


# ── over Stream ──


@pytest.mark.parametrize("fault", ["open_400", "open_503", "ticket_expired", "ticket_reused"])
def test_a_connection_that_cannot_be_opened_at_once_is_opened_later(over_stream: Company, fault: str) -> None:
    over_stream.fault(fault, count=2)
    over_stream.fault("drop_abrupt")
    until(lambda: not over_stream.platform.faults.active())
    assert over_stream.says("帮助").text == "帮助"


@pytest.mark.parametrize("fault", ["bad_frame", "unknown_system_topic", "unknown_callback_topic", "numeric_time"])
def test_frames_of_another_time_disturb_nobody(over_stream: Company, fault: str) -> None:
    over_stream.fault(fault)
    assert over_stream.says("帮助").text == "帮助"
    assert len(over_stream.platform.stream.connections()) == 1


@pytest.mark.parametrize("fault", ["disconnect", "stall", "drop_abrupt"])
def test_no_message_is_lost_or_doubled_while_connections_come_and_go(over_stream: Company, fault: str) -> None:
    for number in range(60):
        over_stream.control("say", userid=("user_li", "user_wang")[number % 2], text=f"第{number}句")
        if number % 20 == 10:
            until(lambda: any(one.state == "open" for one in over_stream.platform.stream.connections()))
            over_stream.fault(fault)
    until(lambda: len(over_stream.texts) >= 60, 60)
    until(lambda: all(push["outcome"] == "delivered" for push in over_stream.platform.pushes.recent(60)), 60)
    assert sorted(over_stream.texts) == sorted(f"第{number}句" for number in range(60))


def test_two_connections_of_one_app_share_the_messages(over_stream: Company) -> None:
    first = over_stream.stream
    over_stream.connects()
    until(lambda: len(over_stream.platform.stream.connections()) == 2)
    for number in range(40):
        over_stream.control("say", userid="user_li", text=f"第{number}句")
    until(lambda: len(over_stream.texts) >= 40)
    assert sorted(over_stream.texts) == sorted(f"第{number}句" for number in range(40))
    assert first is not None
    first.stop()
