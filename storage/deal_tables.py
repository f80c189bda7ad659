"""The tables beside deals: whose the credit is, guided questions, and what was promised to customers."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

from storage.schema import Id, life, metadata
from storage.types import Json, UtcDateTime

deal_shares = Table(
    "deal_shares",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", Id, ForeignKey("deals.id"), nullable=False, index=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("share", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked_by", Id),
    Column("answered_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    *life(),
)

interviews = Table(
    "interviews",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", Id, ForeignKey("deals.id"), nullable=False, index=True),
    Column("outline", String(60), nullable=False),
    Column("answers", Json, nullable=False, server_default="{}"),
    Column("state", String(16), nullable=False),
    Column("begun_by", Id),
    Column("done_at", UtcDateTime),
    *life(),
)

promises = Table(
    "promises",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_kind", String(16), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("followup_id", Id, ForeignKey("followups.id"), index=True),
    Column("made_by", Id, ForeignKey("members.id"), index=True),
    Column("to_whom", String(64), nullable=False),
    Column("words", String(200), nullable=False),
    Column("thing", String(40), nullable=False),
    Column("theirs", Boolean, nullable=False),
    Column("due_at", UtcDateTime),
    Column("state", String(16), nullable=False),
    Column("settled_at", UtcDateTime),
    Column("settled_by", Id),
    Column("made_at", UtcDateTime, nullable=False),
    *life(),
    Index("ix_promises_customer", "customer_kind", "customer_id"),
)
