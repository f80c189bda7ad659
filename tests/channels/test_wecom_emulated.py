"""Both halves against the emulated platform, which shares no code with them."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.cards.card import Button, Card
from bot.channels.base import Request
from bot.channels.wecom.channel import WeCom, connect
from bot.channels.wecom.menu import MenuEntry
from bot.event import Event, EventKind
from core.errors import CardOutOfReach, DeliveryFailed
from emulator.server import Server, serve
from emulator.wecom import Person, Platform, Settings

from .conftest import AGENT, CORP, KEYS, SECRET, Shared
from .test_wecom_render import CARDS

LEAD = Card(
    title="新线索",
    text="杭州某某科技",
    buttons=(Button(label="认领", action="claim", values={"lead_id": "7"}), Button(label="稍后", action="later")),
)


class Phone:
    """The company: its members' phones, its faults, and what our callback made of each delivery."""

    def __init__(self) -> None:
        phone, self.events, self.statuses, self.changed = self, [], [], threading.Condition()
        self.channel: WeCom

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                request = Request(method=self.command, args=query, headers={}, body=body)
                reading = phone.channel.callback.read(request)
                with phone.changed:  # before the answer, so that the next delivery comes after it
                    phone.events += reading.events
                    phone.statuses.append(reading.status)
                    phone.changed.notify_all()
                self.send_response(reading.status)
                self.send_header("Content-Length", str(len(reading.body)))
                self.end_headers()
                self.wfile.write(reading.body)

            do_GET = do_POST

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        people = (
            Person(userid="XiaoLi", name="李晓芸", department="销售部/华东"),
            Person(userid="laowang", name="王建国"),
        )
        settings = Settings(
            corp_id=CORP,
            agent_id=AGENT,
            secret=SECRET,
            token=KEYS.token,
            aes_key=KEYS.aes_key,
            callback_url=f"http://127.0.0.1:{self._http.server_port}/callback",
            people=people,
        )
        self.platform = Platform(settings)
        self.platform.switches.retry_pause_s = 0.01
        self.server: Server = serve(self.platform, port=0)
        self._web = self.platform.app.test_client()

    def control(self, path: str, **body: Any) -> dict[str, Any]:
        response = self._web.post(f"/__emu/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.get_json()

    def screen(self, userid: str = "XiaoLi") -> list[dict[str, Any]]:
        return self._web.get(f"/__emu/outbox?userid={userid}").get_json()["items"]

    def wait(self, count: int) -> list[Event]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.statuses) >= count, 10), self.statuses
            return list(self.events)

    def close(self) -> None:
        self.server.close()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)


@pytest.fixture
def phone(shared: Shared) -> Iterator[Phone]:
    phone = Phone()
    phone.channel = connect(
        corp_id=CORP,
        agent_id=AGENT,
        secret=SECRET,
        keys=[KEYS],
        public_url="https://crm.example.com",
        tokens=shared,
        locks=shared,
        now=phone.platform.clock.now,
        api_base=phone.server.url,
    )
    yield phone
    phone.channel.client.close()
    phone.close()


def test_the_platform_accepts_the_address(phone: Phone) -> None:
    assert phone.control("callback")["ok"]
    assert phone.statuses == [200]


def test_words_arrive_once_under_one_key(phone: Phone) -> None:
    phone.control("fault", name="dup_callback")
    phone.control("say", userid="XiaoLi", text="认领 <b>7</b> 😀")
    events = phone.wait(3)
    assert {event.key for event in events} == {events[0].key}
    assert (events[0].kind, events[0].user_id, events[0].text) == (EventKind.TEXT, "xiaoli", "认领 <b>7</b> 😀")


def test_a_tap_names_its_card_which_then_changes_once(phone: Phone) -> None:
    receipt = phone.channel.client.send("xiaoli", LEAD, card_id="card-7", again=False)
    assert receipt.platform_id
    assert receipt.response_code
    phone.control("click", task_id="card-7", userid="XiaoLi", key="claim?lead_id=7")
    (tap,) = phone.wait(1)
    assert (tap.kind, tap.user_id, tap.card) == (EventKind.TAP, "xiaoli", "card-7")
    assert (tap.action, tap.values) == ("claim", {"lead_id": "7"})
    settled = Card(title="新线索", text="杭州某某科技", settled="已由您认领")
    phone.channel.client.update("xiaoli", settled, response_code=tap.response_code)
    assert "已由您认领" in str(phone.screen())
    with pytest.raises(CardOutOfReach):
        phone.channel.client.update("xiaoli", settled, response_code=tap.response_code)


def test_every_card_of_ours_is_taken_and_changed(phone: Phone) -> None:
    for name, card in CARDS.items():
        phone.channel.client.send("xiaoli", card, card_id=f"card-{name}", again=False)
    receipt = phone.channel.client.send("xiaoli", LEAD, card_id="first", again=False)
    for number, card in enumerate(CARDS.values()):
        phone.channel.client.update("xiaoli", card, response_code=receipt.response_code)
        receipt = phone.channel.client.send("xiaoli", LEAD, card_id=f"next-{number}", again=False)


