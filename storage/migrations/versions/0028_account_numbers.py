"""Accounts keep the number they have in the files that they came from."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("external_id", sa.String(length=64), server_default="", nullable=False))
    op.create_index("ix_accounts_external_id", "accounts", ["external_id"])


def downgrade() -> None:
    op.drop_index("ix_accounts_external_id", table_name="accounts")
    op.drop_column("accounts", "external_id")
