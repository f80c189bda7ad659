"""One person's accounts: closed ones, codes that join two, messages that went to the other one."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("channel_users") as table:
        table.add_column(sa.Column("closed_by", sa.String(length=8), server_default="", nullable=False))
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("readdressed_from", sa.String(length=80), server_default="", nullable=False))
    op.create_table(
        "link_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("used_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("taken_by", sa.String(length=80), server_default="", nullable=False),
        sa.Column("settled_at", storage.types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_link_codes_member_id_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
    )
    op.create_index(op.f("ix_link_codes_member_id"), "link_codes", ["member_id"])
    op.create_table(
        "link_tries",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("paused_until", storage.types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_tries")),
        sa.UniqueConstraint("channel", "user_id", name=op.f("uq_link_tries_channel_user_id")),
    )


def downgrade() -> None:
    op.drop_table("link_tries")
    op.drop_index(op.f("ix_link_codes_member_id"), "link_codes")
    op.drop_table("link_codes")
    with op.batch_alter_table("outbox") as table:
        table.drop_column("readdressed_from")
    with op.batch_alter_table("channel_users") as table:
        table.drop_column("closed_by")
