"""Many records changed alike are written by one statement.

A flush updates row by row, which costs ten times the rows themselves when the clock takes back hundreds of leads. What
several records of one class and version were given alike is one UPDATE; its count is the version check, its history is
taken down like that of any other change. Everything else is left to the flush.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, inspect, update
from sqlalchemy.orm import InstanceState, Session
from sqlalchemy.orm.exc import StaleDataError

from storage.history import Recorder, changed
from storage.mapping import TRACKED
from storage.naming import index
from storage.repositories import among

ENOUGH = 10
"""So many records changed alike are worth a statement of their own."""
AT_ONCE = 500

_Old = dict[str, Any]
_Group = list[tuple[Any, _Old]]


def write_alike(session: Session, recorder: Recorder, now: datetime) -> None:
    """Write what was changed alike as of `now`, note it in `recorder`, and leave nothing of it for the flush.

    Raises StaleDataError when one of the records has moved on meanwhile. Does nothing inside a savepoint, whose
    rollback must find the records as the flush would leave them.
    """
    if session.in_nested_transaction():
        return
    groups: dict[tuple[Any, ...], _Group] = {}
    for entity in session.dirty:
        if type(entity) in TRACKED and (old := changed(entity)):
            names = inspect(entity).committed_state
            new = tuple([(name, getattr(entity, name)) for name in names])
            if "custom" in names or any(isinstance(value, dict | list) for _, value in new):
                continue  # the flush writes the index of custom fields; other documents are nobody else's
            groups.setdefault((type(entity), entity.version, new), []).append((entity, old))
    for (cls, version, new), group in groups.items():
        if len(group) >= ENOUGH:
            _write(session, cls, group, {**dict(new), **_life(cls, version, now)})
            recorder.note_alike(TRACKED[cls], group)
            if getattr(group[0][0], "owner_id", None) is not None and "owner_id" in group[0][1]:
                index(session, [entity for entity, _ in group], handed_on=True)


def _life(cls: type, version: int, now: datetime) -> dict[str, Any]:
    """Return what every change changes."""
    return {"version": version + 1} | ({"updated_at": now} if hasattr(cls, "updated_at") else {})


def _write(session: Session, cls: type, group: _Group, new: dict[str, Any]) -> None:
    table: Table = inspect(cls).local_table
    for start in range(0, len(group), AT_ONCE):
        ids = [entity.id for entity, _ in group[start : start + AT_ONCE]]
        as_known = and_(among(session, table.c.id, ids), table.c.version == new["version"] - 1)
        written = session.connection().execute(update(table).where(as_known).values(**new))
        if written.rowcount != len(ids):
            raise StaleDataError(f"{written.rowcount} of {len(ids)} rows of {table.name} were as we knew them")
    states = [inspect(entity) for entity, _ in group]
    for state in states:
        state.dict.update(new)
    # What a flush does with the records it has written.
    InstanceState._commit_all_states([(state, state.dict) for state in states], session.identity_map)
