"""Contracts, orders, payments and invoices in the database."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, or_, select

from core.errors import NotFound
from core.model.contract import Contract, Instalment
from core.model.ids import AccountId, ContractId, InvoiceId, OrderId, PaymentId
from core.model.invoice import Invoice, InvoiceTitle
from core.model.order import Order, OrderLine
from core.model.payment import Payment
from core.rules.permissions import Scope
from storage import tables
from storage.repositories import Repository, chunks, in_scope

T = TypeVar("T")


class _Book(Repository):
    def _one(self, cls: type[T], number: int, words: str, *, lock: bool) -> T:
        found: Any = self._session.get(cls, number, with_for_update=lock or None, populate_existing=lock)
        if found is None or found.deleted_at is not None:
            raise NotFound(words)
        kept: T = found
        return kept

    def _those(self, cls: Any, column: ColumnElement[Any], ids: Iterable[Any], *order: Any) -> list[Any]:
        living = getattr(cls, "deleted_at", None)
        found = []
        for some in chunks(dict.fromkeys(ids)):
            query = select(cls).where(column.in_(some))
            if living is not None:
                query = query.where(living.is_(None))
            found += self._all(query.order_by(*order))
        return found


def _visible(table: Table, owner: ColumnElement[Any] | None, scope: Scope) -> ColumnElement[bool]:
    """Say in SQL that a record is the asker's or their people's, or that its account is."""
    accounts = tables.accounts.c
    if scope.everything:
        return table.c.account_id.is_not(None)
    theirs = table.c.account_id.in_(select(accounts.id).where(in_scope(accounts.owner_id, scope)))
    return theirs if owner is None else or_(in_scope(owner, scope), theirs)


class SqlContracts(_Book, Repository):
    def add(self, contract: Contract) -> None:
        self._add(contract)

    def add_instalment(self, instalment: Instalment) -> None:
        self._add(instalment)

    def get(self, contract_id: ContractId, *, lock: bool = False) -> Contract:
        return self._one(Contract, contract_id, f"C{contract_id}", lock=lock)

    def find(self, contract_ids: Iterable[ContractId]) -> list[Contract]:
        rows = tables.contracts.c
        return self._those(Contract, rows.id, contract_ids, rows.id)

    def numbered(self, number: str) -> Contract | None:
        rows = tables.contracts.c
        query = select(Contract).where(rows.number == number, rows.deleted_at.is_(None))
        found: Contract | None = self._session.scalar(query.order_by(rows.id.desc()).limit(1))
        return found

    def of(self, account_ids: Iterable[AccountId]) -> list[Contract]:
        rows = tables.contracts.c
        return self._those(Contract, rows.account_id, account_ids, rows.id.desc())

    def within(self, scope: Scope, states: Collection[str], limit: int) -> list[Contract]:
        rows = tables.contracts.c
        seen = _visible(tables.contracts, rows.owner_id, scope)
        query = select(Contract).where(seen, rows.state.in_(list(states)), rows.deleted_at.is_(None))
        return self._all(query.order_by(rows.id.desc()).limit(limit))

    def plans(self, contract_ids: Iterable[ContractId]) -> dict[ContractId, list[Instalment]]:
        rows = tables.instalments.c
        plans: dict[ContractId, list[Instalment]] = defaultdict(list)
        for one in self._those(Instalment, rows.contract_id, contract_ids, rows.contract_id, rows.place, rows.id):
            plans[one.contract_id].append(one)
        return dict(plans)

    def instalments(self, instalment_ids: Iterable[int]) -> list[Instalment]:
        rows = tables.instalments.c
        return self._those(Instalment, rows.id, instalment_ids, rows.id)

    def known(self, numbers: Iterable[str]) -> dict[str, Contract]:
        found = self._those(Contract, tables.contracts.c.external_id, filter(None, numbers), tables.contracts.c.id)
        return {one.external_id: one for one in found}


class SqlOrders(_Book, Repository):
    def add(self, order: Order, lines: Iterable[OrderLine]) -> None:
        self._add(order)
        self._session.flush()
        for line in lines:
            line.order_id = order.id
            self._add(line)

    def add_lines(self, lines: Iterable[OrderLine]) -> None:
        self._session.add_all(list(lines))

    def get(self, order_id: OrderId, *, lock: bool = False) -> Order:
        return self._one(Order, order_id, f"O{order_id}", lock=lock)

    def of(self, account_ids: Iterable[AccountId]) -> list[Order]:
        rows = tables.orders.c
        return self._those(Order, rows.account_id, account_ids, rows.ordered_on.desc(), rows.id.desc())

    def lines(self, order_id: OrderId) -> list[OrderLine]:
        return self.lines_of([order_id])

    def lines_of(self, order_ids: Iterable[OrderId]) -> list[OrderLine]:
        rows = tables.order_lines.c
        return self._those(OrderLine, rows.order_id, order_ids, rows.place, rows.id)

    def known(self, numbers: Iterable[str]) -> list[Order]:
        rows = tables.orders.c
        return self._those(Order, rows.external_id, filter(None, numbers), rows.id)

    def known_lines(self, numbers: Iterable[str]) -> set[str]:
        rows = tables.order_lines.c
        found: set[str] = set()
        for some in chunks(filter(None, numbers)):
            found |= set(self._session.scalars(select(rows.external_id).where(rows.external_id.in_(some))))
        return found


class SqlPayments(_Book, Repository):
    def add(self, payment: Payment) -> None:
        self._add(payment)

    def get(self, payment_id: PaymentId, *, lock: bool = False) -> Payment:
        return self._one(Payment, payment_id, f"R{payment_id}", lock=lock)

    def of(self, account_ids: Iterable[AccountId]) -> list[Payment]:
        rows = tables.payments.c
        return self._those(Payment, rows.account_id, account_ids, rows.paid_on, rows.id)

    def on(self, contract_ids: Iterable[ContractId]) -> dict[ContractId, list[Payment]]:
        rows = tables.payments.c
        paid: dict[ContractId, list[Payment]] = defaultdict(list)
        for one in self._those(Payment, rows.contract_id, contract_ids, rows.paid_on, rows.id):
            paid[one.contract_id].append(one)
        return dict(paid)

    def within(self, scope: Scope, since: date, until: date, limit: int) -> list[Payment]:
        rows = tables.payments.c
        seen = _visible(tables.payments, None, scope)
        query = select(Payment).where(seen, rows.paid_on >= since, rows.paid_on <= until, rows.deleted_at.is_(None))
        return self._all(query.order_by(rows.paid_on.desc(), rows.id.desc()).limit(limit))

    def known(self, numbers: Iterable[str]) -> set[str]:
        rows = tables.payments.c
        found: set[str] = set()
        for some in chunks(filter(None, numbers)):
            known = rows.external_id.in_(some)
            found |= set(self._session.scalars(select(rows.external_id).where(known, rows.deleted_at.is_(None))))
        return found


class SqlInvoices(_Book, Repository):
    def add(self, invoice: Invoice) -> None:
        self._add(invoice)

    def get(self, invoice_id: InvoiceId, *, lock: bool = False) -> Invoice:
        return self._one(Invoice, invoice_id, f"B{invoice_id}", lock=lock)

    def of(self, account_ids: Iterable[AccountId]) -> list[Invoice]:
        rows = tables.invoices.c
        return self._those(Invoice, rows.account_id, account_ids, rows.id)

    def within(self, scope: Scope, states: Collection[str], limit: int) -> list[Invoice]:
        rows = tables.invoices.c
        seen = _visible(tables.invoices, None, scope)
        query = select(Invoice).where(seen, rows.state.in_(list(states)), rows.deleted_at.is_(None))
        return self._all(query.order_by(rows.id).limit(limit))

    def title_of(self, account_id: AccountId) -> InvoiceTitle | None:
        rows = tables.invoice_titles.c
        query = select(InvoiceTitle).where(rows.account_id == account_id, rows.deleted_at.is_(None))
        found: InvoiceTitle | None = self._session.scalar(query.order_by(rows.id.desc()).limit(1))
        return found

    def add_title(self, title: InvoiceTitle) -> None:
        self._add(title)
