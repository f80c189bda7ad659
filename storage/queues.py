"""What waits: the questions the pump asks, several times a second, each answered by a partial index."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select, update
from sqlalchemy.orm import Session

from core.model.messages import InboxState, OutboxState
from core.rules.retry import OVERTAKEN_AFTER
from storage import tables
from storage.engine import reading


def senders_waiting(session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
    """People whose oldest waiting event may be handled now; those who wait longest come first."""
    rows = tables.inbox.c
    pending = rows.state == InboxState.PENDING
    oldest = select(func.min(rows.id)).where(pending).group_by(rows.channel, rows.user_id)
    query = (
        select(rows.channel, rows.user_id)
        .where(rows.id.in_(oldest), or_(rows.retry_at.is_(None), rows.retry_at <= now))
        .order_by(rows.id)
        .limit(limit)
    )
    return [(channel, user_id) for channel, user_id in session.execute(query)]


def receivers_waiting(session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
    """People whose next message may be delivered now; those who wait longest come first."""
    rows = tables.outbox.c
    following = select(func.min(rows.id)).where(in_line(now)).group_by(rows.channel, rows.user_id)
    query = (
        select(rows.channel, rows.user_id)
        .where(rows.id.in_(following))
        .where(or_(rows.not_before.is_(None), rows.not_before <= now))
        .where(or_(rows.leased_until.is_(None), rows.leased_until <= now))
        .order_by(rows.id)
        .limit(limit)
    )
    return [(channel, user_id) for channel, user_id in session.execute(query)]


def in_line(now: datetime) -> ColumnElement[bool]:
    """Say in SQL which messages are in line: all that wait, but those that failed so often that others overtake them.

    A message that must wait holds the later ones back; after OVERTAKEN_AFTER failures it steps aside for its pause.
    """
    rows = tables.outbox.c
    waiting = rows.state.in_((OutboxState.WAITING, OutboxState.UNKNOWN))
    ready = or_(rows.not_before.is_(None), rows.not_before <= now)
    return and_(waiting, or_(rows.attempts < OVERTAKEN_AFTER, ready))


def jobs_waiting(session: Session, now: datetime, limit: int) -> list[int]:
    """Jobs that nobody works on."""
    rows = tables.jobs.c
    query = (
        select(rows.id)
        .where(rows.state == "waiting")
        .where(or_(rows.not_before.is_(None), rows.not_before <= now))
        .where(or_(rows.leased_until.is_(None), rows.leased_until <= now))
        .order_by(rows.id)
        .limit(limit)
    )
    return list(session.scalars(query))


def count_waiting(session: Session) -> int:
    """How many messages have not left yet."""
    waiting = tables.outbox.c.state.in_((OutboxState.WAITING, OutboxState.UNKNOWN))
    return session.scalar(select(func.count()).select_from(tables.outbox).where(waiting)) or 0


def aside(session: Session) -> list[dict[str, Any]]:
    """Events that were set aside, newest first, for the operator."""
    rows = tables.inbox.c
    query = select(tables.inbox).where(rows.state == InboxState.ASIDE).order_by(rows.id.desc()).limit(200)
    return [
        {
            "id": row.id,
            "received_at": row.received_at.isoformat(),
            "channel": row.channel,
            "user_id": row.user_id,
            "text": str(row.event.get("text", "")),
            "attempts": row.attempts,
            "error": row.error,
        }
        for row in session.execute(query)
    ]


def put_back(connection: Connection, event_id: int) -> bool:
    """Let an event that was set aside be tried again; False when there is none of that number."""
    rows = tables.inbox.c
    done = connection.execute(
        update(tables.inbox)
        .where(rows.id == event_id, rows.state == InboxState.ASIDE)
        .values(state=InboxState.PENDING, attempts=0, retry_at=None)
    )
    return bool(done.rowcount)


def gauges(engine: Engine) -> dict[str, float]:
    """Figures for the operator: what waits, what was set aside, and what took another way than it was meant to."""
    counts = {
        "inbox_pending": (tables.inbox, tables.inbox.c.state == InboxState.PENDING),
        "inbox_aside": (tables.inbox, tables.inbox.c.state == InboxState.ASIDE),
        "outbox_waiting": (tables.outbox, tables.outbox.c.state.in_((OutboxState.WAITING, OutboxState.UNKNOWN))),
        "outbox_failed": (tables.outbox, tables.outbox.c.state == OutboxState.FAILED),
        "outbox_dropped": (tables.outbox, tables.outbox.c.state == OutboxState.DROPPED),
        "outbox_readdressed": (tables.outbox, tables.outbox.c.readdressed_from != ""),
        "deadlines_parked": (tables.deadlines, tables.deadlines.c.parked_until.is_not(None)),
    }
    with reading(engine).connect() as connection:
        return {
            name: float(connection.scalar(select(func.count()).select_from(table).where(where)) or 0)
            for name, (table, where) in counts.items()
        }
