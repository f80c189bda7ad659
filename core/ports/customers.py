"""Accounts, contacts and deals, and what all customers are called."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from core.model.customer import Account, Contact
from core.model.deadline import Deadline
from core.model.deal import Deal
from core.model.ids import AccountId, ContactId, MemberId, Ref
from core.model.naming import Hit, Named, NamedPerson, Term
from core.model.register import KnownContact, KnownCustomer, KnownDeal
from core.rules.permissions import Scope


class Accounts(Protocol):
    def get(self, account_id: AccountId) -> Account: ...
    def add(self, account: Account) -> None: ...
    def held_by(self, member_id: MemberId) -> list[Account]: ...
    def same_phone(self, phone: str) -> list[Account]: ...
    def same_core(self, core_name: str) -> list[Account]: ...


class Contacts(Protocol):
    def add(self, contact: Contact) -> None: ...
    def get(self, contact_id: ContactId) -> Contact | None: ...
    def of(self, account_id: AccountId) -> list[Contact]: ...


class Deals(Protocol):
    def add(self, deal: Deal) -> None: ...
    def of(self, account_id: AccountId) -> list[Deal]: ...


class Customers(Protocol):
    def names_of(self, customers: Iterable[Ref]) -> dict[Ref, str]: ...


class Names(Protocol):
    """What customers, people and products are called, asked by exact keys: nothing scans, however many there are."""

    def called(
        self, keys: Iterable[str], scope: Scope, limit: int, *, only: Iterable[str] = (), shared: Iterable[str] = ()
    ) -> list[Hit]:
        """What is held in `scope` under `keys` (of these calls `only`, if given), and nobody's under `shared` keys."""
        ...

    def called_like(self, key: str, name: str, near: Iterable[str], scope: Scope, limit: int) -> list[Hit]:
        """Of the many called `name` in `scope` those whose full name contains one of `near`."""
        ...

    def pooled(self, keys: Iterable[str], limit: int) -> list[Hit]: ...
    def customers(self, refs: Iterable[Ref], scope: Scope, *, pool: bool = False) -> list[Named]:
        """Those of `refs` that are alive and lie in `scope`, or of the leads those in the pool."""
        ...

    def people(self, contact_ids: Iterable[int], of: Iterable[AccountId], scope: Scope) -> list[NamedPerson]:
        """These contacts and those of these accounts, as far as the account lies in `scope`."""
        ...

    def reached_by(self, phones: Iterable[str], scope: Scope) -> list[tuple[str, Ref]]: ...
    def terms(self, ids: Iterable[int], member_id: MemberId) -> list[Term]:
        """Those of these words that were taught to the company or by this member."""
        ...

    def all_terms(self, member_id: MemberId) -> list[Term]: ...
    def add_term(self, term: Term) -> None: ...
    def last_touched(self, member_id: MemberId, since: datetime) -> list[Ref]:
        """The customers on whom the member has done something since, the last one first."""
        ...


class Register(Protocol):
    """What is on record, asked for some hundreds of rows at once: an import never asks row by row."""

    def customers(self, cores: Iterable[str], phones: Iterable[str], short_names: Iterable[str]) -> list[KnownCustomer]:
        """Leads and accounts with one of these core names or short names, or reached by one of these phones."""
        ...

    def contacts(self, account_ids: Iterable[AccountId]) -> list[KnownContact]: ...
    def deals(self, numbers: Iterable[str], account_ids: Iterable[AccountId], names: Iterable[str]) -> list[KnownDeal]:
        """Deals with one of these numbers, of one of these accounts, or without an account under one of these names."""
        ...

    def followups(self, customers: Iterable[Ref]) -> set[tuple[Ref, datetime, str]]: ...
    def add_deadlines(self, deadlines: Sequence[Deadline]) -> None:
        """Let promises stand for records that are new in this transaction."""
        ...
