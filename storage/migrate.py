"""Schema migrations through Alembic, without a file to edit: the engine is handed in."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

_HERE = Path(__file__).parent / "migrations"


def config(engine: Engine) -> Config:
    """Return Alembic's configuration for `engine`."""
    made = Config()
    made.set_main_option("script_location", str(_HERE))
    made.attributes["engine"] = engine
    return made


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest revision; does nothing when it is there."""
    command.upgrade(config(engine), "head")


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """Return the revision the database is at, and the newest one."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(config(engine)).get_current_head()


def is_current(engine: Engine) -> bool:
    """Say whether no migration is missing."""
    current, head = revisions(engine)
    return current == head
