"""Deals go through stages: what is known of them, and how long they stood where."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name: str, length: int, default: str = "") -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), server_default=default, nullable=False)


ADDED: tuple[Callable[[], sa.Column[Any]], ...] = (
    lambda: _words("pipeline", 60, "标准"),
    lambda: _words("outcome", 8, "open"),
    lambda: sa.Column("stage_since", storage.types.UtcDateTime(), nullable=True),
    lambda: sa.Column("touched_at", storage.types.UtcDateTime(), nullable=True),
    lambda: sa.Column("need", sa.Text(), server_default="", nullable=False),
    lambda: sa.Column("budget", storage.types.Fen(), nullable=True),
    lambda: _words("decision_maker", 64),
    lambda: _words("competitor", 200),
    lambda: _words("reason", 64),
    lambda: sa.Column("note", sa.Text(), server_default="", nullable=False),
    lambda: sa.Column("created_by", ID, nullable=True),
)


def upgrade() -> None:
    with op.batch_alter_table("deals") as table:
        for make in ADDED:
            table.add_column(make())
        table.alter_column(
            "stage", existing_type=sa.String(length=32), type_=sa.String(length=60), existing_nullable=False
        )
    op.execute("UPDATE deals SET outcome = 'won' WHERE stage = '赢单'")
    op.execute("UPDATE deals SET outcome = 'lost' WHERE stage = '输单'")
    op.create_table(
        "deal_stays",
        sa.Column("id", ID, nullable=False),
        sa.Column("deal_id", ID, nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("entered_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("left_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("next_stage", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("deleted_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_stays_deal_id_deals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_stays")),
    )
    op.create_index(op.f("ix_deal_stays_deal_id"), "deal_stays", ["deal_id"])
    op.execute(
        "INSERT INTO deal_stays (deal_id, stage, entered_at, next_stage, reason, version)"
        " SELECT id, stage, created_at, '', '', 1 FROM deals WHERE deleted_at IS NULL"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_deal_stays_deal_id"), "deal_stays")
    op.drop_table("deal_stays")
    with op.batch_alter_table("deals") as table:
        for make in ADDED:
            table.drop_column(make().name)
        table.alter_column(
            "stage", existing_type=sa.String(length=60), type_=sa.String(length=32), existing_nullable=False
        )
