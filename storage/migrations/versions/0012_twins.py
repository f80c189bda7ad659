"""What tells a company apart besides name and phone, and what a record has become."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEYS = (
    ("leads", "email", None),
    ("leads", "credit_code", 18),
    ("leads", "external_id", 64),
    ("accounts", "credit_code", 18),
    ("contacts", "email", None),
    ("contacts", "external_id", 64),
)
"""Table, column, and the length of the column where it is new."""

NAMED = ("leads", "accounts")


def upgrade() -> None:
    for name in NAMED:
        with op.batch_alter_table(name) as table:
            table.drop_index(f"ix_{name}_core_name")
            table.add_column(sa.Column("became_kind", sa.String(16)))
            table.add_column(sa.Column("became_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
            if name == "leads":
                table.add_column(sa.Column("invalid_at", storage.types.UtcDateTime()))
                table.add_column(sa.Column("invalid_from", sa.String(16), server_default="", nullable=False))
        op.create_index(f"ix_{name}_core_name", name, ["core_name", "name", "id"])
    for name, column, length in KEYS:
        if length is not None:
            with op.batch_alter_table(name) as table:
                table.add_column(sa.Column(column, sa.String(length)))
        else:
            op.execute(f"UPDATE {name} SET {column} = lower({column}) WHERE {column} IS NOT NULL")  # noqa: S608
        known = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{name}_{column}", name, [column], sqlite_where=known, postgresql_where=known)


def downgrade() -> None:
    for name, column, length in KEYS:
        op.drop_index(f"ix_{name}_{column}", name)
        if length is not None:
            with op.batch_alter_table(name) as table:
                table.drop_column(column)
    for name in NAMED:
        op.drop_index(f"ix_{name}_core_name", name)
        with op.batch_alter_table(name) as table:
            table.drop_column("became_kind")
            table.drop_column("became_id")
            if name == "leads":
                table.drop_column("invalid_at")
                table.drop_column("invalid_from")
        op.create_index(f"ix_{name}_core_name", name, ["core_name"])
