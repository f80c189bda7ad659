"""One open question per person and chat, with all acts of the message it belongs to."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADDED = ("channel", "room", "kind", "others", "place", "words", "unsure")


def upgrade() -> None:
    with op.batch_alter_table("questions") as table:
        table.add_column(sa.Column("channel", sa.String(length=16), server_default="", nullable=False))
        table.add_column(sa.Column("room", sa.String(length=128), server_default="", nullable=False))
        table.add_column(sa.Column("kind", sa.String(length=8), server_default="ask", nullable=False))
        table.add_column(sa.Column("others", storage.types.Json(), server_default="[]", nullable=False))
        table.add_column(sa.Column("place", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("words", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("unsure", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("questions") as table:
        for name in reversed(ADDED):
            table.drop_column(name)
