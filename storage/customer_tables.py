"""The tables of customers: leads, accounts, contacts and deals, who holds them, and what they are called."""

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from storage.schema import Id, life, metadata
from storage.types import Fen, Json, UtcDateTime, Words

leads = Table(
    "leads",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("core_name", String(200), nullable=False),
    Column("contact_name", String(64), nullable=False),
    Column("contact_title", String(64), nullable=False),
    Column("phone", String(32), index=True),
    Column("email", String(200)),
    Column("credit_code", String(18)),
    Column("external_id", String(64)),
    Column("source", String(64), nullable=False),
    Column("region", String(64), nullable=False),
    Column("industry", String(64), nullable=False),
    Column("grade", String(8), nullable=False),
    Column("graded_at", UtcDateTime),
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
    Column("invalid_at", UtcDateTime),
    Column("invalid_from", String(16), nullable=False, server_default=""),
    Column("became_kind", String(16)),
    Column("became_id", Id),
    Column("created_by", Id),
    Column("custom", Json, nullable=False, server_default="{}"),
    *life(),
    Index("ix_leads_owner", "owner_id", "state"),
    Index("ix_leads_core_name", "core_name", "name", "id"),
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
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("begun_by", String(64), nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("pool", String(60), nullable=False, server_default=""),
    Column("note", String(200), nullable=False, server_default=""),
    Column("deleted_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index("ix_assignments_member", "member_id", "begun_at"),
)

merge_requests = Table(
    "merge_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("asked_by", Id, ForeignKey("members.id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("own_kind", String(16), nullable=False),
    Column("own_id", Id, nullable=False),
    Column("other_kind", String(16), nullable=False),
    Column("other_id", Id, nullable=False),
    Column("state", String(8), nullable=False),
    Column("answered_by", Id),
    Column("answered_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index("ix_merge_requests_other", "other_kind", "other_id"),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("short_name", String(100), nullable=False),
    Column("aliases", Words, nullable=False),
    Column("core_name", String(200), nullable=False),
    Column("credit_code", String(18)),
    Column("external_id", String(64), nullable=False, server_default="", index=True),
    Column("phone", String(32), index=True),
    Column("region", String(64), nullable=False),
    Column("industry", String(64), nullable=False),
    Column("size", String(64), nullable=False),
    Column("address", String(300), nullable=False),
    Column("grade", String(8), nullable=False),
    Column("graded_at", UtcDateTime),
    Column("source", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("tags", Words, nullable=False, server_default="[]"),
    Column("pool", String(60), nullable=False, server_default=""),
    Column("owner_id", Id, ForeignKey("members.id"), index=True),
    Column("owned_at", UtcDateTime),
    Column("pooled_at", UtcDateTime),
    Column("last_followup_at", UtcDateTime),
    Column("became_kind", String(16)),
    Column("became_id", Id),
    Column("protected_until", UtcDateTime),
    Column("contract_ends_on", Date),
    Column("cycle", Integer, nullable=False, server_default="0"),
    Column("created_by", Id),
    Column("custom", Json, nullable=False, server_default="{}"),
    *life(),
    Index("ix_accounts_core_name", "core_name", "name", "id"),
)

Index(
    "ix_accounts_pooled",
    accounts.c.id,
    sqlite_where=accounts.c.pooled_at.is_not(None),
    postgresql_where=accounts.c.pooled_at.is_not(None),
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
    Column("external_id", String(64)),
    Column("owner_id", Id, ForeignKey("members.id")),
    Column("custom", Json, nullable=False, server_default="{}"),
    *life(),
)

for table, column in (
    (leads, "email"),
    (leads, "credit_code"),
    (leads, "external_id"),
    (accounts, "credit_code"),
    (contacts, "email"),
    (contacts, "external_id"),
):
    known = table.c[column].is_not(None)
    Index(f"ix_{table.name}_{column}", table.c[column], sqlite_where=known, postgresql_where=known)

deals = Table(
    "deals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id"), index=True),
    Column("owner_id", Id, ForeignKey("members.id"), index=True),
    Column("pipeline", String(60), nullable=False, server_default="标准"),
    Column("stage", String(60), nullable=False),
    Column("outcome", String(8), nullable=False, server_default="open"),
    Column("wanted_stage", String(60), nullable=False, server_default=""),
    Column("stage_since", UtcDateTime),
    Column("touched_at", UtcDateTime),
    Column("amount", Fen),
    Column("product", String(200), nullable=False),
    Column("need", Text, nullable=False, server_default=""),
    Column("budget", Fen),
    Column("decision_maker", String(64), nullable=False, server_default=""),
    Column("competitor", String(200), nullable=False, server_default=""),
    Column("reason", String(64), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("begun_on", Date),
    Column("expected_close_on", Date),
    Column("closed_on", Date),
    Column("forecast", String(8), nullable=False, server_default="pipeline"),
    Column("external_id", String(64), nullable=False, index=True),
    Column("custom", Json, nullable=False, server_default="{}"),
    Column("created_by", Id),
    *life(),
)
_OPEN = text("outcome = 'open' AND deleted_at IS NULL")
Index(
    "ix_deals_open",
    *(
        deals.c[name]
        for name in (
            "pipeline", "stage", "amount", "stage_since", "created_at", "expected_close_on", "owner_id", "product",
            "forecast",
        )
    ),
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)  # fmt: skip
"""All that a forecast asks of an open deal, and the largest deals of a stage in their order."""
_CLOSED = text("closed_on IS NOT NULL AND deleted_at IS NULL")
Index(
    "ix_deals_closed",
    *(deals.c[name] for name in ("closed_on", "outcome", "pipeline", "owner_id", "amount", "begun_on")),
    sqlite_where=_CLOSED,
    postgresql_where=_CLOSED,
)
_ALIVE = deals.c.deleted_at.is_(None)
Index(
    "ix_deals_largest",
    *(deals.c[name] for name in ("outcome", "amount", "id", "stage", "closed_on", "owner_id", "account_id")),
    sqlite_where=_ALIVE,
    postgresql_where=_ALIVE,
)
"""The largest deals in their order: the first page of a list takes as long whatever there is behind it."""

deal_stays = Table(
    "deal_stays",
    metadata,
    Column("id", Id, primary_key=True),
    Column("deal_id", Id, ForeignKey("deals.id"), nullable=False, index=True),
    Column("stage", String(60), nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("entered_by", Id),
    Column("left_at", UtcDateTime),
    Column("next_stage", String(60), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)
"""How long a deal stood in each stage. A report reads intervals and never works them out."""

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

field_values = Table(
    "field_values",
    metadata,
    Column("kind", String(16), nullable=False),
    Column("field", String(40), nullable=False),
    Column("key", String(120), nullable=False),
    Column("ref_id", Id, nullable=False),
    PrimaryKeyConstraint("kind", "field", "key", "ref_id"),
    Index("ix_field_values_record", "kind", "ref_id"),
    sqlite_with_rowid=False,
)
"""What records have in the fields that a company has made, by the keys of their types (`core/rules/fields/kind.py`).

Numbers and days sort as their keys do. Written by the flush that writes the records; whoever reads a row looks at the
record itself, so a key may be cut or older than the type of its field and finds only more than it should.
"""
