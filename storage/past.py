"""What was done: the questions that undo and the digests ask of the history."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from core.model.history import Change
from core.model.ids import MemberId, Ref
from storage import tables
from storage.books import by_kind
from storage.history import UNDO, rebuilt, restore
from storage.repositories import Repository, among

PROFILE = "member.profile"
"""The one change of a member that is a person's own deed in chat, and can be taken back there."""


class SqlHistory(Repository):
    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__(session)
        self._now = now

    def making(self, subject: Ref) -> list[Change]:
        rows = tables.history.c
        command = self._session.scalar(
            select(rows.command)
            .where(rows.subject_kind == subject.kind, rows.subject_id == subject.id, rows.before.is_(None))
            .order_by(rows.id)
            .limit(1)
        )
        return self.of_command(command) if command else []

    def ending(self, subject: Ref, about: Sequence[Ref]) -> list[Change]:
        rows = tables.history.c
        command = self._session.scalar(
            select(rows.command)
            .where(rows.subject_kind == subject.kind, rows.subject_id == subject.id, rows.undone_at.is_(None))
            .order_by(rows.id.desc())
            .limit(1)
        )
        wanted = [and_(rows.subject_kind == ref.kind, rows.subject_id == ref.id) for ref in (subject, *about)]
        theirs = and_(rows.command == command, rows.undone_at.is_(None), or_(*wanted))
        return self._all(select(Change).where(theirs).order_by(rows.id.desc())) if command else []

    def releases(self, subject: Ref, since: datetime) -> list[Change]:
        rows = tables.history.c
        about = and_(rows.subject_kind == subject.kind, rows.subject_id == subject.id, rows.undone_at.is_(None))
        changes = self._all(select(Change).where(about, rows.at >= since).order_by(rows.id))
        return [
            change
            for change in changes
            if (change.before or {}).get("owner_id") is not None and (change.after or {}).get("owner_id", 0) is None
        ]

    def of_subjects(self, subjects: Iterable[Ref]) -> list[Change]:
        rows = tables.history.c
        found = [
            change
            for kind, ids in by_kind(subjects)
            for change in self._all(
                select(Change).where(rows.subject_kind == kind, among(self._session, rows.subject_id, ids))
            )
        ]
        return sorted(found, key=lambda change: change.id)

    def as_it_was(self, subject: Ref, at: datetime) -> Any:
        rows = tables.history.c
        about = and_(rows.subject_kind == subject.kind, rows.subject_id == subject.id, rows.at <= at)
        changes = self._all(select(Change).where(about).order_by(rows.id))
        return rebuilt(changes) if changes and changes[0].before is None else None

    def last_command(self, actor_id: MemberId, since: datetime) -> list[Change]:
        """The changes of the actor's last command that has not been taken back."""
        rows = tables.history.c
        command = self._session.scalar(
            select(rows.command)
            .where(rows.actor_id == actor_id, rows.at >= since, rows.undone_at.is_(None), rows.action != UNDO)
            .where(or_(rows.subject_kind.not_in(("member", "channel_user", "playbook")), rows.action == PROFILE))
            .order_by(rows.id.desc())
            .limit(1)
        )
        return self.of_command(command) if command else []

    def of_command(self, command: str) -> list[Change]:
        rows = tables.history.c
        return self._all(
            select(Change).where(rows.command == command, rows.undone_at.is_(None)).order_by(rows.id.desc())
        )

    def was_undone(self, command: str, actor_id: MemberId) -> bool:
        rows = tables.history.c
        taken_back = (rows.command == command, rows.actor_id == actor_id, rows.undone_at.is_not(None))
        return self._session.scalar(select(rows.id).where(*taken_back).limit(1)) is not None

    def mark_undone(self, changes: Sequence[Change]) -> None:
        ids = [change.id for change in changes]
        self._session.execute(
            update(tables.history).where(tables.history.c.id.in_(ids)).values(undone_at=self._now),
            execution_options={"synchronize_session": False},
        )

    def restore(self, changes: Sequence[Change]) -> list[Any]:
        return restore(self._session, changes, self._now)

    def created(
        self, kind: str, by: Iterable[MemberId], since: datetime, until: datetime
    ) -> list[tuple[MemberId, int]]:
        rows = tables.history.c
        query = (
            select(rows.actor_id, rows.subject_id)
            .where(rows.actor_id.in_(list(by)), rows.subject_kind == kind, rows.before.is_(None))
            .where(rows.at >= since, rows.at < until, rows.undone_at.is_(None))
            .order_by(rows.at.desc(), rows.id.desc())
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def count_created(self, kind: str, by: Iterable[MemberId], since: datetime, until: datetime) -> dict[MemberId, int]:
        rows = tables.history.c
        query = (
            select(rows.actor_id, func.count())
            .where(rows.actor_id.in_(list(by)), rows.subject_kind == kind, rows.before.is_(None))
            .where(rows.at >= since, rows.at < until, rows.undone_at.is_(None))
            .group_by(rows.actor_id)
        )
        return {row[0]: row[1] for row in self._session.execute(query)}
