"""Cards that live on: which messages of the outbox show one thing."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("screen", sa.String(length=40), nullable=True))
    where = sa.text("screen IS NOT NULL")
    op.create_index("ix_outbox_screen", "outbox", ["screen"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_outbox_screen", table_name="outbox")
    op.drop_column("outbox", "screen")
