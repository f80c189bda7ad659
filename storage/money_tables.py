"""The tables of money: contracts and their instalments, orders, payments, invoices and whom they are made out to."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from storage.schema import Id, life, metadata
from storage.types import Exact, Fen, Words

contracts = Table(
    "contracts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(64), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("deal_id", Id, ForeignKey("deals.id"), index=True),
    Column("quote_id", Id),
    Column("renews_id", Id, ForeignKey("contracts.id")),
    Column("owner_id", Id, ForeignKey("members.id"), index=True),
    Column("state", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("party_a", String(200), nullable=False),
    Column("party_b", String(200), nullable=False),
    Column("amount", Fen, nullable=False),
    Column("list_total", Fen),
    Column("cost", Fen),
    Column("payment_days", Integer, nullable=False),
    Column("special_terms", Text, nullable=False),
    Column("begins_on", Date),
    Column("ends_on", Date),
    Column("signed_on", Date),
    Column("closed_on", Date),
    Column("reason", String(200), nullable=False),
    Column("signed_file", String(200), nullable=False),
    Column("files", Words, nullable=False),
    Column("external_id", String(64), nullable=False, index=True),
    Column("created_by", Id),
    *life(),
)

instalments = Table(
    "instalments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contract_id", Id, ForeignKey("contracts.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("name", String(64), nullable=False),
    Column("amount", Fen, nullable=False),
    Column("milestone", String(16), nullable=False),
    Column("days", Integer, nullable=False),
    Column("due_on", Date),
    *life(),
)

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(64), nullable=False, index=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("contract_id", Id, ForeignKey("contracts.id"), index=True),
    Column("quote_id", Id),
    Column("owner_id", Id, ForeignKey("members.id"), index=True),
    Column("ordered_on", Date, nullable=False),
    Column("delivered_on", Date),
    Column("amount", Fen, nullable=False),
    Column("external_id", String(64), nullable=False, index=True),
    Column("created_by", Id),
    *life(),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("orders.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("product", String(200), nullable=False),
    Column("product_id", Id),
    Column("quantity", Exact, nullable=False),
    Column("unit", String(16), nullable=False),
    Column("amount", Fen, nullable=False),
    Column("external_id", String(64), nullable=False, index=True),
)

payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("contract_id", Id, ForeignKey("contracts.id"), index=True),
    Column("order_id", Id, ForeignKey("orders.id"), index=True),
    Column("instalment_id", Id, ForeignKey("instalments.id")),
    Column("kind", String(16), nullable=False),
    Column("amount", Fen, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("note", String(200), nullable=False),
    Column("external_id", String(64), nullable=False, index=True),
    Column("created_by", Id),
    *life(),
    Index("ix_payments_paid_on", "paid_on"),
)

invoice_titles = Table(
    "invoice_titles",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("title", String(200), nullable=False),
    Column("tax_number", String(32), nullable=False),
    Column("address", String(300), nullable=False),
    Column("phone", String(32), nullable=False),
    Column("bank", String(200), nullable=False),
    Column("bank_account", String(64), nullable=False),
    *life(),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("contract_id", Id, ForeignKey("contracts.id"), index=True),
    Column("state", String(16), nullable=False),
    Column("amount", Fen, nullable=False),
    Column("title", String(200), nullable=False),
    Column("tax_number", String(32), nullable=False),
    Column("special", Boolean, nullable=False),
    Column("number", String(64), nullable=False),
    Column("requested_on", Date, nullable=False),
    Column("issued_on", Date),
    Column("reason", String(200), nullable=False),
    Column("created_by", Id),
    Column("settled_by", Id),
    *life(),
    Index("ix_invoices_state", "state", "issued_on"),
)
