"""Versions of the playbook and drafts: rows that are only ever added, and which of them is in force."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.model.version import PlaybookDraft, PlaybookVersion
from core.ports import Newest
from storage import tables
from storage.repositories import Repository

_MARK = "select number, digest, treatment, at from playbook_versions order by number desc limit 1"
_LOCK = "select pg_advisory_xact_lock(hashtextextended('playbook', 0))"


class SqlVersions(Repository):
    """See `core.ports.Versions`; `added` is called when another version begins to be in force."""

    def __init__(self, session: Session, added: Callable[[], None]) -> None:
        super().__init__(session)
        self._added = added

    def newest(self) -> Newest | None:
        row = self._session.execute(_NEWEST).first()
        return None if row is None else Newest(*row)

    def mark(self) -> tuple[Any, ...] | None:
        # Asked by nearly every unit of work, so it goes past what makes other questions comfortable.
        row = self._session.connection().exec_driver_sql(_MARK).first()
        return None if row is None else tuple(row)

    def reserve(self) -> None:
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.connection().exec_driver_sql(_LOCK)  # SQLite's writers come one after the other anyway

    def get(self, number: int) -> PlaybookVersion | None:
        return self._session.get(PlaybookVersion, number)

    def at(self, moment: datetime) -> PlaybookVersion | None:
        rows = tables.playbook_versions.c
        return self._session.scalar(
            select(PlaybookVersion).where(rows.at <= moment).order_by(rows.number.desc()).limit(1)
        )

    def latest(self, limit: int) -> list[PlaybookVersion]:
        return self._all(select(PlaybookVersion).order_by(tables.playbook_versions.c.number.desc()).limit(limit))

    def since(self, number: int) -> list[PlaybookVersion]:
        rows = tables.playbook_versions.c
        return self._all(select(PlaybookVersion).where(rows.number > number).order_by(rows.number))

    def treatments(self, until: int) -> list[Newest]:
        rows = tables.playbook_versions.c
        query = _MARKS.where(rows.number <= until, rows.treatment != "").order_by(rows.number.desc())
        return [Newest(*row) for row in self._session.execute(query)]

    def add(self, version: PlaybookVersion) -> None:
        self._add(version)
        self._session.flush()
        self._added()

    def add_draft(self, draft: PlaybookDraft) -> None:
        self._add(draft)
        self._session.flush()

    def draft(self, draft_id: int) -> PlaybookDraft | None:
        return self._session.get(PlaybookDraft, draft_id, with_for_update=True, populate_existing=True)


_MARKS = select(
    tables.playbook_versions.c.number,
    tables.playbook_versions.c.digest,
    tables.playbook_versions.c.treatment,
    tables.playbook_versions.c.at,
)
_NEWEST = _MARKS.order_by(tables.playbook_versions.c.number.desc()).limit(1)
