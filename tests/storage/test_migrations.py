"""Migrations: up, down and up again; and what they make is what the tables say. On both databases."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from storage import migrate
from storage.tables import metadata


def test_up_down_and_up_again_leaves_the_schema_that_the_tables_describe(any_engine: Engine) -> None:
    migrate.upgrade(any_engine)
    assert migrate.is_current(any_engine)
    command.downgrade(migrate.config(any_engine), "base")
    assert set(inspect(any_engine).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(any_engine)
    with any_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_newest_revision_is_the_one_that_alembic_finds(any_engine: Engine) -> None:
    assert migrate.revisions(any_engine) == (
        None,
        ScriptDirectory.from_config(migrate.config(any_engine)).get_current_head(),
    )
    migrate.upgrade(any_engine)
    assert migrate.is_current(any_engine)


def test_upgrading_twice_does_nothing(any_engine: Engine) -> None:
    migrate.upgrade(any_engine)
    migrate.upgrade(any_engine)
    with any_engine.connect() as connection:
        assert connection.scalar(text("select count(*) from alembic_version")) == 1


def test_every_field_of_every_class_has_a_column() -> None:
    import dataclasses

    from sqlalchemy import inspect as look

    from storage.mapping import BY_KIND, map_classes

    map_classes()
    for cls in BY_KIND.values():
        columns = set(look(cls).column_attrs.keys())
        assert {field.name for field in dataclasses.fields(cls)} <= columns, cls
