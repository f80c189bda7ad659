"""Lists for the web's second face: one page of records within a scope, newest first, the next page by number.

A page costs the same wherever it lies and however many records there are: it begins at a number, not at an offset.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Engine, Select, Table, Text, and_, case, false, func, or_, select, true, union_all
from sqlalchemy.orm import Session, sessionmaker

from core.model.approval import Approval
from core.model.contract import Contract
from core.model.customer import Account, Contact
from core.model.deal import Deal, ShareState
from core.model.followup import FollowUp, Plan
from core.model.ids import MemberId, Ref
from core.model.lead import Lead, LeadState
from core.model.member import SELLING, ChannelUser, Member
from core.model.messages import OutboxMessage
from core.model.payment import Payment
from core.model.product import Product
from core.model.quote import Quote
from core.rules.permissions import contract_scope, may_open_pool, money_scope, scope_of
from storage import tables
from storage.engine import reading
from storage.mapping import map_classes
from storage.repositories import CHUNK, SqlCustomers, chunks, in_scope

T = TypeVar("T")
Condition = ColumnElement[bool]

WIDE = 20_000
"""From this many customers on, walking the newest records beats collecting a department's: see `Reach`."""

CUSTOMERS: dict[str, Table] = {"lead": tables.leads, "account": tables.accounts}


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """See `web.site.Page`."""

    items: Sequence[T]
    more: bool = False
    accounts: Mapping[MemberId, str] = field(default_factory=dict)
    holders: Mapping[Ref, MemberId | None] = field(default_factory=dict)
    shared: Set[int] = frozenset()


class Reach:
    """What lies in one reader's scope, as conditions that a planner can follow.

    The records of a rep or a small department are found by their holder and sorted; those of a large department are
    met at once when one walks back from the newest. Planners cannot know which it is, so we look whether the
    department has more than WIDE customers, and write the condition such that only the better way is open.
    """

    def __init__(self, session: Session, reader: Member, *, only_one: bool) -> None:
        self._session, self.reader, self._only_one = session, reader, only_one
        self._scope = scope_of(reader)
        self._wide: dict[str, bool] = {}

    def held(self, table: Table) -> Condition:
        """Say that a record of `table` is held by somebody in scope."""
        owner: ColumnElement[Any] = table.c.owner_id
        return self._covers(owner + 0 if self._is_wide(table) else owner)

    def covers(self, member: ColumnElement[Any]) -> Condition:
        """Say that a member is in scope."""
        return self._covers(member)

    def about(self, table: Table, kinds: Mapping[str, Condition], customer_id: str, *others: Condition) -> Condition:
        """Say that the customer of a row is in scope, or one of `others` holds.

        `kinds` says when a row of `table` is about which kind of customer, `customer_id` names the column.
        """
        number = table.c[customer_id]
        if self._only_one or any(self._is_wide(CUSTOMERS[kind]) for kind in kinds):
            holder = case(*((says, _holder_of(CUSTOMERS[kind], number)) for kind, says in kinds.items()))
            return or_(self._covers(holder), *others)
        found = [and_(says, number.in_(self._customers(CUSTOMERS[kind]))) for kind, says in kinds.items()]
        numbers = [select(table.c.id).where(one).correlate(None) for one in (*found, *others)]
        return table.c.id.in_(union_all(*numbers))

    def _customers(self, table: Table) -> Select[Any]:
        return select(table.c.id).where(self._covers(table.c.owner_id), table.c.deleted_at.is_(None))

    def _covers(self, owner: ColumnElement[Any]) -> Condition:
        if self._scope.department is None:
            return in_scope(owner, self._scope)
        return owner.in_(self._covered)

    @cached_property
    def _covered(self) -> Select[Any] | list[MemberId]:
        """The members in scope: as numbers, of which a planner knows how much each holds, unless they are many."""
        members = tables.members.c
        query = select(members.id).where(in_scope(members.id, self._scope))
        numbers = list(self._session.scalars(query.limit(CHUNK + 1)))
        return query if len(numbers) > CHUNK else numbers

    @cached_property
    def shared_deals(self) -> list[int]:
        """The deals of others that the reader has agreed to share, as numbers: each is found by its own."""
        if not self.reader.is_any(SELLING):
            return []
        shares = tables.deal_shares.c
        theirs = select(shares.deal_id).where(shares.member_id == self.reader.id, shares.deleted_at.is_(None))
        return list(self._session.scalars(theirs.where(shares.state == ShareState.AGREED).distinct()))

    def _is_wide(self, table: Table) -> bool:
        if self._only_one or self._scope.department is None:
            return False
        if table.name not in self._wide:
            some = select(table.c.id).where(self._covers(table.c.owner_id)).limit(WIDE)
            count = self._session.scalar(select(func.count()).select_from(some.subquery())) or 0
            self._wide[table.name] = count >= WIDE
        return self._wide[table.name]


