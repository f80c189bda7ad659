"""One emulated company: everything it keeps, put together once."""

import threading
from datetime import timedelta
from typing import Any

from emulator.clock import Clock
from emulator.crypto import Crypto
from emulator.dingtalk import events
from emulator.dingtalk.app import create_app
from emulator.dingtalk.cards import clicking
from emulator.dingtalk.cards.book import Cards
from emulator.dingtalk.conversations import Conversations, Sessions
from emulator.dingtalk.counters import Counters
from emulator.dingtalk.directory import Directory
from emulator.dingtalk.errors import OapiError
from emulator.dingtalk.event_push import FailedEvents
from emulator.dingtalk.fault_kinds import FAULT_KINDS
from emulator.dingtalk.http_way import HttpWay
from emulator.dingtalk.ids import Ids
from emulator.dingtalk.login import Logins
from emulator.dingtalk.media import Media
from emulator.dingtalk.pushes import CARD, EVENT, Push, Pushes
from emulator.dingtalk.settings import HTTP, STREAM, Settings, Switches
from emulator.dingtalk.stream.sending import StreamWay
from emulator.dingtalk.stream.server import StreamServer
from emulator.dingtalk.tokens import Tickets, Tokens
from emulator.dingtalk.webhooks import Pace, show_in_session
from emulator.dingtalk.work.forms import forms
from emulator.faults import FaultBox
from emulator.feed import Feed
from emulator.journal import Journal
from emulator.phones import Phones
from emulator.store import Json, Store


