"""Requests, days off, and what the limits of the pools are judged by."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Text, and_, bindparam, case, cast, func, literal, null, select, union_all

from core.errors import NotFound
from core.model.ids import MemberId, Ref, RequestId
from core.model.load import Claims, Holding
from core.model.request import Absence, Request, RequestState
from storage import tables
from storage.repositories import Repository, among, chunks, insert_new
from storage.types import UtcDateTime

FEW = 500
"""Open requests that are looked through at once."""


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def _holding() -> Any:
    leads, deals = tables.leads.c, tables.deals.c
    # The tags of a lead are read only where protection makes them matter.
    tags = case((leads.protected_until > bindparam("now", type_=UtcDateTime), cast(leads.tags, Text)))
    held = (
        select(literal("lead").label("what"), leads.owner_id, leads.state.label("name"), tags, func.count())
        .where(leads.owner_id.in_(_IDS), leads.deleted_at.is_(None))
        .group_by(leads.owner_id, leads.state, tags)
    )
    open_deals = (
        select(literal("deal"), deals.owner_id, deals.stage, cast(null(), Text), func.count())
        .where(deals.owner_id.in_(_IDS), deals.closed_on.is_(None), deals.deleted_at.is_(None))
        .group_by(deals.owner_id, deals.stage)
    )
    return union_all(held, open_deals)


def _claims() -> Any:
    rows = tables.assignments.c
    since, back = bindparam("since", type_=UtcDateTime), bindparam("back", type_=UtcDateTime)
    theirs = and_(
        rows.member_id == bindparam("member"),
        rows.begun_by == bindparam("begun_by"),
        rows.pool == bindparam("pool"),
        rows.begun_at >= back,
    )
    return select(func.count(case((rows.begun_at >= since, 1))), func.max(rows.begun_at)).where(theirs)


def _spans() -> Any:
    rows = tables.absences.c
    return select(rows.member_id, rows.begins_on, rows.ends_on).where(
        rows.member_id.in_(_IDS), rows.deleted_at.is_(None)
    )


_HOLDING, _CLAIMS, _SPANS = _holding(), _claims(), _spans()
"""Made once: every claim asks them, and making a statement costs more than answering it."""


class SqlRequests(Repository):
    def add(self, request: Request) -> None:
        self._add(request)

    def get(self, request_id: RequestId) -> Request:
        found = self._session.get(Request, request_id, with_for_update=True, populate_existing=True)
        if found is None or found.deleted_at is not None:
            raise NotFound("这个申请")
        return found

    def open_about(self, subjects: Iterable[Ref]) -> list[Request]:
        rows = tables.requests.c
        by_kind: dict[str, list[int]] = {}
        for ref in subjects:
            by_kind.setdefault(ref.kind, []).append(ref.id)
        # What waits is little: asking for all of it costs less than naming hundreds of records.
        waiting = select(Request).where(
            rows.state == RequestState.OPEN, rows.subject_id.is_not(None), rows.deleted_at.is_(None)
        )
        few = self._all(waiting.limit(FEW + 1)) if sum(map(len, by_kind.values())) > 1 else None
        if few is not None and len(few) <= FEW:
            wanted = {(kind, number) for kind, ids in by_kind.items() for number in ids} if few else set()
            return [one for one in few if (one.subject_kind, one.subject_id) in wanted]
        return [
            request
            for kind, ids in by_kind.items()
            for some in chunks(ids)
            for request in self._all(
                waiting.where(rows.subject_kind == kind, among(self._session, rows.subject_id, some))
            )
        ]

    def about(self, subject: Ref, kind: str) -> list[Request]:
        rows = tables.requests.c
        theirs = and_(rows.subject_kind == subject.kind, rows.subject_id == subject.id, rows.kind == kind)
        return self._all(select(Request).where(theirs, rows.deleted_at.is_(None)).order_by(rows.id))

    def open_of(self, member_id: MemberId, kind: str) -> list[Request]:
        rows = tables.requests.c
        waiting = and_(rows.member_id == member_id, rows.kind == kind, rows.state == RequestState.OPEN)
        return self._all(select(Request).where(waiting, rows.deleted_at.is_(None)).order_by(rows.id.desc()))


class SqlAbsences(Repository):
    def add(self, absence: Absence) -> None:
        self._add(absence)

    def get(self, absence_id: int) -> Absence | None:
        found = self._session.get(Absence, absence_id)
        return found if found is not None and found.deleted_at is None else None

    def of(self, member_ids: Iterable[MemberId]) -> list[Absence]:
        rows = tables.absences.c
        return [
            absence
            for some in chunks(set(member_ids))
            for absence in self._all(
                select(Absence)
                .where(rows.member_id.in_(some), rows.deleted_at.is_(None))
                .order_by(rows.begins_on, rows.id)
            )
        ]

    def away_on(self, day: date) -> list[MemberId]:
        rows = tables.absences.c
        covering = and_(rows.begins_on <= day, rows.ends_on >= day, rows.deleted_at.is_(None))
        return list(self._session.scalars(select(rows.member_id).where(covering).distinct()))

    def spans(self, member_ids: Iterable[MemberId]) -> list[tuple[MemberId, date, date]]:
        found = (self._session.execute(_SPANS, {"ids": some}) for some in chunks(set(member_ids)))
        return [(row[0], row[1], row[2]) for rows in found for row in rows]


class SqlPools(Repository):
    def reserve(self, member_id: MemberId) -> None:
        if self._session.get_bind().dialect.name == "postgresql":  # SQLite's writers come one after the other anyway
            key = func.hashtextextended(f"holder:{member_id}", 0)
            self._session.execute(select(func.pg_advisory_xact_lock(key)))

    def holding(self, member_ids: Iterable[MemberId], now: datetime) -> dict[MemberId, Holding]:
        wanted = set(member_ids)
        states: dict[MemberId, Counter[str]] = {one: Counter() for one in wanted}
        stages: dict[MemberId, Counter[str]] = {one: Counter() for one in wanted}
        vips: dict[MemberId, list[tuple[str, tuple[str, ...]]]] = {one: [] for one in wanted}
        for some in chunks(wanted):
            for what, owner, name, tagged, number in self._session.execute(_HOLDING, {"ids": some, "now": now}):
                (states if what == "lead" else stages)[owner][name] += number
                if tagged is not None and (words := tuple(json.loads(tagged))):
                    vips[owner] += [(name, words)] * number
        return {
            one: Holding(states=dict(states[one]), stages=dict(stages[one]), vips=tuple(vips[one])) for one in wanted
        }

    def claims(self, member_id: MemberId, pool: str, since: datetime, back: datetime, begun_by: str) -> Claims:
        values = {"member": member_id, "begun_by": begun_by, "pool": pool, "since": since, "back": back}
        number, last = self._session.execute(_CLAIMS, values).one()
        return Claims(today=number, last_at=last)

    def seen(self, member_id: MemberId, day: date, refs: Sequence[Ref], limit: int | None) -> frozenset[Ref]:
        if limit is None:
            return frozenset(refs)
        rows = tables.pool_views.c
        today = self._session.execute(
            select(rows.kind, rows.ref_id).where(rows.member_id == member_id, rows.day == day)
        ).all()
        before = {Ref(kind, number) for kind, number in today}
        fresh = [ref for ref in refs if ref not in before][: max(0, limit - len(before))]
        insert_new(
            self._session,
            tables.pool_views,
            [{"member_id": member_id, "day": day, "kind": ref.kind, "ref_id": ref.id} for ref in fresh],
        )
        return frozenset({*fresh, *(ref for ref in refs if ref in before)})
