"""The values of custom fields by their keys: written by the flush that writes the records, asked by filters."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, select
from sqlalchemy.orm import Session

from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.lead import Lead
from core.model.playbook import Playbook
from core.rules.fields.catalogue import Catalogue, catalogue_of
from core.rules.narrowing import KEY_LENGTH, Narrow
from core.rules.permissions import Scope
from storage import tables
from storage.history import changed
from storage.repositories import Repository, among, chunks, in_scope, insert_new

KINDS: Final[dict[type, str]] = {Lead: "lead", Account: "account", Contact: "contact", Deal: "deal"}
_CLASSES: Final[dict[str, type]] = {kind: cls for cls, kind in KINDS.items()}
_TABLES: Final = {"lead": tables.leads, "account": tables.accounts, "contact": tables.contacts, "deal": tables.deals}

FEW: Final = 1000
"""Records with a value that are asked for by their numbers; where there are more, nearly every page has some."""

_values = tables.field_values.c


def index_fields(session: Session, playbook: Callable[[], Playbook]) -> None:
    """Write the keys of what a flush has just written; attribute history is still there then."""
    new = [entity for entity in session.new if type(entity) in KINDS and entity.custom]
    moved = [entity for entity in session.dirty if type(entity) in KINDS and "custom" in changed(entity)]
    if not new and not moved:
        return
    with session.no_autoflush:
        rows: list[dict[str, Any]] = []
        for entity in new:
            rows += _rows(playbook(), KINDS[type(entity)], entity.id, entity.custom, entity.custom)
        for entity in moved:
            kind, old = KINDS[type(entity)], changed(entity)["custom"] or {}
            keys = [key for key in old | entity.custom if old.get(key) != entity.custom.get(key)]
            of_these = (_values.kind == kind, _values.ref_id == entity.id, _values.field.in_(keys))
            session.execute(delete(tables.field_values).where(*of_these))
            rows += _rows(playbook(), kind, entity.id, entity.custom, keys)
        insert_new(session, tables.field_values, rows)


def _rows(
    playbook: Playbook, kind: str, number: int, values: dict[str, Any], keys: Iterable[str]
) -> list[dict[str, Any]]:
    catalogue = catalogue_of(playbook, kind)
    return [
        {"kind": kind, "field": key, "key": made, "ref_id": number}
        for key in keys
        if key in values
        for made in keys_of(catalogue, key, values[key])
    ]


def keys_of(catalogue: Catalogue, key: str, value: Any) -> list[str]:
    """Return the keys of a kept value; a field that is no more has none."""
    field = catalogue.by_key.get(key)
    if field is None or value is None:
        return []
    try:
        return list(dict.fromkeys(made[:KEY_LENGTH] for made in field.type.key_of(value, field.spec)))
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        return []  # kept when the field was of another type; an index finds nothing by it


class SqlFieldValues(Repository):
    """See `core.ports.FieldValues`."""

    def __init__(self, session: Session, playbook: Callable[[], Playbook]) -> None:
        super().__init__(session)
        self._playbook = playbook

    def reserve(self, kind: str, field: str, keys: Sequence[str]) -> None:
        if self._session.get_bind().dialect.name != "postgresql":
            return  # SQLite's writers come one after the other anyway
        for key in sorted(keys):
            lock = func.pg_advisory_xact_lock(func.hashtextextended(f"field:{kind}:{field}:{key}", 0))
            self._session.execute(select(lock))

    def holders(self, kind: str, field: str, keys: Sequence[str], limit: int) -> list[int]:
        table = _TABLES[kind]
        cut = [key[:KEY_LENGTH] for key in keys]
        query = (
            select(table.c.id)
            .join(tables.field_values, _values.ref_id == table.c.id)
            .where(_values.kind == kind, _values.field == field, _values.key.in_(cut), table.c.deleted_at.is_(None))
        )
        return list(self._session.scalars(query.limit(limit)))

    def rewrite(self, kind: str, *, after: int, limit: int) -> tuple[int, int | None]:
        table = _TABLES[kind]
        query = select(table.c.id, table.c.custom).where(table.c.id > after).order_by(table.c.id).limit(limit)
        found = self._session.execute(query).all()
        filled = [row for row in found if row.custom]
        if found:
            stale = (_values.kind == kind, _values.ref_id > after, _values.ref_id <= found[-1].id)
            self._session.execute(delete(tables.field_values).where(*stale))
        rows = [made for row in filled for made in _rows(self._playbook(), kind, row.id, row.custom, row.custom)]
        insert_new(self._session, tables.field_values, rows)
        return len(filled), found[-1].id if len(found) == limit else None

    def find(
        self, kind: str, narrows: Sequence[Narrow], scope: Scope, *, limit: int, after: int | None = None
    ) -> list[Any]:
        table = _TABLES[kind]
        wanted = [self._narrowed(table, kind, narrow) for narrow in narrows]
        query = select(table.c.id).where(table.c.deleted_at.is_(None), in_scope(table.c.owner_id, scope), *wanted)
        if after is not None:
            query = query.where(table.c.id < after)
        ids = list(self._session.scalars(query.order_by(table.c.id.desc()).limit(limit)))
        cls: Any = _CLASSES[kind]
        found = {
            record.id: record
            for some in chunks(ids)
            for record in self._all(select(cls).where(among(self._session, table.c.id, some)))
        }
        return [found[number] for number in ids if number in found]

    def _narrowed(self, table: Any, kind: str, narrow: Narrow) -> ColumnElement[bool]:
        """Say in SQL that a record has such a value: by the few that have it, else record by record."""
        wanted = _having(kind, narrow)
        of_record = exists().where(and_(*wanted, _values.ref_id == table.c.id))
        if narrow.empty:
            return not_(of_record)
        few = list(self._session.scalars(select(_values.ref_id).where(*wanted).limit(FEW + 1)))
        return among(self._session, table.c.id, few) if len(few) <= FEW else of_record


def _having(kind: str, narrow: Narrow) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [_values.kind == kind, _values.field == narrow.field]
    if narrow.keys:
        wanted.append(_values.key.in_([one[:KEY_LENGTH] for one in narrow.keys]))
    wanted += [_values.key >= narrow.low] if narrow.low else []
    wanted += [_values.key <= narrow.high] if narrow.high else []
    return wanted
