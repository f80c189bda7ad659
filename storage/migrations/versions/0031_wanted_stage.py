"""Where a deal is to go once somebody agrees."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deals", sa.Column("wanted_stage", sa.String(length=60), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("deals") as deals:
        deals.drop_column("wanted_stage")
