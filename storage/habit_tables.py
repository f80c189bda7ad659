"""The tables of what members want: reports by the clock, and peace."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Time

from storage.schema import Id, life, metadata
from storage.types import Fen, Json, UtcDateTime

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("report", String(24), nullable=False),
    Column("rhythm", String(16), nullable=False),
    Column("day", Integer, nullable=False),
    Column("at", Time, nullable=False),
    Column("off", Boolean, nullable=False),
    *life(),
)

quiet_rules = Table(
    "quiet_rules",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("begins", Time, nullable=False),
    Column("ends", Time, nullable=False),
    Column("days_off", Boolean, nullable=False),
    Column("above", Fen),
    *life(),
)

held_notices = Table(
    "held_notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("content", Json, nullable=False),
    Column("unique_key", String(120), unique=True),
    Column("until", UtcDateTime, nullable=False),
)
