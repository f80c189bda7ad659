"""The tables of files: what is known of each, and the bytes."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from storage.schema import Id, life, metadata
from storage.types import UtcDateTime, Words

file_contents = Table(
    "file_contents",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner_kind", String(16), nullable=False),
    Column("owner_id", Id, nullable=False),
    Column("purpose", String(24), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("name", String(160), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), ForeignKey("file_contents.sha256"), nullable=False, index=True),
    Column("created_by", Id, ForeignKey("members.id")),
    *life(),
    Index("ix_files_owner", "owner_kind", "owner_id", "purpose"),
)

document_templates = Table(
    "document_templates",
    metadata,
    Column("kind", String(24), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("remark", String(200), nullable=False),
    Column("restores", Integer),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Id, ForeignKey("members.id")),
    Column("by_name", String(64), nullable=False),
)
"""Rows are only ever added, so they are their own history."""

materials = Table(
    "materials",
    metadata,
    Column("id", Id, primary_key=True),
    Column("title", String(160), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("tags", Words, nullable=False),
    Column("stages", Words, nullable=False),
    Column("industries", Words, nullable=False),
    Column("valid_until", Date),
    Column("link", String(500), nullable=False),
    Column("file_id", Id, ForeignKey("files.id")),
    Column("edition", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("created_by", Id, ForeignKey("members.id")),
    *life(),
)
