"""The work calendar as data: days that an administrator entered."""

import time
from datetime import date

from sqlalchemy import Engine, delete, insert, select

from storage import tables
from storage.engine import reading
from storage.repositories import Repository


class Corrections:
    """Every corrected day and whether it is a workday, read again now and then, so that running processes learn."""

    FRESH_S = 60.0

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._days: dict[date, bool] = {}
        self._read_at = -self.FRESH_S

    def __call__(self) -> dict[date, bool]:
        moment = time.monotonic()
        if moment - self._read_at >= self.FRESH_S:
            self._read_at = moment
            self._days = self._read()
        return self._days

    def _read(self) -> dict[date, bool]:
        rows = tables.calendar_days.c
        with reading(self._engine).connect() as connection:
            return {row.day: row.is_workday for row in connection.execute(select(rows.day, rows.is_workday))}


class SqlDays(Repository):
    def correct(self, day: date, *, is_workday: bool, note: str) -> None:
        self._session.execute(delete(tables.calendar_days).where(tables.calendar_days.c.day == day))
        self._session.execute(insert(tables.calendar_days), [{"day": day, "is_workday": is_workday, "note": note}])
