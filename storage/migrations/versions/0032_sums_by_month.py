"""Sums by month instead of by day, passages that know their product, indexes of open and of closed deals."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD_KEY = ("entered_on", "pipeline", "stage", "owner_id")
OLD_SUMS = ("left", "seconds", "advanced", "lost", "open")
SUMS = (*OLD_SUMS, "went_on", "gave_up")
OPEN = sa.text("outcome = 'open' AND deleted_at IS NULL")
CLOSED = sa.text("closed_on IS NOT NULL AND deleted_at IS NULL")
LOST = sa.text("lost = 1")


def upgrade() -> None:
    op.drop_table("passage_days")
    op.drop_index("ix_passages_lost", "passages")
    op.drop_index("ix_passages_day", "passages")
    op.add_column("passages", sa.Column("product", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("passages", sa.Column("went_on", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("passages", sa.Column("gave_up", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        'UPDATE passages SET went_on = advanced * "left", gave_up = lost * "left",'
        " product = (SELECT deals.product FROM deals WHERE deals.id = passages.deal_id)"
    )
    op.create_index(
        "ix_passages_day",
        "passages",
        ["entered_on", "pipeline", "stage", "owner_id", "product", "reason", *SUMS, "deal_id"],
    )
    _months("passage_months", sa.Column("reason", sa.String(length=64), nullable=False))
    _months("passage_products", sa.Column("product", sa.String(length=200), nullable=False))
    op.create_index(
        "ix_deals_open",
        "deals",
        [
            "pipeline", "stage", "amount", "stage_since", "created_at", "expected_close_on", "owner_id", "product",
            "forecast",
        ],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )  # fmt: skip
    op.create_index(
        "ix_deals_closed",
        "deals",
        ["closed_on", "outcome", "pipeline", "owner_id", "amount", "begun_on"],
        sqlite_where=CLOSED,
        postgresql_where=CLOSED,
    )


def downgrade() -> None:
    op.drop_index("ix_deals_closed", "deals")
    op.drop_index("ix_deals_open", "deals")
    op.drop_table("passage_products")
    op.drop_table("passage_months")
    op.drop_index("ix_passages_day", "passages")
    for name in ("gave_up", "went_on", "product"):
        op.drop_column("passages", name)
    op.create_index("ix_passages_day", "passages", [*OLD_KEY, *OLD_SUMS, "deal_id"])
    op.create_index(
        "ix_passages_lost",
        "passages",
        ["entered_on", "stage", "reason", "owner_id", "pipeline"],
        sqlite_where=LOST,
        postgresql_where=LOST,
    )
    days = op.create_table(
        "passage_days",
        sa.Column("entered_on", sa.Date(), nullable=False),
        *_keys(),
        *_sums(OLD_SUMS),
        sa.PrimaryKeyConstraint(*OLD_KEY, name=op.f("pk_passage_days")),
        sqlite_with_rowid=False,
    )
    rows = sa.table("passages", *(sa.column(name) for name in (*OLD_KEY, *OLD_SUMS)))
    _fill(days, [rows.c.entered_on, rows.c.pipeline, rows.c.stage], rows, OLD_SUMS, [*OLD_KEY])


def _months(name: str, by: "sa.Column[str]") -> None:
    """Make a table of sums from the passages: it is nothing else."""
    made = op.create_table(
        name,
        sa.Column("month", sa.Date(), nullable=False),
        *_keys(),
        by,
        *_sums(SUMS),
        sa.PrimaryKeyConstraint("month", "pipeline", "stage", "owner_id", by.name, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )
    rows = sa.table("passages", *(sa.column(one) for one in ("entered_on", *OLD_KEY[1:], by.name, *SUMS)))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    month = (
        sa.func.date(rows.c.entered_on, "start of month")
        if is_sqlite
        else sa.cast(sa.func.date_trunc("month", rows.c.entered_on), sa.Date)
    )
    key = [month, rows.c.pipeline, rows.c.stage]
    _fill(made, key, rows, SUMS, ["month", *OLD_KEY[1:], by.name], rows.c[by.name])


def _keys() -> "list[sa.Column[object]]":
    return [
        sa.Column("pipeline", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("owner_id", ID, autoincrement=False, nullable=False),
    ]


def _sums(names: tuple[str, ...]) -> "list[sa.Column[int]]":
    return [
        sa.Column(name, sa.BigInteger() if name == "seconds" else sa.Integer(), nullable=False)
        for name in ("entered", *names)
    ]


def _fill(
    table: sa.Table,
    key: "list[Any]",
    rows: sa.TableClause,
    sums: tuple[str, ...],
    names: list[str],
    *more: Any,
) -> None:
    whole = [*key, sa.func.coalesce(rows.c.owner_id, 0), *more]
    query = sa.select(*whole, sa.func.count(), *(sa.func.sum(rows.c[name]) for name in sums))
    query = query.group_by(*(sa.text(str(place + 1)) for place in range(len(whole))))
    op.execute(table.insert().from_select([*names, "entered", *sums], query))
