"""The library of materials."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "materials",
        sa.Column("id", number, nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("tags", storage.types.Words(), nullable=False),
        sa.Column("stages", storage.types.Words(), nullable=False),
        sa.Column("industries", storage.types.Words(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("link", sa.String(500), nullable=False),
        sa.Column("file_id", number),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("created_by", number),
        sa.Column("deleted_at", storage.types.UtcDateTime()),
        sa.Column("created_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["members.id"], name="fk_materials_created_by_members"),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name="fk_materials_file_id_files"),
        sa.PrimaryKeyConstraint("id", name="pk_materials"),
    )


def downgrade() -> None:
    op.drop_table("materials")
