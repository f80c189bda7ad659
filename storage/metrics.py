"""Figures as questions: measures and dimensions by their columns, rights and days in each of them."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Double,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from core.calendar import MIDNIGHT, WorkCalendar
from core.model.ids import MemberId
from core.ports.metrics import Filters
from core.rules.metrics.declared import LOST_HERE, RECEIVED, STILL_HERE, WON_WHOLE, Base, Dimension
from core.rules.metrics.forecast import Standing
from core.rules.metrics.periods import ONE_DAY, Span, Unit, cut, named, whole_months
from core.rules.permissions import Scope
from storage import tables
from storage.passages import ADDED_UP_BY, NOBODY, PassageKeeper
from storage.repositories import Repository, in_scope
from storage.types import UtcDateTime

_OWNERS: Final = {
    "deal": "deals.owner_id",
    "passage": "passages.owner_id",
    "lead": "leads.owner_id",
    "account": "accounts.owner_id",
    "followup": "followups.author_id",
    "assignment": "assignments.member_id",
    "order": "orders.owner_id",
    "order_line": "orders.owner_id",
}
_ALIVE: Final = {
    "deal": "deals",
    "lead": "leads",
    "account": "accounts",
    "followup": "followups",
    "assignment": "assignments",
    "order": "orders",
    "order_line": "orders",
}
_ALWAYS: Final = frozenset({"stage", "pipeline", "member", "department", "reason"})
"""By what the sums by month can be cut, beside time and one of the columns by which they are kept."""
_MANY: Final = 31
_SHORT: Final = 92
"""In so few days the deals of those days are looked for; in more, the largest ones are walked down."""
_ENDED: Final = {LOST_HERE.key: "lost", STILL_HERE.key: "open"}
"""How the deals ended of which a list of passages tells."""
_FINE: Final = frozenset({Unit.DAY, Unit.WEEK})
"""What months cannot be cut into."""
_TABLES: Final = {**_ALIVE, "passage": "passages", "order_line": "order_lines"}
_OF_ACCOUNT: Final = tables.accounts.c.id == tables.deals.c.account_id


_Place = tuple[str | None, Span | None]


class SqlMetrics(Repository):
    """See `core.ports.Metrics`."""

    def __init__(self, session: Session, keeper: PassageKeeper, calendar: WorkCalendar) -> None:
        super().__init__(session)
        self._keeper, self._calendar = keeper, calendar

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
        self._keeper.settle()
        alike: dict[tuple[str, str, bool], list[Base]] = defaultdict(list)
        for base in dict.fromkeys(bases):
            alike[base.subject, base.at, bool(base.only)].append(base)
        found: dict[tuple[Any, ...], dict[str, float]] = defaultdict(dict)
        for group in alike.values():
            for kept_by, days in self._in_parts(_places(group[0], by, span, where), group[0]):
                for key, figures in self._added(group, by, span, where, scope, fiscal_begins, kept_by, days):
                    cell = found[key]
                    for name, value in figures.items():
                        cell[name] = cell.get(name, 0) + value
        return dict(found)

    def _in_parts(self, places: Sequence[_Place], base: Base) -> Iterator[_Place]:
        """Cut long days into months on SQLite, which sorts what it groups: a month's passages it sorts in memory."""
        for kept_by, days in places:
            if kept_by is None and days is not None and base.subject == "passage" and self._is_sqlite:
                yield from ((None, part) for part in cut(days, Unit.MONTH))
            else:
                yield kept_by, days

    @property
    def _is_sqlite(self) -> bool:
        return self._session.get_bind().dialect.name == "sqlite"

    def _added(
        self,
        bases: Sequence[Base],
        by: Sequence[Dimension],
        span: Span | None,
        where: Filters,
        scope: Scope,
        fiscal_begins: int,
        kept_by: str | None,
        days: Span | None,
    ) -> list[tuple[tuple[Any, ...], dict[str, float]]]:
        base = bases[0]
        asks = _Question(self._session, self._calendar, base, kept_by=kept_by)
        parts = {one.key: cut(span, one.unit, fiscal_begins) for one in by if one.unit is not None and span is not None}
        keys = [asks.part(parts[one.key]) if one.unit is not None else asks.column(one) for one in by]
        sums = [asks.summed(one, alone=len({one.only for one in bases}) == 1) for one in bases]
        query = select(*keys, *sums).select_from(asks.source(by, where))
        query = query.where(*asks.conditions(days, where, scope), asks.any_of(bases))
        rows = self._session.execute(query.group_by(*keys) if keys else query)
        made = []
        for row in rows:
            key = tuple(
                named(_part(parts[one.key], value), one.unit) if one.unit is not None else _somebody(one, value)
                for one, value in zip(by, row[: len(by)], strict=True)
            )
            figures = {one.key: float(value or 0) for one, value in zip(bases, row[len(by) :], strict=True)}
            made.append((key, figures))
        return made

    def records(
        self, base: Base, span: Span | None, where: Filters, scope: Scope, *, limit: int, offset: int = 0
    ) -> list[int]:
        self._keeper.settle()
        asks = _Question(self._session, self._calendar, base, walks=span is None or span.days > _SHORT)
        deals, is_passage = tables.deals.c, base.subject == "passage"
        number = tables.passages.c.deal_id if is_passage else column_of(f"{_TABLES[base.subject]}.id")
        query = select(number).select_from(asks.source((), where, more=("deals",) if is_passage else ()))
        query = query.where(*asks.conditions(span, where, scope), asks.any_of([base]))
        if is_passage:
            query = query.where(column_of(base.sums) > 0) if base.sums else query
            if (outcome := _ENDED.get(base.key)) is not None:
                query = query.where(deals.outcome == outcome, deals.deleted_at.is_(None))
        elif base.subject != "deal":
            return list(self._session.scalars(query.order_by(number.desc()).limit(limit).offset(offset)))
        return self._largest(query, number, limit, offset)

    def _largest(self, query: Select[Any], number: ColumnElement[Any], limit: int, offset: int) -> list[int]:
        """Return the largest deals first; those whose amount nobody knows come last."""
        amount = tables.deals.c.amount
        known = query.where(amount.is_not(None))
        page = known.order_by(amount.desc(), tables.deals.c.id.desc()).limit(limit).offset(offset)
        found = list(self._session.scalars(page))
        if len(found) == limit:
            return found
        before = offset
        if not found and offset:
            before = self._session.scalar(select(func.count()).select_from(known.subquery())) or 0
        rest = query.where(amount.is_(None)).order_by(number.desc())
        return [*found, *self._session.scalars(rest.limit(limit - len(found)).offset(offset - before))]

    def standing(self, where: Filters, scope: Scope, by: Sequence[Dimension] = ()) -> list[Standing]:
        deals = tables.deals.c
        base = Base("standing", "deal", only=(("deals.outcome", ("open",)),))
        asks = _Question(self._session, self._calendar, base)
        amount = type_coerce(deals.amount, BigInteger)
        since = asks.day_of(func.coalesce(deals.stage_since, deals.created_at))
        keys = (
            deals.pipeline, deals.stage, since, deals.expected_close_on, deals.owner_id, deals.product, deals.forecast,
        )  # fmt: skip
        squares = func.sum(cast(amount, Double) * cast(amount, Double))
        cut_by = [asks.column(one) for one in by]
        query = select(*keys, func.count(), func.sum(amount), squares, *cut_by).select_from(asks.source(by, where))
        query = query.where(*asks.conditions(None, where, scope), asks.any_of([base])).group_by(*keys, *cut_by)
        return [
            Standing(
                pipeline=row[0],
                stage=row[1],
                since=_as_date(row[2]),
                expected=row[3],
                owner_id=row[4],
                product=row[5],
                category=row[6],
                count=row[7],
                amount=int(row[8] or 0),
                squares=float(row[9] or 0),
                key=tuple(_somebody(one, value) for one, value in zip(by, row[10:], strict=True)),
            )
            for row in self._session.execute(query)
        ]

    def fresh(self, since: date, span: Span, where: Filters, scope: Scope) -> dict[MemberId | None, int]:
        deals = tables.deals.c
        asks = _Question(self._session, self._calendar, WON_WHOLE)
        query = select(deals.owner_id, func.sum(type_coerce(deals.amount, BigInteger)))
        query = query.select_from(asks.source((), where)).where(*asks.conditions(span, where, scope))
        query = query.where(asks.any_of([WON_WHOLE]), deals.begun_on >= since).group_by(deals.owner_id)
        return {row[0]: int(row[1] or 0) for row in self._session.execute(query)}

    def closed(
        self, by: Sequence[Dimension], span: Span, where: Filters, scope: Scope, *, limit: int
    ) -> list[tuple[bool, int | None, tuple[Any, ...]]]:
        deals = tables.deals.c
        base = Base("closed", "deal", "deals.closed_on", only=(("deals.outcome", ("won", "lost")),))
        asks = _Question(self._session, self._calendar, base)
        columns = [asks.column(one) for one in by]
        query = select(deals.outcome, type_coerce(deals.amount, BigInteger), *columns).select_from(
            asks.source(by, where)
        )
        query = query.where(*asks.conditions(span, where, scope), asks.any_of([base]))
        rows = self._session.execute(query.order_by(deals.closed_on.desc(), deals.id.desc()).limit(limit))
        return [(row[0] == "won", row[1], tuple(row[2:])) for row in rows]

    def responses(self, span: Span, where: Filters, scope: Scope) -> list[tuple[MemberId, float | None]]:
        held, leads, talks = tables.assignments.c, tables.leads.c, tables.followups.c
        asks = _Question(self._session, self._calendar, RECEIVED)
        of_lead = and_(talks.customer_kind == "lead", talks.customer_id == held.lead_id)
        of_account = and_(talks.customer_kind == leads.became_kind, talks.customer_id == leads.became_id)
        first = (
            select(func.min(talks.at))
            .where(or_(of_lead, of_account), talks.at >= held.begun_at, talks.valid, talks.deleted_at.is_(None))
            .where(talks.author_id == held.member_id)
            .correlate(tables.assignments, tables.leads)
            .scalar_subquery()
        )
        query = select(held.member_id, held.begun_at, type_coerce(first, UtcDateTime))
        query = query.select_from(asks.source((), where).join(tables.leads, leads.id == held.lead_id))
        rows = self._session.execute(query.where(*asks.conditions(span, where, scope)))
        return [(owner, None if at is None else (at - begun).total_seconds()) for owner, begun, at in rows]

    def rebuild(self, *, after: int, limit: int) -> int | None:
        return self._keeper.rebuild(after, limit)

    def add_up(self) -> None:
        self._keeper.add_up()

    def snapshot(self, taken_on: date, rows: Sequence[dict[str, Any]]) -> None:
        kept = tables.forecast_snapshots
        self._session.execute(delete(kept).where(kept.c.taken_on == taken_on))
        if rows:
            self._session.execute(insert(kept), [{"taken_on": taken_on, **row} for row in rows])

    def snapshots(self, month: date, scope: Scope) -> list[dict[str, Any]]:
        rows = tables.forecast_snapshots.c
        names = ("closed", "expected", "fresh", "commit", "best", "pipeline")
        query = select(rows.taken_on, *(func.sum(rows[name]) for name in names))
        query = query.where(rows.month == month, in_scope(rows.owner_id, scope)).group_by(rows.taken_on)
        found = self._session.execute(query.order_by(rows.taken_on))
        return [dict(zip(("taken_on", *names), (row[0], *map(int, row[1:])), strict=True)) for row in found]


