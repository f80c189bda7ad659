"""What was deleted, until when it may come back, and what went along."""

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime, Words

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "deletions",
        sa.Column("id", ID, primary_key=True),
        sa.Column("subject_kind", sa.String(16), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner_id", ID),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("taken", Words(), nullable=False),
        sa.Column("gone_at", UtcDateTime()),
        sa.Column("purge_at", UtcDateTime()),
        sa.Column("settled_at", UtcDateTime()),
        sa.Column("deleted_at", UtcDateTime()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["members.id"], name="fk_deletions_owner_id_members"),
        sa.ForeignKeyConstraint(["asked_by"], ["members.id"], name="fk_deletions_asked_by_members"),
        sa.PrimaryKeyConstraint("id", name="pk_deletions"),
    )
    op.create_index("ix_deletions_owner_id", "deletions", ["owner_id"])
    op.create_index("ix_deletions_asked_by", "deletions", ["asked_by"])
    op.create_index("ix_deletions_subject", "deletions", ["subject_kind", "subject_id"])
    op.create_index("ix_deletions_state", "deletions", ["state", "gone_at"])


def downgrade() -> None:
    op.drop_table("deletions")
