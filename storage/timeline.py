"""A customer's timeline: each kind of record asked for its last ones before a mark, then merged."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from core.model.contract import Contract
from core.model.deal import StageStay
from core.model.followup import FollowUp
from core.model.history import Change
from core.model.ids import Ref
from core.model.lead import Assignment
from core.model.payment import Payment
from core.model.promise import Promise, PromiseState
from core.model.quote import Quote
from core.model.timeline import Mark, Moment
from storage import tables
from storage.repositories import LONGEST_WAY

Condition = ColumnElement[bool]

TOLD: Final = (
    "account.create",
    "account.claim",
    "lead.create",
    "lead.convert",
    "lead.return",
    "lead.recycle",
    "lead.assign",
    "customer.merge",
    "handover",
    "grade.set",
    "import",
)
"""What was done to a customer's own record that a timeline tells."""


@dataclass(frozen=True)
class Source:
    """One kind of record: its class, when it happened, and which are about a customer."""

    cls: type[Any]
    at: ColumnElement[Any]
    number: ColumnElement[Any]
    about: Callable[[Sequence[Ref]], Condition]


def _numbers(refs: Sequence[Ref], kind: str) -> list[int]:
    return [ref.id for ref in refs if ref.kind == kind]


def _of_customer(table: Any) -> Callable[[Sequence[Ref]], Condition]:
    rows = table.c

    def about(refs: Sequence[Ref]) -> Condition:
        kinds = sorted({ref.kind for ref in refs})
        theirs = (and_(rows.customer_kind == kind, rows.customer_id.in_(_numbers(refs, kind))) for kind in kinds)
        return and_(or_(false(), *theirs), rows.deleted_at.is_(None))

    return about


def _of_account(table: Any) -> Callable[[Sequence[Ref]], Condition]:
    return lambda refs: and_(table.c.account_id.in_(_numbers(refs, "account")), table.c.deleted_at.is_(None))


def _stays(refs: Sequence[Ref]) -> Condition:
    deals, stays = tables.deals.c, tables.deal_stays.c
    theirs = select(deals.id).where(deals.account_id.in_(_numbers(refs, "account")), deals.deleted_at.is_(None))
    return and_(stays.deal_id.in_(theirs), stays.deleted_at.is_(None))


def _settled(refs: Sequence[Ref]) -> Condition:
    rows = tables.promises.c
    over = rows.state.in_((PromiseState.KEPT, PromiseState.BROKEN))
    return and_(_of_customer(tables.promises)(refs), over, rows.settled_at.is_not(None))


def _assigned(refs: Sequence[Ref]) -> Condition:
    rows = tables.assignments.c
    return and_(rows.lead_id.in_(_numbers(refs, "lead")), rows.deleted_at.is_(None))


def _told(refs: Sequence[Ref]) -> Condition:
    rows = tables.history.c
    kinds = sorted({ref.kind for ref in refs})
    theirs = (and_(rows.subject_kind == kind, rows.subject_id.in_(_numbers(refs, kind))) for kind in kinds)
    return and_(or_(false(), *theirs), rows.action.in_(TOLD), rows.undone_at.is_(None))


SOURCES: Final[dict[str, Source]] = {
    "followup": Source(FollowUp, tables.followups.c.at, tables.followups.c.id, _of_customer(tables.followups)),
    "stage": Source(StageStay, tables.deal_stays.c.entered_at, tables.deal_stays.c.id, _stays),
    "quote": Source(Quote, tables.quotes.c.created_at, tables.quotes.c.id, _of_account(tables.quotes)),
    "contract": Source(Contract, tables.contracts.c.created_at, tables.contracts.c.id, _of_account(tables.contracts)),
    "payment": Source(Payment, tables.payments.c.created_at, tables.payments.c.id, _of_account(tables.payments)),
    "promise": Source(Promise, tables.promises.c.settled_at, tables.promises.c.id, _settled),
    "assignment": Source(Assignment, tables.assignments.c.begun_at, tables.assignments.c.id, _assigned),
    "change": Source(Change, tables.history.c.at, tables.history.c.id, _told),
}
"""Every kind that a timeline tells; one line a kind."""


class SqlTimeline:
    """See `core.ports.Timeline`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def kinds(self) -> tuple[str, ...]:
        return tuple(SOURCES)

    def before(
        self, customer: Ref, gone: Sequence[Ref], kinds: Collection[str], mark: Mark | None, limit: int
    ) -> list[Moment]:
        refs = [customer, *gone]
        pages = [self._page(kind, source, refs, mark, limit) for kind, source in SOURCES.items() if kind in kinds]
        newest = merge(*pages, key=lambda moment: moment.mark, reverse=True)
        return list(islice(newest, limit))

    def became(self, customer: Ref) -> list[Ref]:
        found: dict[Ref, None] = {}
        fresh = [customer]
        for _ in range(LONGEST_WAY):
            fresh = [ref for into in fresh for ref in self._directly(into) if ref not in found and ref != customer]
            if not fresh:
                break
            found |= dict.fromkeys(fresh)
        return list(found)

    def _directly(self, into: Ref) -> list[Ref]:
        return [
            Ref(kind, number)
            for kind, table in (("lead", tables.leads), ("account", tables.accounts))
            for number in self._session.scalars(
                select(table.c.id).where(table.c.became_kind == into.kind, table.c.became_id == into.id)
            )
        ]

    def _page(self, kind: str, source: Source, refs: Sequence[Ref], mark: Mark | None, limit: int) -> list[Moment]:
        query = select(source.cls, source.at, source.number).where(source.about(refs))
        if mark is not None:
            query = query.where(_before(kind, source, mark))
        rows = self._session.execute(query.order_by(source.at.desc(), source.number.desc()).limit(limit))
        return [Moment(Mark(row[1], kind, row[2]), row[0]) for row in rows]


def _before(kind: str, source: Source, mark: Mark) -> Condition:
    """Say that a row of this kind stands before a mark: earlier, or of the same instant and further back."""
    if kind < mark.kind:
        return source.at <= mark.at
    if kind > mark.kind:
        return source.at < mark.at
    return or_(source.at < mark.at, and_(source.at == mark.at, source.number < mark.id))
