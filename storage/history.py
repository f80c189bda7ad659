"""The history writes itself: whatever a flush adds or changes becomes rows with before and after.

Nobody has to remember to record a change, so none is missing. Values are kept as JSON by column type, and `restore`
reads them back into the record.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, inspect, select
from sqlalchemy.orm import Mapper, Session

from core.errors import ChangedSince
from core.model.history import Change
from core.model.ids import Ref
from core.model.money import Money
from core.model.quote import QuoteLine
from storage import tables
from storage.mapping import BY_KIND, TRACKED

UNDO = "undo"
"""The action under which taking back is noted."""

_BLANKS: dict[str, Any] = {"Words": (), "Json": {}, "Boolean": False, "Integer": 0, "Fen": Money(0)}
"""What the image of a new record leaves out, by the type of its column; of the others it is no words."""

_SILENT = frozenset({"updated_at", "version"})


class Recorder:
    """Collects the changes of one transaction; `rows()` is what the history table gets."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def collect(self, session: Session) -> None:
        """Take down a flush that has just been sent; attribute history is still there then."""
        for entity in session.new:
            if (kind := TRACKED.get(type(entity))) is not None:
                self._rows.append(_row(kind, entity, None, _image(entity)))
        for entity in session.dirty:
            if (kind := TRACKED.get(type(entity))) is not None:
                before = changed(entity)
                if before:
                    self._rows.append(_row(kind, entity, _plainly(before), _now(entity, before)))

    def note_alike(self, kind: str, group: Sequence[tuple[Any, dict[str, Any]]]) -> None:
        """Take down records that were given the same values, each with what was changed; they are written already."""
        after = _now(*group[0])
        self._rows += [_row(kind, entity, _plainly(before), after) for entity, before in group]

    def note(self, subject: Ref, version: int, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        """Take down a change that is not one record's."""
        self._rows.append(
            {
                "subject_kind": subject.kind,
                "subject_id": subject.id,
                "version": version,
                "before": before,
                "after": after,
            }
        )

    def take_over(self, other: "Recorder", action: str) -> None:
        """Keep what a savepoint collected once it holds, under the deed that it was."""
        self._rows += [{"action": action, **row} for row in other.rows()]

    def rows(self) -> list[dict[str, Any]]:
        taken, self._rows = self._rows, []
        return taken


def restore(session: Session, changes: Sequence[Change], now: datetime) -> list[Any]:
    """Put every changed record back as it was before `changes`, which come last one first; created ones are deleted.

    Raises ChangedSince when one of them has moved on meanwhile; then nothing may be kept.
    """
    restored: dict[Ref, Any] = {}
    with session.no_autoflush:
        for change in changes:
            if change.subject not in restored:
                restored[change.subject] = _unmoved(session, change)
            _put_back(restored[change.subject], change, now)
    return list(restored.values())


def _unmoved(session: Session, change: Change) -> Any:
    """Return the changed record, unless somebody has changed it since; what was taken back does not count."""
    cls: type[Any] = BY_KIND[change.subject_kind]
    entity = session.get(cls, change.subject_id)
    rows = tables.history.c
    later = select(rows.id).where(
        rows.subject_kind == change.subject_kind,
        rows.subject_id == change.subject_id,
        rows.version > change.version,
        rows.undone_at.is_(None),
        rows.action != UNDO,
    )
    if entity is None or session.scalar(later.limit(1)) is not None:
        raise ChangedSince(getattr(entity, "name", "") or "这条记录")
    return entity


def _put_back(entity: Any, change: Change, now: datetime) -> None:
    if change.before is None:
        entity.deleted_at = now
        return
    for name, value in change.before.items():
        setattr(entity, name, _typed(type(entity), name, value))


def rebuilt(changes: Sequence[Change]) -> Any:
    """Make a record of what its changes say, from how it came to be on; no session knows of it."""
    last = changes[-1]
    cls: type[Any] = BY_KIND[last.subject_kind]
    state: dict[str, Any] = {"id": last.subject_id, "version": last.version}
    for change in changes:
        state |= change.after or {}
    columns = {attribute.key: attribute.columns[0] for attribute in inspect(cls).column_attrs}
    values = {name: _typed(cls, name, state[name]) if name in state else _blank(one) for name, one in columns.items()}
    if "updated_at" in columns:
        values["updated_at"] = last.at
    return cls(**{name: value for name, value in values.items() if not (value is None and name not in state)})


def _blank(column: Column[Any]) -> Any:
    """Return what a column holds that the image of a new record left out."""
    if column.nullable:
        return None
    return _BLANKS.get(type(column.type).__name__, "")


def _row(kind: str, entity: Any, before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject_kind": kind,
        "subject_id": entity.id,
        "version": entity.version,
        "before": before,
        "after": after,
    }


def _image(entity: Any) -> dict[str, Any]:
    names = inspect(type(entity)).column_attrs.keys()
    return {
        name: _plain(value)
        for name in names
        if name not in _SILENT and (value := getattr(entity, name)) not in (None, "", (), {})
    }


def changed(entity: Any) -> dict[str, Any]:
    """Return what `entity` was before its changes that are not written yet."""
    state = inspect(entity)
    return {
        name: old for name, old in state.committed_state.items() if name not in _SILENT and old != state.dict.get(name)
    }


def _plainly(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in values.items()}


def _now(entity: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: _plain(getattr(entity, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Money):
        return value.fen
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, QuoteLine):
        return value.as_json()
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _typed(cls: type, name: str, value: Any) -> Any:
    if value is None:
        return None
    mapper: Mapper[Any] = inspect(cls)
    python = type(mapper.column_attrs[name].columns[0].type).__name__
    made = _MAKERS.get(python)
    return value if made is None else made(value)


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "UtcDateTime": datetime.fromisoformat,
    "Date": date.fromisoformat,
    "Time": time.fromisoformat,
    "Fen": Money,
    "Exact": Decimal,
    "Words": tuple,
    "QuoteLines": lambda lines: tuple(QuoteLine.from_json(line) for line in lines),
}
"""How a value is made again of what the history keeps, by the type of its column."""
