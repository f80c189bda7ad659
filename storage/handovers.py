"""Books that changed hands: who was given what, and what has become of it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, select

from core.model.handover import Handed, Handover
from core.model.ids import MemberId, Ref
from core.model.lead import ENDED, LeadState
from storage import tables
from storage.books import by_kind
from storage.repositories import Repository, among, chunks, insert_new


class SqlHandovers(Repository):
    """See `core.ports.Handovers`."""

    def add(self, handover: Handover) -> None:
        self._add(handover)

    def add_items(self, handover_id: int, items: Iterable[Handed]) -> None:
        rows = [{"handover_id": handover_id, "kind": i.ref.kind, "ref_id": i.ref.id, "was": i.was} for i in items]
        for some in chunks(rows):
            insert_new(self._session, tables.handover_items, some)

    def get(self, handover_id: int) -> Handover | None:
        return self._session.get(Handover, handover_id)

    def find(self, handover_ids: Iterable[int]) -> list[Handover]:
        rows = tables.handovers.c
        return [
            one
            for some in chunks(set(handover_ids))
            for one in self._all(select(Handover).where(rows.id.in_(some), rows.deleted_at.is_(None)))
        ]

    def last_to(self, receiver_id: MemberId) -> Handover | None:
        rows = tables.handovers.c
        theirs = and_(rows.receiver_id == receiver_id, rows.deleted_at.is_(None))
        last: Handover | None = self._session.scalar(select(Handover).where(theirs).order_by(rows.id.desc()).limit(1))
        return last

    def from_(self, leaver_id: MemberId) -> list[Handover]:
        rows = tables.handovers.c
        theirs = and_(rows.leaver_id == leaver_id, rows.deleted_at.is_(None))
        return self._all(select(Handover).where(theirs).order_by(rows.id))

    def since(self, begin: datetime) -> list[Handover]:
        rows = tables.handovers.c
        lately = and_(rows.created_at >= begin, rows.deleted_at.is_(None))
        return self._all(select(Handover).where(lately).order_by(rows.id))

    def items(self, handover_ids: Iterable[int]) -> list[Handed]:
        rows = tables.handover_items.c
        return [
            Handed(Ref(row.kind, row.ref_id), row.was, row.handover_id)
            for some in chunks(set(handover_ids))
            for row in self._session.execute(
                select(tables.handover_items).where(rows.handover_id.in_(some)).order_by(rows.id)
            )
        ]

    def taken_at(self, customers: Iterable[Ref]) -> dict[Ref, tuple[MemberId, datetime]]:
        items, hands = tables.handover_items.c, tables.handovers.c
        joined = tables.handover_items.join(tables.handovers, hands.id == items.handover_id)
        columns = select(items.kind, items.ref_id, hands.receiver_id, hands.created_at).select_from(joined)
        found: dict[Ref, tuple[MemberId, datetime]] = {}
        for kind, ids in by_kind(customers):
            theirs = and_(items.kind == kind, among(self._session, items.ref_id, ids), hands.deleted_at.is_(None))
            for row in self._session.execute(columns.where(theirs).order_by(hands.id)):
                found[Ref(row.kind, row.ref_id)] = (row.receiver_id, row.created_at)
        return found

    def alive(self, records: Iterable[Ref]) -> dict[Ref, str]:
        leads, accounts, deals = tables.leads.c, tables.accounts.c, tables.deals.c
        worked = leads.state.not_in((*(ENDED - {LeadState.CONVERTED}), LeadState.POOLED))
        held = {
            "lead": select(leads.id, leads.state.label("state")).where(worked, leads.deleted_at.is_(None)),
            "account": select(accounts.id, accounts.grade.label("state")).where(
                accounts.owner_id.is_not(None), accounts.deleted_at.is_(None)
            ),
            "deal": select(deals.id, deals.outcome.label("state")).where(deals.deleted_at.is_(None)),
        }
        ids_of = {"lead": leads.id, "account": accounts.id, "deal": deals.id}
        return {
            Ref(kind, row.id): row.state
            for kind, ids in by_kind(records)
            for row in self._session.execute(held[kind].where(among(self._session, ids_of[kind], ids)))
        }
