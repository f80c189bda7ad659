"""What was done with customers and what shall be: the questions about follow-ups and plans."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from core.model.followup import FollowUp, Plan, PlanState
from core.model.ids import MemberId, PlanId, Ref
from storage import tables
from storage.books import by_kind
from storage.repositories import Repository, among, chunks


class SqlFollowUps(Repository):
    def add(self, followup: FollowUp) -> None:
        self._add(followup)

    def find(self, ids: Iterable[int]) -> list[FollowUp]:
        rows = tables.followups.c
        return [one for some in chunks(set(ids)) for one in self._all(select(FollowUp).where(rows.id.in_(some)))]

    def of(self, customer: Ref, limit: int) -> list[FollowUp]:
        return self._all(
            select(FollowUp).where(self._about(customer)).order_by(tables.followups.c.at.desc()).limit(limit)
        )

    def lately_by(self, author_id: MemberId, since: datetime, limit: int) -> list[FollowUp]:
        followups = tables.followups.c
        theirs = and_(followups.author_id == author_id, followups.created_at >= since, followups.deleted_at.is_(None))
        return self._all(select(FollowUp).where(theirs).order_by(followups.id.desc()).limit(limit))

    def last_valid(self, customer: Ref) -> datetime | None:
        followups = tables.followups.c
        last: datetime | None = self._session.scalar(
            select(followups.at).where(self._about(customer), followups.valid).order_by(followups.at.desc()).limit(1)
        )
        return last

    def with_contact(self, author_id: MemberId, words: str, limit: int) -> list[FollowUp]:
        followups = tables.followups.c
        theirs = and_(followups.author_id == author_id, followups.deleted_at.is_(None))
        query = select(FollowUp).where(theirs, followups.content.icontains(words, autoescape=True))
        return self._all(query.order_by(followups.at.desc()).limit(limit))

    def about(self, customer: Ref) -> list[FollowUp]:
        return self._all(select(FollowUp).where(self._about(customer)).order_by(tables.followups.c.id))

    def of_any(self, customers: Iterable[Ref]) -> list[FollowUp]:
        rows = tables.followups.c
        return [
            followup
            for kind, ids in by_kind(customers)
            for followup in self._all(
                select(FollowUp).where(
                    rows.customer_kind == kind, among(self._session, rows.customer_id, ids), rows.deleted_at.is_(None)
                )
            )
        ]

    def tally(
        self, author_ids: Iterable[MemberId], since: datetime, until: datetime, method: str = ""
    ) -> dict[int, Counter[Ref]]:
        followups = tables.followups.c
        query = (
            select(followups.author_id, followups.customer_kind, followups.customer_id, func.count())
            .where(followups.author_id.in_(list(author_ids)), followups.deleted_at.is_(None), followups.valid)
            .where(followups.at >= since, followups.at < until)
            .group_by(followups.author_id, followups.customer_kind, followups.customer_id)
        )
        done: dict[int, Counter[Ref]] = {}
        for author, kind, number, count in self._session.execute(
            query.where(followups.method == method) if method else query
        ):
            done.setdefault(author, Counter())[Ref(kind, number)] = count
        return done

    def last_at(self, author_ids: Iterable[MemberId]) -> dict[int, datetime]:
        followups = tables.followups.c
        query = (
            select(followups.author_id, func.max(followups.at))
            .where(followups.author_id.in_(list(author_ids)), followups.deleted_at.is_(None), followups.valid)
            .group_by(followups.author_id)
        )
        return {row[0]: row[1] for row in self._session.execute(query)}

    def said_before(self, customer: Ref, author_id: MemberId, content: str, since: datetime) -> bool:
        followups = tables.followups.c
        same = and_(followups.author_id == author_id, followups.content == content, followups.at >= since)
        return self._session.scalar(select(followups.id).where(self._about(customer), same).limit(1)) is not None

    def count_by_author(self, author_ids: Iterable[MemberId], since: datetime, until: datetime) -> dict[MemberId, int]:
        followups = tables.followups.c
        query = (
            select(followups.author_id, func.count())
            .where(followups.author_id.in_(list(author_ids)), followups.deleted_at.is_(None))
            .where(followups.at >= since, followups.at < until, followups.valid)
            .group_by(followups.author_id)
        )
        return {row[0]: row[1] for row in self._session.execute(query)}

    @staticmethod
    def _about(customer: Ref) -> ColumnElement[bool]:
        followups = tables.followups.c
        return and_(
            followups.customer_kind == customer.kind,
            followups.customer_id == customer.id,
            followups.deleted_at.is_(None),
        )


class SqlPlans(Repository):
    def get(self, plan_id: PlanId) -> Plan | None:
        return self._session.get(Plan, plan_id)

    def find(self, plan_ids: Iterable[PlanId]) -> list[Plan]:
        return [
            plan
            for some in chunks(plan_ids)
            for plan in self._all(select(Plan).where(tables.plans.c.id.in_(some)))
            if plan.is_open
        ]

    def add(self, plan: Plan) -> None:
        self._add(plan)

    def open_for(self, customer: Ref) -> list[Plan]:
        plans = tables.plans.c
        about = and_(plans.customer_kind == customer.kind, plans.customer_id == customer.id)
        return self._all(select(Plan).where(about, self._open()).order_by(plans.at))

    def open_for_any(self, customers: Iterable[Ref]) -> list[Plan]:
        plans = tables.plans.c
        refs = list(customers)
        return [
            plan
            for kind in {ref.kind for ref in refs}
            for ids in chunks(ref.id for ref in refs if ref.kind == kind)
            for plan in self._all(
                select(Plan).where(
                    plans.customer_kind == kind, among(self._session, plans.customer_id, ids), self._open()
                )
            )
        ]

    def about(self, customer: Ref) -> list[Plan]:
        plans = tables.plans.c
        theirs = and_(plans.customer_kind == customer.kind, plans.customer_id == customer.id)
        return self._all(select(Plan).where(theirs, plans.deleted_at.is_(None)).order_by(plans.id))

    def open_until(self, owner_id: MemberId, until: datetime) -> list[Plan]:
        plans = tables.plans.c
        return self._all(
            select(Plan).where(plans.owner_id == owner_id, self._open(), plans.at < until).order_by(plans.at)
        )

    @staticmethod
    def _open() -> ColumnElement[bool]:
        return and_(tables.plans.c.state == PlanState.OPEN, tables.plans.c.deleted_at.is_(None))
