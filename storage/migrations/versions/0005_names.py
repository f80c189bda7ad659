"""What customers, people and products are called, and words that a company teaches."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "names",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("ref_id", Id, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key", "owner_id", "kind", "ref_id", "name", name=op.f("pk_names")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "terms",
        sa.Column("id", Id, nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("meaning_kind", sa.String(length=16), nullable=False),
        sa.Column("meaning_id", Id, nullable=False),
        sa.Column("meaning_name", sa.String(length=200), nullable=False),
        sa.Column("member_id", Id, nullable=True),
        sa.Column("taught_by", Id, nullable=True),
        sa.Column("deleted_at", storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_terms_member_id_members")),
        sa.ForeignKeyConstraint(["taught_by"], ["members.id"], name=op.f("fk_terms_taught_by_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
    )


def downgrade() -> None:
    op.drop_table("terms")
    op.drop_table("names")
