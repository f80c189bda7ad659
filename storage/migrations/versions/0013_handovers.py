"""Books that change hands, and what went with them."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", ID, nullable=False),
        sa.Column("leaver_id", ID, nullable=False),
        sa.Column("receiver_id", ID, nullable=False),
        sa.Column("ordered_by", ID, nullable=True),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("deals", sa.Integer(), nullable=False),
        sa.Column("plans", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("deleted_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["leaver_id"], ["members.id"], name=op.f("fk_handovers_leaver_id_members")),
        sa.ForeignKeyConstraint(["receiver_id"], ["members.id"], name=op.f("fk_handovers_receiver_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_leaver_id"), "handovers", ["leaver_id"])
    op.create_index(op.f("ix_handovers_receiver_id"), "handovers", ["receiver_id"])
    op.create_table(
        "handover_items",
        sa.Column("id", ID, nullable=False),
        sa.Column("handover_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref_id", ID, nullable=False),
        sa.Column("was", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"], name=op.f("fk_handover_items_handover_id_handovers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_items")),
        sa.UniqueConstraint("handover_id", "kind", "ref_id", name=op.f("uq_handover_items_handover_id_kind_ref_id")),
    )
    op.create_index("ix_handover_items_ref", "handover_items", ["kind", "ref_id"])


def downgrade() -> None:
    op.drop_index("ix_handover_items_ref", "handover_items")
    op.drop_table("handover_items")
    op.drop_index(op.f("ix_handovers_receiver_id"), "handovers")
    op.drop_index(op.f("ix_handovers_leaver_id"), "handovers")
    op.drop_table("handovers")
