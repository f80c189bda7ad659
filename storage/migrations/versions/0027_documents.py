"""The company's own templates for documents."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "document_templates",
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("remark", sa.String(200), nullable=False),
        sa.Column("restores", sa.Integer()),
        sa.Column("at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("by", number),
        sa.Column("by_name", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["members.id"], name="fk_document_templates_by_members"),
        sa.PrimaryKeyConstraint("kind", "number", name="pk_document_templates"),
    )


def downgrade() -> None:
    op.drop_table("document_templates")
