"""Approvals are found by who has answered them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("answered_by IS NOT NULL")
    op.create_index(
        "ix_approval_tasks_answered",
        "approval_tasks",
        ["answered_by", "answered_at"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_approval_tasks_answered", table_name="approval_tasks")
