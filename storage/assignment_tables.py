"""The tables of who gets a lead: decisions with their why, what rules remember, shifts, and who works along."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table

from storage.schema import Id, life, metadata
from storage.types import Json, UtcDateTime

routings = Table(
    "routings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lead_id", Id, ForeignKey("leads.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("entered_at", UtcDateTime, nullable=False, index=True),
    Column("way", String(16), nullable=False),
    Column("placed", String(16), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), index=True),
    Column("value", Integer, nullable=False),
    Column("why", Json, nullable=False),
)

rule_memories = Table(
    "rule_memories",
    metadata,
    Column("rule", String(60), primary_key=True),
    Column("memory", Json, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("created_by", Id),
    *life(),
)

collaborations = Table(
    "collaborations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_kind", String(8), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("may_write", Boolean, nullable=False),
    Column("share", Integer, nullable=False),
    Column("until", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("created_by", Id),
    *life(),
    Index("ix_collaborations_customer", "customer_kind", "customer_id"),
)
