"""Tenures: who held which lead and what happened meanwhile, read in a few wide questions for a rehearsal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from core.model.ids import AccountId, LeadId, MemberId
from core.model.request import RequestKind, RequestState
from core.model.tenure import Happened, Tenure, Won
from storage import tables
from storage.repositories import Repository, chunks

HEAD = 6
"""Columns of a row before the lead's own values."""

ALWAYS = ("tags", "pool", "grade", "cycle")
"""The lead's own values that every rule may ask for."""

KNOWN = tuple(
    column.name
    for column in tables.leads.c
    if column.name not in ("id", "name", "state", "owner_id", "assigned_at", "last_followup_at", "protected_until")
)
"""All by which the conditions of rules may judge; what a tenure itself moves is not among them."""


class SqlTenures(Repository):
    """See `core.ports.rehearsal`. A lead that has become an account left its follow-ups there."""

    def since(self, begin: datetime, *, judged: bool = True) -> Iterator[Tenure]:
        names = KNOWN if judged else ALWAYS
        became = self._became()
        happened: dict[int, list[Happened]] = defaultdict(list)
        self._touches(begin, became, happened)
        self._extensions(begin, happened)
        for row in self._held(begin, names):
            meanwhile = (one for one in happened.get(row.lead_id, ()) if _within(row, one.known_at))
            yield Tenure(
                lead_id=LeadId(row.lead_id),
                lead_name=row.name,
                member_id=MemberId(row.member_id),
                begun_at=row.begun_at,
                ended_at=row.ended_at,
                ended_by=row.ended_by,
                known=dict(zip(names, row[HEAD:], strict=True)),
                became=AccountId(became[row.lead_id]) if row.lead_id in became else None,
                happened=tuple(sorted(meanwhile, key=lambda one: one.known_at)),
            )

    def deals_of(self, account_ids: Iterable[AccountId]) -> list[Won]:
        deals = tables.deals.c
        found = []
        for some in chunks(account_ids):
            alive = and_(deals.account_id.in_(some), deals.outcome.in_(("open", "won")), deals.deleted_at.is_(None))
            query = select(deals.account_id, deals.owner_id, deals.outcome, deals.amount).where(alive)
            found += [
                Won(AccountId(row.account_id), row.owner_id, row.outcome, row.amount.fen if row.amount else 0)
                for row in self._session.execute(query)
            ]
        return found

    def _held(self, begin: datetime, names: Sequence[str]) -> Iterator[Any]:
        held, leads = tables.assignments.c, tables.leads.c
        query = (
            select(
                held.lead_id,
                held.member_id,
                held.begun_at,
                held.ended_at,
                held.ended_by,
                leads.name,
                *(leads[name] for name in names),
            )
            .join_from(tables.assignments, tables.leads, held.lead_id == leads.id)
            .where(held.begun_at >= begin, held.deleted_at.is_(None), leads.deleted_at.is_(None))
            .order_by(held.lead_id, held.id)
        )
        yield from self._session.execute(query)

    def _became(self) -> dict[int, int]:
        leads = tables.leads.c
        query = select(leads.id, leads.became_id).where(leads.became_kind == "account", leads.became_id.is_not(None))
        return {row.id: row.became_id for row in self._session.execute(query)}

    def _touches(self, begin: datetime, became: dict[int, int], happened: dict[int, list[Happened]]) -> None:
        followups = tables.followups.c
        lead_of = {account: lead for lead, account in became.items()}
        counts = and_(followups.valid, followups.created_at >= begin, followups.deleted_at.is_(None))
        kinds = or_(followups.customer_kind == "lead", followups.customer_kind == "account")
        query = select(followups.customer_kind, followups.customer_id, followups.created_at, followups.at)
        for kind, number, known_at, at in self._session.execute(query.where(counts, kinds)):
            lead = number if kind == "lead" else lead_of.get(number)
            if lead is not None:
                happened[lead].append(Happened(known_at, touched_at=at))

    def _extensions(self, begin: datetime, happened: dict[int, list[Happened]]) -> None:
        requests = tables.requests.c
        about = and_(requests.kind == RequestKind.EXTENSION, requests.subject_kind == "lead")
        query = select(
            requests.subject_id, requests.created_at, requests.settled_at, requests.state, requests.until
        ).where(about, requests.created_at >= begin, requests.deleted_at.is_(None))
        for lead, asked_at, settled_at, state, until in self._session.execute(query):
            happened[lead].append(Happened(asked_at, waits=True))
            if settled_at is not None:
                granted = until if state == RequestState.GRANTED else None
                happened[lead].append(Happened(settled_at, protected_until=granted, waits=False))


def _within(row: Any, known_at: datetime) -> bool:
    return known_at >= row.begun_at and (row.ended_at is None or known_at <= row.ended_at)
