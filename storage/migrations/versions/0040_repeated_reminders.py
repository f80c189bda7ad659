"""Reminders that come again."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("every", sa.String(length=16), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("plans", "every")
