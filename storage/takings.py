"""Figures of money as questions: what was signed and what was received, by whoever looks after the customer now."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, FromClause, Integer, case, func, literal, select, type_coerce

from core.model.payment import PaymentKind
from core.ports.metrics import Filters
from core.rules.metrics.declared import HOLDER, Base, Dimension
from core.rules.metrics.periods import Span, cut, named
from core.rules.permissions import Scope
from storage import tables
from storage.metrics import column_of
from storage.repositories import Repository, in_scope

_TABLES: Final = {"payment": tables.payments, "contract": tables.contracts}
_HOLDER: Final = func.coalesce(tables.accounts.c.owner_id, tables.contracts.c.owner_id)
"""Whose money it is: whoever holds the account, else whose contract it is."""


class SqlTakings(Repository):
    """See `core.ports.Takings`."""

    def totals(
        self,
        bases: Sequence[Base],
        by: Sequence[Dimension],
        span: Span | None,
        where: Filters,
        scope: Scope,
        *,
        fiscal_begins: int = 1,
    ) -> dict[tuple[Any, ...], dict[str, float]]:
        found: dict[tuple[Any, ...], dict[str, float]] = defaultdict(dict)
        for base in bases:
            parts = {
                one.key: cut(span, one.unit, fiscal_begins) for one in by if one.unit is not None and span is not None
            }
            keys = [
                _part(base, parts[one.key]) if one.unit is not None else _column(one.columns[base.subject])
                for one in by
            ]
            query = select(*keys, func.sum(_value(base))).select_from(_source(base))
            query = query.where(*_conditions(base, span, where, scope))
            for row in self._session.execute(query.group_by(*keys) if keys else query):
                key = tuple(
                    named(parts[one.key][value], one.unit) if one.unit is not None else value
                    for one, value in zip(by, row[: len(by)], strict=True)
                )
                found[key][base.key] = found[key].get(base.key, 0.0) + float(row[-1] or 0)
        return dict(found)

    def records(
        self, base: Base, span: Span | None, where: Filters, scope: Scope, *, limit: int, offset: int = 0
    ) -> list[int]:
        rows = _TABLES[base.subject].c
        query = select(rows.id).select_from(_source(base)).where(*_conditions(base, span, where, scope))
        return list(
            self._session.scalars(query.order_by(rows.amount.desc(), rows.id.desc()).limit(limit).offset(offset))
        )


def _column(name: str) -> ColumnElement[Any]:
    return _HOLDER if name == HOLDER else column_of(name)


def _part(base: Base, parts: Sequence[Span]) -> ColumnElement[Any]:
    """Say in which of the periods a record lies."""
    at = column_of(base.at)
    return case(*((at <= one.last, number) for number, one in enumerate(parts)), else_=len(parts) - 1)


def _value(base: Base) -> ColumnElement[Any]:
    """What was given back counts against what was received."""
    if not base.sums:
        return literal(1, Integer)
    amount = type_coerce(column_of(base.sums), BigInteger)
    if base.subject == "payment":
        return case((tables.payments.c.kind == PaymentKind.REFUND, -amount), else_=amount)
    return amount


def _source(base: Base) -> FromClause:
    accounts, contracts, members = tables.accounts, tables.contracts, tables.members
    record = _TABLES[base.subject]
    source: FromClause = record.join(accounts, accounts.c.id == record.c.account_id)
    if base.subject == "payment":
        source = source.outerjoin(contracts, contracts.c.id == tables.payments.c.contract_id)
    return source.outerjoin(members, members.c.id == _HOLDER)


def _conditions(base: Base, span: Span | None, where: Filters, scope: Scope) -> list[ColumnElement[bool]]:
    """Say whose records count, and of which days and kinds."""
    found: list[ColumnElement[bool]] = [_TABLES[base.subject].c.deleted_at.is_(None)]
    if not scope.everything:
        found.append(in_scope(_HOLDER, scope))
    if span is not None:
        found += [column_of(base.at) >= span.first, column_of(base.at) <= span.last]
    found += [column_of(name).in_(values) for name, values in base.only]
    for dimension, values in where:
        column = _column(dimension.columns[base.subject])
        some = column.in_([value for value in values if value is not None])
        found.append(some | column.is_(None) if None in values else some)
    return found
