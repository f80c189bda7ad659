"""The tables of work: what was done, what is planned, what time will say, and what all of it changed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.schema import Id, life, metadata
from storage.types import Json, UtcDateTime

followups = Table(
    "followups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_kind", String(16), nullable=False),
    Column("customer_id", Id, nullable=False),
    Column("author_id", Id, ForeignKey("members.id")),
    Column("method", String(16), nullable=False),
    Column("content", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("valid", Boolean, nullable=False),
    *life(),
    Index("ix_followups_customer", "customer_kind", "customer_id", "at"),
    Index("ix_followups_author", "author_id", "at"),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Id, primary_key=True),
    Column("customer_kind", String(16)),
    Column("customer_id", Id),
    Column("owner_id", Id, ForeignKey("members.id"), nullable=False),
    Column("content", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("remind_at", UtcDateTime, nullable=False),
    Column("every", String(16), nullable=False, server_default=""),
    Column("state", String(16), nullable=False),
    *life(),
    Index("ix_plans_owner", "owner_id", "state", "at"),
    Index("ix_plans_customer", "customer_kind", "customer_id"),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("rule", String(80), nullable=False),
    Column("cycle", BigInteger, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("limit_at", UtcDateTime, nullable=False),
    Column("holder_id", Id),
    Column("settled_at", UtcDateTime),
    Column("parked_until", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", String(500), nullable=False, server_default=""),
    UniqueConstraint("subject_kind", "subject_id", "kind", "rule", "cycle"),
    # A promise is settled by its number, after its service has made others.
    sqlite_autoincrement=True,
)
Index(
    "ix_deadlines_due",
    deadlines.c.kind,
    deadlines.c.due_at,
    sqlite_where=deadlines.c.settled_at.is_(None),
    postgresql_where=deadlines.c.settled_at.is_(None),
)
Index(
    "ix_deadlines_holder",
    deadlines.c.holder_id,
    deadlines.c.kind,
    sqlite_where=deadlines.c.settled_at.is_(None),
    postgresql_where=deadlines.c.settled_at.is_(None),
)

history = Table(
    "history",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_id", Id),
    Column("channel", String(16), nullable=False),
    Column("inbox_id", Id),
    Column("command", String(40), nullable=False, index=True),
    Column("action", String(40), nullable=False),
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("undone_at", UtcDateTime),
    Index("ix_history_subject", "subject_kind", "subject_id", "id"),
    Index("ix_history_actor", "actor_id", "at"),
)

handovers = Table(
    "handovers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("leaver_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("receiver_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("ordered_by", Id),
    Column("rule", String(200), nullable=False),
    Column("leads", Integer, nullable=False),
    Column("accounts", Integer, nullable=False),
    Column("deals", Integer, nullable=False),
    Column("plans", Integer, nullable=False),
    Column("confirmed_at", UtcDateTime),
    *life(),
)

handover_items = Table(
    "handover_items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("handover_id", Id, ForeignKey("handovers.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("ref_id", Id, nullable=False),
    Column("was", String(32), nullable=False),
    UniqueConstraint("handover_id", "kind", "ref_id"),
    Index("ix_handover_items_ref", "kind", "ref_id"),
)
"""What went with a hand-over. Its rows live and die with it and are never changed, so they have no history."""

figures = Table(
    "figures",
    metadata,
    Column("kind", String(32), primary_key=True),
    Column("week", Date, primary_key=True),
    Column("member_id", Id, primary_key=True, autoincrement=False),
    Column("records", Integer, nullable=False),
    Column("total", BigInteger, nullable=False),
)
"""One row a member and week: of how many records, and the sum of their shares in hundredths of a percent."""
