"""The inbox' front door: many callbacks, one commit.

Requests hand their events to one writer thread and wait until it has committed them. While one commit is being synced,
the next callers gather, so a slow disk costs a group one sync instead of one each. A request is
answered only after its events are durable, and one whose commit failed gets the error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.dialects import postgresql, sqlite

from core.model.messages import InboxState
from storage import tables
from storage.inserts import prepare

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
        dialect: Any = postgresql if engine.dialect.name == "postgresql" else sqlite
        new = dialect.insert(tables.inbox).on_conflict_do_nothing(index_elements=["channel", "key"])
        self._insert, self._parameters = prepare(engine.dialect, new, tables.inbox, _COLUMNS)
        self._is_sqlite = engine.dialect.name == "sqlite"
        driver: Any = engine.dialect.loaded_dbapi
        self._odd = (driver.DataError, driver.IntegrityError, ValueError)  # what the database will never take
        self._connection: PoolProxiedConnection | None = None
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
                break
        if self._connection is not None:
            self._connection.close()

    def _write(self, group: list[_Waiting]) -> None:
        try:
            self._commit([self._parameters(_row(arrival)) for waiting in group for arrival in waiting.arrivals])
        except self._odd as error:
            if len(group) > 1:  # one odd event must not cost the others theirs
                for waiting in group:
                    self._write([waiting])
                return
            group[0].error = error
        except Exception as error:  # every waiting request must learn that its events are not durable
            for waiting in group:
                waiting.error = error
        for waiting in group:
            waiting.done.release()
        self._arrived()

    def _commit(self, rows: list[Any]) -> None:
        """Insert on a connection that the writer keeps, past SQLAlchemy, whose bookkeeping costs more than the commit.

        A server may have dropped an idle connection, so a failure there is tried once more on a new one: what was kept
        all the same is known by its key.
        """
        try:
            self._insert_into(self._connection or self._engine.raw_connection(), rows)
        except Exception as error:
            if self._is_sqlite or isinstance(error, self._odd):
                raise
            self._insert_into(self._engine.raw_connection(), rows)

    def _insert_into(self, connection: PoolProxiedConnection, rows: list[Any]) -> None:
        self._connection = None
        try:
            cursor = connection.cursor()
            if self._is_sqlite:
                cursor.execute("BEGIN IMMEDIATE")  # psycopg begins by itself
            cursor.executemany(self._insert, rows)
            connection.commit()
            cursor.close()
        except Exception as error:
            if self._is_sqlite or isinstance(error, self._odd):
                connection.close()  # rolls back
            else:
                connection.invalidate(error)
            raise
        self._connection = connection


def _row(arrival: Arrival) -> dict[str, Any]:
    return {
        "channel": arrival.channel,
        "key": arrival.key,
        "user_id": arrival.user_id,
        "event": arrival.event,
        "received_at": arrival.received_at,
        "state": InboxState.PENDING.value,
    }
