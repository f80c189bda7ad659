"""Tags on leads and accounts."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MARKED = ("leads", "accounts")


def upgrade() -> None:
    for name in MARKED:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("tags", storage.types.Words(), server_default="[]", nullable=False))


def downgrade() -> None:
    for name in MARKED:
        with op.batch_alter_table(name) as table:
            table.drop_column("tags")
