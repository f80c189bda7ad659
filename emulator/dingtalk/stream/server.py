"""The WebSocket port: who may connect, who is connected, and the pings that find out who is still there."""

import json
import random
import threading
import time
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from emulator.dingtalk.stream.connection import SYSTEM, Connection

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform

LARGEST_FRAME = 2**20
PING_ANSWER_S = 5.0
HANDSHAKE_S = 1.0
CLOSE_S = 1.0


class StreamServer:
    """Listens between `start` and `stop`."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._server: Server | None = None
        self._lock = threading.Condition()
        self._arriving: list[float] = []  # when tickets were taken whose sockets are not open yet
        self._connections: list[Connection] = []
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._random = random.Random(platform.settings.seed)  # noqa: S311 - repeatable chance for a test bench

    def start(self) -> None:
        """Open the port and begin to ping."""
        settings = self._platform.settings
        self._stopping.clear()
        self._server = serve(
            self._serve,
            settings.stream_host,
            settings.stream_port,
            process_request=self._admit,
            ping_interval=None,
            close_timeout=CLOSE_S,
            max_size=LARGEST_FRAME,
            compression=None,
        )
        self._threads = [
            threading.Thread(target=self._server.serve_forever, name="dingtalk-stream", daemon=True),
            threading.Thread(target=self._keep_pinging, name="dingtalk-ping", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Close every socket and the port."""
        self._stopping.set()
        for connection in self.connections():
            connection.close(1001)
        if self._server is not None:
            self._server.shutdown()
            self._server = None
        for thread in self._threads:
            thread.join(5)

    def endpoint(self, host: str) -> str:
        """Return where a client connects that reached us as `host`."""
        port = self._platform.settings.stream_port
        if self._server is not None:
            port = self._server.socket.getsockname()[1]
        return f"ws://{host}:{port}/connect"

    def connections(self) -> list[Connection]:
        """Return the sockets that are not closed, oldest first."""
        with self._lock:
            self._connections = [one for one in self._connections if one.state != "closed"]
            return list(self._connections)

    def choose(self, kind: str, topic: str) -> Connection | None:
        """Return one of the clients that want such frames, by chance; whoever is just connecting is waited for."""
        with self._lock:
            while True:
                able = [one for one in self._connections if one.takes(kind, topic)]
                if able:
                    return self._random.choice(able)
                now = time.monotonic()
                self._arriving = [since for since in self._arriving if since > now - HANDSHAKE_S]
                if not self._arriving:
                    return None
                self._lock.wait(0.1)

    def _admit(self, line: ServerConnection, request: Request) -> Response | None:
        """Let a ticket in once and while it lives; everybody else gets HTTP 401 during the handshake."""
        address = urlsplit(request.path)
        text = parse_qs(address.query).get("ticket", [""])[0]
        ticket = self._platform.tickets.use(text) if address.path == "/connect" else None
        if ticket is None:
            return line.respond(HTTPStatus.UNAUTHORIZED, "ticket invalid\n")
        with self._lock:
            self._arriving.append(time.monotonic())
        line.emulated = Connection(self._platform, line, ticket.subscriptions)  # type: ignore[attr-defined]  # ours
        return None

    def _serve(self, line: ServerConnection) -> None:
        connection: Connection = line.emulated  # type: ignore[attr-defined]  # set by _admit
        with self._lock:
            self._connections.append(connection)
            del self._arriving[:1]
            self._lock.notify_all()
        self._platform.feed.bump()
        connection.listen()
        self._platform.feed.bump()

    def _keep_pinging(self) -> None:
        while not self._stopping.wait(self._platform.switches.ping_s):
            for connection in self.connections():
                if connection.state == "open":
                    threading.Thread(target=self._ping, args=(connection,), daemon=True).start()

    def _ping(self, connection: Connection) -> None:
        """Ask one client whether it is there; too many silences close its socket."""
        opaque = self._platform.ids.hexes()
        limit_s = min(PING_ANSWER_S, self._platform.switches.ping_s)
        ack = connection.ask(SYSTEM, "ping", json.dumps({"opaque": opaque}), limit_s)
        if connection.state != "open":
            return
        if ack is not None and ack.ok and isinstance(ack.data, dict) and ack.data.get("opaque") == opaque:
            connection.missed = 0
            return
        connection.missed += 1
        if connection.missed >= self._platform.switches.pings_missed:
            connection.close()
