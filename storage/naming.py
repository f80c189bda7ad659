"""The index of names: its rows are written with what they stand for, and asked by exact keys only."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, any_, bindparam, delete, func, or_, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.ids import AccountId, MemberId, Ref
from core.model.lead import ENDED, Lead, LeadState
from core.model.naming import Hit, Named, NamedPerson, Term
from core.rules.naming import Entry, customer_entries, person_entries, product_keys
from core.rules.permissions import Scope
from storage import tables
from storage.history import changed
from storage.inserts import prepare
from storage.repositories import Repository, among, chunks, in_scope, insert_for

NOBODY = 0
LONGEST_NAME = 64
AT_ONCE = 2000
"""Records to one transaction of a rebuild."""

Row = tuple[str, int, str, int, str]
_COLUMNS = ("key", "owner_id", "kind", "ref_id", "name")
_CALLED = {
    Lead: frozenset({"name", "contact_name", "contact_title", "owner_id"}),
    Account: frozenset({"name", "short_name", "aliases", "owner_id"}),
    Contact: frozenset({"name", "title", "account_id"}),
    Deal: frozenset({"product"}),
}


def index_flush(session: Session) -> None:
    """Add the rows of what a flush has just written; attribute history is still there then."""
    touched = [entity for entity in session.new if type(entity) in _CALLED]
    touched += [
        entity
        for entity in session.dirty
        if (names := _CALLED.get(type(entity))) and not names.isdisjoint(changed(entity))
    ]
    index(session, touched)


def index(session: Session, entities: Iterable[Any]) -> None:
    """Add the rows of leads, accounts, contacts and deals as they are now."""
    rows: set[Row] = set()
    contacts: dict[AccountId, list[tuple[int, str, str]]] = {}
    moved: list[AccountId] = []
    for entity in entities:
        match entity:
            case Lead():
                rows.update(lead_rows(entity))
            case Account():
                rows.update(account_rows(entity))
                if "owner_id" in changed(entity):
                    moved.append(entity.id)
            case Contact():
                contacts.setdefault(entity.account_id, []).append((entity.id, entity.name, entity.title))
            case Deal():
                rows.update(product_rows(entity))
    if moved:
        _add_contacts_of(session, moved, contacts)
    if contacts:
        owners = _owners(session, contacts)
        for account_id, people in contacts.items():
            for number, name, title in people:
                rows.update(_rows(person_entries(name, title), owners.get(account_id), "contact", number))
    write(session, rows)


def lead_rows(lead: Any) -> Iterator[Row]:
    """Yield the rows of a lead or of a row of its table."""
    yield from _rows(customer_entries(lead.name), lead.owner_id, "lead", lead.id)
    if lead.contact_name:
        yield from _rows(person_entries(lead.contact_name, lead.contact_title), lead.owner_id, "lead", lead.id)


def account_rows(account: Any) -> Iterator[Row]:
    """Yield the rows of an account or of a row of its table."""
    entries = customer_entries(account.name, account.short_name, account.aliases)
    yield from _rows(entries, account.owner_id, "account", account.id)


def product_rows(deal: Any) -> Iterator[Row]:
    """Yield the rows of the product that a deal is about."""
    keys = product_keys(deal.product) if deal.product and len(deal.product) <= LONGEST_NAME else ()
    return ((key, NOBODY, "product", 0, deal.product) for key in keys)


def write(session: Session, rows: Collection[Row]) -> None:
    """Add rows, leaving out those that are there."""
    if not rows:
        return
    connection = session.connection()
    statement, parameters = prepare(
        connection.dialect, insert_for(session, tables.names).on_conflict_do_nothing(), tables.names, _COLUMNS
    )
    connection.exec_driver_sql(statement, [parameters(dict(zip(_COLUMNS, row, strict=True))) for row in sorted(rows)])


def rebuild(engine: Engine) -> int:
    """Write the whole index anew from what is on record; return how many records it knows."""
    with Session(engine) as session:
        session.execute(delete(tables.names))
        session.commit()
        return sum(_rebuild(session, table, make) for table, make in _sources())


def is_empty(engine: Engine) -> bool:
    """Say whether there is something on record and nothing in the index."""
    with engine.connect() as connection:
        there = [
            connection.scalar(select(func.count()).select_from(select(table.c[column]).limit(1).subquery()))
            for table, column in ((tables.names, "key"), (tables.leads, "id"), (tables.accounts, "id"))
        ]
    return not there[0] and bool(there[1] or there[2])


def _sources() -> Iterator[tuple[Any, Any]]:
    owner = select(tables.accounts.c.owner_id).where(tables.accounts.c.id == tables.contacts.c.account_id)
    contacts = select(tables.contacts, owner.scalar_subquery().label("holder_id"))
    yield (tables.leads, select(tables.leads)), lead_rows
    yield (tables.accounts, select(tables.accounts)), account_rows
    yield (
        (tables.contacts, contacts),
        lambda row: _rows(person_entries(row.name, row.title), row.holder_id, "contact", row.id),
    )
    yield (tables.deals, select(tables.deals)), product_rows


def _rebuild(session: Session, source: Any, make: Any) -> int:
    table, query = source
    after, count = 0, 0
    while rows := session.execute(query.where(table.c.id > after).order_by(table.c.id).limit(AT_ONCE)).all():
        write(session, {made for row in rows for made in make(row)})
        session.commit()
        after, count = rows[-1].id, count + len(rows)
    return count


def _rows(entries: Iterable[Entry], owner_id: int | None, kind: str, number: int) -> Iterator[Row]:
    return ((key, owner_id or NOBODY, kind, number, name) for key, name in entries)


def _owners(session: Session, account_ids: Iterable[AccountId]) -> dict[AccountId, MemberId | None]:
    accounts = tables.accounts.c
    return {
        row.id: row.owner_id
        for some in chunks(account_ids)
        for row in session.execute(select(accounts.id, accounts.owner_id).where(among(session, accounts.id, some)))
    }


def _add_contacts_of(
    session: Session, account_ids: Iterable[AccountId], into: dict[AccountId, list[tuple[int, str, str]]]
) -> None:
    contacts = tables.contacts.c
    for some in chunks(account_ids):
        query = select(contacts.account_id, contacts.id, contacts.name, contacts.title)
        for row in session.execute(query.where(among(session, contacts.account_id, some))):
            into.setdefault(row.account_id, []).append((row.id, row.name, row.title))


class SqlNames(Repository):
    """See `core.ports.Names`."""

    def called(self, keys: Iterable[str], scope: Scope, limit: int, only: Iterable[str] = ()) -> list[Hit]:
        names = tables.names.c
        more = [self._one_of(names.name, list(only))] if only else []
        return self._hits(keys, limit, in_scope(names.owner_id, scope), *more)

    def of_nobody(self, keys: Iterable[str], limit: int) -> list[Hit]:
        return self._hits(keys, limit, tables.names.c.owner_id == NOBODY)

    def pooled(self, keys: Iterable[str], limit: int) -> list[Hit]:
        names, leads = tables.names.c, tables.leads.c
        pooled = select(leads.id).where(
            leads.id == names.ref_id, leads.state == LeadState.POOLED, leads.deleted_at.is_(None)
        )
        return self._hits(keys, limit, names.kind == "lead", pooled.exists())

    def customers(self, refs: Iterable[Ref], scope: Scope, *, pool: bool = False) -> list[Named]:
        leads, accounts = tables.leads.c, tables.accounts.c
        wanted = list(refs)
        found: list[Named] = []
        for some in chunks(ref.id for ref in wanted if ref.kind == "account"):
            query = select(accounts.id, accounts.name, accounts.short_name, accounts.aliases, accounts.owner_id)
            alive = and_(accounts.deleted_at.is_(None), in_scope(accounts.owner_id, scope))
            found += [
                Named(Ref("account", row.id), row.name, row.short_name, row.aliases, row.owner_id)
                for row in self._session.execute(query.where(among(self._session, accounts.id, some), alive))
            ]
        for some in chunks(ref.id for ref in wanted if ref.kind == "lead"):
            query = select(leads.id, leads.name, leads.owner_id, leads.contact_name, leads.contact_title)
            seen = leads.state == LeadState.POOLED if pool else in_scope(leads.owner_id, scope)
            alive = and_(leads.deleted_at.is_(None), leads.state.not_in(ENDED), seen)
            found += [
                Named(Ref("lead", row.id), row.name, "", (), row.owner_id, row.contact_name, row.contact_title)
                for row in self._session.execute(query.where(among(self._session, leads.id, some), alive))
            ]
        return found

    def people(self, contact_ids: Iterable[int], accounts: Iterable[AccountId], scope: Scope) -> list[NamedPerson]:
        contacts, company = tables.contacts.c, tables.accounts.c
        query = (
            select(contacts.id, contacts.name, contacts.title, contacts.account_id, company.name.label("of"))
            .add_columns(company.owner_id)
            .join_from(tables.contacts, tables.accounts, company.id == contacts.account_id)
            .where(contacts.deleted_at.is_(None), company.deleted_at.is_(None), in_scope(company.owner_id, scope))
        )
        ids, of = list(contact_ids), list(accounts)
        rows = [
            row
            for column, values in ((contacts.id, ids), (contacts.account_id, of))
            for some in chunks(values)
            for row in self._session.execute(query.where(among(self._session, column, some)).limit(500))
        ]
        people = {
            row.id: NamedPerson(
                Ref("contact", row.id), row.name, row.title, Ref("account", row.account_id), row.of, row.owner_id
            )
            for row in rows
        }
        return list(people.values())

    def reached_by(self, phones: Iterable[str], scope: Scope) -> list[tuple[str, Ref]]:
        leads, accounts, contacts = tables.leads.c, tables.accounts.c, tables.contacts.c
        numbers = list(phones)
        through = select(contacts.phone, accounts.id).join_from(
            tables.contacts, tables.accounts, accounts.id == contacts.account_id
        )
        queries = (
            ("account", select(accounts.phone, accounts.id), accounts.phone, accounts),
            ("account", through.where(contacts.deleted_at.is_(None)), contacts.phone, accounts),
            ("lead", select(leads.phone, leads.id), leads.phone, leads),
        )
        found: dict[tuple[str, Ref], None] = {}
        for kind, query, column, of in queries:
            rows = self._session.execute(
                query.where(column.in_(numbers), of.deleted_at.is_(None), in_scope(of.owner_id, scope)).limit(20)
            )
            found |= {(phone, Ref(kind, number)): None for phone, number in rows}
        return list(found)

    def terms(self, keys: Iterable[str], member_id: MemberId) -> list[Term]:
        rows = tables.terms.c
        heard = and_(or_(rows.member_id.is_(None), rows.member_id == member_id), rows.deleted_at.is_(None))
        return [
            term for some in chunks(keys) for term in self._all(select(Term).where(self._one_of(rows.key, some), heard))
        ]

    def all_terms(self, member_id: MemberId) -> list[Term]:
        rows = tables.terms.c
        heard = or_(rows.member_id.is_(None), rows.member_id == member_id)
        return self._all(select(Term).where(heard, rows.deleted_at.is_(None)).order_by(rows.words, rows.id))

    def add_term(self, term: Term) -> None:
        self._add(term)

    def last_touched(self, member_id: MemberId, since: Any) -> list[Ref]:
        history = tables.history.c
        query = (
            select(history.subject_kind, history.subject_id)
            .where(history.actor_id == member_id, history.at >= since, history.undone_at.is_(None))
            .order_by(history.at.desc(), history.id.desc())
            .limit(40)
        )
        subjects = [Ref(kind, number) for kind, number in self._session.execute(query)]
        of = self._customers_of(subjects)
        return list(dict.fromkeys(ref for subject in subjects if (ref := of.get(subject)) is not None))

    def _customers_of(self, subjects: Sequence[Ref]) -> dict[Ref, Ref]:
        found = {ref: ref for ref in subjects if ref.kind in ("lead", "account")}
        for kind, table in (("followup", tables.followups), ("plan", tables.plans)):
            ids = [ref.id for ref in subjects if ref.kind == kind]
            query = select(table.c.id, table.c.customer_kind, table.c.customer_id).where(table.c.id.in_(ids))
            for number, of, customer_id in self._session.execute(query) if ids else ():
                if of is not None:
                    found[Ref(kind, number)] = Ref(of, customer_id)
        for kind, table in (("contact", tables.contacts), ("deal", tables.deals)):
            ids = [ref.id for ref in subjects if ref.kind == kind]
            query = select(table.c.id, table.c.account_id).where(table.c.id.in_(ids))
            for row in self._session.execute(query) if ids else ():
                if row.account_id is not None:
                    found[Ref(kind, row.id)] = Ref("account", row.account_id)
        return found

    def _hits(self, keys: Iterable[str], limit: int, *where: ColumnElement[bool]) -> list[Hit]:
        names = tables.names.c
        query = select(names.key, names.kind, names.ref_id, names.name).where(*where).limit(limit)
        return [
            Hit(*row)
            for some in chunks(dict.fromkeys(keys))
            for row in self._session.execute(query.where(self._one_of(names.key, some)))
        ]

    def _one_of(self, column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
        if self._session.get_bind().dialect.name == "postgresql":
            return column == any_(bindparam(None, list(values), postgresql.ARRAY(column.type)))
        return column.in_(values)
