"""The tables of approvals: the matters, whose tap they wait for, and who answers for whom."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
)

from storage.schema import Id, life, metadata
from storage.types import Json, UtcDateTime

approvals = Table(
    "approvals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("title", String(200), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("submitter_id", Id, ForeignKey("members.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("flow", Json, nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("facts", Json, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("amount", BigInteger),
    Column("course", Json, nullable=False),
    Column("replaces", Id),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_approvals_subject", "subject_kind", "subject_id"),
    Index("ix_approvals_submitter", "submitter_id", "begun_at"),
    Index("ix_approvals_kind", "kind", "begun_at"),
)
Index(
    "uq_approvals_running",
    approvals.c.subject_kind,
    approvals.c.subject_id,
    approvals.c.kind,
    unique=True,
    sqlite_where=approvals.c.state == "running",
    postgresql_where=approvals.c.state == "running",
)
"""A subject is under approval once for each kind of matter, whatever races."""

approval_tasks = Table(
    "approval_tasks",
    metadata,
    Column("approval_id", Id, ForeignKey("approvals.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("node", Integer, nullable=False),
    Column("node_name", String(60), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("origin", String(12), nullable=False),
    Column("state", String(12), nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("answered_by", Id),
    PrimaryKeyConstraint("approval_id", "number"),
    sqlite_with_rowid=False,
)
Index(
    "ix_approval_tasks_pending",
    approval_tasks.c.member_id,
    sqlite_where=approval_tasks.c.state == "pending",
    postgresql_where=approval_tasks.c.state == "pending",
)

Index(
    "ix_approval_tasks_answered",
    approval_tasks.c.answered_by,
    approval_tasks.c.answered_at,
    sqlite_where=approval_tasks.c.answered_by.is_not(None),
    postgresql_where=approval_tasks.c.answered_by.is_not(None),
)

proxies = Table(
    "proxies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("proxy_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("begins_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("agreed_at", UtcDateTime),
    *life(),
)

approval_mirrors = Table(
    "approval_mirrors",
    metadata,
    Column("id", Id, primary_key=True),
    Column("approval_id", Id, ForeignKey("approvals.id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("generation", Integer, nullable=False),
    Column("template", String(100), nullable=False),
    Column("number", String(80)),
    Column("state", String(12), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("plan", Json, nullable=False),
    Column("heard", Json, nullable=False),
    Column("tried", Boolean, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime),
    Column("read_at", UtcDateTime),
    Column("looked_at", UtcDateTime),
    Column("busy_until", UtcDateTime),
    Index("uq_approval_mirrors_generation", "approval_id", "channel", "generation", unique=True),
    Index("uq_approval_mirrors_number", "channel", "number", unique=True),
    Index("ix_approval_mirrors_state", "channel", "state"),
)
