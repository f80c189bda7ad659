"""One socket: frames out, ACKs in, each ACK to whoever waits for it."""

import json
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

SYSTEM, CALLBACK, EVENT = "SYSTEM", "CALLBACK", "EVENT"


@dataclass(frozen=True, kw_only=True)
class Ack:
    """What a client answered to one frame: its code, and the object in its data."""

    code: int
    message: str
    data: Any
    text: str

    @property
    def ok(self) -> bool:
        """Whether the client says it is done."""
        return self.code == 200  # noqa: PLR2004 - the protocol's own number


class Waiting:
    """A frame that waits for its ACK."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self.ack: Ack | None = None


class Connection:
    """A client's open socket; nothing is pushed on it once it drains, stalls or is closed."""

    def __init__(self, platform: "Platform", line: ServerConnection, subscriptions: list[Json]) -> None:
        self._platform = platform
        self._line = line
        self._waiting: dict[str, Waiting] = {}
        self.id = platform.ids.uuid()
        self.app_id = platform.ids.conversation("app")[3:-2]
        self.topics = {(one["type"], one["topic"]) for one in subscriptions}
        self.state = "open"
        self.missed = 0

    def takes(self, kind: str, topic: str) -> bool:
        """Say whether this client may be pushed such a frame now."""
        wanted = (kind, "*" if kind == EVENT else topic)
        return self.state == "open" and (kind == SYSTEM or wanted in self.topics)

    def ask(self, kind: str, topic: str, data: str, limit_s: float, headers: Json | None = None) -> Ack | None:
        """Send a frame and wait for its ACK; None when none came in time or the socket is gone."""
        frame = self.frame(kind, topic, data, headers)
        message_id = frame["headers"]["messageId"]
        waiting = self._waiting[message_id] = Waiting()
        try:
            if self.send(json.dumps(frame, ensure_ascii=False)):
                waiting.answered.wait(limit_s)
        finally:
            self._waiting.pop(message_id, None)
        return waiting.ack

    def frame(self, kind: str, topic: str, data: str, headers: Json | None = None) -> Json:
        """Build a frame with an id of its own."""
        numeric = self._platform.faults.take("numeric_time")
        stamp = int(self._platform.clock.now().timestamp() * 1000)
        common = {
            "appId": self.app_id,
            "connectionId": self.id,
            "contentType": "application/json",
            "messageId": f"{self._platform.ids.hexes(8)}_{self._platform.ids.hexes(4)}",
            "time": stamp if numeric else str(stamp),
            "topic": topic,
        }
        return {"specVersion": "1.0", "type": kind, "headers": {**common, **(headers or {})}, "data": data}

    def send(self, text: str) -> bool:
        """Write one frame; False when the socket is gone."""
        try:
            self._line.send(text)
        except (ConnectionClosed, OSError):
            return False
        return True

    def listen(self) -> None:
        """Take what the client sends until the socket closes."""
        with suppress(ConnectionClosed, OSError):
            for raw in self._line:
                self._take(raw)
        self.state = "closed"
        for waiting in list(self._waiting.values()):
            waiting.answered.set()

    def disconnect(self, reason: str) -> None:
        """Announce the end, push nothing more, close after the grace."""
        if self.state != "open":
            return
        self.send(json.dumps(self.frame(SYSTEM, "disconnect", json.dumps({"reason": reason}))))
        self.state = "draining"
        timer = threading.Timer(self._platform.switches.disconnect_grace_s, self.close)
        timer.daemon = True
        timer.start()

    def close(self, code: int = 1000) -> None:
        """Close the socket in good order."""
        self.state = "closed"
        with suppress(ConnectionClosed, OSError):
            self._line.close(code)

    def cut(self) -> None:
        """Reset the TCP connection without a word: the client sees 1006."""
        self.state = "closed"
        with suppress(OSError):
            self._line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._line.socket.shutdown(socket.SHUT_RDWR)

    def as_json(self) -> Json:
        """Describe it as the control routes answer it."""
        return {"id": self.id, "state": self.state, "topics": sorted(map(list, self.topics)), "missed": self.missed}

    def _take(self, raw: str | bytes) -> None:
        """Give an ACK to whoever waits for it; whatever breaks the protocol is written down and ignored."""
        try:
            frame = json.loads(raw)
            code, headers, data = frame["code"], frame["headers"], frame["data"]
            message_id = headers["messageId"]
        except (ValueError, KeyError, TypeError) as error:
            return self._wrong("不是约定的应答", raw, str(error))
        waiting = self._waiting.get(message_id)
        if waiting is None:
            return self._wrong("没有这个 messageId 在等应答", raw, str(message_id))
        if isinstance(code, bool) or not isinstance(code, int):
            return self._wrong("code 不是数字", raw, str(code))
        if not isinstance(data, str):
            return self._wrong("data 不是字符串", raw, type(data).__name__)
        try:
            read = json.loads(data) if data else None
        except ValueError:
            return self._wrong("data 里不是 JSON", raw, "")
        waiting.ack = Ack(code=code, message=str(frame.get("message", "")), data=read, text=str(raw))
        waiting.answered.set()
        return None

    def _wrong(self, what: str, raw: str | bytes, note: str) -> None:
        at = self._platform.clock.now().isoformat()
        self._platform.protocol.add(at=at, connection=self.id, error=what, note=note, frame=str(raw)[:2000])
        self._platform.feed.bump()
