"""Who and what is called so: questions to the index of names, by exact keys only.

They are asked several times a message, so each statement is made once for a database and a kind of scope; making it
anew costs more than asking it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, bindparam, func, or_, select

from core.model.ids import AccountId, MemberId, Ref
from core.model.lead import ENDED, LeadState
from core.model.naming import Hit, Named, NamedPerson, Term
from core.rules.permissions import Scope
from storage import tables
from storage.naming import NOBODY, open_to
from storage.repositories import Repository, chunks, one_of

names, leads, accounts = tables.names.c, tables.leads.c, tables.accounts.c
contacts, members, terms = tables.contacts.c, tables.members.c, tables.terms.c
collaborations = tables.collaborations.c
PEOPLE = 500
SAME_PHONE = 20
TOUCHED = 40

Shape = str
"""How a scope is asked for: `all`, `own`, `below` a department, or the `pool`."""


class SqlNames(Repository):
    """See `core.ports.Names`."""

    def called(
        self, keys: Iterable[str], scope: Scope, limit: int, *, only: Iterable[str] = (), shared: Iterable[str] = ()
    ) -> list[Hit]:
        said = list(only)
        more = {"only": said} if said else {}
        query = _called(_shape(scope), self._dialect, some=bool(said))
        found = [
            Hit(*row)
            for some in chunks(dict.fromkeys(keys))
            for row in self._ask(query, keys=some, limit=limit, **_within(scope), **more)
        ]
        nobodys = _called("own", self._dialect, some=False)
        return found + [
            Hit(*row)
            for some in chunks(dict.fromkeys(shared))
            for row in self._ask(nobodys, keys=some, limit=limit, me=NOBODY)
        ]

    def called_like(self, key: str, name: str, near: Iterable[str], scope: Scope, limit: int) -> list[Hit]:
        patterns = [f"%{''.join(filter(str.isalnum, words))}%" for words in near]
        query = _called_like(_shape(scope), len(patterns))
        more = {f"near_{number}": pattern for number, pattern in enumerate(patterns)}
        return [Hit(*row) for row in self._ask(query, key=key, name=name, limit=limit, **more, **_within(scope))]

    def pooled(self, keys: Iterable[str], limit: int) -> list[Hit]:
        query = _called("pool", self._dialect, some=False)
        return [Hit(*row) for some in chunks(dict.fromkeys(keys)) for row in self._ask(query, keys=some, limit=limit)]

    def customers(self, refs: Iterable[Ref], scope: Scope, *, pool: bool = False) -> list[Named]:
        wanted = list(refs)
        found: list[Named] = []
        for some in chunks(ref.id for ref in wanted if ref.kind == "account" and not pool):
            for row in self._ask(_accounts(_shape(scope), self._dialect), ids=some, **_within(scope)):
                found.append(Named(Ref("account", row.id), row.name, row.short_name, row.aliases, row.owner_id))
        shape, within = ("pool", {}) if pool else (_shape(scope), _within(scope))
        for some in chunks(ref.id for ref in wanted if ref.kind == "lead"):
            for row in self._ask(_leads(shape, self._dialect), ids=some, **within):
                ref = Ref("lead", row.id)
                found.append(Named(ref, row.name, "", (), row.owner_id, row.contact_name, row.contact_title))
        return found

    def people(self, contact_ids: Iterable[int], of: Iterable[AccountId], scope: Scope) -> list[NamedPerson]:
        people: dict[int, NamedPerson] = {}
        for by, ids in (("id", list(contact_ids)), ("account_id", list(of))):
            query = _people(by, _shape(scope), self._dialect)
            for some in chunks(ids):
                for row in self._ask(query, ids=some, limit=PEOPLE, **_within(scope)):
                    behind = Ref("account", row.account_id)
                    people[row.id] = NamedPerson(
                        Ref("contact", row.id), row.name, row.title, behind, row.company, row.owner_id
                    )
        return list(people.values())

    def own_people_ending(self, signs: Iterable[str], owner: MemberId) -> list[NamedPerson]:
        called = or_(*(contacts.name.like(f"%_{sign}") for sign in signs if sign not in "%_"))
        asked = (contacts.id, contacts.name, contacts.title, contacts.account_id, accounts.name.label("company"))
        query = (
            select(*asked)
            .join_from(tables.contacts, tables.accounts, accounts.id == contacts.account_id)
            .where(accounts.owner_id == owner, accounts.deleted_at.is_(None), contacts.deleted_at.is_(None), called)
            .limit(SAME_PHONE)
        )
        return [
            NamedPerson(Ref("contact", row.id), row.name, row.title, Ref("account", row.account_id), row.company, owner)
            for row in self._ask(query)
        ]

    def reached_by(self, phones: Iterable[str], scope: Scope) -> list[tuple[str, Ref]]:
        numbers = list(phones)
        through = select(contacts.phone, accounts.id).join_from(
            tables.contacts, tables.accounts, accounts.id == contacts.account_id
        )
        queries = (
            ("account", select(accounts.phone, accounts.id), accounts.phone, accounts),
            ("account", through.where(contacts.deleted_at.is_(None)), contacts.phone, accounts),
            ("lead", select(leads.phone, leads.id).where(leads.state.not_in(ENDED)), leads.phone, leads),
        )
        found: dict[tuple[str, Ref], None] = {}
        for kind, query, column, whose in queries:
            seen = and_(column.in_(numbers), whose.deleted_at.is_(None), _covers(whose.owner_id, _shape(scope)))
            rows = self._ask(query.where(seen).limit(SAME_PHONE), **_within(scope))
            found |= {(phone, Ref(kind, number)): None for phone, number in rows}
        return list(found)

    def terms(self, ids: Iterable[int], member_id: MemberId) -> list[Term]:
        heard = and_(or_(terms.member_id.is_(None), terms.member_id == member_id), terms.deleted_at.is_(None))
        return [term for some in chunks(ids) for term in self._all(select(Term).where(terms.id.in_(some), heard))]

    def all_terms(self, member_id: MemberId) -> list[Term]:
        heard = and_(or_(terms.member_id.is_(None), terms.member_id == member_id), terms.deleted_at.is_(None))
        return self._all(select(Term).where(heard).order_by(terms.words, terms.id))

    def terms_for(self, meaning: Ref) -> list[Term]:
        meant = and_(terms.meaning_kind == meaning.kind, terms.meaning_id == meaning.id)
        return self._all(select(Term).where(meant, terms.deleted_at.is_(None)).order_by(terms.id))

    def add_term(self, term: Term) -> None:
        self._add(term)

    def open_to(self, customer: Ref, member_id: MemberId) -> None:
        open_to(self._session, customer, member_id)

    def last_touched(self, member_id: MemberId, since: datetime) -> list[Ref]:
        history = tables.history.c
        query = (
            select(history.subject_kind, history.subject_id)
            .where(history.actor_id == member_id, history.at >= since, history.undone_at.is_(None))
            .order_by(history.at.desc(), history.id.desc())
            .limit(TOUCHED)
        )
        subjects = [Ref(kind, number) for kind, number in self._ask(query)]
        of = self._customers_of(subjects)
        return list(dict.fromkeys(ref for subject in subjects if (ref := of.get(subject)) is not None))

    def _customers_of(self, subjects: Sequence[Ref]) -> dict[Ref, Ref]:
        found = {ref: ref for ref in subjects if ref.kind in ("lead", "account")}
        for kind, table in (("followup", tables.followups), ("plan", tables.plans)):
            ids = [ref.id for ref in subjects if ref.kind == kind]
            query = select(table.c.id, table.c.customer_kind, table.c.customer_id).where(table.c.id.in_(ids))
            for row in self._ask(query) if ids else ():
                if row.customer_kind is not None:
                    found[Ref(kind, row.id)] = Ref(row.customer_kind, row.customer_id)
        for kind, table in (("contact", tables.contacts), ("deal", tables.deals)):
            ids = [ref.id for ref in subjects if ref.kind == kind]
            of = select(table.c.id, table.c.account_id).where(table.c.id.in_(ids))
            for row in self._ask(of) if ids else ():
                if row.account_id is not None:
                    found[Ref(kind, row.id)] = Ref("account", row.account_id)
        return found

    def _ask(self, query: Select[Any], **values: Any) -> Sequence[Any]:
        self._session.flush()  # what this work has just changed is called by its new name
        return self._session.connection().execute(query, values).all()


def _shape(scope: Scope) -> Shape:
    if scope.everything:
        return "all"
    return "own" if scope.department is None else "below"


def _within(scope: Scope) -> dict[str, Any]:
    """Return the values that `_covers` asks for."""
    if scope.everything:
        return {}
    if scope.department is None:
        return {"me": scope.member_id}
    return {"me": scope.member_id, "department": scope.department, "below": scope.department + "/"}


def _covers(owner: ColumnElement[Any], shape: Shape) -> ColumnElement[bool]:
    """Say what `Scope.covers` says, row by row: for the few rows that a key brings, listing a department costs more."""
    if shape == "all":
        return owner.is_(None) | owner.is_not(None)
    own = owner == bindparam("me", type_=BigInteger)
    if owner.table is not tables.names:
        own = or_(own, _along(owner))
    if shape == "own":
        return own
    head = func.substr(members.department, 1, func.length(bindparam("below", type_=String)))
    within = or_(members.department == bindparam("department", type_=String), head == bindparam("below", type_=String))
    return or_(own, select(members.id).where(members.id == owner, within).exists())


def _along(owner: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say in SQL that the reader works along on a customer; the index of names has rows of their own for them."""
    kind, number = ("lead", leads.id) if owner.table is tables.leads else ("account", accounts.id)
    of = and_(collaborations.customer_kind == kind, collaborations.customer_id == number)
    theirs = and_(of, collaborations.member_id == bindparam("me", type_=BigInteger))
    running = and_(collaborations.ended_at.is_(None), collaborations.deleted_at.is_(None))
    return and_(owner.is_not(None), select(collaborations.id).where(theirs, running).exists())


