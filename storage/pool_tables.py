"""The tables of fairness: what is asked of leaders, who is away when, and what was looked at in the pools."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table

from storage.schema import Id, life, metadata
from storage.types import UtcDateTime

requests = Table(
    "requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("decider_id", Id, ForeignKey("members.id")),
    Column("subject_kind", String(16)),
    Column("subject_id", Id),
    Column("cycle", Integer, nullable=False),
    Column("about_id", Id),
    Column("until", UtcDateTime),
    Column("begins_on", Date),
    Column("ends_on", Date),
    Column("reason", String(200), nullable=False),
    Column("state", String(12), nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", Id, ForeignKey("members.id")),
    Column("settled_name", String(64), nullable=False),
    Column("answer", String(200), nullable=False),
    *life(),
    Index("ix_requests_subject", "subject_kind", "subject_id"),
)
Index(
    "ix_requests_open",
    requests.c.decider_id,
    sqlite_where=requests.c.state == "open",
    postgresql_where=requests.c.state == "open",
)

absences = Table(
    "absences",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("begins_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("approved_by", Id, ForeignKey("members.id")),
    *life(),
)

pool_views = Table(
    "pool_views",
    metadata,
    Column("member_id", Id, nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("ref_id", Id, nullable=False),
    PrimaryKeyConstraint("member_id", "day", "kind", "ref_id"),
    sqlite_with_rowid=False,
)
"""What somebody saw on a day in a pool, each record once."""
