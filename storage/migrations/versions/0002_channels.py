"""How answers find their way, what a message cost, and where a member wants to read."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("members") as table:
        table.add_column(sa.Column("preferred_channel", sa.String(length=16), server_default="", nullable=False))
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("reply_to", storage.types.Json(), nullable=True))
        table.add_column(sa.Column("calls", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_column("calls")
        table.drop_column("reply_to")
    with op.batch_alter_table("members") as table:
        table.drop_column("preferred_channel")