def _holder_of(customers: Table, number: ColumnElement[Any]) -> ColumnElement[Any]:
    alive = customers.c.deleted_at.is_(None)
    return select(customers.c.owner_id).where(customers.c.id == number, alive).scalar_subquery()


def _leads(reach: Reach, pool: bool) -> Condition:
    leads = tables.leads.c
    if not pool:
        return reach.held(tables.leads)
    if not may_open_pool(reach.reader):
        return false()
    return and_(leads.owner_id.is_(None), leads.state == LeadState.POOLED)


def _contacts(reach: Reach, _pool: bool) -> Condition:
    return reach.about(tables.contacts, {"account": true()}, "account_id")


def _deals(reach: Reach, _pool: bool) -> Condition:
    """Say who may read of a deal: whoever holds it or leads them, and who has agreed to share it."""
    held = reach.held(tables.deals)
    return or_(held, tables.deals.c.id.in_(reach.shared_deals)) if reach.shared_deals else held


def _contracts(reach: Reach, _pool: bool) -> Condition:
    if contract_scope(reach.reader).everything:
        return true()
    return reach.about(tables.contracts, {"account": true()}, "account_id", reach.covers(tables.contracts.c.owner_id))


def _payments(reach: Reach, _pool: bool) -> Condition:
    if money_scope(reach.reader).everything:
        return true()
    return reach.about(tables.payments, {"account": true()}, "account_id")


def _followups(reach: Reach, _pool: bool) -> Condition:
    return reach.about(tables.followups, _kinds(tables.followups), "customer_id")


def _plans(reach: Reach, _pool: bool) -> Condition:
    own = tables.plans.c.owner_id == reach.reader.id
    return reach.about(tables.plans, _kinds(tables.plans), "customer_id", own)


def _approvals(reach: Reach, _pool: bool) -> Condition:
    """Say who may read of an approval: who submitted it or leads them, was asked, or answered in somebody's stead."""
    rows, tasks, reader = tables.approvals.c, tables.approval_tasks.c, reach.reader.id
    mine = or_(tasks.member_id == reader, tasks.answered_by == reader)
    asked = select(tasks.approval_id).where(mine)
    return or_(rows.submitter_id == reader, reach.covers(rows.submitter_id), rows.id.in_(asked))


def _kinds(table: Table) -> dict[str, Condition]:
    return {kind: table.c.customer_kind == kind for kind in CUSTOMERS}


@dataclass(frozen=True)
class Source:
    """Where a kind of record is read: which of its rows are in reach, and what its names are."""

    table: Table
    in_reach: Callable[[Reach, bool], Condition]
    names: tuple[ColumnElement[Any], ...]


SOURCES: dict[type, Source] = {
    Lead: Source(tables.leads, _leads, (tables.leads.c.name,)),
    Account: Source(
        tables.accounts,
        lambda reach, _: reach.held(tables.accounts),
        (tables.accounts.c.name, tables.accounts.c.short_name, tables.accounts.c.aliases.cast(Text)),
    ),
    Contact: Source(tables.contacts, _contacts, (tables.contacts.c.name,)),
    Deal: Source(tables.deals, _deals, (tables.deals.c.name,)),
    Contract: Source(tables.contracts, _contracts, (tables.contracts.c.number, tables.contracts.c.title)),
    Payment: Source(tables.payments, _payments, (tables.payments.c.note,)),
    Quote: Source(
        tables.quotes,
        lambda reach, _: reach.about(tables.quotes, {"account": true()}, "account_id"),
        (tables.quotes.c.number,),
    ),
    Product: Source(
        tables.products, lambda *_: true(), (tables.products.c.name, tables.products.c.code, tables.products.c.category)
    ),
    FollowUp: Source(tables.followups, _followups, (tables.followups.c.content,)),
    Plan: Source(tables.plans, _plans, (tables.plans.c.content,)),
    Member: Source(tables.members, lambda *_: tables.members.c.active, (tables.members.c.name,)),
    Approval: Source(tables.approvals, _approvals, (tables.approvals.c.title,)),
    OutboxMessage: Source(
        tables.outbox,
        lambda reach, _: tables.outbox.c.member_id == reach.reader.id,
        (tables.outbox.c.content.cast(Text),),
    ),
}


