"""Forecasts kept know what deals would bring that were not begun yet."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("forecast_snapshots", sa.Column("fresh", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("forecast_snapshots", "fresh")
