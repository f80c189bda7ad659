"""The tables of the playbook: its versions, and drafts that wait for a decision."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from storage.schema import Id, metadata
from storage.types import Json, UtcDateTime

playbook_versions = Table(
    "playbook_versions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("document", Text, nullable=False),
    Column("content", Json, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("base", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("restores", Integer),
    Column("treatment", String(16), nullable=False),
    Column("why", String(300), nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("by", Id, ForeignKey("members.id")),
    Column("by_name", String(64), nullable=False),
    Column("confirmed_by", Id, ForeignKey("members.id")),
    Column("confirmed_name", String(64), nullable=False),
    Column("remark", String(200), nullable=False),
)

playbook_drafts = Table(
    "playbook_drafts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("document", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("restores", Integer),
    Column("treatment", String(16), nullable=False),
    Column("why", String(300), nullable=False),
    Column("state", String(16), nullable=False),
    Column("drafted_at", UtcDateTime, nullable=False),
    Column("drafted_by", Id, ForeignKey("members.id"), nullable=False),
    Column("proposed_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("settled_by", Id, ForeignKey("members.id")),
    Column("number", Integer),
)
