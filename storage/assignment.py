"""Who got which lead and why, what rules remember, who is on duty, and who works along on a customer."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select

from core.model.ids import LeadId, MemberId, Ref
from core.model.routing import LOST, WON, Collaboration, Placed, Routing, Shift
from core.ports.assignment import Received, Record, Waits
from core.rules.claiming import RECYCLED
from storage import tables
from storage.repositories import Repository, among, chunks, insert_for

_LOCK = "assignment"


class SqlRoutings(Repository):
    """See `core.ports.Routings`."""

    def __init__(self, session: Any, now: datetime) -> None:
        super().__init__(session)
        self._now = now

    def reserve(self) -> None:
        if self._session.get_bind().dialect.name == "postgresql":  # SQLite's writers come one after the other anyway
            self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(_LOCK, 0))))

    def memory(self, rule: str) -> dict[str, Any]:
        rows = tables.rule_memories.c
        return dict(self._session.scalar(select(rows.memory).where(rows.rule == rule)) or {})

    def memories(self) -> dict[str, dict[str, Any]]:
        rows = tables.rule_memories.c
        kept = self._session.execute(select(rows.rule, rows.memory))
        return {row.rule: row.memory for row in kept}

    def remember(self, memories: Mapping[str, Mapping[str, Any]]) -> None:
        if not memories:
            return
        insert = insert_for(self._session, tables.rule_memories)
        anew = {name: insert.excluded[name] for name in ("memory", "updated_at")}
        self._session.execute(
            insert.on_conflict_do_update(index_elements=["rule"], set_=anew),
            [{"rule": rule, "memory": dict(memory), "updated_at": self._now} for rule, memory in memories.items()],
        )

    def add(self, routing: Routing) -> None:
        self._add(routing)

    def last(self, lead_id: LeadId) -> Routing | None:
        rows = tables.routings.c
        last: Routing | None = self._session.scalar(
            select(Routing).where(rows.lead_id == lead_id).order_by(rows.id.desc()).limit(1)
        )
        return last

    def last_to(self, member_id: MemberId) -> Routing | None:
        rows = tables.routings.c
        last: Routing | None = self._session.scalar(
            select(Routing).where(rows.member_id == member_id).order_by(rows.id.desc()).limit(1)
        )
        return last

    def received(self, since: datetime, until: datetime) -> dict[MemberId, Received]:
        rows, leads = tables.routings.c, tables.leads.c
        query = (
            select(rows.member_id, func.count(), func.sum(rows.value))
            .join(tables.leads, leads.id == rows.lead_id)
            .where(rows.placed == Placed.RULE, rows.at >= since, rows.at < until, leads.deleted_at.is_(None))
            .group_by(rows.member_id)
        )
        return {row[0]: Received(row[1], int(row[2])) for row in self._session.execute(query)}

    def waits(self, since: datetime, until: datetime) -> Waits:
        rows, held, leads = tables.routings.c, tables.assignments.c, tables.leads.c
        came = (
            select(rows.lead_id, func.min(rows.entered_at).label("entered_at"))
            .where(rows.entered_at >= since, rows.entered_at < until)
            .group_by(rows.lead_id)
            .subquery()
        )
        first = (
            select(func.min(held.begun_at))
            .where(held.lead_id == came.c.lead_id, held.begun_at >= came.c.entered_at, held.deleted_at.is_(None))
            .scalar_subquery()
        )
        query = select(came.c.entered_at, first).join(tables.leads, leads.id == came.c.lead_id)
        pairs = self._session.execute(query.where(leads.deleted_at.is_(None))).all()
        seconds = [(begun - entered).total_seconds() for entered, begun in pairs if begun is not None]
        return Waits(sorted(seconds), len(pairs) - len(seconds))

    def last_given(self, member_ids: Iterable[MemberId]) -> dict[MemberId, datetime]:
        held, found = tables.assignments.c, {}
        for some in chunks(member_ids):
            query = select(held.member_id, func.max(held.begun_at)).where(held.deleted_at.is_(None))
            rows = self._session.execute(
                query.where(among(self._session, held.member_id, some)).group_by(held.member_id)
            )
            found.update({row[0]: row[1] for row in rows})
        return found

    def records(self, member_ids: Iterable[MemberId], since: datetime) -> dict[MemberId, Record]:
        held, found = tables.assignments.c, {}
        won = held.ended_by == WON
        lost = held.ended_by.in_(LOST) | held.ended_by.startswith(RECYCLED, autoescape=True)
        for some in chunks(member_ids):
            query = (
                select(held.member_id, func.count(), func.count().filter(won))
                .where(among(self._session, held.member_id, some), held.ended_at >= since, held.deleted_at.is_(None))
                .where(won | lost)
                .group_by(held.member_id)
            )
            found.update({row[0]: Record(row[1], row[2]) for row in self._session.execute(query)})
        return found

    def let_go(self, lead_ids: Iterable[LeadId], since: datetime) -> dict[LeadId, dict[MemberId, datetime]]:
        held = tables.assignments.c
        found: dict[LeadId, dict[MemberId, datetime]] = {}
        for some in chunks(lead_ids):
            query = (
                select(held.lead_id, held.member_id, func.max(held.ended_at))
                .where(among(self._session, held.lead_id, some), held.ended_at > since, held.deleted_at.is_(None))
                .where(held.ended_by.in_(LOST) | held.ended_by.startswith(RECYCLED, autoescape=True))
                .group_by(held.lead_id, held.member_id)
            )
            for lead_id, member_id, ended_at in self._session.execute(query):
                found.setdefault(lead_id, {})[member_id] = ended_at
        return found


class SqlShifts(Repository):
    """See `core.ports.Shifts`."""

    def on(self, day: date) -> list[Shift]:
        rows = tables.shifts.c
        return self._all(select(Shift).where(rows.day == day, rows.deleted_at.is_(None)).order_by(rows.id))

    def add(self, shift: Shift) -> None:
        self._add(shift)


class SqlCollaborations(Repository):
    """See `core.ports.Collaborations`."""

    def add(self, collaboration: Collaboration) -> None:
        self._add(collaboration)

    def get(self, collaboration_id: int) -> Collaboration | None:
        return self._session.get(Collaboration, collaboration_id)

    def running(self, customer: Ref) -> list[Collaboration]:
        rows = tables.collaborations.c
        of = and_(rows.customer_kind == customer.kind, rows.customer_id == customer.id)
        return self._all(select(Collaboration).where(of, *self._alive()).order_by(rows.id))

    def of_any(self, customers: Iterable[Ref]) -> list[Collaboration]:
        rows, wanted = tables.collaborations.c, list(customers)
        found: list[Collaboration] = []
        for kind in ("lead", "account"):
            for some in chunks(ref.id for ref in wanted if ref.kind == kind):
                theirs = and_(rows.customer_kind == kind, among(self._session, rows.customer_id, some))
                found += self._all(select(Collaboration).where(theirs, rows.deleted_at.is_(None)).order_by(rows.id))
        return found

    def running_for(self, member_id: MemberId) -> list[Collaboration]:
        rows = tables.collaborations.c
        return self._all(select(Collaboration).where(rows.member_id == member_id, *self._alive()).order_by(rows.id))

    @staticmethod
    def _alive() -> tuple[Any, ...]:
        rows = tables.collaborations.c
        return rows.ended_at.is_(None), rows.deleted_at.is_(None)