def _places(base: Base, by: Sequence[Dimension], span: Span | None, where: Filters) -> list[_Place]:
    """Say where what is asked is found for which days: whole months among the sums, by the column by which those are
    kept, the days at their ends among the records themselves.
    """
    keys = {one.key for one in by if one.unit is None} | {one.key for one, _ in where}
    kept_by = next((one for one in ADDED_UP_BY if keys <= _ALWAYS | {one}), None)
    if base.subject != "passage" or base.only or kept_by is None or any(one.unit in _FINE for one in by):
        return [(None, span)]
    if span is None:
        return [(kept_by, None)]
    whole = whole_months(span)
    if whole is None:
        return [(None, span)]
    ends = (Span(span.first, whole.first - ONE_DAY), Span(whole.last + ONE_DAY, span.last))
    return [(kept_by, whole), *((None, end) for end in ends if end.first <= end.last)]


def column_of(name: str) -> ColumnElement[Any]:
    """Return the column that a declaration names; `deals.custom.size` is a value of the company's own field."""
    table, column, *rest = name.split(".", 2)
    found: ColumnElement[Any] = getattr(tables, table).c[column]
    return found[rest[0]].as_string() if rest else found


class _Question:
    """One question about records of one subject."""

    def __init__(
        self, session: Session, calendar: WorkCalendar, base: Base, *, kept_by: str | None = None, walks: bool = False
    ) -> None:
        self._base, self._calendar, self._kept_by, self._walks = base, calendar, kept_by, walks
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"

    def column(self, dimension: Dimension) -> ColumnElement[Any]:
        return self._named(dimension.columns[self._base.subject])

    def _named(self, name: str) -> ColumnElement[Any]:
        table, _, column = name.partition(".")
        if self._kept_by is not None and table == "passages":
            return tables.passage_sums.c[{"entered_on": "month", self._kept_by: "value"}.get(column, column)]
        return column_of(name)

    def part(self, parts: Sequence[Span]) -> ColumnElement[Any]:
        """Say in which of the periods a record lies; of very many its day does, to be found among them afterwards."""
        at = self._named(self._base.at)
        if len(parts) == 1:
            return literal(0, Integer).label("part")
        if isinstance(at.type, Date):
            if len(parts) > _MANY:
                return at
            return case(*((at <= one.last, number) for number, one in enumerate(parts)), else_=len(parts) - 1)
        return case(
            *((at < self._midnight_after(one.last), number) for number, one in enumerate(parts)), else_=len(parts) - 1
        )

    def day_of(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the business' day of an instant that lies in this age, in which its zone is as far from UTC as now."""
        if self._is_sqlite:
            offset = self._calendar.local(self._calendar.at(date(2026, 1, 1), MIDNIGHT)).utcoffset() or timedelta(0)
            return func.date(column, f"{int(offset.total_seconds())} seconds")
        return cast(func.timezone(str(self._calendar.zone), column), Date)

    def _midnight_after(self, day: date) -> Any:
        return self._calendar.at(day + timedelta(days=1), MIDNIGHT)

    def summed(self, base: Base, *, alone: bool) -> ColumnElement[Any]:
        """Add a base up; unless it is `alone`, only its own records count."""
        value: ColumnElement[Any]
        if self._kept_by is not None:
            value = self._named(base.sums or "passages.entered")
        elif base.between is not None:
            value = self._days(*map(column_of, base.between))
        elif base.sums:
            column = column_of(base.sums)
            value = type_coerce(column, BigInteger)
        else:
            value = literal(1, Integer)
        return func.sum(value if alone else case((self.only(base), value), else_=None))

    def _days(self, first: ColumnElement[Any], last: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.julianday(last) - func.julianday(first) if self._is_sqlite else last - first

    def only(self, base: Base) -> ColumnElement[bool]:
        return and_(*(_one_of(column_of(name), values) for name, values in base.only)) if base.only else literal(True)

    def any_of(self, bases: Sequence[Base]) -> ColumnElement[bool]:
        """Say that a record counts for one of several bases."""
        if any(not base.only for base in bases):
            return literal(True)
        return or_(*(self.only(base) for base in dict.fromkeys(bases)))

    def conditions(self, span: Span | None, where: Filters, scope: Scope) -> list[ColumnElement[bool]]:
        """Say whose records count, and of which days and kinds."""
        owner = self._named(_OWNERS[self._base.subject])
        found = [] if scope.everything else [in_scope(owner, scope)]
        if self._kept_by is not None:
            found += [tables.passage_sums.c.by == self._kept_by, tables.passage_sums.c.entered > 0]
        if (alive := _ALIVE.get(self._base.subject)) is not None:
            found.append(getattr(tables, alive).c.deleted_at.is_(None))
        if span is not None and self._base.at:
            at = self._named(self._base.at)
            if isinstance(at.type, Date):
                day = func.coalesce(at, at) if self._walks else at  # no index by day shall be looked up
                found += [day >= span.first, day <= span.last]
            else:
                found += [at >= self._calendar.at(span.first, MIDNIGHT), at < self._midnight_after(span.last)]
        far: list[ColumnElement[bool]] = []
        for dimension, values in where:
            column = self.column(dimension)
            some = [value for value in values if value is not None]
            wanted = or_(column.in_(some), _is_empty(column)) if None in values else column.in_(some)
            (far if self._is_far(dimension) else found).append(wanted)
        if far:
            deals = tables.deals.c
            query = select(deals.id).select_from(tables.deals.outerjoin(tables.accounts, _OF_ACCOUNT))
            found.append(tables.passages.c.deal_id.in_(query.where(*far)))
        return found

    def _is_far(self, dimension: Dimension) -> bool:
        """Say whether passages are narrowed down by something of their deals: it is looked up once for each deal."""
        table = dimension.columns[self._base.subject].partition(".")[0]
        return self._base.subject == "passage" and table in ("deals", "accounts")

    def source(self, by: Sequence[Dimension], where: Filters, more: Sequence[str] = ()) -> FromClause:
        """Join what the dimensions need, and nothing else."""
        subject = self._base.subject
        asked = (*by, *(dimension for dimension, _ in where if not self._is_far(dimension)))
        names = [one.columns[subject] for one in asked if one.unit is None]
        needed = {name.partition(".")[0] for name in names} | set(more)
        source: FromClause = getattr(tables, _TABLES[subject]) if self._kept_by is None else tables.passage_sums
        if subject == "passage" and needed & {"deals", "accounts"}:
            source = source.join(tables.deals, tables.deals.c.id == tables.passages.c.deal_id)
        if subject == "order_line":
            source = source.join(tables.orders, tables.orders.c.id == tables.order_lines.c.order_id)
        if "products" in needed:
            source = source.outerjoin(tables.products, tables.products.c.id == tables.order_lines.c.product_id)
        if "accounts" in needed and subject != "account":
            of = tables.orders if subject in ("order", "order_line") else tables.deals
            source = source.outerjoin(tables.accounts, tables.accounts.c.id == of.c.account_id)
        if "members" in needed:
            source = source.outerjoin(tables.members, tables.members.c.id == self._named(_OWNERS[subject]))
        return source


def _part(parts: Sequence[Span], found: int | date) -> Span:
    """Return the period that a row tells of, by its number or by a day in it."""
    return parts[bisect_left(parts, found, key=attrgetter("last")) if isinstance(found, date) else found]


def _somebody(dimension: Dimension, value: Any) -> Any:
    """Say nobody alike wherever it comes from."""
    return value or None if dimension.key == "member" else value


def _is_empty(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say that nothing is written there; sums write that nobody holds a deal."""
    if column.table is tables.passage_sums and column.name == "owner_id":
        return column == NOBODY
    return or_(column.is_(None), column == "") if isinstance(column.type, String) else column.is_(None)


def _one_of(column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    if values == ("1",):
        return column.is_(True) if isinstance(column.type, Boolean) else column == 1
    if len(values) == 1:  # written out, so that an index of only such records is seen to fit
        return column == bindparam(None, values[0], literal_execute=True)
    return column.in_(values)


def _as_date(value: Any) -> date:
    if value is None:
        return date.min
    return date.fromisoformat(value) if isinstance(value, str) else value
