"""The tables of people: who they are, the doors by which they come in, and their keys."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from storage.schema import Id, life, metadata
from storage.types import UtcDateTime, Words

members = Table(
    "members",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(64), nullable=False, index=True),
    Column("phone", String(32)),
    Column("department", String(255), nullable=False, index=True),
    Column("roles", Words, nullable=False),
    Column("manager_id", Id, ForeignKey("members.id")),
    Column("active", Boolean, nullable=False),
    Column("preferred_channel", String(16), nullable=False, server_default=""),
    Column("regions", Words, nullable=False, server_default="[]"),
    Column("skills", Words, nullable=False, server_default="[]"),
    Column("weight", Integer),
    Column("duty", String(16), nullable=False, server_default=""),
    Column("capacity", Integer),
    *life(),
)

channel_users = Table(
    "channel_users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("display_id", String(64), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("closed_by", String(8), nullable=False, server_default=""),
    Column("deleted_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    UniqueConstraint("channel", "user_id"),
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("channel", String(16), nullable=False),
    Column("salt", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("taken_by", String(80), nullable=False, server_default=""),
    Column("settled_at", UtcDateTime),
)

link_tries = Table(
    "link_tries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("wrong", Integer, nullable=False),
    Column("paused_until", UtcDateTime),
    UniqueConstraint("channel", "user_id"),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)
