"""The tables of reports: passages of deals, their sums by month, targets, costs of campaigns, forecasts kept."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table

from storage.schema import Id, life, metadata
from storage.types import Fen, Json, UtcDateTime, Words

passages = Table(
    "passages",
    metadata,
    Column("deal_id", Id, ForeignKey("deals.id"), primary_key=True, autoincrement=False),
    Column("stage", String(60), primary_key=True),
    Column("pipeline", String(60), nullable=False),
    Column("owner_id", Id),
    Column("product", String(200), nullable=False, server_default=""),
    *(
        Column(name, String(64), nullable=False, server_default="")
        for name in ("region", "source", "grade", "industry")
    ),
    Column("entered_on", Date, nullable=False),
    Column("left", Integer, nullable=False),
    Column("seconds", BigInteger, nullable=False),
    Column("advanced", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("went_on", Integer, nullable=False, server_default="0"),
    Column("gave_up", Integer, nullable=False, server_default="0"),
    Column("reason", String(64), nullable=False),
    Index(
        "ix_passages_day",
        "entered_on",
        "pipeline",
        "stage",
        "owner_id",
        "product",
        "region",
        "source",
        "grade",
        "industry",
        "reason",
        "left",
        "seconds",
        "advanced",
        "lost",
        "open",
        "went_on",
        "gave_up",
        "deal_id",
    ),
)
"""What each deal did in each stage that it reached (`core/rules/metrics/passages.py`), written with the change."""


passage_sums = Table(
    "passage_sums",
    metadata,
    Column("by", String(16), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("value", String(200), primary_key=True),
    Column("pipeline", String(60), primary_key=True),
    Column("stage", String(60), primary_key=True),
    Column("owner_id", Id, primary_key=True, autoincrement=False),
    Column("reason", String(64), primary_key=True),
    Column("entered", Integer, nullable=False),
    Column("left", Integer, nullable=False),
    Column("seconds", BigInteger, nullable=False),
    Column("advanced", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("went_on", Integer, nullable=False),
    Column("gave_up", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Passages added up by the month in which they began, here its first day; 0 holds what nobody holds.

All of them are added up once for each column that `by` names, by its `value`, and once for none. Sums are kept by
holder, so that no two transactions wait for each other that move deals of different people.
"""

targets = Table(
    "targets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("member_id", Id, ForeignKey("members.id")),
    Column("department", String(200), nullable=False),
    Column("month", Date, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("set_by", Id),
    *life(),
    Index("ix_targets_month", "month", "kind"),
)
"""How much one member, or a department and all below it, is to bring in a month; '' is the whole company."""

campaign_costs = Table(
    "campaign_costs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("spent_on", Date, nullable=False),
    Column("amount", Fen, nullable=False),
    Column("note", String(200), nullable=False),
    Column("noted_by", Id),
    *life(),
)

forecast_snapshots = Table(
    "forecast_snapshots",
    metadata,
    Column("taken_on", Date, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("owner_id", Id, primary_key=True, autoincrement=False),
    Column("closed", BigInteger, nullable=False),
    Column("expected", BigInteger, nullable=False),
    Column("fresh", BigInteger, nullable=False, server_default="0"),
    Column("commit", BigInteger, nullable=False),
    Column("best", BigInteger, nullable=False),
    Column("pipeline", BigInteger, nullable=False),
)
"""What was expected of each holder's deals for a month, as of a Monday 00:00; in 分. `fresh` is what deals would bring
that were not begun yet.
"""

forecast_calls = Table(
    "forecast_calls",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("month", Date, nullable=False),
    Column("amount", Fen, nullable=False),
    Column("was", Fen, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("called_by", Id),
    *life(),
    Index("ix_forecast_calls_month", "month", "member_id"),
)
"""What a leader says of a member's month, beside what the figures said then."""

saved_reports = Table(
    "saved_reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("members.id"), nullable=False),
    Column("name", String(60), nullable=False),
    Column("words", String(300), nullable=False),
    Column("view", Json, nullable=False, server_default="{}"),
    Column("shared", Words, nullable=False, server_default="[]"),
    *life(),
    Index("ix_saved_reports_member", "member_id"),
)
"""A report that somebody gave a name to, and with whom it is shared."""

glances = Table(
    "glances",
    metadata,
    Column("member_id", Id, ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("view", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""The report that each member looked at last."""
