"""The tables of traffic: what was said to us, what we will say and asked, long work, and what the clock has done."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.schema import Id, metadata
from storage.types import Json, UtcDateTime

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("key", String(80), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("event", Json, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("retry_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("error", String(500), nullable=False, server_default=""),
    UniqueConstraint("channel", "key"),
)
Index("ix_inbox_received", inbox.c.received_at, inbox.c.channel)
Index(
    "ix_inbox_pending",
    inbox.c.channel,
    inbox.c.user_id,
    inbox.c.id,
    sqlite_where=inbox.c.state == "pending",
    postgresql_where=inbox.c.state == "pending",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("member_id", Id),
    Column("kind", String(40), nullable=False),
    Column("content", Json, nullable=False),
    Column("unique_key", String(120), unique=True),
    Column("screen", String(40)),
    Column("replaces", Json),
    Column("reply_to", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime),
    Column("leased_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("platform_id", String(80), nullable=False, server_default=""),
    Column("response_code", String(200), nullable=False, server_default=""),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("calls", Integer, nullable=False, server_default="0"),
    Column("readdressed_from", String(80), nullable=False, server_default=""),
    Column("error", String(500), nullable=False, server_default=""),
    Index("ix_outbox_member", "member_id", "id"),
)
Index(
    "ix_outbox_waiting",
    outbox.c.channel,
    outbox.c.user_id,
    outbox.c.id,
    sqlite_where=outbox.c.state.in_(("waiting", "unknown")),
    postgresql_where=outbox.c.state.in_(("waiting", "unknown")),
)
Index(
    "ix_outbox_screen",
    outbox.c.screen,
    sqlite_where=outbox.c.screen.is_not(None),
    postgresql_where=outbox.c.screen.is_not(None),
)
Index(
    "ix_outbox_calls",
    outbox.c.sent_at,
    outbox.c.channel,
    outbox.c.calls,
    sqlite_where=outbox.c.sent_at.is_not(None),
    postgresql_where=outbox.c.sent_at.is_not(None),
)
Index(
    "ix_outbox_sent",
    outbox.c.channel,
    outbox.c.user_id,
    outbox.c.sent_at,
    sqlite_where=outbox.c.sent_at.is_not(None),
    postgresql_where=outbox.c.sent_at.is_not(None),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("channel", String(16), nullable=False, server_default=""),
    Column("room", String(128), nullable=False, server_default=""),
    Column("kind", String(8), nullable=False, server_default="ask"),
    Column("intent", String(40), nullable=False),
    Column("slot", String(24), nullable=False),
    Column("slots", Json, nullable=False),
    Column("others", Json, nullable=False, server_default="[]"),
    Column("place", Integer, nullable=False, server_default="0"),
    Column("choices", Json, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("unsure", Boolean, nullable=False, server_default=false()),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("content", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Id),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime),
    Column("leased_until", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("result", Json),
    Column("error", String(500), nullable=False, server_default=""),
)
Index(
    "ix_jobs_waiting",
    jobs.c.id,
    sqlite_where=jobs.c.state == "waiting",
    postgresql_where=jobs.c.state == "waiting",
)

runs = Table(
    "runs",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("note", String(80), nullable=False),
)

shared = Table(
    "shared",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
"""Tokens, locks and budgets of an installation without Redis. Nothing here is true for long."""
