"""One class per aggregate; each method is a question that reads aloud."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, ColumnElement, Dialect, Select, Table, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.errors import NotFound
from core.model.customer import Account, Contact
from core.model.ids import AccountId, ContactId, LeadId, MemberId, Ref
from core.model.lead import HELD, Assignment, Lead
from core.model.load import Within
from core.model.messages import Question
from core.rules.permissions import Scope
from core.rules.regions import places_in
from storage import tables
from storage.inserts import Parameters, prepare

T = TypeVar("T")

POOL_WORDS = 5
"""Words by which the pool is narrowed down, at most."""

LONGEST_WAY = 20
"""Records that became one another, one after the other."""

CHUNK = 500
"""Ids in one IN list: a short statement whose plan stays the same."""


def insert_new(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns, leaving out those that a unique key knows already."""
    if rows:
        connection = session.connection()
        statement, parameters = _newly(connection.dialect, table, tuple(rows[0]))
        connection.exec_driver_sql(statement, [parameters(row) for row in rows])


def insert_for(session: Session, table: Table) -> Any:
    """Return the database's own insert, which knows what to do about conflicts."""
    return _insert_of(session.get_bind().dialect, table)


def _insert_of(dialect: Dialect, table: Table) -> Any:
    kind: Any = postgresql if dialect.name == "postgresql" else sqlite
    return kind.insert(table)


