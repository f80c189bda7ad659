"""Every table. A change here needs a migration; a test compares the two."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.people_tables import api_tokens, channel_users, link_codes, link_tries, members
from storage.schema import Id, life, metadata
from storage.types import Fen, Json, UtcDateTime, Words

__all__ = ["api_tokens", "channel_users", "link_codes", "link_tries", "members", "metadata"]

leads = Table(
    "leads",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("core_name", String(200), nullable=False, index=True),
    Column("contact_name", String(64), nullable=False),
    Column("contact_title", String(64), nullable=False),
    Column("phone", String(32), index=True),
    Column("email", String(200)),
    Column("source", String(64), nullable=False),
    Column("region", String(64), nullable=False),
    Column("industry", String(64), nullable=False),
    Column("grade", String(8), nullable=False),
    Column("need", Text, nullable=False),
    Column("tags", Words, nullable=False, server_default="[]"),
    Column("state", String(16), nullable=False),
    Column("pool", String(64), nullable=False),
    Column("owner_id", Id, ForeignKey("members.id")),
    Column("assigned_at", UtcDateTime),
    Column("pooled_at", UtcDateTime),
    Column("last_followup_at", UtcDateTime),
    Column("protected_until", UtcDateTime),
    Column("cycle", Integer, nullable=False),
    Column("created_by", Id),
    *life(),
    Index("ix_leads_owner", "owner_id", "state"),
)
Index(
    "ix_leads_pooled",
    leads.c.id,
    sqlite_where=leads.c.state == "pooled",
    postgresql_where=leads.c.state == "pooled",
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lead_id", Id, ForeignKey("leads.id"), nullable=False, index=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("begun_by", String(64), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("short_name", String(100), nullable=False),
    Column("aliases", Words, nullable=False),
    Column("core_name", String(200), nullable=False, index=True),
    Column("phone", String(32), index=True),
    Column("region", String(64), nullable=False),
    Column("industry", String(64), nullable=False),
    Column("size", String(64), nullable=False),
    Column("address", String(300), nullable=False),
    Column("grade", String(8), nullable=False),
    Column("source", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("tags", Words, nullable=False, server_default="[]"),
    Column("owner_id", Id, ForeignKey("members.id"), index=True),
    Column("last_followup_at", UtcDateTime),
    Column("created_by", Id),
    *life(),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("name", String(64), nullable=False),
    Column("title", String(64), nullable=False),
    Column("phone", String(32), index=True),
    Column("email", String(200)),
    Column("owner_id", Id, ForeignKey("members.id")),
    *life(),
)

deals = Table(
    "deals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id"), index=True),
    Column("owner_id", Id, ForeignKey("members.id"), index=True),
    Column("stage", String(32), nullable=False),
    Column("amount", Fen),
    Column("product", String(200), nullable=False),
    Column("begun_on", Date),
    Column("expected_close_on", Date),
    Column("closed_on", Date),
    Column("external_id", String(64), nullable=False, index=True),
    *life(),
)

names = Table(
    "names",
    metadata,
    Column("key", String(64), nullable=False),
    Column("owner_id", Id, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("ref_id", Id, nullable=False),
    Column("name", String(64), nullable=False),
    PrimaryKeyConstraint("key", "owner_id", "kind", "ref_id", "name"),
    sqlite_with_rowid=False,
)
"""What customers, people and products are called (`core/rules/naming.py`). Rows are only ever added: whoever reads one
looks at the record itself, so a row of a former name or holder finds nothing. `owner_id` is 0 where nobody holds it.
"""

terms = Table(
    "terms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("words", String(64), nullable=False),
    Column("meaning_kind", String(16), nullable=False),
    Column("meaning_id", Id, nullable=False),
    Column("meaning_name", String(200), nullable=False),
    Column("member_id", Id, ForeignKey("members.id")),
    Column("taught_by", Id, ForeignKey("members.id")),
    *life(),
)

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

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("key", String(80), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("event", Json, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("retry_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("error", String(500), nullable=False, server_default=""),
    UniqueConstraint("channel", "key"),
)
Index("ix_inbox_received", inbox.c.received_at, inbox.c.channel)
Index(
    "ix_inbox_pending",
    inbox.c.channel,
    inbox.c.user_id,
    inbox.c.id,
    sqlite_where=inbox.c.state == "pending",
    postgresql_where=inbox.c.state == "pending",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("user_id", String(64), nullable=False),
    Column("member_id", Id),
    Column("kind", String(40), nullable=False),
    Column("content", Json, nullable=False),
    Column("unique_key", String(120), unique=True),
    Column("replaces", Json),
    Column("reply_to", Json),
    Column("created_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime),
    Column("leased_until", UtcDateTime),
    Column("sent_at", UtcDateTime),
    Column("platform_id", String(80), nullable=False, server_default=""),
    Column("response_code", String(200), nullable=False, server_default=""),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("calls", Integer, nullable=False, server_default="0"),
    Column("readdressed_from", String(80), nullable=False, server_default=""),
    Column("error", String(500), nullable=False, server_default=""),
    Index("ix_outbox_member", "member_id", "id"),
)
Index(
    "ix_outbox_waiting",
    outbox.c.channel,
    outbox.c.user_id,
    outbox.c.id,
    sqlite_where=outbox.c.state.in_(("waiting", "unknown")),
    postgresql_where=outbox.c.state.in_(("waiting", "unknown")),
)
Index(
    "ix_outbox_calls",
    outbox.c.sent_at,
    outbox.c.channel,
    outbox.c.calls,
    sqlite_where=outbox.c.sent_at.is_not(None),
    postgresql_where=outbox.c.sent_at.is_not(None),
)
Index(
    "ix_outbox_sent",
    outbox.c.channel,
    outbox.c.user_id,
    outbox.c.sent_at,
    sqlite_where=outbox.c.sent_at.is_not(None),
    postgresql_where=outbox.c.sent_at.is_not(None),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False, index=True),
    Column("channel", String(16), nullable=False, server_default=""),
    Column("room", String(128), nullable=False, server_default=""),
    Column("kind", String(8), nullable=False, server_default="ask"),
    Column("intent", String(40), nullable=False),
    Column("slot", String(24), nullable=False),
    Column("slots", Json, nullable=False),
    Column("others", Json, nullable=False, server_default="[]"),
    Column("place", Integer, nullable=False, server_default="0"),
    Column("choices", Json, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("unsure", Boolean, nullable=False, server_default=false()),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
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

jobs = Table(
    "jobs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("content", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Id),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime),
    Column("leased_until", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("result", Json),
    Column("error", String(500), nullable=False, server_default=""),
)
Index(
    "ix_jobs_waiting",
    jobs.c.id,
    sqlite_where=jobs.c.state == "waiting",
    postgresql_where=jobs.c.state == "waiting",
)

runs = Table(
    "runs",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("note", String(80), nullable=False),
)

shared = Table(
    "shared",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("value", Text, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
"""Tokens, locks and budgets of an installation without Redis. Nothing here is true for long."""