@pytest.mark.parametrize("card", [LEAD, Card(title="今天要回访 3 家客户", fields=(("最急", "某某科技"),))])
def test_a_lost_answer_and_a_second_try_show_one_message(phone: Phone, card: Card) -> None:
    phone.control("fault", name="answer_lost", api="message/send")
    with pytest.raises(DeliveryFailed) as caught:
        phone.channel.client.send("xiaoli", card, card_id="card-1", again=False)
    assert caught.value.unknown
    phone.channel.client.send("xiaoli", card, card_id="card-1", again=True)
    assert len(phone.screen()) == 1


def test_a_text_tried_again_and_again_is_shown_once_more_at_most(phone: Phone) -> None:
    for again in (False, True, True, True):
        phone.channel.client.send("xiaoli", Card(title="今天要回访 3 家客户"), card_id="card-1", again=again)
    assert len(phone.screen()) <= 2


def test_equal_reminders_are_both_shown(phone: Phone) -> None:
    for number in range(2):
        phone.channel.client.send("xiaoli", Card(title="该回访了"), card_id=f"card-{number}", again=False)
    assert len(phone.screen()) == 2


def test_a_token_that_flaps_costs_two_logins(phone: Phone) -> None:
    phone.control("fault", name="token_flap")
    with pytest.raises(DeliveryFailed) as caught:
        phone.channel.client.send("xiaoli", Card(title="你好"), card_id="card-1", again=False)
    assert caught.value.code == 40014
    calls = phone._web.get("/__emu/calls?api=gettoken").get_json()["calls"]
    assert len(calls) == 2


def test_an_expired_token_goes_unnoticed(phone: Phone) -> None:
    phone.channel.client.send("xiaoli", Card(title="你好"), card_id="card-1", again=False)
    phone.control("clock", advance_s=7300)
    phone.channel.client.send("xiaoli", Card(title="再见"), card_id="card-2", again=False)
    assert len(phone.screen()) == 2


@pytest.mark.parametrize(
    ("fault", "temporary", "unknown"),
    [
        ("freq_minute", True, False),
        ("busy", True, False),
        ("all_users_bad", False, False),
        ("ip_denied", True, False),
        ("http_502", True, True),
        ("html_body", True, True),
        ("truncated_json", True, True),
        ("reset", True, True),
    ],
)
def test_faults_say_what_to_do(phone: Phone, fault: str, temporary: bool, unknown: bool) -> None:
    assert phone.channel.client.about()["agentid"] == AGENT
    phone.control("fault", name=fault, api="message/send")
    with pytest.raises(DeliveryFailed) as caught:
        phone.channel.client.send("xiaoli", Card(title="你好"), card_id="card-1", again=False)
    assert (caught.value.temporary, caught.value.unknown) == (temporary, unknown)


@pytest.mark.parametrize(
    "fault",
    [
        "bad_signature",
        "wrong_receiveid",
        "bad_padding",
        "dtd_body",
        "huge_body",
        "deep_xml",
        "json_body",
        "stale_timestamp",
    ],
)
def test_hostile_deliveries_are_refused(phone: Phone, fault: str) -> None:
    phone.control("fault", name=fault)
    phone.control("say", userid="XiaoLi", text="你好")
    (event,) = phone.wait(2)
    assert (phone.statuses, event.text) == ([403, 200], "你好")


@pytest.mark.parametrize("fault", ["unknown_event", "missing_fields", "case_changed_userid", "two_piclists"])
def test_odd_deliveries_are_kept(phone: Phone, fault: str) -> None:
    phone.control("fault", name=fault)
    phone.control("say", userid="XiaoLi", text="你好")
    phone.wait(1)
    assert set(phone.statuses) == {200}


def test_a_long_answer_arrives_whole_and_in_order(phone: Phone) -> None:
    long = Card(title="报告", text="".join(f"{n}. 杭州某某科技，本周应回访。\n" for n in range(1, 150)))
    phone.channel.client.send("xiaoli", long, card_id="card-1", again=False)
    shown = [item["content"]["content"] for item in phone.screen()]
    assert "".join(shown) == long.as_text()
    assert len(shown) == 4


def test_files_keep_their_chinese_names(phone: Phone) -> None:
    content = "合同".encode() * 50
    media_id = phone.channel.client.upload("file", "框架合同（2026）.pdf", content)
    file = phone.channel.client.download(media_id)
    assert (file.name, file.content) == ("框架合同（2026）.pdf", content)
    phone.channel.client.send_file("xiaoli", "报价单.xlsx", content)
    assert "报价单.xlsx" in str(phone.screen())


def test_the_directory(phone: Phone) -> None:
    directory = phone.channel.directory
    people = directory.listing().people
    assert {(one.user_id.casefold(), one.name) for one in people} == {("xiaoli", "李晓芸"), ("laowang", "王建国")}
    assert not directory.has_left("xiaoli")
    phone.control("fault", name="user_left", params={"userid": "XiaoLi"})
    assert directory.has_left("xiaoli")
    assert [one.name for one in directory.listing().people] == ["王建国"]


def test_the_menu(phone: Phone) -> None:
    phone.channel.client.create_menu((MenuEntry(label="今天", key="今天"),))
    phone.control("menu", userid="XiaoLi", key="今天")
    (event,) = phone.wait(1)
    assert (event.kind, event.text) == (EventKind.MENU, "今天")


def test_somebody_outside_the_visible_range(phone: Phone) -> None:
    with pytest.raises(DeliveryFailed, match="已离职") as caught:
        phone.channel.client.send("nobody", Card(title="你好"), card_id="card-1", again=False)
    assert not caught.value.temporary
