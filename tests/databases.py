"""Empty databases for tests, of both kinds."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from storage.engine import open_engine
from storage.migrate import upgrade


def engines(request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    """Yield the engine that the fixture's parameter names; its database is dropped at the end."""
    if request.param == "postgresql":
        yield from pg_database(request.getfixturevalue("pg_url"))
        return
    engine = open_engine(f"sqlite:///{folder / 'liaodan.db'}")
    yield engine
    engine.dispose()


def pg_database(server_url: str) -> Iterator[Engine]:
    """An engine on a database of its own; it goes with its server."""
    name = f"t{uuid4().hex}"
    root = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with root.connect() as connection:
        connection.execute(text(f"create database {name}"))
    root.dispose()
    engine = open_engine(server_url.replace("/postgres?", f"/{name}?"), pool_size=16)
    yield engine
    engine.dispose()


def spare_the_disk(server_url: str) -> None:
    """Let a server of our own sync nothing: its data is thrown away, and no test takes its power."""
    root = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with root.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"alter system set {setting} = off"))
        connection.execute(text("select pg_reload_conf()"))
    root.dispose()


@cache
def _laid_out() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "liaodan.db"
        engine = open_engine(f"sqlite:///{file}")
        upgrade(engine)
        engine.dispose()  # the last connection to go writes the log into the file
        return file.read_bytes()


def lay_out(folder: Path) -> str:
    """Put a migrated database without a row into `folder` and return its URL; one is migrated for all who ask."""
    file = folder / "liaodan.db"
    file.write_bytes(_laid_out())
    return f"sqlite:///{file}"
