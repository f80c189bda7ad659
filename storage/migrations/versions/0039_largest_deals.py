"""An index of the largest deals."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

ALIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_deals_largest",
        "deals",
        ["outcome", "amount", "id", "stage", "closed_on", "owner_id", "account_id"],
        sqlite_where=ALIVE,
        postgresql_where=ALIVE,
    )


def downgrade() -> None:
    op.drop_index("ix_deals_largest", "deals")
