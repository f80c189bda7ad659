"""What members hold: rows of leads and accounts read as columns, some hundreds of customers to a question."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Table, and_, func, select

from core.model.book import Held, Touch
from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import Plan, PlanState
from core.model.handover import Book
from core.model.ids import MemberId, Ref
from core.model.lead import ENDED, HELD, Lead
from storage import tables
from storage.repositories import Repository, among, chunks, insert_new

T = TypeVar("T")
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
            for kind, ids in by_kind(customers)
            for row in self._session.execute(
                columns.where(rows.customer_kind == kind, among(self._session, rows.customer_id, ids))
            )
        ]

    def planned(self, customers: Iterable[Ref], after: datetime) -> set[Ref]:
        rows = tables.plans.c
        coming = and_(rows.state == PlanState.OPEN, rows.deleted_at.is_(None), rows.at > after)
        return {
            Ref(kind, number)
            for kind, ids in by_kind(customers)
            for number in self._session.scalars(
                select(rows.customer_id).where(
                    coming, rows.customer_kind == kind, among(self._session, rows.customer_id, ids)
                )
            )
        }

    def of(self, member_id: MemberId) -> Book:
        leads, plans = tables.leads.c, tables.plans.c
        goes_on = leads.state.not_in(ENDED)
        standing = and_(plans.customer_kind.is_not(None), plans.state.in_((PlanState.OPEN, PlanState.TO_REPLAN)))
        return Book(
            leads=self._theirs(Lead, tables.leads, member_id, goes_on),
            accounts=self._theirs(Account, tables.accounts, member_id),
            contacts=self._theirs(Contact, tables.contacts, member_id),
            deals=self._theirs(Deal, tables.deals, member_id),
            plans=self._theirs(Plan, tables.plans, member_id, standing),
        )

    def _theirs(self, cls: type[T], table: Table, member_id: MemberId, *where: ColumnElement[bool]) -> list[T]:
        rows = table.c
        return self._all(
            select(cls).where(rows.owner_id == member_id, rows.deleted_at.is_(None), *where).order_by(rows.id)
        )

    def promised(self, customers: Iterable[Ref]) -> list[tuple[Ref, datetime, str]]:
        rows = tables.followups.c
        columns = select(rows.customer_id, rows.at, rows.content).where(rows.deleted_at.is_(None))
        found = [
            (Ref(kind, row.customer_id), row.at, row.content)
            for kind, ids in by_kind(customers)
            for row in self._session.execute(
                columns.where(rows.customer_kind == kind, among(self._session, rows.customer_id, ids))
            )
        ]
        return sorted(found, key=lambda one: one[1], reverse=True)

    def open_deals(self, accounts: Iterable[Ref]) -> dict[Ref, list[Deal]]:
        rows = tables.deals.c
        found: dict[Ref, list[Deal]] = {}
        for kind, ids in by_kind(ref for ref in accounts if ref.kind == "account"):
            standing = and_(among(self._session, rows.account_id, ids), rows.deleted_at.is_(None))
            for deal in self._all(select(Deal).where(standing, rows.outcome == "open").order_by(rows.id)):
                found.setdefault(Ref(kind, deal.account_id), []).append(deal)
        return found

    def said(self, kind: str, customers: Iterable[Ref]) -> set[tuple[Ref, str, int]]:
        rows = tables.deadlines.c
        return {
            (Ref(subject, row.subject_id), row.rule, row.cycle)
            for subject, ids in by_kind(customers)
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


def by_kind(customers: Iterable[Ref]) -> Iterator[tuple[str, list[int]]]:
    """Sort references by kind, some hundreds at a time."""
    refs = set(customers)
    for kind in sorted({ref.kind for ref in refs}):
        for some in chunks(ref.id for ref in refs if ref.kind == kind):
            yield kind, some