@lru_cache(maxsize=64)
def _newly(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[str, Parameters]:
    return prepare(dialect, _insert_of(dialect, table).on_conflict_do_nothing(), table, names)


def chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """Cut `items` into lists of at most CHUNK."""
    kept = list(items)
    for start in range(0, len(kept), CHUNK):
        yield kept[start : start + CHUNK]


def among(session: Session, column: ColumnElement[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """Say in SQL that `column` is one of `ids`: one array on PostgreSQL, where each parameter of a list costs."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, list(ids), postgresql.ARRAY(BigInteger)))
    return column.in_(ids)


def one_of(column: ColumnElement[Any], name: str, dialect: str, kind: Any = BigInteger) -> ColumnElement[bool]:
    """Say it in a statement that is made once: `column` is one of the values `name`; one array on PostgreSQL."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=postgresql.ARRAY(kind)))
    return column.in_(bindparam(name, expanding=True, type_=kind))


def in_scope(owner: ColumnElement[Any], scope: Scope) -> ColumnElement[bool]:
    """Say in SQL what `Scope.covers` says in Python; no list of customers goes round it."""
    if scope.everything:
        return owner.is_(None) | owner.is_not(None)
    if scope.department is None:
        return owner == scope.member_id
    department, below = tables.members.c.department, scope.department + "/"
    # Not LIKE, which ignores case on one database and heeds it on the other.
    within = or_(department == scope.department, func.substr(department, 1, len(below)) == below)
    return or_(owner == scope.member_id, owner.in_(select(tables.members.c.id).where(within)))


def said_in(columns: Iterable[ColumnElement[Any]], words: str) -> list[ColumnElement[bool]]:
    """Say in SQL that each of the first words stands in one of the columns; a place is met by what lies in it too."""
    anywhere = list(columns)
    sought = list(dict.fromkeys(words.split()))[:POOL_WORDS]
    within = [column for column in anywhere if column.key == "region"]
    return [
        or_(
            *(column.icontains(word, autoescape=True) for column in anywhere),
            *(column.in_(below) for column in within if len(below := places_in(word)) > 1),
        )
        for word in sought
    ]


class Repository:
    """What every repository has: the session of this unit of work."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def _dialect(self) -> str:
        return self._session.get_bind().dialect.name

    def _all(self, query: Any) -> list[Any]:
        return list(self._session.scalars(query))

    def _add(self, entity: object) -> None:
        self._session.add(entity)


class SqlLeads(Repository):
    def get(self, lead_id: LeadId, *, lock: bool = False) -> Lead:
        lead = self._session.get(Lead, lead_id, with_for_update=lock or None, populate_existing=lock)
        if lead is None or lead.deleted_at is not None:
            raise NotFound(f"L{lead_id}")
        return lead

    def find(self, lead_ids: Iterable[LeadId]) -> list[Lead]:
        leads = tables.leads.c
        return [
            lead
            for some in chunks(lead_ids)
            for lead in self._all(select(Lead).where(among(self._session, leads.id, some), leads.deleted_at.is_(None)))
        ]

    def add(self, lead: Lead) -> None:
        self._add(lead)

    def pooled(
        self, *, words: str = "", limit: int, after: LeadId | None = None, pools: Within | None = None
    ) -> list[Lead]:
        query = select(Lead).where(self._pooled(words, pools))
        if after is not None:
            query = query.where(tables.leads.c.id < after)
        return self._all(query.order_by(tables.leads.c.id.desc()).limit(limit))

    def count_pooled(self, words: str = "", pools: Within | None = None) -> int:
        query = select(func.count()).select_from(tables.leads).where(self._pooled(words, pools))
        return self._session.scalar(query) or 0

    @staticmethod
    def _pooled(words: str, pools: Within | None) -> ColumnElement[bool]:
        leads = tables.leads.c
        where = [leads.pool.in_(pools.named) if pools.named else leads.pool.not_in(pools.but)] if pools else []
        # Not in the need: whoever could search it could guess the numbers that are hidden there.
        said = said_in((leads.name, leads.region, leads.industry, leads.source), words)
        return and_(leads.state == "pooled", leads.deleted_at.is_(None), *where, *said)

    def held_by(self, member_id: MemberId) -> list[Lead]:
        return self._all(select(Lead).where(self._held(member_id)).order_by(tables.leads.c.id))

    def untouched_since(self, member_ids: Iterable[MemberId], since: datetime, limit: int) -> list[Lead]:
        leads = tables.leads.c
        touched = func.coalesce(leads.last_followup_at, leads.assigned_at)
        held = and_(leads.owner_id.in_(list(member_ids)), leads.state.in_(HELD), leads.deleted_at.is_(None))
        return self._all(select(Lead).where(held, touched < since).order_by(touched, leads.id).limit(limit))

    def held_after(self, after: LeadId, limit: int) -> list[Lead]:
        leads = tables.leads.c
        return self._all(select(Lead).where(self._held_by_any(), leads.id > after).order_by(leads.id).limit(limit))

    def count_held(self) -> int:
        return self._session.scalar(select(func.count()).select_from(tables.leads).where(self._held_by_any())) or 0

    @staticmethod
    def _held_by_any() -> ColumnElement[bool]:
        leads = tables.leads.c
        return and_(leads.state.in_(HELD), leads.owner_id.is_not(None), leads.deleted_at.is_(None))

    def count_held_by(self, member_id: MemberId) -> int:
        return self._session.scalar(select(func.count()).select_from(tables.leads).where(self._held(member_id))) or 0

    def count_held_by_each(self, member_ids: Iterable[MemberId]) -> dict[MemberId, int]:
        leads = tables.leads.c
        return {
            row[0]: row[1]
            for some in chunks(member_ids)
            for row in self._session.execute(
                select(leads.owner_id, func.count())
                .where(among(self._session, leads.owner_id, some), self._held_by_any())
                .group_by(leads.owner_id)
            )
        }

    @staticmethod
    def _held(member_id: MemberId) -> ColumnElement[bool]:
        leads = tables.leads.c
        return and_(leads.owner_id == member_id, leads.state.in_(HELD), leads.deleted_at.is_(None))


class SqlAccounts(Repository):
    def get(self, account_id: AccountId, *, lock: bool = False) -> Account:
        account = self._session.get(Account, account_id, with_for_update=lock or None, populate_existing=lock)
        if account is None or account.deleted_at is not None:
            raise NotFound(f"A{account_id}")
        return account

    def find(self, account_ids: Iterable[AccountId]) -> list[Account]:
        accounts = tables.accounts.c
        return [
            account
            for some in chunks(account_ids)
            for account in self._all(self._alive().where(among(self._session, accounts.id, some)))
        ]

    def numbered(self, numbers: Iterable[str]) -> list[Account]:
        mine = tables.accounts.c.external_id
        wanted = chunks(filter(None, dict.fromkeys(numbers)))
        return [one for some in wanted for one in self._all(self._alive().where(mine.in_(some)))]

    def held_after(self, account_id: AccountId, limit: int) -> list[Account]:
        accounts = tables.accounts.c
        held = self._alive().where(accounts.id > account_id, accounts.owner_id.is_not(None))
        return self._all(held.order_by(accounts.id).limit(limit))

    def add(self, account: Account) -> None:
        self._add(account)

    def pooled(self, pool: str, *, words: str = "", limit: int, after: AccountId | None = None) -> list[Account]:
        accounts = tables.accounts.c
        query = self._alive().where(self._pooled(pool, words))
        if after is not None:
            query = query.where(accounts.id < after)
        return self._all(query.order_by(accounts.id.desc()).limit(limit))

    def count_pooled(self, pool: str, words: str = "") -> int:
        accounts = tables.accounts.c
        query = select(func.count()).select_from(tables.accounts).where(accounts.deleted_at.is_(None))
        return self._session.scalar(query.where(self._pooled(pool, words))) or 0

    @staticmethod
    def _pooled(pool: str, words: str) -> ColumnElement[bool]:
        accounts = tables.accounts.c
        said = said_in((accounts.name, accounts.region, accounts.industry, accounts.source), words)
        return and_(accounts.pooled_at.is_not(None), accounts.owner_id.is_(None), accounts.pool == pool, *said)

    def held_by(self, member_id: MemberId) -> list[Account]:
        return self._all(self._alive().where(tables.accounts.c.owner_id == member_id).order_by(tables.accounts.c.id))

    @staticmethod
    def _alive() -> Any:
        return select(Account).where(tables.accounts.c.deleted_at.is_(None))


class SqlContacts(Repository):
    def add(self, contact: Contact) -> None:
        self._add(contact)

    def get(self, contact_id: ContactId) -> Contact | None:
        return self._session.get(Contact, contact_id)

    def of(self, account_id: AccountId) -> list[Contact]:
        contacts = tables.contacts.c
        return self._all(
            select(Contact)
            .where(contacts.account_id == account_id, contacts.deleted_at.is_(None))
            .order_by(contacts.id)
        )


class SqlAssignments(Repository):
    def add(self, assignment: Assignment) -> None:
        self._add(assignment)

    def current(self, lead_ids: Iterable[LeadId]) -> dict[LeadId, Assignment]:
        assignments = tables.assignments.c
        standing = and_(assignments.ended_at.is_(None), assignments.deleted_at.is_(None))
        return {
            assignment.lead_id: assignment
            for some in chunks(lead_ids)
            for assignment in self._all(
                select(Assignment).where(among(self._session, assignments.lead_id, some), standing)
            )
        }

    def recycled(self, lead_ids: Iterable[LeadId], ended_by: str) -> dict[LeadId, int]:
        assignments = tables.assignments.c
        lost = and_(assignments.ended_by.like(f"{ended_by}%"), assignments.deleted_at.is_(None))
        found: dict[LeadId, int] = {}
        for some in chunks(lead_ids):
            query = select(assignments.lead_id, func.count()).where(
                among(self._session, assignments.lead_id, some), lost
            )
            found |= {row[0]: row[1] for row in self._session.execute(query.group_by(assignments.lead_id))}
        return found

    def past_of(self, lead_id: LeadId, member_id: MemberId) -> list[Assignment]:
        assignments = tables.assignments.c
        theirs = and_(assignments.lead_id == lead_id, assignments.member_id == member_id)
        over = and_(assignments.ended_at.is_not(None), assignments.deleted_at.is_(None))
        return self._all(select(Assignment).where(theirs, over).order_by(assignments.id.desc()))

    def begun_as(self, member_ids: Iterable[MemberId], begun_by: str, since: datetime) -> list[Assignment]:
        assignments = tables.assignments.c
        return [
            assignment
            for some in chunks(member_ids)
            for assignment in self._all(
                select(Assignment)
                .where(assignments.member_id.in_(some), assignments.begun_at >= since)
                .where(assignments.begun_by == begun_by, assignments.deleted_at.is_(None))
                .order_by(assignments.id)
            )
        ]

    def ended_as(self, member_ids: Iterable[MemberId], ended_by: str, since: datetime) -> list[Assignment]:
        assignments = tables.assignments.c
        lost = and_(assignments.ended_by.like(f"{ended_by}%"), assignments.deleted_at.is_(None))
        return [
            assignment
            for some in chunks(member_ids)
            for assignment in self._all(
                select(Assignment)
                .where(assignments.member_id.in_(some), assignments.ended_at >= since, lost)
                .order_by(assignments.ended_at.desc(), assignments.id.desc())
            )
        ]

    def of(self, lead_id: LeadId) -> list[Assignment]:
        assignments = tables.assignments.c
        query = select(Assignment).where(assignments.lead_id == lead_id, assignments.deleted_at.is_(None))
        return self._all(query.order_by(assignments.id))

    def last_holder(self, lead_id: LeadId) -> Assignment | None:
        assignments = tables.assignments.c
        query = select(Assignment).where(assignments.lead_id == lead_id, assignments.deleted_at.is_(None))
        standing_first = assignments.ended_at.is_not(None)  # those of a lead that was merged in may be younger
        last: Assignment | None = self._session.scalar(query.order_by(standing_first, assignments.id.desc()).limit(1))
        return last

    def ended_lately(self, member_id: MemberId, since: datetime, limit: int) -> list[Assignment]:
        assignments = tables.assignments.c
        theirs = and_(assignments.member_id == member_id, assignments.ended_at >= since)
        query = select(Assignment).where(theirs, assignments.deleted_at.is_(None))
        return self._all(query.order_by(assignments.ended_at.desc()).limit(limit))


class SqlCustomers(Repository):
    def standing(self, ref: Ref) -> Ref:
        for _ in range(LONGEST_WAY):
            table = {"lead": tables.leads, "account": tables.accounts}.get(ref.kind)
            if table is None:
                break
            became = (table.c.became_kind, table.c.became_id)
            row = self._session.execute(select(*became).where(table.c.id == ref.id)).first()
            if row is None or row.became_id is None:
                break
            ref = Ref(row.became_kind, row.became_id)
        return ref

    def names_of(self, customers: Iterable[Ref]) -> dict[Ref, str]:
        refs = list(customers)
        names: dict[Ref, str] = {}
        for kind, table in (("lead", tables.leads), ("account", tables.accounts)):
            for ids in chunks({ref.id for ref in refs if ref.kind == kind}):
                found = self._session.execute(select(table.c.id, table.c.name).where(table.c.id.in_(ids)))
                names |= {Ref(kind, number): name for number, name in found}
        return names


class SqlQuestions(Repository):
    def ask(self, question: Question) -> None:
        before = self.last(question.member_id, question.channel, question.room)
        if before is not None and before.closed_at is None:
            before.closed_at = question.asked_at
        self._add(question)

    def get(self, question_id: int) -> Question | None:
        return self._session.get(Question, question_id)

    def last(self, member_id: MemberId, channel: str, room: str) -> Question | None:
        there = {"member": member_id, "channel": channel, "room": room}
        last: Question | None = self._session.scalar(_last_question(), there)
        return last

    def asked(self, member_id: MemberId, intent: str, since: datetime) -> list[Question]:
        rows = tables.questions.c
        theirs = and_(rows.member_id == member_id, rows.intent == intent, rows.asked_at >= since)
        return self._all(select(Question).where(theirs).order_by(rows.id))


@cache
def _last_question() -> Select[Question]:
    """Made once: it is asked for every message."""
    rows = tables.questions.c
    there = (
        rows.member_id == bindparam("member"),
        rows.channel == bindparam("channel"),
        rows.room == bindparam("room"),
    )
    return select(Question).where(*there).order_by(rows.id.desc()).limit(1)


class SqlRuns(Repository):
    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__(session)
        self._now = now

    def first(self, job: str, day: date) -> bool:
        row = {"job": job, "day": day, "at": self._now}
        claimed = (
            insert_for(self._session, tables.runs).on_conflict_do_nothing().values(row).returning(tables.runs.c.job)
        )
        return self._session.scalar(claimed) is not None

    def ran(self, job: str, day: date) -> bool:
        runs = tables.runs.c
        return self._session.scalar(select(runs.job).where(runs.job == job, runs.day == day)) is not None
