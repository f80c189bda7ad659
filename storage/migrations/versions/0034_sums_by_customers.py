"""Passages that know their customer, and one table of their sums by month, by whatever they are added up by."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SUMS = ("left", "seconds", "advanced", "lost", "open", "went_on", "gave_up")
OF_CUSTOMER = ("region", "source", "grade", "industry")
KEY = ("by", "month", "value", "pipeline", "stage", "owner_id", "reason")
DAY = ("entered_on", "pipeline", "stage", "owner_id", "product")


def upgrade() -> None:
    op.drop_table("passage_products")
    op.drop_table("passage_months")
    op.drop_index("ix_passages_day", "passages")
    for name in OF_CUSTOMER:
        op.add_column("passages", sa.Column(name, sa.String(length=64), nullable=False, server_default=""))
    found = ", ".join(
        f"{name} = coalesce((SELECT accounts.{name} FROM accounts JOIN deals ON deals.account_id = accounts.id"
        " WHERE deals.id = passages.deal_id), '')"
        for name in OF_CUSTOMER
    )
    op.execute(f"UPDATE passages SET {found}")
    op.create_index("ix_passages_day", "passages", [*DAY, *OF_CUSTOMER, "reason", *SUMS, "deal_id"])
    made = op.create_table(
        "passage_sums",
        sa.Column("by", sa.String(length=16), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        *_keys(),
        sa.Column("reason", sa.String(length=64), nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_passage_sums")),
        sqlite_with_rowid=False,
    )
    for by in ("", "product", *OF_CUSTOMER):
        _fill(made, [sa.literal(by), _month(), _rows.c[by] if by else sa.literal("")], [*KEY])


def downgrade() -> None:
    op.drop_table("passage_sums")
    op.drop_index("ix_passages_day", "passages")
    for name in OF_CUSTOMER:
        op.drop_column("passages", name)
    op.create_index("ix_passages_day", "passages", [*DAY, "reason", *SUMS, "deal_id"])
    for name, by, length in (("passage_months", "reason", 64), ("passage_products", "product", 200)):
        made = op.create_table(
            name,
            sa.Column("month", sa.Date(), nullable=False),
            *_keys(),
            sa.Column(by, sa.String(length=length), nullable=False),
            *_sums(),
            sa.PrimaryKeyConstraint("month", "pipeline", "stage", "owner_id", by, name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
        _fill(made, [_month()], ["month", "pipeline", "stage", "owner_id", by], by)


_rows = sa.table(
    "passages",
    *(sa.column(name) for name in ("entered_on", "pipeline", "stage", "owner_id", "product", "reason")),
    *(sa.column(name) for name in (*OF_CUSTOMER, *SUMS)),
)


def _keys() -> "list[sa.Column[object]]":
    return [
        sa.Column("pipeline", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("owner_id", ID, autoincrement=False, nullable=False),
    ]


def _sums() -> "list[sa.Column[int]]":
    return [
        sa.Column(name, sa.BigInteger() if name == "seconds" else sa.Integer(), nullable=False)
        for name in ("entered", *SUMS)
    ]


def _month() -> "sa.ColumnElement[object]":
    if op.get_bind().dialect.name == "sqlite":
        return sa.func.date(_rows.c.entered_on, "start of month")
    return sa.cast(sa.func.date_trunc("month", _rows.c.entered_on), sa.Date)


def _fill(
    table: sa.Table, first: "list[sa.ColumnElement[object]]", names: "list[str]", last: str = "reason"
) -> None:
    """Fill a table of sums from the passages: it is nothing else."""
    rows = _rows.c
    key = [*first, rows.pipeline, rows.stage, sa.func.coalesce(rows.owner_id, 0), rows[last]]
    query = sa.select(*key, sa.func.count(), *(sa.func.sum(rows[name]) for name in SUMS))
    query = query.group_by(*(sa.text(str(n + 1)) for n, one in enumerate(key) if not isinstance(one, sa.BindParameter)))
    op.execute(table.insert().from_select([*names, "entered", *SUMS], query))
