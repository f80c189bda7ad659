"""Engines: SQLite and PostgreSQL, both first class.

SQLite: WAL, synchronous FULL (an acknowledged event survives a power cut), foreign keys, and every writing transaction
begins with BEGIN IMMEDIATE, because a transaction that reads first and writes later fails at once under contention,
whatever the timeout. Reading work uses a plain BEGIN and never waits for a writer.
"""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import StaticPool

_READABLE_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_COMMON: dict[str, Any] = {"json_serializer": _READABLE_JSON, "hide_parameters": True}
"""JSON that keeps Chinese readable, and errors that do not quote what people wrote."""

BUSY_TIMEOUT_MS = 10_000


def open_engine(url: str, *, pool_size: int = 16) -> Engine:
    """Open the engine for a database URL; `postgres://` and `postgresql://` mean psycopg 3."""
    parsed = normal_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, pool_size)
    return create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        json_serializer=_READABLE_JSON,
        hide_parameters=True,
    )


def normal_url(url: str) -> URL:
    """Read a database URL in any of the spellings that platforms hand out."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed


def reading(engine: Engine) -> Engine:
    """Return the engine for work that only reads: on SQLite it never asks for the write lock."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(liaodan_reading=True)
    return engine


def _sqlite(url: URL, pool_size: int) -> Engine:
    in_memory = not url.database or url.database == ":memory:"
    if not in_memory:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    pool: dict[str, Any] = (
        {"poolclass": StaticPool} if in_memory else {"pool_size": pool_size, "max_overflow": pool_size}
    )
    engine = create_engine(
        url,
        json_serializer=_READABLE_JSON,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 10},
        **pool,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-32000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    is_reading = connection.get_execution_options().get("liaodan_reading", False)
    connection.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")
