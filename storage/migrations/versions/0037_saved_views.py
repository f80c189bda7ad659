"""What a saved report asks and with whom it is shared, and the report that each member looked at last."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime, Words

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("saved_reports", sa.Column("view", Json(), nullable=False, server_default="{}"))
    op.add_column("saved_reports", sa.Column("shared", Words(), nullable=False, server_default="[]"))
    op.create_table(
        "glances",
        sa.Column("member_id", ID, nullable=False, autoincrement=False),
        sa.Column("view", Json(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_glances_member_id_members")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_glances")),
    )


def downgrade() -> None:
    op.drop_table("glances")
    with op.batch_alter_table("saved_reports") as reports:
        reports.drop_column("shared")
        reports.drop_column("view")
