"""What members hold: rows of leads and accounts read as columns, some hundreds of customers to a question."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, select

from core.model.book import Held, Touch
from core.model.followup import PlanState
from core.model.ids import MemberId, Ref
from core.model.lead import HELD
from storage import tables
from storage.repositories import Repository, among, chunks, insert_new

_KINDS: dict[str, Table] = {"lead": tables.leads, "account": tables.accounts}


class SqlBooks(Repository):
    """See `core.ports.Books`."""

    def held(self, owner_ids: Iterable[MemberId] | None = None, *, grades: Collection[str] | None = None) -> list[Held]:
        found: list[Held] = []
        for kind, table in _KINDS.items():
            query = self._alive(kind)
            if grades is not None:
                query = query.where(table.c.grade.in_(list(grades)))
            found += self._of_owners(kind, query, owner_ids)
        return found

    def untouched(self, before: datetime) -> list[Held]:
        found: list[Held] = []
        for kind, table in _KINDS.items():
            last = func.coalesce(table.c.last_followup_at, _since(kind))
            found += self._read(kind, self._alive(kind).where(last < before))
        return [held for held in found if held.touched_at < before]

    def touches(self, customers: Iterable[Ref], since: datetime, until: datetime) -> list[Touch]:
        rows = tables.followups.c
        between = and_(rows.valid, rows.deleted_at.is_(None), rows.at >= since, rows.at < until)
        columns = select(rows.customer_id, rows.at, rows.method, rows.author_id).where(between)
        return [
            Touch(Ref(kind, row.customer_id), row.at, row.method, row.author_id)
            for kind, ids in _by_kind(customers)
            for row in self._session.execute(
                columns.where(rows.customer_kind == kind, among(self._session, rows.customer_id, ids))
            )
        ]

    def planned(self, customers: Iterable[Ref], after: datetime) -> set[Ref]:
        rows = tables.plans.c
        coming = and_(rows.state == PlanState.OPEN, rows.deleted_at.is_(None), rows.at > after)
        return {
            Ref(kind, number)
            for kind, ids in _by_kind(customers)
            for number in self._session.scalars(
                select(rows.customer_id).where(
                    coming, rows.customer_kind == kind, among(self._session, rows.customer_id, ids)
                )
            )
        }

    def said(self, kind: str, customers: Iterable[Ref]) -> set[tuple[Ref, str, int]]:
        rows = tables.deadlines.c
        return {
            (Ref(subject, row.subject_id), row.rule, row.cycle)
            for subject, ids in _by_kind(customers)
            for row in self._session.execute(
                select(rows.subject_id, rows.rule, rows.cycle).where(
                    rows.kind == kind, rows.subject_kind == subject, among(self._session, rows.subject_id, ids)
                )
            )
        }

    def note_said(self, kind: str, said: Iterable[tuple[Ref, str, int]], at: datetime) -> None:
        insert_new(
            self._session,
            tables.deadlines,
            [
                {
                    "subject_kind": ref.kind, "subject_id": ref.id, "kind": kind, "rule": rule, "cycle": cycle,
                    "due_at": at, "limit_at": at, "settled_at": at,
                }
                for ref, rule, cycle in said
            ],
        )  # fmt: skip

    def _alive(self, kind: str) -> Select[Any]:
        rows = _KINDS[kind].c
        columns = [
            rows.id, rows.name, rows.owner_id, rows.grade, rows.industry, rows.region, rows.tags,
            rows.last_followup_at, rows.graded_at, _since(kind).label("since"),
        ]  # fmt: skip
        if kind == "lead":
            columns.append(rows.state)
        query = select(*columns).where(rows.owner_id.is_not(None), rows.deleted_at.is_(None)).order_by(rows.id)
        return query.where(rows.state.in_(HELD)) if kind == "lead" else query

    def _of_owners(self, kind: str, query: Select[Any], owner_ids: Iterable[MemberId] | None) -> list[Held]:
        if owner_ids is None:
            return self._read(kind, query)
        owner = _KINDS[kind].c.owner_id
        return [one for some in chunks(set(owner_ids)) for one in self._read(kind, query.where(owner.in_(some)))]

    def _read(self, kind: str, query: Select[Any]) -> list[Held]:
        return [
            Held(
                ref=Ref(kind, row.id),
                name=row.name,
                owner_id=row.owner_id,
                grade=row.grade,
                since=max(row.since, row.graded_at) if row.graded_at else row.since,
                last_at=row.last_followup_at,
                state=row.state if kind == "lead" else "",
                industry=row.industry,
                region=row.region,
                tags=row.tags,
            )
            for row in self._session.execute(query)
        ]


def _since(kind: str) -> ColumnElement[datetime]:
    rows = _KINDS[kind].c
    return func.coalesce(rows.assigned_at, rows.created_at) if kind == "lead" else rows.created_at


def _by_kind(customers: Iterable[Ref]) -> Iterator[tuple[str, list[int]]]:
    """Sort references by kind, some hundreds at a time."""
    refs = set(customers)
    for kind in sorted({ref.kind for ref in refs}):
        for some in chunks(ref.id for ref in refs if ref.kind == kind):
            yield kind, some
