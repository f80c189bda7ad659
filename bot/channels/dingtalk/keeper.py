"""Between the Stream and the inbox: frames are kept in their order, many to a commit, and only then answered.

While the database is out of reach, messages wait here and are tried again: the platform repeats them too, but nowhere
promises to, and the inbox knows what came twice.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from prometheus_client import Counter

from bot.channels.dingtalk.frames import Frame
from bot.event import Event

log = logging.getLogger(__name__)

FRAMES = Counter("liaodan_stream_frames_total", "frames of DingTalk's Stream", ["topic", "outcome"])

GROUP = 200
"""Frames in one commit, at most."""

MOST_WAITING = 5000
"""Frames in memory, at most; what comes beyond is left to be pushed again."""

PATIENCE_S = 600.0
"""How long we hold what cannot be kept; after that it is the platform's to repeat."""

RETRY_S = 1.0

FAILURES = 2
"""So many in a row, and it is not the events."""


class Answers(Protocol):
    """The connection on which a frame came."""

    async def answer(self, text: str) -> None:
        """Send an answer; one for a connection that is gone by now is dropped."""
        ...


@dataclass(frozen=True)
class _Held:
    line: Answers
    frame: Frame
    since: float = field(default_factory=time.monotonic)


class Keeper:
    """Keeps what frames say by `keep`, which blocks and raises when it cannot; runs it in threads."""

    def __init__(self, keep: Callable[[Sequence[Event]], None], patience: float = PATIENCE_S) -> None:
        self._keep, self._patience = keep, patience
        self._queue: asyncio.Queue[_Held | None] = asyncio.Queue()
        self._late: list[_Held] = []

    async def take(self, line: Answers, frame: Frame) -> None:
        """Have a frame kept and answered soon. One with nothing to keep is answered at once."""
        if not frame.events:
            FRAMES.labels(frame.topic, "answered" if frame.answer else "silent").inc()
            await line.answer(frame.answer)
        elif self._queue.qsize() + len(self._late) >= MOST_WAITING:
            FRAMES.labels(frame.topic, "refused").inc()
            await line.answer(frame.otherwise)
        else:
            self._queue.put_nowait(_Held(line, frame))

    async def run(self) -> None:
        """Keep and answer until `finish`; then what is still waiting, once more."""
        stopping = False
        while not stopping:
            group, stopping = await self._next()
            self._late = []
            kept = await asyncio.to_thread(self._kept, [held.frame.events for held in group])
            for held, is_kept in zip(group, kept, strict=True):
                try:
                    await self._settle(held, is_kept)
                except Exception:  # one answer that cannot be sent must not cost the others theirs
                    log.exception("a frame of the stream could not be answered")

    def finish(self) -> None:
        """Let `run` end when everything that was taken is settled."""
        self._queue.put_nowait(None)

    async def _next(self) -> tuple[list[_Held], bool]:
        """Return the frames to keep next, the oldest first, and whether they are the last ones."""
        group = list(self._late)
        try:
            async with asyncio.timeout(RETRY_S if group else None):
                held = await self._queue.get()
        except TimeoutError:
            return group, False
        while held is not None:
            group.append(held)
            if len(group) >= GROUP or self._queue.empty():
                return group, False
            held = self._queue.get_nowait()
        while not self._queue.empty():  # taken after we were asked to finish
            late = self._queue.get_nowait()
            group += [late] if late is not None else []
        return group, True

    def _kept(self, group: list[tuple[Event, ...]]) -> list[bool]:
        """Keep a group in one commit. When that fails one frame may be to blame: then one by one, while any succeed."""
        if not group or self._is_kept([event for events in group for event in events]):
            return [True] * len(group)
        if len(group) == 1:
            return [False]
        outcome: list[bool] = []
        for events in group:
            out_of_reach = not any(outcome[-FAILURES:]) and len(outcome) >= FAILURES
            outcome.append(not out_of_reach and self._is_kept(events))
        return outcome

    def _is_kept(self, events: Sequence[Event]) -> bool:
        try:
            self._keep(events)
        except Exception as error:  # whatever keeps us from keeping it, the platform must not be told that we have it
            log.error("%d events of the stream could not be kept: %s", len(events), type(error).__name__)
            return False
        return True

    async def _settle(self, held: _Held, is_kept: bool) -> None:
        frame = held.frame
        if is_kept:
            outcome, text = "kept", frame.answer
        elif frame.otherwise or time.monotonic() - held.since > self._patience:
            outcome, text = "given_back", frame.otherwise
        else:
            self._late.append(held)
            return
        FRAMES.labels(frame.topic, outcome).inc()
        await held.line.answer(text)
