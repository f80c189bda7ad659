"""Wishes that two records become one, of which another member holds one."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "merge_requests",
        sa.Column("id", number, nullable=False),
        sa.Column("asked_by", number, nullable=False),
        sa.Column("asked_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("own_kind", sa.String(16), nullable=False),
        sa.Column("own_id", number, nullable=False),
        sa.Column("other_kind", sa.String(16), nullable=False),
        sa.Column("other_id", number, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("answered_by", number),
        sa.Column("answered_at", storage.types.UtcDateTime()),
        sa.Column("deleted_at", storage.types.UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["members.id"], name="fk_merge_requests_asked_by_members"),
        sa.PrimaryKeyConstraint("id", name="pk_merge_requests"),
    )
    op.create_index("ix_merge_requests_other", "merge_requests", ["other_kind", "other_id"])


def downgrade() -> None:
    op.drop_table("merge_requests")
