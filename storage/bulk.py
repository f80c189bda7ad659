"""What is on record, asked for hundreds of rows at once, and promises set for as many."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from core.model.deadline import Deadline
from core.model.ids import AccountId, Ref
from core.model.lead import ENDED
from core.model.register import KnownContact, KnownCustomer, KnownDeal
from storage import tables
from storage.repositories import Repository, chunks, insert_new

_PROMISE = ("subject_kind", "subject_id", "kind", "rule", "cycle", "due_at", "limit_at", "holder_id")


class SqlRegister(Repository):
    """See `core.ports.Register`. Asks for columns only: nothing here becomes part of the session."""

    def customers(self, cores: Iterable[str], phones: Iterable[str], short_names: Iterable[str]) -> list[KnownCustomer]:
        leads, accounts, contacts = tables.leads.c, tables.accounts.c, tables.contacts.c
        found: dict[KnownCustomer, None] = {}
        for column, values in ((leads.core_name, set(cores)), (leads.phone, set(phones))):
            for row in self._rows(
                values, lambda some, column=column: select(tables.leads).where(column.in_(some), _alive_lead())
            ):
                ref = Ref("lead", row.id)
                found[KnownCustomer(ref, row.name, "", row.core_name, row.phone, row.owner_id)] = None
        reached = (accounts.id, accounts.name, accounts.short_name, accounts.core_name, accounts.owner_id)
        by_contact = tables.accounts.join(tables.contacts, contacts.account_id == accounts.id)
        for column, values in (
            (accounts.core_name, set(cores)),
            (accounts.short_name, set(short_names)),
            (accounts.phone, set(phones)),
            (contacts.phone, set(phones)),
        ):
            through = column.table is tables.contacts
            phone = contacts.phone if through else accounts.phone
            query = select(*reached, phone).select_from(by_contact if through else tables.accounts)
            for row in self._rows(
                values,
                lambda some, query=query, column=column: query.where(column.in_(some), accounts.deleted_at.is_(None)),
            ):
                known = KnownCustomer(
                    Ref("account", row.id), row.name, row.short_name, row.core_name, row.phone, row.owner_id
                )
                found[known] = None
        return list(found)

    def contacts(self, account_ids: Iterable[AccountId]) -> list[KnownContact]:
        contacts = tables.contacts.c
        query = select(contacts.account_id, contacts.name, contacts.phone).where(contacts.deleted_at.is_(None))
        rows = self._rows(set(account_ids), lambda some: query.where(contacts.account_id.in_(some)))
        return [KnownContact(row.account_id, row.name, row.phone) for row in rows]

    def deals(self, numbers: Iterable[str], account_ids: Iterable[AccountId], names: Iterable[str]) -> list[KnownDeal]:
        deals = tables.deals.c
        found: dict[int, KnownDeal] = {}
        alive = select(tables.deals).where(deals.deleted_at.is_(None))
        nameless = alive.where(deals.account_id.is_(None))
        for query, column, values in (
            (alive, deals.external_id, set(numbers)),
            (alive, deals.account_id, set(account_ids)),
            (nameless, deals.name, set(names)),
        ):
            for row in self._rows(values, lambda some, query=query, column=column: query.where(column.in_(some))):
                day = row.closed_on or row.expected_close_on
                found[row.id] = KnownDeal(row.id, row.external_id, row.account_id, row.name, row.amount, day)
        return list(found.values())

    def followups(self, customers: Iterable[Ref]) -> set[tuple[Ref, datetime, str]]:
        rows = tables.followups.c
        refs = set(customers)
        query = select(rows.customer_id, rows.at, rows.content).where(rows.deleted_at.is_(None))
        return {
            (Ref(kind, row.customer_id), row.at, row.content)
            for kind in {ref.kind for ref in refs}
            for row in self._rows(
                {ref.id for ref in refs if ref.kind == kind},
                lambda some, kind=kind: query.where(rows.customer_kind == kind, rows.customer_id.in_(some)),
            )
        }

    def add_deadlines(self, deadlines: Sequence[Deadline]) -> None:
        insert_new(
            self._session,
            tables.deadlines,
            [{name: getattr(deadline, name) for name in _PROMISE} for deadline in deadlines],
        )

    def _rows(self, values: set[Any], query: Any) -> list[Any]:
        return [row for some in chunks(values - {"", None}) for row in self._session.execute(query(some))]


def _alive_lead() -> ColumnElement[bool]:
    leads = tables.leads.c
    return leads.deleted_at.is_(None) & leads.state.not_in(ENDED)
