"""Indexes that answer how much of a month's budget is used without reading the rows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_inbox_received", "inbox", ["received_at", "channel"])
    op.create_index(
        "ix_outbox_calls",
        "outbox",
        ["sent_at", "channel", "calls"],
        sqlite_where=sa.text("sent_at IS NOT NULL"),
        postgresql_where=sa.text("sent_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_calls", table_name="outbox")
    op.drop_index("ix_inbox_received", table_name="inbox")
