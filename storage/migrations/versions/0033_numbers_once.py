"""The number of a promise is never given again: on SQLite a fresh one took that of one that was just being kept."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

STANDING = sa.text("settled_at IS NULL")
INDEXES = (("ix_deadlines_due", ["kind", "due_at"]), ("ix_deadlines_holder", ["holder_id", "kind"]))


def upgrade() -> None:
    _rebuild(once=True)


def downgrade() -> None:
    _rebuild(once=False)


def _rebuild(*, once: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # sequences of PostgreSQL never go back
    for name, _ in INDEXES:
        op.drop_index(name, "deadlines")
    with op.batch_alter_table("deadlines", recreate="always", table_kwargs={"sqlite_autoincrement": once}):
        pass
    for name, columns in INDEXES:
        op.create_index(name, "deadlines", columns, sqlite_where=STANDING)