class Browse:
    """See `web.site.Browse`."""

    def __init__(self, engine: Engine) -> None:
        map_classes()
        self._open = sessionmaker(reading(engine), expire_on_commit=False)

    def reader(self, member_id: MemberId) -> Member | None:
        with self._open() as session:
            member = session.get(Member, member_id)
        return member if member is not None and member.active and member.deleted_at is None else None

    def became(self, kind: type[Any], number: int) -> Ref | None:
        ref = Ref("lead" if kind is Lead else "account", number)
        with self._open() as session:
            standing = SqlCustomers(session).standing(ref)
        return standing if standing != ref else None

    def page(
        self,
        kind: type[T],
        reader: Member,
        *,
        words: str = "",
        limit: int = 1,
        after: int | None = None,
        only: int | None = None,
        pool: bool = False,
    ) -> Page[T]:
        with self._open() as session:
            reach = Reach(session, reader, only_one=only is not None)
            query = _query(reach, kind, words=words, after=after, only=only, pool=pool)
            found = list(session.scalars(query.limit(limit + 1)))
            items = found[:limit]
            holders = _holders(session, items)
            accounts = _accounts(session, _members(items) | {m for m in holders.values() if m is not None})
            shared = frozenset(reach.shared_deals) if kind is Deal else frozenset()
            return Page(items=items, more=len(found) > limit, accounts=accounts, holders=holders, shared=shared)


def _query(reach: Reach, kind: type[T], *, words: str, after: int | None, only: int | None, pool: bool) -> Select[T]:
    source = SOURCES[kind]
    rows = source.table.c
    query = select(kind).where(source.in_reach(reach, pool))
    if "deleted_at" in rows:
        query = query.where(rows.deleted_at.is_(None))
    if only is not None:
        return query.where(rows.id == only)
    if words:
        query = query.where(or_(*(name.icontains(words, autoescape=True) for name in source.names)))
    if after is not None:
        query = query.where(rows.id < after)
    return query.order_by(rows.id.desc())


def _members(items: Iterable[Any]) -> set[MemberId]:
    """Return the members that occur in `items`."""
    fields = ("owner_id", "author_id", "member_id", "submitter_id")
    named = {getattr(item, field, None) for item in items for field in fields}
    asked = {member for item in items if isinstance(item, Approval) for member in item.asked}
    themselves = {item.id for item in items if isinstance(item, Member)}
    leaders = {item.manager_id for item in items if isinstance(item, Member)}
    return {member for member in named | asked | themselves | leaders if member is not None}


def _holders(session: Session, items: Iterable[Any]) -> dict[Ref, MemberId | None]:
    """Return who holds the customers that `items` are about."""
    about: dict[str, set[int]] = {kind: set() for kind in CUSTOMERS}
    for item in items:
        if isinstance(item, Contact | Contract | Payment):
            about["account"].add(item.account_id)
        elif isinstance(item, FollowUp | Plan) and item.customer is not None:
            about[item.customer.kind].add(item.customer.id)
    holders: dict[Ref, MemberId | None] = {}
    for kind, numbers in about.items():
        rows = CUSTOMERS[kind].c
        for some in chunks(numbers):
            found = session.execute(select(rows.id, rows.owner_id).where(rows.id.in_(some)))
            holders |= {Ref(kind, number): owner for number, owner in found}
    return holders


def _accounts(session: Session, members: set[MemberId]) -> dict[MemberId, str]:
    """Return one platform account of each member: the first, which messages go to."""
    users = tables.channel_users.c
    found: dict[MemberId, str] = {}
    for some in chunks(members):
        theirs = select(ChannelUser).where(users.member_id.in_(some))
        for user in session.scalars(theirs.order_by(users.deleted_at.is_not(None), users.id)):  # open ones first
            found.setdefault(user.member_id, user.address)
    return found
