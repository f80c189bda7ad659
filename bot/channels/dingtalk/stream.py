"""The Stream connection: opened with a fresh ticket, watched, and replaced before it is missed.

dingtalk-stream's own loop opens without a time limit, loses frames between two connections and cannot be stopped; we
use its frames and topics and drive the connection ourselves. At most one connection is the current one; one that the
platform is about to close, or that has gone quiet, is read on until its successor stands.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event as Flag
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
from prometheus_client import Counter, Gauge
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from bot.channels.base import Tokens
from bot.channels.dingtalk.bodies import Malformed, read_object
from bot.channels.dingtalk.channel import ALIVE, REMEMBERED, heartbeat
from bot.channels.dingtalk.frames import SUBSCRIPTIONS, Frames
from bot.channels.dingtalk.keeper import PATIENCE_S, Keeper
from bot.event import Event

log = logging.getLogger(__name__)
_socket_log = logging.getLogger(f"{__name__}.socket")  # the library's own words may carry tickets
_socket_log.setLevel(logging.WARNING)

T = TypeVar("T")

OPEN = "/v1.0/gateway/connections/open"
ANSWER_S = 5.0
"""To send an answer; a peer that takes longer reads nothing any more."""

LARGEST_FRAME = 1024 * 1024  # the platform's own clients take 256 KB
CLIENT_ERRORS, SERVER_ERRORS = 400, 500

CHECK = "请检查 DINGTALK_CLIENT_ID 和 DINGTALK_CLIENT_SECRET、应用是否已发布、机器人是否为 Stream 模式、IP 白名单"
"""What an operator looks at when the platform refuses us."""

CONNECTIONS = Gauge("liaodan_stream_connections", "open connections to DingTalk's Stream")
SILENCE = Gauge("liaodan_stream_silence_seconds", "since the last frame of DingTalk's Stream")
OPENED = Counter("liaodan_stream_opened_total", "attempts to connect to DingTalk's Stream", ["outcome"])


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Seconds. The platform sends a frame every 20 to 30, and closes a connection 10 after announcing it."""

    silence: float = 90
    farewell: float = 12
    first_pause: float = 1
    longest_pause: float = 60
    healthy: float = 60
    refused: float = 60
    longest_refused: float = 600
    opening: float = 5
    watch: float = 1
    slept: float = 20
    beat: float = 15
    patience: float = PATIENCE_S


class Refused(Exception):
    """The platform does not let us open a connection: settings, not the network."""


class Failed(Exception):
    """No connection this time."""


class Line:
    """One connection. Its answers go where the question came from, whatever the current connection is."""

    def __init__(self, socket: ClientConnection, silence: float) -> None:
        self._socket, self._silence = socket, silence
        self.began = self.last_frame = time.monotonic()
        self.leaving = asyncio.Event()
        self.dropped = False

    async def read(self, frames: Frames, keeper: Keeper) -> None:
        """Take frame after frame until the connection ends or stays silent for too long."""
        try:
            while True:
                async with asyncio.timeout(self._silence):
                    raw = await self._socket.recv()
                    self.last_frame = time.monotonic()
                    frame = frames.read(raw)
                    if frame.leaving:
                        log.info("the platform is about to close a stream connection")
                        self.leaving.set()
                    await keeper.take(self, frame)
        except TimeoutError:
            log.warning("a stream connection was silent for %.0f seconds and is replaced", self._silence)
        except ConnectionClosed as closed:
            self.dropped = not self.leaving.is_set()
            log.info("a stream connection was closed with code %d", closed.rcvd.code if closed.rcvd else 1006)
        except Exception:  # a bug must not cost more than this connection
            self.dropped = True
            log.exception("a stream connection could not be read")
        finally:
            self.leaving.set()

    async def answer(self, text: str) -> None:
        """Send an answer. The platform repeats the question when its connection is gone."""
        if not text:
            return
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._socket.send(text)
        except (ConnectionClosed, TimeoutError):
            self.leaving.set()

    async def close(self) -> None:
        """Close the connection; a peer that does not answer is left after two seconds."""
        await self._socket.close()


