"""What goes to the service, each thing in a thread of its own: messages, events and clicks, over Stream or HTTP."""

import itertools
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

ROBOT, EVENT, CARD = "robot", "event", "card"
WORKERS = 256  # a message that nobody acknowledges holds one for minutes
REMEMBERED = 500
REORDER_PAUSE_S = 0.3


@dataclass(kw_only=True)
class Push:
    """One thing on its way; `outcome` is waiting, delivering, retrying, delivered, failed or dropped.

    `body` is its text as both ways carry it, `key` the id that stays the same however often it is pushed.
    """

    id: int
    kind: str
    name: str  # what the journal calls it
    userid: str
    key: str
    body: str
    fields: Json
    headers: dict[str, str] = field(default_factory=dict)  # what only a Stream frame carries
    settle: Callable[[Json | None, str], None] | None = None  # told the answer of a click, or why there is none
    outcome: str = "waiting"
    note: str = ""
    attempts: int = 0
    settled_at: float = 0.0  # monotonic seconds; 0 while it is on its way
    done: threading.Event = field(default_factory=threading.Event)

    def as_json(self) -> Json:
        """Describe it as the control routes answer it."""
        shown = {"event_id": self.id, "kind": self.kind, "key": self.key, "userid": self.userid}
        return {
            **shown, "outcome": self.outcome, "attempts": self.attempts, "note": self.note, "event": self.name,
        }  # fmt: skip


class Pushes:
    """Sends without any promise of order, after the faults ordered for it, and remembers the latest."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._numbers = itertools.count(1)
        self._pushes: OrderedDict[int, Push] = OrderedDict()
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._held: Push | None = None
        self.stopping = threading.Event()

    def start(self) -> None:
        """Begin to send."""
        self.stopping.clear()
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="dingtalk-push")

    def stop(self) -> None:
        """Send nothing more; what is on its way ends within its deadline."""
        self.stopping.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def make(self, kind: str, name: str, userid: str, key: str, fields: Json, **more: object) -> Push:
        """Make a push of these fields."""
        push = Push(
            id=next(self._numbers), kind=kind, name=name, userid=userid, key=key, body=written(fields), fields=fields
        )
        for attribute, value in more.items():
            setattr(push, attribute, value)
        with self._lock:
            self._pushes[push.id] = push
            while len(self._pushes) > REMEMBERED:
                self._pushes.popitem(last=False)
        self._platform.feed.bump()
        return push

    def emit(self, push: Push) -> Push:
        """Send one push, after the faults ordered for it; returns at once."""
        faults = self._platform.faults
        if faults.take("drop_push"):
            return self.settled(push, "dropped", "推送丢失（故障注入）")
        delay = faults.take("delayed_push")
        if delay is not None:
            self._submit(push, float(delay.params["ms"]) / 1000)
        elif self._held is None and faults.take("reorder_push"):
            self._held = push
        else:
            copies = faults.take("dup_push")
            for _ in range(int(copies.params["copies"]) if copies else 1):
                self._submit(push, 0.0)
            held, self._held = self._held, None
            if held is not None:
                self._submit(held, REORDER_PAUSE_S)
        return push

    def again(self, push_id: int) -> Push:
        """Push something once more, as it was; an unknown number raises ValueError."""
        with self._lock:
            old = self._pushes.get(push_id)
        if old is None:
            raise ValueError(f"there is no push {push_id}")
        more = {"headers": old.headers, "settle": old.settle}
        push = self.make(old.kind, old.name, old.userid, old.key, old.fields, **more)
        self._submit(push, 0.0)
        return push

    def recent(self, within_s: float = 8.0) -> list[Json]:
        """Return pushes on their way, and those settled in the last real seconds."""
        since = time.monotonic() - within_s
        with self._lock:
            pushes = list(self._pushes.values())
        return [push.as_json() for push in pushes if not push.settled_at or push.settled_at > since]

    def progress(self, push: Push, outcome: str, attempt: int) -> None:
        """Note how far a push has come."""
        push.outcome, push.attempts = outcome, attempt
        self._platform.feed.bump()

    def settled(self, push: Push, outcome: str, note: str = "") -> Push:
        """Note what became of a push."""
        push.outcome, push.note, push.settled_at = outcome, note, time.monotonic()
        if push.kind == ROBOT:
            self._platform.note_heard(push.key, outcome)
        self._platform.feed.bump()
        push.done.set()
        return push

    def idle(self, limit_s: float = 15.0) -> None:
        """Wait until nothing is on its way."""
        with self._lock:
            pushes = list(self._pushes.values())
        for push in pushes:
            push.done.wait(limit_s)

    def clear(self) -> None:
        """Forget past pushes."""
        with self._lock:
            self._pushes.clear()
        self._held = None

    def _submit(self, push: Push, wait_s: float) -> None:
        if self._pool is None:
            self.settled(push, "dropped", "推送未启动")
            return
        future: Future[None] = self._pool.submit(self._send, push, wait_s)
        future.add_done_callback(_raise_nothing_silently)

    def _send(self, push: Push, wait_s: float) -> None:
        if wait_s:
            self.stopping.wait(wait_s)
        if self.stopping.is_set():
            self.settled(push, "dropped", "平台已停止")
        else:
            self._platform.way(push).send(push)


def written(fields: Json) -> str:
    """Write fields as the platform does."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def _raise_nothing_silently(future: "Future[None]") -> None:
    """Let a bug in the sender be seen instead of vanishing in the pool."""
    if not future.cancelled() and future.exception() is not None:
        error = future.exception()
        threading.excepthook(threading.ExceptHookArgs((type(error), error, None, threading.current_thread())))
