"""The tables of files: what is known of each, and the bytes."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from storage.schema import Id, life, metadata

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
