"""The inbox' front door: many callbacks, one commit.

Requests hand their events to one writer thread and wait until it has committed them. While one commit is being synced,
the next callers gather, so a slow disk costs a group one sync instead of one each (performance.md §1). A request is
answered only after its events are durable, and one whose commit failed gets the error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite

from core.model.messages import InboxState
from storage import tables

GROUP = 200
"""Callbacks in one commit, at most."""

_COLUMNS = ("channel", "key", "user_id", "event", "received_at", "state")


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event on its way into the inbox, already JSON."""

    channel: str
    key: str
    user_id: str
    event: dict[str, Any]
    received_at: datetime


class _Waiting:
    """Events and whoever waits for them. A bare lock: a Future costs more than the crypto of its event."""

    __slots__ = ("arrivals", "done", "error")

    def __init__(self, arrivals: Sequence[Arrival]) -> None:
        self.arrivals, self.done = arrivals, Lock()
        self.error: Exception | None = None
        self.done.acquire()


class Intake:
    """Keeps events durably. `keep` returns after the commit; `arrived` is told how many were new."""

    def __init__(self, engine: Engine, arrived: Callable[[], None] = lambda: None) -> None:
        self._engine, self._arrived = engine, arrived
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._insert, self._row = _statement(engine)
        self._writer = Thread(target=self._run, name="intake", daemon=True)
        self._writer.start()

    def keep(self, arrivals: Sequence[Arrival], timeout: float = 4.0) -> None:
        """Keep `arrivals`, leaving out those whose key is known. Raises when the commit failed or took too long.

        After a timeout the events may still become durable: the platform delivers again and the key tells.
        """
        waiting = _Waiting(arrivals)
        self._queue.put(waiting)
        if not waiting.done.acquire(timeout=timeout):
            raise TimeoutError("the database took too long")
        if waiting.error is not None:
            raise waiting.error

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

    def _write(self, group: list[_Waiting]) -> None:
        try:
            rows = [self._row(arrival) for waiting in group for arrival in waiting.arrivals]
            with self._engine.begin() as connection:
                connection.exec_driver_sql(self._insert, rows)
        except Exception as error:  # every waiting request must learn that its events are not durable
            for waiting in group:
                waiting.error = error
        for waiting in group:
            waiting.done.release()
        self._arrived()


def _statement(engine: Engine) -> tuple[str, Callable[[Arrival], Any]]:
    """Return the insert as the driver takes it, and what makes its parameters of an arrival: compiled once."""
    dialect: Any = postgresql if engine.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(tables.inbox).on_conflict_do_nothing(index_elements=["channel", "key"]).inline()
    compiled = insert.compile(dialect=engine.dialect, column_keys=_COLUMNS)
    as_json = tables.inbox.c.event.type.bind_processor(engine.dialect)
    as_instant = tables.inbox.c.received_at.type.bind_processor(engine.dialect)

    def values(arrival: Arrival) -> tuple[Any, ...]:
        event, at = as_json(arrival.event), as_instant(arrival.received_at)
        return (arrival.channel, arrival.key, arrival.user_id, event, at, InboxState.PENDING.value)

    def named(arrival: Arrival) -> dict[str, Any]:
        return dict(zip(_COLUMNS, values(arrival), strict=True))

    return str(compiled), values if compiled.positional else named
