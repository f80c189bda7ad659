"""Since when a customer has its grade."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GRADED = ("leads", "accounts")


def upgrade() -> None:
    for name in GRADED:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("graded_at", storage.types.UtcDateTime(), nullable=True))


def downgrade() -> None:
    for name in GRADED:
        with op.batch_alter_table(name) as table:
            table.drop_column("graded_at")
