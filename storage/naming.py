"""The index of names: its rows are written by the transaction that writes what they stand for."""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Engine, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.ids import AccountId, MemberId, Ref
from core.model.lead import Lead
from core.model.naming import Term
from core.model.product import Product
from core.rules.naming import Entry, customer_entries, person_entries, product_keys, term_keys
from storage import tables
from storage.history import changed
from storage.repositories import among, chunks

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
    Term: frozenset({"words"}),
    Product: frozenset({"name", "code"}),
}


def index_flush(session: Session) -> None:
    """Add the rows of what a flush has just written; attribute history is still there then."""
    touched = [entity for entity in session.new if type(entity) in _CALLED]
    touched += [entity for entity in session.dirty if type(entity) in _CALLED and _is_called_anew(entity)]
    index(session, touched)


def _is_called_anew(entity: Any) -> bool:
    """Say whether a record has new rows; one that nobody holds any more is found by those it has."""
    moved = changed(entity).keys() & _CALLED[type(entity)]
    return bool(moved) and not (moved == {"owner_id"} and entity.owner_id is None)


def index(session: Session, entities: Iterable[Any], *, handed_on: bool = False) -> None:
    """Add the rows of records as they are now. `handed_on`: they have another holder, and their people with them.

    A flush does this by itself; whoever gives records to somebody by a statement of their own calls it.
    """
    rows: set[Row] = set()
    contacts: dict[AccountId, list[tuple[int, str, str]]] = {}
    moved: list[AccountId] = []
    for entity in entities:
        match entity:
            case Lead():
                rows.update(lead_rows(entity))
            case Account():
                rows.update(account_rows(entity))
                if handed_on or "owner_id" in changed(entity):
                    moved.append(entity.id)
            case Contact():
                contacts.setdefault(entity.account_id, []).append((entity.id, entity.name, entity.title))
            case Deal():
                rows.update(sold_rows(entity))
            case Product():
                rows.update(product_rows(entity))
            case Term():
                rows.update(term_rows(entity))
    if moved:
        _add_contacts_of(session, moved, contacts)
    if contacts:
        owners = _owners(session, contacts)
        for account_id, people in contacts.items():
            for number, name, title in people:
                rows.update(_rows(person_entries(name, title), owners.get(account_id), "contact", number))
    write(session, rows)


def open_to(session: Session, ref: Ref, member_id: MemberId) -> None:
    """Add rows by which somebody who does not hold a customer finds it and its people."""
    rows: set[Row] = set()
    if ref.kind == "lead" and (lead := session.get(Lead, ref.id)) is not None:
        rows = set(lead_rows(lead))
    elif ref.kind == "account" and (account := session.get(Account, ref.id)) is not None:
        rows, contacts = set(account_rows(account)), tables.contacts.c
        people = select(contacts.id, contacts.name, contacts.title).where(contacts.account_id == account.id)
        for row in session.execute(people):
            rows.update(_rows(person_entries(row.name, row.title), member_id, "contact", row.id))
    write(session, {(key, member_id, kind, number, name) for key, _, kind, number, name in rows})


def lead_rows(lead: Any) -> Iterator[Row]:
    """Yield the rows of a lead or of a row of its table."""
    yield from _rows(customer_entries(lead.name), lead.owner_id, "lead", lead.id)
    if lead.contact_name:
        yield from _rows(person_entries(lead.contact_name, lead.contact_title), lead.owner_id, "lead", lead.id)


def account_rows(account: Any) -> Iterator[Row]:
    """Yield the rows of an account or of a row of its table."""
    entries = customer_entries(account.name, account.short_name, account.aliases)
    yield from _rows(entries, account.owner_id, "account", account.id)


def sold_rows(deal: Any) -> Iterator[Row]:
    """Yield the rows of the product that a deal is about."""
    return _product_rows(deal.product)


def product_rows(product: Any) -> Iterator[Row]:
    """Yield the rows of a product of the catalogue, by its name and by its code."""
    yield from _product_rows(product.name)
    yield from _product_rows(product.code)


def _product_rows(name: str) -> Iterator[Row]:
    keys = product_keys(name) if name and len(name) <= LONGEST_NAME else ()
    return ((key, NOBODY, "product", 0, name) for key in keys)


def term_rows(term: Any) -> Iterator[Row]:
    """Yield the rows of words that somebody taught us."""
    return ((key, NOBODY, "term", term.id, term.words) for key in term_keys(term.words))


def write(session: Session, rows: Collection[Row]) -> None:
    """Add rows, leaving out those that are there."""
    if not rows:
        return
    connection = session.connection()
    statement, positional = _insert(connection.dialect)
    # Words and whole numbers: nothing in these columns needs their types' help.
    ordered = sorted(rows)
    given: Any = ordered if positional else [dict(zip(_COLUMNS, row, strict=True)) for row in ordered]
    connection.exec_driver_sql(statement, given)


@cache
def _insert(dialect: Dialect) -> tuple[str, bool]:
    """Return the insert as the driver takes it, and whether it counts its parameters."""
    insert: Any = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    compiled = insert(tables.names).on_conflict_do_nothing().inline().compile(dialect=dialect, column_keys=_COLUMNS)
    return str(compiled), compiled.positional


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
    yield (tables.deals, select(tables.deals)), sold_rows
    yield (tables.products, select(tables.products)), product_rows
    yield (tables.terms, select(tables.terms)), term_rows


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
