"""Sums by day without a rowid, and passages that lead to their deals without a look at the table."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("entered_on", "pipeline", "stage", "owner_id")
SUMS = ("left", "seconds", "advanced", "lost", "open")


def upgrade() -> None:
    _index([*KEY, *SUMS, "deal_id"])
    _sums(rowid=False)


def downgrade() -> None:
    _index([*KEY, *SUMS])
    _sums(rowid=True)


def _index(columns: list[str]) -> None:
    op.drop_index("ix_passages_day", "passages")
    op.create_index("ix_passages_day", "passages", columns)


def _sums(*, rowid: bool) -> None:
    """Make the table anew from the passages: it is nothing but their sums."""
    op.drop_table("passage_days")
    days = op.create_table(
        "passage_days",
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("pipeline", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("owner_id", ID, autoincrement=False, nullable=False),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("advanced", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_passage_days")),
        sqlite_with_rowid=rowid,
    )
    rows = sa.table("passages", *(sa.column(name) for name in (*KEY, *SUMS)))
    key = [rows.c[name] for name in KEY[:-1]] + [sa.func.coalesce(rows.c.owner_id, 0)]
    summed = sa.select(*key, sa.func.count(), *(sa.func.sum(rows.c[name]) for name in SUMS)).group_by(*key)
    op.execute(days.insert().from_select([*KEY, "entered", *SUMS], summed))
