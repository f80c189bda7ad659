"""Requests, days off, what was seen in the pools; accounts that have a clock; assignments that know their pool."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def life() -> list[sa.Column[Any]]:
    return [
        sa.Column("deleted_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def to_member(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["members.id"], name=op.f(f"fk_{table}_{column}_members"))


def upgrade() -> None:
    op.create_table(
        "pool_views",
        sa.Column("member_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("ref_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "day", "kind", "ref_id", name=op.f("pk_pool_views")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "absences",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("approved_by", ID, nullable=True),
        *life(),
        to_member("absences", "approved_by"),
        to_member("absences", "member_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_member_id"), "absences", ["member_id"])
    op.create_table(
        "requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("decider_id", ID, nullable=True),
        sa.Column("subject_kind", sa.String(length=16), nullable=True),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("about_id", ID, nullable=True),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("settled_name", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=200), nullable=False),
        *life(),
        to_member("requests", "decider_id"),
        to_member("requests", "member_id"),
        to_member("requests", "settled_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(op.f("ix_requests_member_id"), "requests", ["member_id"])
    op.create_index("ix_requests_open", "requests", ["decider_id"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_requests_subject", "requests", ["subject_kind", "subject_id"])
    with op.batch_alter_table("accounts") as table:
        table.add_column(sa.Column("pool", sa.String(length=60), server_default="", nullable=False))
        table.add_column(sa.Column("owned_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("pooled_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("protected_until", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("contract_ends_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("cycle", sa.Integer(), server_default="0", nullable=False))
    op.execute("update accounts set owned_at = created_at, cycle = 1 where owner_id is not null")
    pooled = sa.text("pooled_at is not null")
    op.create_index("ix_accounts_pooled", "accounts", ["id"], sqlite_where=pooled, postgresql_where=pooled)
    with op.batch_alter_table("assignments") as table:
        table.add_column(sa.Column("pool", sa.String(length=60), server_default="", nullable=False))
        table.add_column(sa.Column("note", sa.String(length=200), server_default="", nullable=False))
    op.drop_index(op.f("ix_assignments_member_id"), "assignments")
    op.create_index("ix_assignments_member", "assignments", ["member_id", "begun_at"])


def downgrade() -> None:
    op.drop_index("ix_assignments_member", "assignments")
    op.create_index(op.f("ix_assignments_member_id"), "assignments", ["member_id"])
    with op.batch_alter_table("assignments") as table:
        table.drop_column("note")
        table.drop_column("pool")
    op.drop_index("ix_accounts_pooled", "accounts")
    with op.batch_alter_table("accounts") as table:
        for column in ("cycle", "contract_ends_on", "protected_until", "pooled_at", "owned_at", "pool"):
            table.drop_column(column)
    op.drop_table("requests")
    op.drop_table("absences")
    op.drop_table("pool_views")
