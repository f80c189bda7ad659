"""The inbox' front door: many callbacks, one commit.

Requests hand their events to one writer thread and wait until it has committed them. While one commit is being synced,
the next callers gather, so a slow disk costs a group one sync instead of one each (performance.md §1). A request is
answered only after its events are durable, and one whose commit failed gets the error.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite

from core.model.messages import InboxState
from storage import tables

GROUP = 200
"""Callbacks in one commit, at most."""


@dataclass(frozen=True)
class Arrival:
    """An event on its way into the inbox, already JSON."""

    channel: str
    key: str
    user_id: str
    event: dict[str, Any]
    received_at: datetime


class Intake:
    """Keeps events durably. `keep` returns after the commit; `arrived` is told how many were new."""

    def __init__(self, engine: Engine, arrived: Callable[[], None] = lambda: None) -> None:
        self._engine, self._arrived = engine, arrived
        self._queue: SimpleQueue[tuple[Sequence[Arrival], Future[None]] | None] = SimpleQueue()
        dialect: Any = postgresql if engine.dialect.name == "postgresql" else sqlite
        self._insert = dialect.insert(tables.inbox).on_conflict_do_nothing(index_elements=["channel", "key"])
        self._writer = Thread(target=self._run, name="intake", daemon=True)
        self._writer.start()

    def keep(self, arrivals: Sequence[Arrival], timeout: float = 4.0) -> None:
        """Keep `arrivals`, leaving out those whose key is known. Raises when the commit failed or took too long.

        After a timeout the events may still become durable: the platform delivers again and the key tells.
        """
        done: Future[None] = Future()
        self._queue.put((arrivals, done))
        done.result(timeout)

    def close(self) -> None:
        """Write what is waiting and stop."""
        self._queue.put(None)
        self._writer.join(timeout=10)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group = [first]
            stopping = False
            while len(group) < GROUP and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    stopping = True
                    break
                group.append(following)
            self._write(group)
            if stopping:
                return

    def _write(self, group: list[tuple[Sequence[Arrival], Future[None]]]) -> None:
        rows = [_row(arrival) for arrivals, _ in group for arrival in arrivals]
        try:
            with self._engine.begin() as connection:
                connection.execute(self._insert, rows)
        except Exception as error:  # every waiting request must learn that its events are not durable
            for _, done in group:
                done.set_exception(error)
            return
        for _, done in group:
            done.set_result(None)
        self._arrived()


def _row(arrival: Arrival) -> dict[str, Any]:
    return {
        "channel": arrival.channel,
        "key": arrival.key,
        "user_id": arrival.user_id,
        "event": arrival.event,
        "received_at": arrival.received_at,
        "state": InboxState.PENDING,
    }
