"""Lists for the web's second face: one page of records within a scope, newest first, the next page by number.

A page costs the same wherever it lies and however many records there are: it begins at a number, not at an offset.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Engine, Select, Table, Text, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import FollowUp, Plan
from core.model.ids import MemberId, Ref
from core.model.lead import Lead, LeadState
from core.model.member import ChannelUser, Member
from core.model.messages import OutboxMessage
from core.rules.permissions import Scope, may_open_pool, scope_of
from storage import tables
from storage.engine import reading
from storage.mapping import map_classes
from storage.repositories import chunks, in_scope

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


class Reach:
    """What lies in one reader's scope, as conditions that the planner can follow.

    A rep's or a small department's records are found by their holder and sorted; a large department's are met at
    once when one walks back from the newest. PostgreSQL chooses by its own figures; SQLite has none, so we look
    whether the department has more than WIDE customers and, if so, hide the index on the holder from it.
    """

    def __init__(self, session: Session, reader: Member, *, only_one: bool) -> None:
        self._session, self.reader, self._only_one = session, reader, only_one
        self._scope = scope_of(reader)
        self._wide: dict[str, bool] = {}

    def held(self, table: Table) -> Condition:
        """Say that a record of `table` is held by somebody in scope."""
        owner: ColumnElement[Any] = table.c.owner_id
        if self._scope.department is None:
            return in_scope(owner, self._scope)
        return _held_within(owner + 0 if self._is_wide(table) else owner, self._scope)

    def about(self, kind: str, customer_id: ColumnElement[Any], *, walks: bool) -> Condition:
        """Say that the customer of that kind and number is in scope; `walks`: look at each row's customer."""
        customers = CUSTOMERS[kind]
        alive = and_(self.held(customers), customers.c.deleted_at.is_(None))
        if walks:
            return exists().where(customers.c.id == customer_id, alive)
        return customer_id.in_(select(customers.c.id).where(alive))

    def about_any(self, table: Table) -> Condition:
        """Say that the customer of a follow-up or plan, a lead or an account, is in scope."""
        kinds: ColumnElement[Any] = table.c.customer_kind
        if walks := self.walks(*CUSTOMERS):
            kinds = kinds + ""  # an index on the kind alone would find everything
        return or_(*(and_(kinds == kind, self.about(kind, table.c.customer_id, walks=walks)) for kind in CUSTOMERS))

    def walks(self, *kinds: str) -> bool:
        """Whether what is about such customers is met soonest by walking its own rows, newest first."""
        if self._only_one or self._scope.department is None:
            return self._only_one
        return any(self._is_wide(CUSTOMERS[kind]) for kind in kinds)

    def _is_wide(self, table: Table) -> bool:
        if self._only_one or self._session.get_bind().dialect.name != "sqlite":
            return False
        if table.name not in self._wide:
            some = select(table.c.id).where(_held_within(table.c.owner_id, self._scope)).limit(WIDE)
            count = self._session.scalar(select(func.count()).select_from(some.subquery())) or 0
            self._wide[table.name] = count >= WIDE
        return self._wide[table.name]


def _held_within(owner: ColumnElement[Any], scope: Scope) -> Condition:
    members = tables.members.c
    return owner.in_(select(members.id).where(in_scope(members.id, scope)))


def _leads(reach: Reach, pool: bool) -> Condition:
    leads = tables.leads.c
    if not pool:
        return reach.held(tables.leads)
    if not may_open_pool(reach.reader):
        return false()
    return and_(leads.owner_id.is_(None), leads.state == LeadState.POOLED)


def _contacts(reach: Reach, _pool: bool) -> Condition:
    return reach.about("account", tables.contacts.c.account_id, walks=reach.walks("account"))


def _plans(reach: Reach, _pool: bool) -> Condition:
    return or_(tables.plans.c.owner_id == reach.reader.id, reach.about_any(tables.plans))


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
    Deal: Source(tables.deals, lambda reach, _: reach.held(tables.deals), (tables.deals.c.name,)),
    FollowUp: Source(
        tables.followups, lambda reach, _: reach.about_any(tables.followups), (tables.followups.c.content,)
    ),
    Plan: Source(tables.plans, _plans, (tables.plans.c.content,)),
    Member: Source(tables.members, lambda *_: tables.members.c.active, (tables.members.c.name,)),
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
            return Page(items=items, more=len(found) > limit, accounts=accounts, holders=holders)


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
    named = {getattr(item, field, None) for item in items for field in ("owner_id", "author_id", "member_id")}
    themselves = {item.id for item in items if isinstance(item, Member)}
    leaders = {item.manager_id for item in items if isinstance(item, Member)}
    return {member for member in named | themselves | leaders if member is not None}


def _holders(session: Session, items: Iterable[Any]) -> dict[Ref, MemberId | None]:
    """Return who holds the customers that `items` are about."""
    about: dict[str, set[int]] = {kind: set() for kind in CUSTOMERS}
    for item in items:
        if isinstance(item, Contact):
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
        for user in session.scalars(select(ChannelUser).where(users.member_id.in_(some)).order_by(users.id)):
            found.setdefault(user.member_id, user.address)
    return found
