"""Tokens, locks and budgets for an installation without Redis: rows of the same database, so processes share them.

The same ports as `storage.redis`. Instants here are the machine's own clock, whatever time a rehearsal plays.
"""

import time
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self
from uuid import uuid4

from sqlalchemy import Connection, Engine, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage import tables
from storage.engine import reading
from storage.seal import Seal

POLL_S = 0.05


class SharedTokens:
    """Access tokens in the table `shared`, sealed."""

    def __init__(self, engine: Engine, seal: Seal) -> None:
        self._engine, self._seal = engine, seal

    def get(self, name: str) -> str | None:
        rows = tables.shared.c
        with reading(self._engine).connect() as connection:
            alive = select(rows.value).where(rows.name == f"token:{name}", rows.expires_at > _now())
            sealed: str | None = connection.scalar(alive)
        return self._seal.open(sealed) if sealed else None

    def put(self, name: str, token: str, lives: timedelta) -> None:
        with self._engine.begin() as connection:
            _put(connection, f"token:{name}", self._seal.close(token), _now() + lives)

    def drop(self, name: str, token: str) -> None:
        rows = tables.shared.c
        with self._engine.begin() as connection:
            sealed = connection.scalar(select(rows.value).where(rows.name == f"token:{name}"))
            if sealed and self._seal.open(sealed) == token:
                connection.execute(delete(tables.shared).where(rows.name == f"token:{name}", rows.value == sealed))


class SharedLocks:
    """Locks in the table `shared`: a name is held until it is let go or its life ends."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def hold(self, name: str, *, lives: timedelta, wait: timedelta) -> "SharedHold":
        return SharedHold(self._engine, f"lock:{name}", lives, wait)


class SharedHold:
    """See `bot.channels.base.Hold`. `extend` prolongs a lock that is still ours."""

    def __init__(self, engine: Engine, name: str, lives: timedelta, wait: timedelta) -> None:
        self._engine, self._name, self._lives, self._wait = engine, name, lives, wait
        self._mine = uuid4().hex
        self.acquired = False

    def __enter__(self) -> Self:
        give_up = time.monotonic() + self._wait.total_seconds()
        while not (acquired := self.extend()) and time.monotonic() < give_up:
            time.sleep(POLL_S)
        self.acquired = acquired
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        rows = tables.shared.c
        with self._engine.begin() as connection:
            connection.execute(delete(tables.shared).where(rows.name == self._name, rows.value == self._mine))

    def extend(self) -> bool:
        """Take the lock if it is free, or prolong it if it is ours."""
        rows, now = tables.shared.c, _now()
        with self._engine.begin() as connection:
            free = (rows.value == self._mine) | (rows.expires_at <= now)
            renewed = connection.execute(
                update(tables.shared)
                .where(rows.name == self._name, free)
                .values(value=self._mine, expires_at=now + self._lives)
            )
            if renewed.rowcount:
                return True
            return _put_new(connection, self._name, self._mine, now + self._lives)


class OutboxBudgets:
    """How much one person may still be sent: counted from what was sent to them, so a restart forgets nothing."""

    def __init__(self, engine: Engine, per_minute: int, per_hour: int) -> None:
        self._engine = engine
        self._limits = ((timedelta(minutes=1), per_minute), (timedelta(hours=1), per_hour))

    def left(self, channel: str, user_id: str) -> int:
        """Return how many messages may leave now, over the last minute and the last hour."""
        rows, now = tables.outbox.c, _now()
        to = (rows.channel == channel, rows.user_id == user_id)
        with reading(self._engine).connect() as connection:
            sent = [
                connection.scalar(select(func.sum(rows.parts)).where(*to, rows.sent_at > now - window)) or 0
                for window, _ in self._limits
            ]
        return max(0, min(limit - used for (_, limit), used in zip(self._limits, sent, strict=True)))

    def spend(self, channel: str, user_id: str, parts: int) -> None:
        """Nothing to do: the sent row itself is counted."""


def _now() -> datetime:
    return datetime.now(UTC)


def _put(connection: Connection, name: str, value: str, expires_at: datetime) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(tables.shared).values(name=name, value=value, expires_at=expires_at)
    connection.execute(
        insert.on_conflict_do_update(index_elements=["name"], set_={"value": value, "expires_at": expires_at})
    )


def _put_new(connection: Connection, name: str, value: str, expires_at: datetime) -> bool:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(tables.shared).values(name=name, value=value, expires_at=expires_at)
    # RETURNING, because the row count of an INSERT is not to be had from every driver.
    claimed = insert.on_conflict_do_nothing().returning(tables.shared.c.name)
    return connection.scalar(claimed) is not None
