"""The callback sender: encrypted events to the service, 5 s each, three deliveries in total (§8.3)."""

import itertools
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator import xml
from emulator.outgoing import Answer
from emulator.store import Json
from emulator.wecom.hostile import EXTRAS, MUTATIONS, REPLAYED, hostile_request
from emulator.wecom.post import Post, Sent
from emulator.wecom.replies import ReplyRefused, apply_reply, read_reply

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

DELIVERIES = 3
WORKERS = 64
REMEMBERED = 200


@dataclass(kw_only=True)
class Event:
    """One event on its way to the service; `outcome` is waiting, delivering, retrying, delivered, failed or dropped."""

    id: int
    userid: str
    fields: Json
    xml: str
    outcome: str = "waiting"
    note: str = ""
    attempts: int = 0
    settled_at: float = 0.0  # monotonic seconds; 0 while it is on its way
    done: threading.Event = field(default_factory=threading.Event)

    def as_json(self) -> Json:
        """Describe it as the control routes answer it."""
        shown = {"event_id": self.id, "userid": self.userid, "outcome": self.outcome, "attempts": self.attempts}
        return {**shown, "note": self.note, "event": self.fields.get("Event", self.fields.get("MsgType", ""))}


class Callbacks:
    """Sends events in threads, without any promise of order, and records every try."""

    def __init__(self, platform: "Platform", url: str) -> None:
        self._platform = platform
        self.url = url
        self.post = Post(platform)
        self._numbers = itertools.count(1)
        self._events: OrderedDict[int, Event] = OrderedDict()
        self._pool: ThreadPoolExecutor | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._held: Event | None = None

    def start(self) -> None:
        """Begin to send; events made before are not sent."""
        self._stopping.clear()
        self.post.open()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="callback")

    def stop(self) -> None:
        """Send nothing more; what is on its way ends within its deadline."""
        self._stopping.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self.post.close()

    def emit(self, fields: Json) -> Event:
        """Send one event, after the faults ordered for it; returns at once."""
        faults = self._platform.faults
        if faults.take("case_changed_userid"):
            fields = {**fields, "FromUserName": str(fields.get("FromUserName", "")).upper()}
        event = self._remember(fields)
        if faults.take("drop"):
            self._settle(event, "dropped", "回调丢失（故障注入）")
            return event
        delay = faults.take("delay")
        if delay is not None:
            self._submit(self._send_later, event, float(delay.params["minutes"]) * 60)
        elif self._held is None and faults.take("reorder"):
            self._held = event
        else:
            copies = faults.take("dup_callback")
            for _ in range(int(copies.params["copies"]) if copies else 1):
                self._submit(self._send, event)
            self._release()
        return event

    def recent(self, within_s: float = 8.0) -> list[Json]:
        """Return events on their way, and those settled in the last real seconds."""
        since = time.monotonic() - within_s
        with self._lock:
            events = list(self._events.values())
        return [event.as_json() for event in events if not event.settled_at or event.settled_at > since]

    def idle(self, limit_s: float = 15.0) -> None:
        """Wait until nothing is on its way."""
        with self._lock:
            events = list(self._events.values())
        for event in events:
            event.done.wait(limit_s)

    def clear(self) -> None:
        """Forget past events."""
        with self._lock:
            self._events.clear()
        self._held = None

    def _remember(self, fields: Json) -> Event:
        userid = str(fields.get("FromUserName", ""))
        event = Event(id=next(self._numbers), userid=userid, fields=fields, xml=xml.document(fields))
        with self._lock:
            self._events[event.id] = event
            while len(self._events) > REMEMBERED:
                self._events.popitem(last=False)
        self._platform.feed.bump()
        return event

    def _submit(self, work: object, *args: object) -> None:
        if self._pool is None:
            event = args[0]
            if isinstance(event, Event):
                self._settle(event, "dropped", "回调发送未启动")
            return
        future: Future[None] = self._pool.submit(work, *args)  # type: ignore[arg-type]  # one of our own methods
        future.add_done_callback(_raise_nothing_silently)

    def _release(self) -> None:
        """Send the event that `reorder` held back, now that another one has gone first."""
        held, self._held = self._held, None
        if held is not None:
            self._submit(self._send_later, held, 0.0, 0.3)

    def _send_later(self, event: Event, virtual_s: float, real_s: float = 0.0) -> None:
        due = self._platform.clock.now().timestamp() + virtual_s
        self._stopping.wait(real_s)
        while self._platform.clock.now().timestamp() < due and not self._stopping.is_set():
            self._stopping.wait(0.05)
        self._send(event)

    def _send(self, event: Event) -> None:
        """Deliver until the service accepts, three times in total."""
        self._send_hostile_copies(event)
        for attempt in range(1, DELIVERIES + 1):
            if self._stopping.is_set():
                return self._settle(event, "dropped", "平台已停止")
            event.outcome, event.attempts = "delivering" if attempt == 1 else "retrying", attempt
            self._platform.feed.bump()
            sent = self.post.envelope(event.xml)
            answer = self.post.send(sent, self._platform.switches.answer_limit_s)
            if self._accepted(answer):
                self._take(event, sent, answer, attempt)
                return None
            self._note_failure(event, sent, answer, attempt)
        return self._settle(event, "failed", event.note)

    def _accepted(self, answer: Answer) -> bool:
        return answer.status == 200 or (answer.status is not None and not self._platform.switches.retry_on_non_200)  # noqa: PLR2004

    def _take(self, event: Event, sent: Sent, answer: Answer, attempt: int) -> None:
        reply, note = None, ""
        try:
            reply = read_reply(self._platform, answer.body) if answer.status == 200 else None  # noqa: PLR2004
            if reply is not None:
                with self._platform.lock:
                    apply_reply(self._platform, event.fields, reply)
        except ReplyRefused as refused:
            note = f"被动回复无效：{refused}"
        self.post.record(event.id, event.xml, sent, answer, attempt=attempt, outcome="ok", note=note, reply=reply)
        self._settle(event, "delivered", note)
        if self._platform.faults.take(REPLAYED):
            again = self.post.send(sent, self._platform.switches.answer_limit_s)
            self.post.record(event.id, event.xml, sent, again, attempt=attempt, outcome="hostile", note=REPLAYED)

    def _note_failure(self, event: Event, sent: Sent, answer: Answer, attempt: int) -> None:
        last = attempt == DELIVERIES
        event.note = f"回调失败 {answer.reason}" + ("，不再重试" if last else "，将重试")
        outcome = "failed" if last else "retry"
        self.post.record(event.id, event.xml, sent, answer, attempt=attempt, outcome=outcome, note=answer.reason)
        event.outcome = "failed" if last else "retrying"
        self._platform.feed.bump()
        if not last and not answer.timed_out:
            self._stopping.wait(self._platform.switches.retry_pause_s)

    def _send_hostile_copies(self, event: Event) -> None:
        for name in (*MUTATIONS, *EXTRAS):
            fault = self._platform.faults.take(name)
            if fault is not None:
                sent = hostile_request(self._platform, name, event.xml, fault.params)
                answer = self.post.send(sent, self._platform.switches.answer_limit_s)
                self.post.record(event.id, sent.plain, sent, answer, attempt=0, outcome="hostile", note=name)

    def _settle(self, event: Event, outcome: str, note: str) -> None:
        event.outcome, event.note, event.settled_at = outcome, note, time.monotonic()
        self._platform.feed.bump()
        event.done.set()


def _raise_nothing_silently(future: "Future[None]") -> None:
    """Let a bug in the sender be seen instead of vanishing in the pool."""
    if not future.cancelled() and future.exception() is not None:
        error = future.exception()
        threading.excepthook(threading.ExceptHookArgs((type(error), error, None, threading.current_thread())))
