"""Rows by the hundred, past SQLAlchemy's bookkeeping: it costs more than the insert itself.

The statement is compiled once for a table and its columns; values still pass the columns' own types.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert

Values = dict[str, Any]
Parameters = Callable[[Values], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows that all name the same columns."""
    if rows:
        statement, parameters = _prepared(connection.dialect, table, tuple(rows[0]))
        connection.exec_driver_sql(statement, [parameters(row) for row in rows])


def prepare(dialect: Dialect, statement: Any, table: Table, names: Sequence[str]) -> tuple[str, Parameters]:
    """Return an insert as the driver takes it, and what makes its parameters of a row."""
    compiled = statement.inline().compile(dialect=dialect, column_keys=names)
    binds = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]

    def positional(row: Values) -> tuple[Any, ...]:
        return tuple([row[name] if bind is None else bind(row[name]) for name, bind in binds])

    def named(row: Values) -> Values:
        return {name: row[name] if bind is None else bind(row[name]) for name, bind in binds}

    return str(compiled), positional if compiled.positional else named


@lru_cache(maxsize=64)
def _prepared(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[str, Parameters]:
    return prepare(dialect, insert(table), table, names)
