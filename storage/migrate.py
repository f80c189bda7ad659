"""Schema migrations through Alembic, without a file to edit: the engine is handed in.

Every process asks at its start whether the schema is there. That needs one row and the names of some files, so Alembic,
a fifth of the start-up, is imported only when there is something to migrate.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from storage.engine import reading

if TYPE_CHECKING:
    from alembic.config import Config

_HERE = Path(__file__).parent / "migrations"


def config(engine: Engine) -> "Config":
    """Return Alembic's configuration for `engine`."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_HERE))
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest revision, and write the index of names that an older one lacks."""
    if is_current(engine):
        return
    from alembic import command

    command.upgrade(config(engine), "head")
    from storage.naming import is_empty, rebuild

    if is_empty(engine):
        rebuild(engine)


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """Return the revision the database is at, and the newest one: files are named `0002_what_it_does.py`."""
    head = max((file.name.partition("_")[0] for file in (_HERE / "versions").glob("[0-9]*.py")), default=None)
    with reading(engine).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None, head
        return connection.scalar(text("select version_num from alembic_version")), head


def is_current(engine: Engine) -> bool:
    """Say whether no migration is missing."""
    current, head = revisions(engine)
    return current == head
