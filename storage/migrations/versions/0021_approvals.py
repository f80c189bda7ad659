"""Approvals with their tasks, and who answers for whom."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('approvals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('subject_kind', sa.String(length=16), nullable=False),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('submitter_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('flow', storage.types.Json(none_as_null=True), nullable=False),
    sa.Column('flow_version', sa.Integer(), nullable=False),
    sa.Column('facts', storage.types.Json(none_as_null=True), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('course', storage.types.Json(none_as_null=True), nullable=False),
    sa.Column('replaces', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('begun_at', storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['submitter_id'], ['members.id'], name=op.f('fk_approvals_submitter_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals'))
    )
    with op.batch_alter_table('approvals', schema=None) as batch_op:
        batch_op.create_index('ix_approvals_kind', ['kind', 'begun_at'], unique=False)
        batch_op.create_index('ix_approvals_subject', ['subject_kind', 'subject_id'], unique=False)
        batch_op.create_index('ix_approvals_submitter', ['submitter_id', 'begun_at'], unique=False)
        batch_op.create_index('uq_approvals_running', ['subject_kind', 'subject_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))

    op.create_table('proxies',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proxy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('agreed_at', storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_proxies_member_id_members')),
    sa.ForeignKeyConstraint(['proxy_id'], ['members.id'], name=op.f('fk_proxies_proxy_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proxies'))
    )
    with op.batch_alter_table('proxies', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proxies_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proxies_proxy_id'), ['proxy_id'], unique=False)

    op.create_table('approval_tasks',
    sa.Column('approval_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('node', sa.Integer(), nullable=False),
    sa.Column('node_name', sa.String(length=60), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('origin', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('waits', sa.Boolean(), nullable=False),
    sa.Column('begun_at', storage.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_at', storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_at', storage.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['approval_id'], ['approvals.id'], name=op.f('fk_approval_tasks_approval_id_approvals')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_approval_tasks_member_id_members')),
    sa.PrimaryKeyConstraint('approval_id', 'number', name=op.f('pk_approval_tasks')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('approval_tasks', schema=None) as batch_op:
        batch_op.create_index('ix_approval_tasks_pending', ['member_id'], unique=False, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))



def downgrade() -> None:
    with op.batch_alter_table('approval_tasks', schema=None) as batch_op:
        batch_op.drop_index('ix_approval_tasks_pending', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.drop_table('approval_tasks')
    with op.batch_alter_table('proxies', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proxies_proxy_id'))
        batch_op.drop_index(batch_op.f('ix_proxies_member_id'))

    op.drop_table('proxies')
    with op.batch_alter_table('approvals', schema=None) as batch_op:
        batch_op.drop_index('uq_approvals_running', sqlite_where=sa.text("state = 'running'"), postgresql_where=sa.text("state = 'running'"))
        batch_op.drop_index('ix_approvals_submitter')
        batch_op.drop_index('ix_approvals_subject')
        batch_op.drop_index('ix_approvals_kind')

    op.drop_table('approvals')
