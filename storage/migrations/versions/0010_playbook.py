"""The playbook: every version there was, and drafts that wait for a decision."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "playbook_versions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("content", storage.types.Json(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("treatment", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("by_name", sa.String(length=64), nullable=False),
        sa.Column("confirmed_by", ID, nullable=True),
        sa.Column("confirmed_name", sa.String(length=64), nullable=False),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["members.id"], name=op.f("fk_playbook_versions_by_members")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["members.id"], name=op.f("fk_playbook_versions_confirmed_by_members")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_playbook_versions")),
    )
    op.create_index(op.f("ix_playbook_versions_at"), "playbook_versions", ["at"])
    op.create_table(
        "playbook_drafts",
        sa.Column("id", ID, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("treatment", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("drafted_at", storage.types.UtcDateTime(), nullable=False),
        sa.Column("drafted_by", ID, nullable=False),
        sa.Column("proposed_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("settled_at", storage.types.UtcDateTime(), nullable=True),
        sa.Column("settled_by", ID, nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["drafted_by"], ["members.id"], name=op.f("fk_playbook_drafts_drafted_by_members")),
        sa.ForeignKeyConstraint(["settled_by"], ["members.id"], name=op.f("fk_playbook_drafts_settled_by_members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook_drafts")),
    )


def downgrade() -> None:
    op.drop_table("playbook_drafts")
    op.drop_index(op.f("ix_playbook_versions_at"), "playbook_versions")
    op.drop_table("playbook_versions")
