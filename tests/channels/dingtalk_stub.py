"""A Stream of our own making: it opens, pushes, falls silent and lies as a test tells it to."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from bot.channels.dingtalk.frames import CARD_TOPIC, ROBOT_TOPIC


def until(true: Callable[[], Any], seconds: float = 15) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.01)


class Socket:
    """One accepted connection, as the platform sees it."""

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.answers: list[dict[str, Any]] = []
        self.closed = threading.Event()

    def raw(self, text: str | bytes) -> None:
        self.connection.send(text)

    def push(self, data: Any, *, topic: str = ROBOT_TOPIC, kind: str = "CALLBACK", number: str, **headers: Any) -> None:
        told = {"messageId": number, "contentType": "application/json", "topic": topic, "time": "1767225600756"}
        frame = {"specVersion": "1.0", "type": kind, "headers": {**told, **headers}, "data": json.dumps(data)}
        self.raw(json.dumps(frame))

    def press(self, data: Any, number: str) -> None:
        self.push(data, topic=CARD_TOPIC, number=number)

    def report(self, name: str, data: Any, number: str) -> None:
        born = {"eventType": name, "eventId": f"e-{number}", "eventBornTime": 1767225600000, "eventCorpId": ""}
        self.push(data, topic="*", kind="EVENT", number=number, **born)

    def ping(self, opaque: str) -> None:
        self.push({"opaque": opaque}, topic="ping", kind="SYSTEM", number=f"ping-{opaque}")

    def disconnect(self) -> None:
        self.push({"reason": "connection is expired"}, topic="disconnect", kind="SYSTEM", number="bye")

    def answered(self, number: str) -> dict[str, Any] | None:
        return next((one for one in self.answers if one["headers"]["messageId"] == number), None)

    def reset(self) -> None:
        """Tear the connection down without a close frame."""
        self.connection.socket.shutdown(2)


class StreamStub:
    """Opens with the scripted status codes, then 200; a ticket is good once."""

    def __init__(self) -> None:
        self.opened: list[dict[str, Any]] = []
        self.statuses: deque[int] = deque()
        self.sockets: list[Socket] = []
        self.spoilt = 0
        self._numbers, self._tickets = count(1), set[str]()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._ws = serve(self._talk, "127.0.0.1", 0, process_request=self._admit, close_timeout=0.2)
        self._threads = [
            threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True),
            threading.Thread(target=self._ws.serve_forever, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @property
    def endpoint(self) -> str:
        return f"ws://127.0.0.1:{self._ws.socket.getsockname()[1]}/connect"

    def socket(self, number: int = 0) -> Socket:
        """Return the connection of that number, counted from 0, waiting until it is there."""
        until(lambda: len(self.sockets) > number)
        return self.sockets[number]

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._ws.shutdown()
        for one in self.sockets:
            one.connection.close()
        for thread in self._threads:
            thread.join(5)

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        if ticket not in self._tickets:
            return connection.respond(401, "used\n")
        self._tickets.discard(ticket)
        return None

    def _talk(self, connection: ServerConnection) -> None:
        accepted = Socket(connection)
        self.sockets.append(accepted)
        try:
            for raw in connection:
                accepted.answers.append(json.loads(raw))
        except ConnectionClosed:
            pass
        accepted.closed.set()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                stub.opened.append({**json.loads(body), "path": self.path, "accept": self.headers["Accept"]})
                status = stub.statuses.popleft() if stub.statuses else 200
                answer: dict[str, str] = {"code": "invalidClientIdOrSecret", "message": "x"}
                if status == 200:
                    ticket = f"ticket/{next(stub._numbers)}+="
                    if stub.spoilt:
                        stub.spoilt -= 1
                    else:
                        stub._tickets.add(ticket)
                    answer = {"endpoint": stub.endpoint, "ticket": ticket}
                told = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        return Handler
