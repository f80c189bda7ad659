"""What was promised to customers, and by them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, func, select

from core.model.ids import FollowUpId, MemberId, Ref
from core.model.promise import Promise, PromiseState
from storage import tables
from storage.books import by_kind
from storage.repositories import Repository, among, chunks


class SqlPromises(Repository):
    """See `core.ports.Promises`."""

    def add(self, promise: Promise) -> None:
        self._add(promise)

    def get(self, promise_id: int) -> Promise | None:
        found = self._session.get(Promise, promise_id)
        return found if found is not None and found.deleted_at is None else None

    def find(self, promise_ids: Iterable[int]) -> list[Promise]:
        rows = tables.promises.c
        return [
            promise
            for some in chunks(promise_ids)
            for promise in self._all(select(Promise).where(rows.id.in_(some), rows.deleted_at.is_(None)))
        ]

    def of(self, customers: Iterable[Ref]) -> list[Promise]:
        rows = tables.promises.c
        found = [
            promise
            for kind, ids in by_kind(customers)
            for promise in self._all(
                select(Promise).where(
                    rows.customer_kind == kind, among(self._session, rows.customer_id, ids), rows.deleted_at.is_(None)
                )
            )
        ]
        return sorted(found, key=lambda one: one.id)

    def open_by(self, member_ids: Iterable[MemberId]) -> list[Promise]:
        rows = tables.promises.c
        standing = and_(rows.state == PromiseState.OPEN, rows.deleted_at.is_(None))
        return [
            promise
            for some in chunks(member_ids)
            for promise in self._all(
                select(Promise)
                .where(among(self._session, rows.made_by, some), standing)
                .order_by(rows.due_at.is_(None), rows.due_at, rows.id)
            )
        ]

    def from_followups(self, followup_ids: Iterable[FollowUpId]) -> list[Promise]:
        rows = tables.promises.c
        return [
            promise
            for some in chunks(followup_ids)
            for promise in self._all(select(Promise).where(rows.followup_id.in_(some), rows.deleted_at.is_(None)))
        ]

    def settled(
        self, member_ids: Iterable[MemberId], states: Iterable[str], since: datetime, until: datetime
    ) -> list[Promise]:
        rows = tables.promises.c
        found = and_(rows.state.in_(list(states)), rows.deleted_at.is_(None), ~rows.theirs)
        in_time = and_(rows.settled_at >= since, rows.settled_at < until)
        return [
            one
            for some in chunks(member_ids)
            for one in self._all(
                select(Promise).where(rows.made_by.in_(some), found, in_time).order_by(rows.settled_at)
            )
        ]

    def count_settled(
        self, member_ids: Iterable[MemberId], state: str, since: datetime, until: datetime
    ) -> dict[MemberId, int]:
        rows = tables.promises.c
        return {
            row[0]: row[1]
            for some in chunks(member_ids)
            for row in self._session.execute(
                select(rows.made_by, func.count())
                .where(rows.made_by.in_(some), rows.state == state, rows.deleted_at.is_(None), ~rows.theirs)
                .where(rows.settled_at >= since, rows.settled_at < until)
                .group_by(rows.made_by)
            )
        }