@cache
def _called(shape: Shape, dialect: str, *, some: bool) -> Select[Any]:
    query = select(names.key, names.kind, names.ref_id, names.name).where(one_of(names.key, "keys", dialect, String()))
    if shape == "pool":
        pooled = and_(leads.id == names.ref_id, leads.state == LeadState.POOLED, leads.deleted_at.is_(None))
        query = query.where(names.kind == "lead", select(leads.id).where(pooled).exists())
    else:
        query = query.where(_covers(names.owner_id, shape))
    if some:
        query = query.where(one_of(names.name, "only", dialect, String()))
    return query.limit(bindparam("limit", type_=BigInteger))


@cache
def _called_like(shape: Shape, patterns: int) -> Select[Any]:
    full = func.coalesce(accounts.name, leads.name)
    account = and_(names.kind == "account", accounts.id == names.ref_id)
    lead = and_(names.kind == "lead", leads.id == names.ref_id)
    near = [func.lower(full).like(bindparam(f"near_{number}", type_=String)) for number in range(patterns)]
    return (
        select(names.key, names.kind, names.ref_id, names.name)
        .join_from(tables.names, tables.accounts, account, isouter=True)
        .join(tables.leads, lead, isouter=True)
        .where(names.key == bindparam("key", type_=String), names.name == bindparam("name", type_=String))
        .where(or_(*near), _covers(names.owner_id, shape))
        .limit(bindparam("limit", type_=BigInteger))
    )


