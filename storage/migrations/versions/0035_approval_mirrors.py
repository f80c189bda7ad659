"""Approvals as they stand in a platform's own approvals."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "approval_mirrors",
        sa.Column("id", ID, nullable=False),
        sa.Column("approval_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("plan", Json(none_as_null=True), nullable=False),
        sa.Column("heard", Json(none_as_null=True), nullable=False),
        sa.Column("tried", sa.Boolean(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("busy_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_approval_mirrors_approval_id_approvals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_mirrors")),
    )
    op.create_index(
        "uq_approval_mirrors_generation", "approval_mirrors", ["approval_id", "channel", "generation"], unique=True
    )
    op.create_index("uq_approval_mirrors_number", "approval_mirrors", ["channel", "number"], unique=True)
    op.create_index("ix_approval_mirrors_state", "approval_mirrors", ["channel", "state"])


def downgrade() -> None:
    op.drop_table("approval_mirrors")
