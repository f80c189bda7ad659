"""The month's usage, counted from what was received and sent; each question is one read of one covering index."""

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from core.model.usage import ChannelUsage
from storage import tables
from storage.engine import reading
from storage.repositories import Repository

CACHED_S = 300.0
"""How old the figures of the operator's metrics may be; scrapes come far more often."""


class SqlUsage(Repository):
    """See `core.ports.Usage`."""

    def between(self, begin: datetime, end: datetime) -> list[ChannelUsage]:
        """Return what each channel used in that time."""
        return count(self._session, begin, end)


def count(asked: Session | Connection, begin: datetime, end: datetime) -> list[ChannelUsage]:
    """Return what each channel used from `begin` until `end`."""
    inbox, outbox = tables.inbox.c, tables.outbox.c
    pushes = (
        select(inbox.channel, func.count())
        .where(inbox.received_at >= begin, inbox.received_at < end)
        .group_by(inbox.channel)
    )
    calls = (
        select(outbox.channel, func.sum(outbox.calls))
        .where(outbox.sent_at >= begin, outbox.sent_at < end, outbox.sent_at.is_not(None))
        .group_by(outbox.channel)
    )
    pushed = {channel: int(number) for channel, number in asked.execute(pushes)}
    called = {channel: int(number or 0) for channel, number in asked.execute(calls)}
    return [
        ChannelUsage(channel=channel, calls=called.get(channel, 0), pushes=pushed.get(channel, 0))
        for channel in sorted(pushed.keys() | called.keys())
    ]


class UsageGauges:
    """The running month's usage as figures for Prometheus, read at most every CACHED_S seconds by one process."""

    def __init__(self, engine: Engine, month: Callable[[], tuple[datetime, datetime]]) -> None:
        self._engine, self._month = engine, month
        self._figures: dict[str, float] = {}
        self._until = 0.0
        self._lock = Lock()

    def figures(self) -> dict[str, float]:
        """Return `month_calls_<channel>` and `month_pushes_<channel>`."""
        with self._lock:
            if time.monotonic() >= self._until:
                with reading(self._engine).connect() as connection:
                    used = count(connection, *self._month())
                calls = {f"month_calls_{usage.channel}": float(usage.calls) for usage in used}
                self._figures = calls | {f"month_pushes_{usage.channel}": float(usage.pushes) for usage in used}
                self._until = time.monotonic() + CACHED_S
            return dict(self._figures)