class Platform:
    """DingTalk for one company and one app: `app` answers over WSGI, `start` opens the Stream port and lets pushes go.

    `clock` may be shared with another platform in the same process.
    """

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        """Without a clock of one's own, real time plus the offset kept in the data folder."""
        self.settings = settings
        self.lock = threading.RLock()
        self.store = Store(settings.data_dir, "dingtalk")
        self._kept = self.store.shelf("counters")
        self.clock = clock or Clock(timedelta(seconds=self._kept.get("clock_offset_s", 0.0)))
        self.clock.on_change(self._clock_moved)
        self.ids = Ids(settings.seed, settings.corp_id, self.clock)
        self.feed = Feed()
        self.switches = Switches()
        self.faults = FaultBox(FAULT_KINDS, self.clock, settings.seed, self.feed.bump)
        self.calls, self.deliveries, self.protocol = Journal(), Journal(), Journal()
        self.directory = Directory(settings)
        self.conversations = Conversations(settings, self.store, self.ids)
        self.sessions = Sessions(self.store, self.clock, self.ids)
        self.tokens, self.tickets = Tokens(settings, self.clock), Tickets(self.clock)
        self.counters = Counters(self.store, self.clock)
        self.phones = Phones(self.store, self.clock, self.feed, card_key="outTrackId")
        self.messages = self.store.shelf("messages")
        self.media = Media(self.store, self.clock, self.ids)
        self.cards = Cards(self)
        self.logins = Logins(self.clock)
        self.forms = forms(settings.process_codes)
        self.todos, self.approvals = self.store.shelf("todos"), self.store.shelf("approvals")
        self.calendar = self.store.shelf("calendar")
        self.tasks, self.notified = self.store.shelf("tasks"), self.store.shelf("notified")
        self.failed_events = FailedEvents(self.clock)
        self.pace = Pace()
        self.denied_scopes = settings.denied_scopes
        self.robot_mode, self.event_mode = settings.robot_mode, settings.event_mode
        self.robot_url, self.event_url = settings.robot_url, settings.event_url
        self._uuids: set[str] = set()
        self.pushes, self.stream = Pushes(self), StreamServer(self)
        self.http, self._stream_way = HttpWay(self), StreamWay(self)
        self.app = create_app(self)

    @property
    def crypto(self) -> Crypto:
        """Signs and seals events; the owner is the app, as the console has it today."""
        return Crypto(self.settings.token, self.settings.aes_key, self.settings.client_id)

    @property
    def picture_host(self) -> str:
        """The service whose pictures the page may load; over Stream anything on this machine."""
        return self.robot_url or self.event_url or "http://127.0.0.1:*"

    def start(self) -> None:
        """Open the Stream port and let pushes go out."""
        self.http.line.open()
        self.pushes.start()
        self.stream.start()

    def stop(self) -> None:
        """Stop pushes, let clients and watchers go, close the file."""
        self.feed.close()
        self.faults.close()
        self.stream.stop()
        self.pushes.stop()
        self.http.line.close()
        self.store.close()

    def over_stream(self, kind: str, out_track_id: str = "") -> bool:
        """Say whether pushes of a kind go over Stream; each card chooses for itself."""
        if kind == CARD:
            card = self.cards.get(out_track_id)
            return card is not None and card["callbackType"] == "STREAM"
        return (self.event_mode if kind == EVENT else self.robot_mode) == STREAM

    def way(self, push: Push) -> StreamWay | HttpWay:
        """Return how a push goes out."""
        return self._stream_way if self.over_stream(push.kind, push.key) else self.http

    def set_mode(self, name: str, mode: str) -> None:
        """Choose Stream or HTTP for robot messages or events, as the console does."""
        if mode not in (STREAM, HTTP):
            raise ValueError(f"{name} must be {STREAM} or {HTTP}")
        setattr(self, name, mode)

    def clicked(self, push: Push, answer: Any, note: str) -> None:
        """Do what the answer to a click says, or show that there was none."""
        clicking.settle(self, push, answer, note)

    def answered_in_body(self, push: Push, body: Json) -> str:
        """Show the message in the answer to a robot's push; return what is wrong with it."""
        session = {"conversation": push.fields["conversationId"], "userid": push.userid}
        try:
            with self.lock:
                show_in_session(self, session, body)
        except OapiError as error:
            return f"应答里的消息无效：{error}"
        return ""

    def keep_message(self, key: str, msgtype: str, conversation: str, receivers: list[str]) -> None:
        """Keep what one may ask about a message of the robot later."""
        at = self.clock.now().isoformat()
        kept = {"key": key, "msgtype": msgtype, "conversation": conversation, "receivers": receivers}
        self.messages.put(key, {**kept, "at": at, "recalled": False})

    def mark_read(self, userid: str, conversation: str | None) -> int:
        """Let a member have read what the robot told them; return how much was new."""
        now_ms = int(self.clock.now().timestamp() * 1000)
        with self.lock:
            fresh = [
                item
                for item in self.phones.screen(userid)
                if item.get("read") is False and conversation in (None, item["conversation"])
            ]
            for item in fresh:
                item |= {"read": True, "read_ms": now_ms}
                self.phones.save(item)
        if self.switches.read_events:
            for item in fresh:
                self._tell_read(item)
        return len(fresh)

    def note_heard(self, msg_id: str, outcome: str) -> None:
        """Note beside a member's words whether the robot heard them."""
        with self.lock:
            for item in self.phones.of_message(msg_id):
                item["heard"] = outcome
                self.phones.save(item)

    def seen_uuid(self, uuid: str) -> bool:
        """Say whether a custom robot has sent this msgUuid before."""
        known = uuid in self._uuids
        self._uuids.add(uuid)
        return known

    def record(self, push: Push, **fields: Any) -> None:
        """Write one try into the journal of deliveries."""
        at = self.clock.now().isoformat()
        plain = {"query": {}, "body": "", "reply": None, **fields, "plaintext": push.body, "kind": push.kind}
        self.deliveries.add(event_id=push.id, name=push.name, key=push.key, at=at, **plain)
        self.feed.bump()

    def reset(self, *, clock: bool = False) -> None:
        """Forget messages, cards, files, groups, tokens, faults and traffic; with `clock` return to real time too."""
        with self.lock:
            for part in (self.phones, self.messages, self.media, self.cards, self.sessions, self.conversations):
                part.clear()
            for one in (self.calls, self.deliveries, self.protocol, self.counters, self.failed_events, self.pushes):
                one.clear()
            for shelf in (self.todos, self.approvals, self.calendar, self.tasks, self.notified):
                shelf.clear()
            self._uuids.clear()
            self.tokens.revoke()
            self.tickets.clear()
            self.directory.reset()
            self.pace = Pace()
            self.denied_scopes = self.settings.denied_scopes
            self.switches, self.forms = Switches(), forms(self.settings.process_codes)
            self.faults.cancel()
        if clock:
            self.clock.set_offset(timedelta(0))
        self.feed.restart()

    def _tell_read(self, item: Json) -> None:
        now_ms = int(self.clock.now().timestamp() * 1000)
        person = self.directory.find(item["userid"])
        inner = {
            "processQueryKey": item["msgid"],
            "robotCode": self.settings.robot,
            "openConversationId": item["conversation"],
            "userId": item["userid"],
            "unionId": person.union if person else "",
            "operatTime": now_ms,
        }
        events.emit(self, "robot_msg_read", inner, item["userid"])

    def _clock_moved(self) -> None:
        self._kept.put("clock_offset_s", self.clock.offset.total_seconds())
        self.feed.bump()
