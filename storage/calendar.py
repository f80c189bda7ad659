"""The work calendar as data: days that an administrator entered."""

from datetime import date

from sqlalchemy import Engine, inspect, select

from storage import tables


def corrections(engine: Engine) -> dict[date, bool]:
    """Return every corrected day and whether it is a workday; none before the first migration."""
    if not inspect(engine).has_table(tables.calendar_days.name):
        return {}
    rows = tables.calendar_days.c
    with engine.connect() as connection:
        return {row.day: row.is_workday for row in connection.execute(select(rows.day, rows.is_workday))}
