"""What waits: the questions the pump asks, several times a second, each answered by a partial index."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.model.messages import InboxState, OutboxState
from storage import tables


def senders_waiting(session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
    """People whose events wait and may be handled now."""
    rows = tables.inbox.c
    query = (
        select(rows.channel, rows.user_id)
        .where(rows.state == InboxState.PENDING)
        .where(or_(rows.retry_at.is_(None), rows.retry_at <= now))
        .distinct()
        .limit(limit)
    )
    return [(channel, user_id) for channel, user_id in session.execute(query)]


def receivers_waiting(session: Session, now: datetime, limit: int) -> list[tuple[str, str]]:
    """People for whom something may be delivered now."""
    rows = tables.outbox.c
    query = (
        select(rows.channel, rows.user_id)
        .where(rows.state.in_((OutboxState.WAITING, OutboxState.UNKNOWN)))
        .where(or_(rows.not_before.is_(None), rows.not_before <= now))
        .where(or_(rows.leased_until.is_(None), rows.leased_until <= now))
        .distinct()
        .limit(limit)
    )
    return [(channel, user_id) for channel, user_id in session.execute(query)]


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
