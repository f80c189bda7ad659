"""Who gets a lead: what members can do, decisions with their why, what rules remember, shifts, collaborations."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("members") as table:
        table.add_column(sa.Column("regions", storage.types.Words(), server_default="[]", nullable=False))
        table.add_column(sa.Column("skills", storage.types.Words(), server_default="[]", nullable=False))
        table.add_column(sa.Column("weight", sa.Integer(), nullable=True))
        table.add_column(sa.Column("duty", sa.String(length=16), server_default="", nullable=False))
        table.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
    op.create_table(
        "routings",
        sa.Column("id", ID, nullable=False),
        sa.Column("lead_id", ID, nullable=False),
        sa.Column("at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("entered_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("placed", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("why", storage.types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_routings_lead_id_leads")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_routings_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routings")),
    )
    for column in ("lead_id", "at", "entered_at", "member_id"):
        op.create_index(op.f(f"ix_routings_{column}"), "routings", [column])
    op.create_table(
        "rule_memories",
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("memory", storage.types.Json(), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_rule_memories")),
    )
    op.create_table(
        "shifts",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("created_by", ID, nullable=True),
        *life(),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_shifts_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index(op.f("ix_shifts_day"), "shifts", ["day"])
    op.create_table(
        "collaborations",
        sa.Column("id", ID, nullable=False),
        sa.Column("customer_kind", sa.String(length=8), nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("until", storage.types.UtcDateTime(), nullable=True),
        sa.Column("ended_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("created_by", ID, nullable=True),
        *life(),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_collaborations_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collaborations")),
    )
    op.create_index(op.f("ix_collaborations_member_id"), "collaborations", ["member_id"])
    op.create_index("ix_collaborations_customer", "collaborations", ["customer_kind", "customer_id"])


def life() -> list[sa.Column[Any]]:
    """The columns of everything whose changes are kept in the history."""
    return [
        sa.Column("deleted_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def downgrade() -> None:
    for name in ("collaborations", "shifts", "rule_memories", "routings"):
        op.drop_table(name)
    with op.batch_alter_table("members") as table:
        for column in ("capacity", "duty", "weight", "skills", "regions"):
            table.drop_column(column)
