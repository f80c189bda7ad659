"""Values of the fields that a company has made, and their keys."""

import sqlalchemy as sa
from alembic import op

import storage.schema
import storage.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CARRIERS = ("leads", "accounts", "contacts", "deals")


def upgrade() -> None:
    for name in CARRIERS:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("custom", storage.types.Json(), server_default="{}", nullable=False))
    op.create_table(
        "field_values",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("ref_id", storage.schema.Id, nullable=False),
        sa.PrimaryKeyConstraint("kind", "field", "key", "ref_id", name="pk_field_values"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_field_values_record", "field_values", ["kind", "ref_id"])


def downgrade() -> None:
    op.drop_table("field_values")
    for name in CARRIERS:
        with op.batch_alter_table(name) as table:
            table.drop_column("custom")
