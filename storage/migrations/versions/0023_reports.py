"""Reports: the passages of deals and their sums, targets, costs of campaigns, forecasts kept, pivots worth keeping."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "campaign_costs",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("amount", storage.types.Fen(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("noted_by", ID, nullable=True),
        sa.Column("deleted_at", storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_costs")),
    )
    op.create_table(
        "forecast_snapshots",
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("owner_id", ID, autoincrement=False, nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("commit", sa.BigInteger(), nullable=False),
        sa.Column("best", sa.BigInteger(), nullable=False),
        sa.Column("pipeline", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("taken_on", "month", "owner_id", name=op.f("pk_forecast_snapshots")),
    )
    op.create_table(
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
        sa.PrimaryKeyConstraint("entered_on", "pipeline", "stage", "owner_id", name=op.f("pk_passage_days")),
    )
    op.create_table(
        "forecast_calls",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("amount", storage.types.Fen(), nullable=False),
        sa.Column("was", storage.types.Fen(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("called_by", ID, nullable=True),
        sa.Column("deleted_at", storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_forecast_calls_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast_calls")),
    )
    with op.batch_alter_table("forecast_calls", schema=None) as batch_op:
        batch_op.create_index("ix_forecast_calls_month", ["month", "member_id"], unique=False)

    op.create_table(
        "saved_reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("deleted_at", storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_saved_reports_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_reports")),
    )
    with op.batch_alter_table("saved_reports", schema=None) as batch_op:
        batch_op.create_index("ix_saved_reports_member", ["member_id"], unique=False)

    op.create_table(
        "targets",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("set_by", ID, nullable=True),
        sa.Column("deleted_at", storage.types.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_targets_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index("ix_targets_month", ["month", "kind"], unique=False)

    op.create_table(
        "passages",
        sa.Column("deal_id", ID, autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("pipeline", sa.String(length=60), nullable=False),
        sa.Column("owner_id", ID, nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("advanced", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_passages_deal_id_deals")),
        sa.PrimaryKeyConstraint("deal_id", "stage", name=op.f("pk_passages")),
    )
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_passages_day",
            ["entered_on", "pipeline", "stage", "owner_id", "left", "seconds", "advanced", "lost", "open"],
            unique=False,
        )
        batch_op.create_index(
            "ix_passages_lost",
            ["entered_on", "stage", "reason", "owner_id", "pipeline"],
            unique=False,
            sqlite_where=sa.text("lost = 1"),
            postgresql_where=sa.text("lost = 1"),
        )

    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("forecast", sa.String(length=8), server_default="pipeline", nullable=False))
    _order_passages()


def _order_passages() -> None:
    """Have the worker write the passages of the deals that are there."""
    connection = op.get_bind()
    deals = sa.table("deals", sa.column("id"))
    if connection.execute(sa.select(deals.c.id).limit(1)).first() is None:
        return
    jobs = sa.table(
        "jobs",
        sa.column("kind"),
        sa.column("content", storage.types.Json()),
        sa.column("state"),
        sa.column("created_at", storage.types.UtcDateTime()),
    )
    now = datetime.now(UTC)
    connection.execute(jobs.insert(), {"kind": "passages", "content": {}, "state": "waiting", "created_at": now})


def downgrade() -> None:
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.drop_column("forecast")

    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.drop_index("ix_passages_lost", sqlite_where=sa.text("lost = 1"), postgresql_where=sa.text("lost = 1"))
        batch_op.drop_index("ix_passages_day")

    op.drop_table("passages")
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.drop_index("ix_targets_month")

    op.drop_table("targets")
    with op.batch_alter_table("saved_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_saved_reports_member")

    op.drop_table("saved_reports")
    with op.batch_alter_table("forecast_calls", schema=None) as batch_op:
        batch_op.drop_index("ix_forecast_calls_month")

    op.drop_table("forecast_calls")
    op.drop_table("passage_days")
    op.drop_table("forecast_snapshots")
    op.drop_table("campaign_costs")
