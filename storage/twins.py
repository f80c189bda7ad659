"""Who may be the same company: questions by exact keys only, so that nothing scans however many are on record.

Each statement is made once for the keys that are given; making it anew costs more than asking it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, bindparam, func, literal, select, union_all

from core.model.identity import Identity, Key, Mark, Twin
from core.model.ids import Ref
from core.model.lead import ENDED
from core.model.merge_request import MergeRequest, RequestState
from core.model.naming import Hit
from storage import tables
from storage.repositories import Repository, chunks, one_of

leads, accounts, contacts, names = tables.leads.c, tables.accounts.c, tables.contacts.c, tables.names.c
EACH = 10
"""Records that one key brings at most."""

NAMESAKES = 40
"""Of those called exactly so, as many as are looked at; the same core name finds the others."""

CROWD = 3_000
"""Records of one brand of which the names are read."""

_FIELDS = {
    Key.PHONE: "phone",
    Key.CREDIT: "credit_code",
    Key.EMAIL: "email",
    Key.EXTERNAL: "external_id",
}
_EVERYBODY = 0
"""The lock that an import holds alone and everybody else shares."""


class SqlTwins(Repository):
    """See `core.ports.Twins`."""

    def reserve(self, wanted: Identity) -> None:
        if not self._locks():
            return  # SQLite's writers come one after the other anyway
        self._session.execute(select(func.pg_advisory_xact_lock_shared(_EVERYBODY)))
        keys = [f"{field}:{value}" for field in ("core", *_FIELDS.values()) if (value := getattr(wanted, field))]
        for key in sorted(keys):
            self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))

    def reserve_all(self) -> None:
        if self._locks():
            self._session.execute(select(func.pg_advisory_xact_lock(_EVERYBODY)))

    def met(self, wanted: Identity) -> dict[Ref, frozenset[Key]]:
        given = {key: value for key, field in _FIELDS.items() if (value := getattr(wanted, field))}
        if not given:
            return {}
        query = _met(tuple(given))
        found: dict[Ref, set[Key]] = {}
        for key, kind, number in self._ask(query, **{_FIELDS[key]: value for key, value in given.items()}):
            found.setdefault(Ref(kind, number), set()).add(Key(key))
        return {ref: frozenset(keys) for ref, keys in found.items()}

    def marked(self, marks: Iterable[Mark]) -> list[tuple[Mark, Ref, str]]:
        found: list[tuple[Mark, Ref, str]] = []
        for key, field in _FIELDS.items():
            for some in chunks(value for mark, value in dict.fromkeys(marks) if mark is key):
                for column, query in _bearing(field):
                    for kind, number, name, value in self._ask(query.where(column.in_(some))):
                        found.append(((key, value), Ref(kind, number), name))
        return found

    def of_core(self, cores: Iterable[str]) -> list[tuple[Ref, str]]:
        return [(Ref(kind, number), name) for kind, number, name in self._ask(_of_core(), cores=list(cores))]

    def calls(self, keys: Iterable[str], limit: int) -> list[str]:
        query = _calls(self._session.get_bind().dialect.name)
        wanted = chunks(dict.fromkeys(keys))
        return [row.name for some in wanted for row in self._ask(query, keys=some, limit=limit)]

    def called(self, keys: Iterable[str], brand: str, limit: int) -> list[Hit]:
        dialect = self._session.get_bind().dialect.name
        return [
            Hit(*row)
            for some in chunks(dict.fromkeys(keys))
            for so, most in ((True, NAMESAKES), (False, limit))
            for row in self._ask(_called(dialect, so=so), keys=some, brand=brand, limit=most)
        ]

    def of(self, refs: Iterable[Ref]) -> list[Twin]:
        wanted = list(refs)
        found: list[Twin] = []
        for kind, query in (("lead", _leads()), ("account", _accounts())):
            for some in chunks(ref.id for ref in wanted if ref.kind == kind):
                for row in self._ask(query, ids=some):
                    found.append(Twin(Ref(kind, row[0]), *row[1:]))
        return found

    def _locks(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    def _ask(self, query: Any, **values: Any) -> Sequence[Any]:
        self._session.flush()  # what this work has just put on record is met as well
        return self._session.connection().execute(query, values).all()


class SqlMergeRequests(Repository):
    """See `core.ports.MergeRequests`."""

    def add(self, request: MergeRequest) -> None:
        self._add(request)

    def get(self, request_id: int) -> MergeRequest | None:
        return self._session.get(MergeRequest, request_id, with_for_update=True, populate_existing=True)

    def open_between(self, own: Ref, other: Ref, since: datetime) -> MergeRequest | None:
        rows = tables.merge_requests.c
        between = and_(
            rows.own_kind == own.kind, rows.own_id == own.id, rows.other_kind == other.kind, rows.other_id == other.id
        )
        waits = and_(rows.state == RequestState.OPEN, rows.asked_at >= since, rows.deleted_at.is_(None))
        found: MergeRequest | None = self._session.scalar(select(MergeRequest).where(between, waits).limit(1))
        return found


@cache
def _met(keys: tuple[Key, ...]) -> Any:
    parts: list[Select[Any]] = []
    behind = tables.contacts.join(tables.accounts, accounts.id == contacts.account_id)
    for key in keys:
        field = _FIELDS[key]
        same = bindparam(field, type_=String)
        label = literal(key.value).label("key")
        of_leads = select(label, literal("lead").label("kind"), leads.id)
        parts.append(of_leads.where(leads[field] == same, _alive_lead()).limit(EACH))
        of_accounts = select(label, literal("account"), accounts.id).where(accounts.deleted_at.is_(None))
        if field in accounts:
            parts.append(of_accounts.where(accounts[field] == same).limit(EACH))
        if field in contacts:
            theirs = of_accounts.select_from(behind).where(contacts.deleted_at.is_(None))
            parts.append(theirs.where(contacts[field] == same).limit(EACH))
    return union_all(*(select(part.subquery()) for part in parts))


def _bearing(field: str) -> Iterator[tuple[ColumnElement[Any], Select[Any]]]:
    """Yield each column of that name with the question whose it is."""
    column = leads[field]
    yield column, select(literal("lead"), leads.id, leads.name, column).where(_alive_lead())
    alive = accounts.deleted_at.is_(None)
    if field in accounts:
        column = accounts[field]
        yield column, select(literal("account"), accounts.id, accounts.name, column).where(alive)
    if field in contacts:
        column = contacts[field]
        through = tables.contacts.join(tables.accounts, accounts.id == contacts.account_id)
        whose = select(literal("account"), accounts.id, accounts.name, column).select_from(through)
        yield column, whose.where(alive, contacts.deleted_at.is_(None))


@cache
def _of_core() -> Any:
    cores = bindparam("cores", expanding=True, type_=String())
    parts = [
        select(literal(kind).label("kind"), table.c.id, table.c.name).where(table.c.core_name.in_(cores)).limit(CROWD)
        for kind, table in (("lead", tables.leads), ("account", tables.accounts))
    ]
    return union_all(*(select(part.subquery()) for part in parts))


@cache
def _calls(dialect: str) -> Select[Any]:
    under = one_of(names.key, "keys", dialect, String())
    query = select(names.name).where(under, names.kind.in_(("lead", "account")))
    return query.distinct().limit(bindparam("limit", type_=BigInteger))


@cache
def _called(dialect: str, *, so: bool) -> Select[Any]:
    brand = bindparam("brand", type_=String)
    called_so = names.name == brand if so else names.name != brand
    under = one_of(names.key, "keys", dialect, String())
    query = select(names.key, names.kind, names.ref_id, names.name)
    return query.where(under, names.kind.in_(("lead", "account")), called_so).limit(
        bindparam("limit", type_=BigInteger)
    )


@cache
def _leads() -> Select[Any]:
    none = (literal("").label("short_name"), literal([], tables.leads.c.tags.type).label("aliases"))
    return select(leads.id, leads.name, *none, leads.core_name, leads.credit_code, leads.owner_id).where(
        leads.id.in_(bindparam("ids", expanding=True, type_=BigInteger())), _alive_lead()
    )


@cache
def _accounts() -> Select[Any]:
    called = (accounts.name, accounts.short_name, accounts.aliases, accounts.core_name)
    return select(accounts.id, *called, accounts.credit_code, accounts.owner_id).where(
        accounts.id.in_(bindparam("ids", expanding=True, type_=BigInteger())), accounts.deleted_at.is_(None)
    )


def _alive_lead() -> ColumnElement[bool]:
    return leads.deleted_at.is_(None) & leads.state.not_in(ENDED)
