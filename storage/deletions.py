"""What was deleted, and records whether they are gone or not."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Update, null, or_, select, update

from core.model.deletion import Deletion, DeletionState
from core.model.ids import Ref
from core.rules.erasing import BLANKS
from core.rules.permissions import Scope
from storage import tables
from storage.mapping import BY_KIND
from storage.repositories import Repository, among, chunks, in_scope

ERASED = {"erased": True}
"""What the history says of a record that is gone for good."""


class SqlDeletions(Repository):
    """See `core.ports.Deletions`."""

    def add(self, deletion: Deletion) -> None:
        self._add(deletion)

    def get(self, deletion_id: int) -> Deletion | None:
        return self._session.get(Deletion, deletion_id, with_for_update=True, populate_existing=True)

    def last_of(self, subject: Ref) -> Deletion | None:
        rows = tables.deletions.c
        about = select(Deletion).where(rows.subject_kind == subject.kind, rows.subject_id == subject.id)
        newest = about.order_by(rows.id.desc()).limit(1).with_for_update()
        found: Deletion | None = self._session.scalar(newest.execution_options(populate_existing=True))
        return found

    def standing(self, scope: Scope, limit: int) -> list[Deletion]:
        rows = tables.deletions.c
        theirs = or_(in_scope(rows.owner_id, scope), rows.asked_by == scope.member_id)
        query = select(Deletion).where(rows.state == DeletionState.DELETED, rows.deleted_at.is_(None), theirs)
        return self._all(query.order_by(rows.gone_at.desc(), rows.id.desc()).limit(limit))

    def records(self, refs: Iterable[Ref]) -> list[Any]:
        found = (self._session.get(BY_KIND[ref.kind], ref.id) for ref in refs)
        return [one for one in found if one is not None]

    def erase(self, refs: Iterable[Ref]) -> None:
        by_kind: dict[str, list[int]] = {}
        for ref in refs:
            by_kind.setdefault(ref.kind, []).append(ref.id)
        history = tables.history.c
        for kind, ids in by_kind.items():
            record: type[Any] = BY_KIND[kind]
            for some in chunks(ids):
                self._blank(update(record).where(among(self._session, record.id, some)).values(**BLANKS[kind]))
                theirs = (history.subject_kind == kind, among(self._session, history.subject_id, some))
                self._blank(update(tables.history).where(*theirs).values(before=null(), after=ERASED))

    def _blank(self, statement: Update) -> None:
        """Not by way of the records: what they said must not come into the history once more."""
        self._session.execute(statement, execution_options={"synchronize_session": False})