class Pauses:
    """How long to wait before the next try: growing while things go wrong, from the start again after health."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._failed = self._refused = 0

    def after_failure(self) -> float:
        self._failed += 1
        return self._jittered(self._timing.first_pause * 2 ** (self._failed - 1), self._timing.longest_pause)

    def after_refusal(self) -> float:
        self._refused += 1
        return self._jittered(self._timing.refused * 2 ** (self._refused - 1), self._timing.longest_refused)

    def after_life(self, lived: float, *, dropped: bool) -> float:
        """Return the pause after a connection ended; none when it was to be replaced, once in a while."""
        self._refused = 0
        if lived >= self._timing.healthy:
            self._failed = 0
        if not dropped and self._failed == 0:
            self._failed = 1
            return 0
        return self.after_failure()

    @staticmethod
    def _jittered(pause: float, longest: float) -> float:
        return min(pause, longest) * random.uniform(0.5, 1)  # noqa: S311 - jitter, not a secret


class Stream:
    """Holds the connection in a thread of its own, from `start` to `stop`.

    `keep` keeps events durably or raises, from any thread. While a connection is healthy, a heartbeat goes into
    `tokens`, where other processes read it. `wall` is a clock that goes on while the machine sleeps.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        api_base: str,
        frames: Frames,
        keep: Callable[[Sequence[Event]], None],
        tokens: Tokens,
        timing: Timing = Timing(),
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._client_id, self._secret, self._api_base = client_id, client_secret, api_base.rstrip("/")
        self._frames, self._keep, self._tokens = frames, keep, tokens
        self._timing, self._wall = timing, wall
        self._pauses = Pauses(timing)
        self._lines: dict[Line, asyncio.Task[None]] = {}
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running = Flag()
        self._thread = Thread(target=lambda: asyncio.run(self._main()), name="stream", daemon=True)

    def start(self) -> None:
        """Start connecting; returns at once."""
        self._thread.start()
        self._running.wait(timeout=10)

    def stop(self) -> None:
        """Read no more, keep and answer what was read, close."""
        if self._loop is None:
            return
        with suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(timeout=20)

    @property
    def healthy(self) -> bool:
        """Whether a connection stands and has not gone quiet."""
        since = time.monotonic() - self._timing.silence
        return any(line.last_frame > since and not line.leaving.is_set() for line in tuple(self._lines))

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._running.set()
        keeper = Keeper(self._keep, self._timing.patience)
        keeping = asyncio.create_task(keeper.run())
        watching = [asyncio.create_task(work()) for work in (self._watch, self._beat)]
        while not self._stopping.is_set():
            try:
                await self._hold(keeper)
            except Exception:  # a bug must not cost the connection
                log.exception("the stream stumbled")
                await self._wait(self._pauses.after_failure())
        for task in (*self._lines.values(), *watching):
            task.cancel()
        keeper.finish()
        await asyncio.wait([keeping], timeout=10)
        await asyncio.gather(*(line.close() for line in self._lines), return_exceptions=True)
        CONNECTIONS.set(0)

    async def _hold(self, keeper: Keeper) -> None:
        """Open a connection and stay until it needs a successor."""
        try:
            socket = await self._unless_stopped(self._opened())
        except Refused as refused:
            pause = self._pauses.after_refusal()
            log.error("the stream may not be opened (%s); next try in %.0f seconds. %s", refused, pause, CHECK)
            OPENED.labels("refused").inc()
            await self._wait(pause)
            return
        except Failed as failed:
            pause = self._pauses.after_failure()
            log.warning("the stream could not be opened (%s); next try in %.1f seconds", failed, pause)
            OPENED.labels("failed").inc()
            await self._wait(pause)
            return
        if socket is None:
            return
        OPENED.labels("ok").inc()
        log.info("the stream is connected")
        line = Line(socket, self._timing.silence)
        self._lines[line] = asyncio.create_task(self._read(line, keeper))
        CONNECTIONS.set(len(self._lines))
        await self._unless_stopped(line.leaving.wait())
        if not self._stopping.is_set():
            lived = time.monotonic() - line.began
            await self._wait(self._pauses.after_life(lived, dropped=line.dropped))

    async def _read(self, line: Line, keeper: Keeper) -> None:
        """Read a connection to its end; one that was told to leave gets a little longer."""
        reading = asyncio.create_task(line.read(self._frames, keeper))
        try:
            await line.leaving.wait()
            await asyncio.wait([reading], timeout=self._timing.farewell)
        finally:
            reading.cancel()
            if not self._stopping.is_set():  # then answers may still be due on it
                await line.close()
                self._lines.pop(line, None)
                CONNECTIONS.set(len(self._lines))

    async def _opened(self) -> ClientConnection:
        """Ask for a ticket and connect with it: each ticket is good once."""
        opened = await self._asked()
        endpoint, ticket = opened.get("endpoint"), opened.get("ticket")
        if not isinstance(endpoint, str) or not isinstance(ticket, str):
            raise Failed("no endpoint in the answer")
        wanted = ("wss://",) if self._api_base.startswith("https:") else ("ws://", "wss://")
        if not endpoint.startswith(wanted):
            raise Failed("the endpoint is not encrypted")
        try:
            return await connect(
                f"{endpoint}{'&' if '?' in endpoint else '?'}ticket={quote(ticket, safe='')}",
                proxy=None,
                compression=None,
                open_timeout=self._timing.opening,
                close_timeout=2,
                max_size=LARGEST_FRAME,
                max_queue=64,
                logger=_socket_log,
            )
        except (OSError, TimeoutError, WebSocketException, ValueError) as error:
            raise Failed(type(error).__name__) from None

    async def _asked(self) -> dict[str, Any]:
        question = {
            "clientId": self._client_id,
            "clientSecret": self._secret,
            "subscriptions": SUBSCRIPTIONS,
            "ua": "liaodan",
        }
        try:
            async with httpx2.AsyncClient(timeout=self._timing.opening, trust_env=False) as http:
                answer = await http.post(self._api_base + OPEN, json=question, headers={"Accept": "application/json"})
            told = read_object(answer.content)
        except httpx2.HTTPError as error:
            raise Failed(type(error).__name__) from None
        except Malformed:
            told = {}
        if CLIENT_ERRORS <= answer.status_code < SERVER_ERRORS:
            raise Refused(f"HTTP {answer.status_code}, {str(told.get('code', ''))[:60]}")
        if answer.is_error:
            raise Failed(f"HTTP {answer.status_code}")
        return told

    async def _watch(self) -> None:
        """Notice that the machine has slept, which connections rarely survive, and say how quiet it has been."""
        wall, steady = self._wall(), time.monotonic()
        while True:
            await asyncio.sleep(self._timing.watch)
            wall_now, steady_now = self._wall(), time.monotonic()
            if max(wall_now - wall, steady_now - steady) > self._timing.watch + self._timing.slept:
                log.warning("the machine has slept; the stream is connected anew")
                for line in self._lines:
                    line.leaving.set()
            wall, steady = wall_now, steady_now
            newest = max((line.last_frame for line in self._lines), default=None)
            SILENCE.set(0 if newest is None else steady_now - newest)

    async def _beat(self) -> None:
        """Tell the other processes as long as a connection is healthy."""
        while True:
            told = self.healthy and await asyncio.to_thread(self._say_alive)
            await asyncio.sleep(self._timing.beat if told else min(self._timing.beat, 0.5))

    def _say_alive(self) -> bool:
        try:
            self._tokens.put(heartbeat(self._client_id), ALIVE, REMEMBERED)
        except Exception as error:  # a database that is away must not cost the connection
            log.warning("the heartbeat could not be written: %s", type(error).__name__)
            return False
        return True

    async def _wait(self, seconds: float) -> None:
        """Wait, or until we stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _unless_stopped(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Return what `work` comes to; None when we were told to stop meanwhile."""
        working, stopping = asyncio.create_task(work), asyncio.create_task(self._stopping.wait())
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if working.done():
            return working.result()
        working.cancel()
        return None
