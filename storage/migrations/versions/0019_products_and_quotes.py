"""Products with their prices, and quotes."""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table('price_lists',
    sa.Column('id', ID, nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('regions', sa.JSON(), nullable=False),
    sa.Column('grades', sa.JSON(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_by', ID, nullable=True),
    sa.Column('deleted_at', storage.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', storage.types.UtcDateTime(), nullable=False),
    sa.Column('updated_at', storage.types.UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_lists'))
    )
    op.create_index(op.f('ix_price_lists_name'), 'price_lists', ['name'])

    op.create_table('products',
    sa.Column('id', ID, nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('spec', sa.String(length=200), nullable=False),
    sa.Column('category', sa.String(length=64), nullable=False),
    sa.Column('unit', sa.String(length=16), nullable=False),
    sa.Column('units', storage.types.Json(), nullable=False),
    sa.Column('parts', storage.types.Json(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=True),
    sa.Column('cost', sa.BigInteger(), nullable=True),
    sa.Column('tax_rate', sa.BigInteger(), nullable=True),
    sa.Column('lead_days', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_by', ID, nullable=True),
    sa.Column('deleted_at', storage.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', storage.types.UtcDateTime(), nullable=False),
    sa.Column('updated_at', storage.types.UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_products'))
    )
    op.create_index(op.f('ix_products_code'), 'products', ['code'])
    op.create_index(op.f('ix_products_name'), 'products', ['name'])

    op.create_table('prices',
    sa.Column('id', ID, nullable=False),
    sa.Column('list_id', ID, nullable=False),
    sa.Column('product_id', ID, nullable=False),
    sa.Column('unit', sa.String(length=16), nullable=False),
    sa.Column('min_quantity', sa.BigInteger(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('deleted_at', storage.types.UtcDateTime(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['price_lists.id'], name=op.f('fk_prices_list_id_price_lists')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_prices_product_id_products')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prices'))
    )
    op.create_index(op.f('ix_prices_list_id'), 'prices', ['list_id'])
    op.create_index(op.f('ix_prices_product_id'), 'prices', ['product_id'])

    op.create_table('quotes',
    sa.Column('id', ID, nullable=False),
    sa.Column('number', sa.String(length=32), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('account_id', ID, nullable=False),
    sa.Column('contact_id', ID, nullable=True),
    sa.Column('deal_id', ID, nullable=True),
    sa.Column('owner_id', ID, nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('discount', sa.BigInteger(), nullable=False),
    sa.Column('off', sa.BigInteger(), nullable=False),
    sa.Column('tax_included', sa.Boolean(), nullable=False),
    sa.Column('list_total', sa.BigInteger(), nullable=False),
    sa.Column('net_total', sa.BigInteger(), nullable=False),
    sa.Column('tax_total', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('cost_total', sa.BigInteger(), nullable=True),
    sa.Column('granted', sa.BigInteger(), nullable=True),
    sa.Column('prior', storage.types.Json(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('payment_terms', sa.String(length=200), nullable=False),
    sa.Column('delivery', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('sent_at', storage.types.UtcDateTime(), nullable=True),
    sa.Column('closed_at', storage.types.UtcDateTime(), nullable=True),
    sa.Column('created_by', ID, nullable=True),
    sa.Column('deleted_at', storage.types.UtcDateTime(), nullable=True),
    sa.Column('created_at', storage.types.UtcDateTime(), nullable=False),
    sa.Column('updated_at', storage.types.UtcDateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_quotes_account_id_accounts')),
    sa.ForeignKeyConstraint(['contact_id'], ['contacts.id'], name=op.f('fk_quotes_contact_id_contacts')),
    sa.ForeignKeyConstraint(['deal_id'], ['deals.id'], name=op.f('fk_quotes_deal_id_deals')),
    sa.ForeignKeyConstraint(['owner_id'], ['members.id'], name=op.f('fk_quotes_owner_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotes'))
    )
    op.create_index(op.f('ix_quotes_account_id'), 'quotes', ['account_id'])
    op.create_index(op.f('ix_quotes_deal_id'), 'quotes', ['deal_id'])
    op.create_index('ix_quotes_number', 'quotes', ['number', 'revision'])
    op.create_index('ix_quotes_owner', 'quotes', ['owner_id', 'state'])


def downgrade() -> None:
    for table in ("quotes", "prices", "products", "price_lists"):
        op.drop_table(table)
