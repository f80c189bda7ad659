"""Promises to customers, shares of deals, guided questions."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table("promises",
    sa.Column("id", ID, nullable=False),
    sa.Column("customer_kind", sa.String(length=16), nullable=False),
    sa.Column("customer_id", ID, nullable=False),
    sa.Column("followup_id", ID, nullable=True),
    sa.Column("made_by", ID, nullable=True),
    sa.Column("to_whom", sa.String(length=64), nullable=False),
    sa.Column("words", sa.String(length=200), nullable=False),
    sa.Column("thing", sa.String(length=40), nullable=False),
    sa.Column("theirs", sa.Boolean(), nullable=False),
    sa.Column("due_at", storage.types.UtcDateTime(), nullable=True),
    sa.Column("state", sa.String(length=16), nullable=False),
    sa.Column("settled_at", storage.types.UtcDateTime(), nullable=True),
    sa.Column("settled_by", ID, nullable=True),
    sa.Column("made_at", storage.types.UtcDateTime(), nullable=False),
    sa.Column("deleted_at", storage.types.UtcDateTime(), nullable=True),
    sa.Column("created_at", storage.types.UtcDateTime(), nullable=False),
    sa.Column("updated_at", storage.types.UtcDateTime(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name=op.f("fk_promises_followup_id_followups")),
    sa.ForeignKeyConstraint(["made_by"], ["members.id"], name=op.f("fk_promises_made_by_members")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_promises"))
    )
    op.create_index("ix_promises_customer", "promises", ["customer_kind", "customer_id"])
    op.create_index("ix_promises_followup_id", "promises", ["followup_id"])
    op.create_index("ix_promises_made_by", "promises", ["made_by"])

    op.create_table("deal_shares",
    sa.Column("id", ID, nullable=False),
    sa.Column("deal_id", ID, nullable=False),
    sa.Column("member_id", ID, nullable=False),
    sa.Column("share", sa.Integer(), nullable=False),
    sa.Column("state", sa.String(length=16), nullable=False),
    sa.Column("asked_by", ID, nullable=True),
    sa.Column("answered_at", storage.types.UtcDateTime(), nullable=True),
    sa.Column("ended_at", storage.types.UtcDateTime(), nullable=True),
    sa.Column("deleted_at", storage.types.UtcDateTime(), nullable=True),
    sa.Column("created_at", storage.types.UtcDateTime(), nullable=False),
    sa.Column("updated_at", storage.types.UtcDateTime(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_shares_deal_id_deals")),
    sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_deal_shares_member_id_members")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_shares"))
    )
    op.create_index("ix_deal_shares_deal_id", "deal_shares", ["deal_id"])
    op.create_index("ix_deal_shares_member_id", "deal_shares", ["member_id"])

    op.create_table("interviews",
    sa.Column("id", ID, nullable=False),
    sa.Column("deal_id", ID, nullable=False),
    sa.Column("outline", sa.String(length=60), nullable=False),
    sa.Column("answers", storage.types.Json(), server_default="{}", nullable=False),
    sa.Column("state", sa.String(length=16), nullable=False),
    sa.Column("begun_by", ID, nullable=True),
    sa.Column("done_at", storage.types.UtcDateTime(), nullable=True),
    sa.Column("deleted_at", storage.types.UtcDateTime(), nullable=True),
    sa.Column("created_at", storage.types.UtcDateTime(), nullable=False),
    sa.Column("updated_at", storage.types.UtcDateTime(), nullable=False),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_interviews_deal_id_deals")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews"))
    )
    op.create_index("ix_interviews_deal_id", "interviews", ["deal_id"])



def downgrade() -> None:
    op.drop_table("interviews")
    op.drop_table("deal_shares")
    op.drop_table("promises")
