"""The tables of what is sold: products, price lists and quotes."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from storage.schema import Id, life, metadata
from storage.types import Exact, Fen, Json, QuoteLines, UtcDateTime, Words

products = Table(
    "products",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", String(64), nullable=False, index=True),
    Column("name", String(200), nullable=False, index=True),
    Column("spec", String(200), nullable=False),
    Column("category", String(64), nullable=False),
    Column("unit", String(16), nullable=False),
    Column("units", Json, nullable=False),
    Column("parts", Json, nullable=False),
    Column("price", Fen),
    Column("cost", Fen),
    Column("tax_rate", Exact),
    Column("lead_days", Integer),
    Column("note", String(500), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_by", Id),
    *life(),
)

price_lists = Table(
    "price_lists",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(100), nullable=False, index=True),
    Column("regions", Words, nullable=False),
    Column("grades", Words, nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("active", Boolean, nullable=False),
    Column("created_by", Id),
    *life(),
)

prices = Table(
    "prices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("list_id", Id, ForeignKey("price_lists.id"), nullable=False, index=True),
    Column("product_id", Id, ForeignKey("products.id"), nullable=False, index=True),
    Column("unit", String(16), nullable=False),
    Column("min_quantity", Exact, nullable=False),
    Column("price", Fen, nullable=False),
    Column("deleted_at", UtcDateTime),
    Column("version", Integer, nullable=False),
)

quotes = Table(
    "quotes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("account_id", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("contact_id", Id, ForeignKey("contacts.id")),
    Column("deal_id", Id, ForeignKey("deals.id"), index=True),
    Column("owner_id", Id, ForeignKey("members.id")),
    Column("state", String(16), nullable=False),
    Column("lines", QuoteLines, nullable=False),
    Column("discount", Exact, nullable=False),
    Column("off", Fen, nullable=False),
    Column("tax_included", Boolean, nullable=False),
    Column("list_total", Fen, nullable=False),
    Column("net_total", Fen, nullable=False),
    Column("tax_total", Fen, nullable=False),
    Column("total", Fen, nullable=False),
    Column("cost_total", Fen),
    Column("granted", Exact),
    Column("prior", Json, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("payment_terms", String(200), nullable=False),
    Column("delivery", String(200), nullable=False),
    Column("note", Text, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("sent_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("created_by", Id),
    *life(),
    Index("ix_quotes_number", "number", "revision"),
    Index("ix_quotes_owner", "owner_id", "state"),
)
