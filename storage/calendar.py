"""The work calendar as data: days that an administrator entered."""

from datetime import date

from sqlalchemy import Engine, delete, insert, inspect, select

from storage import tables


def corrections(engine: Engine) -> dict[date, bool]:
    """Return every corrected day and whether it is a workday; none before the first migration."""
    if not inspect(engine).has_table(tables.calendar_days.name):
        return {}
    rows = tables.calendar_days.c
    with engine.connect() as connection:
        return {row.day: row.is_workday for row in connection.execute(select(rows.day, rows.is_workday))}


def correct(engine: Engine, day: date, *, is_workday: bool, note: str) -> None:
    """Say that people work on `day` or not; it wins over what was known of that day."""
    with engine.begin() as connection:
        connection.execute(delete(tables.calendar_days).where(tables.calendar_days.c.day == day))
        connection.execute(insert(tables.calendar_days), [{"day": day, "is_workday": is_workday, "note": note}])