@cache
def _accounts(shape: Shape, dialect: str) -> Select[Any]:
    return select(accounts.id, accounts.name, accounts.short_name, accounts.aliases, accounts.owner_id).where(
        one_of(accounts.id, "ids", dialect),
        accounts.deleted_at.is_(None),
        _covers(accounts.owner_id, shape),
    )


@cache
def _leads(shape: Shape, dialect: str) -> Select[Any]:
    seen = leads.state == LeadState.POOLED if shape == "pool" else _covers(leads.owner_id, shape)
    return select(leads.id, leads.name, leads.owner_id, leads.contact_name, leads.contact_title).where(
        one_of(leads.id, "ids", dialect), leads.deleted_at.is_(None), leads.state.not_in(ENDED), seen
    )


@cache
def _people(by: str, shape: Shape, dialect: str) -> Select[Any]:
    return (
        select(contacts.id, contacts.name, contacts.title, contacts.account_id)
        .add_columns(accounts.name.label("company"), accounts.owner_id)
        .join_from(tables.contacts, tables.accounts, accounts.id == contacts.account_id)
        .where(one_of(contacts[by], "ids", dialect), contacts.deleted_at.is_(None))
        .where(accounts.deleted_at.is_(None), _covers(accounts.owner_id, shape))
        .limit(bindparam("limit", type_=BigInteger))
    )
