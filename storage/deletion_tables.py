"""The table of what was deleted and may still come back."""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from storage.schema import Id, life, metadata
from storage.types import UtcDateTime, Words

deletions = Table(
    "deletions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("name", String(200), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner_id", Id, ForeignKey("members.id"), index=True),
    Column("asked_by", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("taken", Words, nullable=False),
    Column("gone_at", UtcDateTime),
    Column("purge_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    *life(),
    Index("ix_deletions_subject", "subject_kind", "subject_id"),
    Index("ix_deletions_state", "state", "gone_at"),
)
