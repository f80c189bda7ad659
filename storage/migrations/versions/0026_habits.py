"""What members want: reports at their own hour, and peace."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _life() -> list[sa.Column[Any]]:
    return [
        sa.Column("deleted_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("report", sa.String(length=24), nullable=False),
        sa.Column("rhythm", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        *_life(),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_subscriptions_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_member_id", "subscriptions", ["member_id"])
    op.create_table(
        "quiet_rules",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("begins", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("days_off", sa.Boolean(), nullable=False),
        sa.Column("above", storage.types.Fen(), nullable=True),
        *_life(),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_quiet_rules_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_rules")),
    )
    op.create_index("ix_quiet_rules_member_id", "quiet_rules", ["member_id"])
    op.create_table(
        "held_notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("content", storage.types.Json(), nullable=False),
        sa.Column("unique_key", sa.String(length=120), nullable=True),
        sa.Column("until", storage.types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_held_notices_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_notices")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_held_notices_unique_key")),
    )
    op.create_index("ix_held_notices_member_id", "held_notices", ["member_id"])


def downgrade() -> None:
    for table in ("held_notices", "quiet_rules", "subscriptions"):
        op.drop_table(table)
