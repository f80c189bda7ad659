"""What the business asks of the outside: one unit of work with its repositories, and the words a service may use.

A unit of work is one actor, one instant, one transaction, and it is every service's first argument. Leaving its `with`
block commits, an exception rolls back, and there is no third way. Repository questions read aloud.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

from core.calendar import WorkCalendar
from core.model.customer import Account, Contact
from core.model.deadline import Deadline
from core.model.deal import Deal
from core.model.directory import Listing
from core.model.followup import FollowUp, Plan
from core.model.history import Change
from core.model.ids import AccountId, ContactId, InboxId, LeadId, MemberId, OutboxId, PlanId, Ref
from core.model.job import Job
from core.model.lead import Assignment, Lead
from core.model.link import Holdings, LinkCode, LinkTries
from core.model.member import ChannelUser, Member, Sender
from core.model.messages import InboxItem, OutboxMessage, Question
from core.model.naming import Hit, Named, NamedPerson, Term
from core.model.playbook import Playbook
from core.model.register import KnownContact, KnownCustomer, KnownDeal
from core.model.usage import ChannelUsage
from core.notices import Notice
from core.rules.permissions import Scope


class Members(Protocol):
    def get(self, member_id: MemberId) -> Member: ...
    def find(self, member_ids: Iterable[MemberId]) -> dict[MemberId, Member]: ...
    def add(self, member: Member) -> None: ...
    def add_account(self, user: ChannelUser) -> None: ...
    def reserve(self) -> None:
        """Let nobody else enrol people, join or close accounts until we commit."""
        ...

    def known_as(self, channel: str, user_id: str) -> Member | None:
        """The active or former member behind an open platform account; ids are compared as `account_key` says."""
        ...

    def account(self, channel: str, user_id: str) -> ChannelUser | None:
        """A platform account, open or closed."""
        ...

    def accounts_on(self, channel: str) -> list[ChannelUser]:
        """Every account of a platform, the closed ones too."""
        ...

    def accounts_of(self, member_ids: Iterable[MemberId]) -> dict[MemberId, ChannelUser]:
        """One account each of those who have not left: the one a message goes to, on the preferred channel if any."""
        ...

    def open_accounts(self, member_ids: Iterable[MemberId]) -> dict[MemberId, list[ChannelUser]]:
        """Every open account each, also of those who have left, oldest first."""
        ...

    def channels_of(self, member_id: MemberId) -> set[str]:
        """Where the member has or had an account."""
        ...

    def open_channels_of(self, member_id: MemberId) -> list[str]: ...
    def with_phones(self, mobiles: Iterable[str]) -> list[Member]:
        """Active members whose number, however it is written, may be one of these `plain_mobile`s."""
        ...

    def holdings(self, member_ids: Iterable[MemberId]) -> dict[MemberId, Holdings]:
        """How much each of these holds now."""
        ...

    def give_all(self, source: Member, target: Member) -> None:
        """Let everything that is `source`'s be `target`'s, as if they had always been one person."""
        ...

    def rename(self, channel: str, user_id: str, new_id: str) -> bool: ...
    def named(self, name: str) -> list[Member]: ...
    def called(self, names: Iterable[str], surnames: Iterable[str]) -> list[Member]: ...
    def known_by(self, channel: str, user_ids: Iterable[str]) -> dict[str, Member]:
        """Active members by the platform account that somebody wrote."""
        ...

    def everybody(self) -> list[Member]: ...


class Links(Protocol):
    """Codes that join two accounts."""

    def add(self, code: LinkCode) -> None: ...
    def get(self, code_id: int) -> LinkCode | None:
        """Locked until we commit."""
        ...

    def live(self, now: datetime) -> list[LinkCode]:
        """Codes that are neither used nor over, locked until we commit."""
        ...

    def tries(self, channel: str, user_id: str) -> LinkTries: ...


class Leads(Protocol):
    def get(self, lead_id: LeadId, *, lock: bool = False) -> Lead:
        """Raise NotFound when there is none. `lock` keeps others from changing it until we commit."""
        ...

    def reserve(self, core_name: str, phone: str | None) -> None:
        """Let nobody else put the same name or phone on record until we commit."""
        ...

    def find(self, lead_ids: Iterable[LeadId]) -> list[Lead]: ...
    def add(self, lead: Lead) -> None: ...
    def pooled(self, *, words: str = "", limit: int, after: LeadId | None = None) -> list[Lead]: ...
    def count_pooled(self, words: str = "") -> int: ...
    def held_by(self, member_id: MemberId) -> list[Lead]: ...
    def untouched_since(self, member_ids: Iterable[MemberId], since: datetime, limit: int) -> list[Lead]: ...
    def count_held_by(self, member_id: MemberId) -> int: ...
    def same_phone(self, phone: str) -> list[Lead]: ...
    def same_core(self, core_name: str) -> list[Lead]: ...


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


class FollowUps(Protocol):
    def add(self, followup: FollowUp) -> None: ...
    def of(self, customer: Ref, limit: int) -> list[FollowUp]: ...
    def lately_by(self, author_id: MemberId, since: datetime, limit: int) -> list[FollowUp]:
        """What somebody wrote since then, the last written first."""
        ...

    def last_valid(self, customer: Ref) -> datetime | None: ...
    def with_contact(self, author_id: MemberId, words: str, limit: int) -> list[FollowUp]: ...
    def about(self, customer: Ref) -> list[FollowUp]: ...
    def tally(
        self, author_ids: Iterable[MemberId], since: datetime, until: datetime, method: str = ""
    ) -> dict[int, Counter[Ref]]:
        """How often each author was in touch with whom, counting valid follow-ups only."""
        ...

    def last_at(self, author_ids: Iterable[MemberId]) -> dict[int, datetime]: ...
    def said_before(self, customer: Ref, author_id: MemberId, content: str, since: datetime) -> bool: ...
    def count_by_author(self, author_ids: Iterable[MemberId], since: datetime, until: datetime) -> dict[int, int]: ...


class Plans(Protocol):
    def get(self, plan_id: PlanId) -> Plan | None: ...
    def find(self, plan_ids: Iterable[PlanId]) -> list[Plan]: ...
    def add(self, plan: Plan) -> None: ...
    def open_for(self, customer: Ref) -> list[Plan]: ...
    def open_for_any(self, customers: Iterable[Ref]) -> list[Plan]: ...
    def about(self, customer: Ref) -> list[Plan]: ...
    def open_until(self, owner_id: MemberId, until: datetime) -> list[Plan]: ...


class Assignments(Protocol):
    def add(self, assignment: Assignment) -> None: ...
    def current(self, lead_ids: Iterable[LeadId]) -> dict[LeadId, Assignment]: ...
    def last_holder(self, lead_id: LeadId) -> Assignment | None: ...
    def ended_lately(self, member_id: MemberId, since: datetime, limit: int) -> list[Assignment]:
        """What somebody held and holds no more, the last lost first."""
        ...

    def count_ended(self, member_ids: Iterable[MemberId], since: datetime, until: datetime, reason: str) -> int: ...


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


class Deadlines(Protocol):
    def replace(self, subject: Ref, deadlines: Sequence[Deadline]) -> None:
        """Let exactly these stand for `subject`; what was already said stays said."""
        ...

    def clear(self, subjects: Sequence[Ref]) -> None: ...
    def kinds_due(self, now: datetime) -> set[str]:
        """The kinds of which something is due, by a look that locks nothing."""
        ...

    def due(self, kind: str, now: datetime, limit: int) -> list[Deadline]:
        """Up to `limit` due ones, oldest first, locked against other sweeps until this transaction ends."""
        ...

    def settle(self, deadlines: Sequence[Deadline]) -> None: ...
    def park(self, deadline_id: int, error: str) -> None:
        """Keep a deadline that failed out of the next sweeps for a while."""
        ...

    def of(self, subject: Ref) -> list[Deadline]: ...
    def held_by(self, member_id: MemberId, kind: str, until: datetime) -> list[Deadline]: ...
    def held_by_any(self, member_ids: Iterable[MemberId], kind: str, until: datetime) -> list[Deadline]: ...


class Questions(Protocol):
    def ask(self, question: Question) -> None:
        """Keep the question; it takes the place of one that is still open in the same chat."""
        ...

    def get(self, question_id: int) -> Question | None: ...
    def last(self, member_id: MemberId, channel: str, room: str) -> Question | None:
        """The last question put to the member in that chat, open or not."""
        ...


class History(Protocol):
    def making(self, subject: Ref) -> list[Change]:
        """Everything that the command changed by which `subject` came to be."""
        ...

    def last_command(self, actor_id: MemberId, since: datetime) -> list[Change]: ...
    def of_command(self, command: str) -> list[Change]: ...
    def was_undone(self, command: str, actor_id: MemberId) -> bool: ...
    def mark_undone(self, changes: Sequence[Change]) -> None: ...
    def restore(self, changes: Sequence[Change]) -> list[Any]:
        """Put the records back as they were before `changes`, last one first; ChangedSince when one moved on."""
        ...

    def count_created(self, kind: str, by: Iterable[MemberId], since: datetime, until: datetime) -> dict[int, int]: ...


class Inbox(Protocol):
    def take(self, channel: str, user_id: str, now: datetime) -> InboxItem | None:
        """The person's oldest waiting event, locked; None when there is none, or it must wait, or somebody has it."""
        ...

    def get(self, item_id: InboxId) -> InboxItem | None: ...


class Outbox(Protocol):
    def lease(self, member_key: tuple[str, str], now: datetime, until: datetime, limit: int) -> list[OutboxMessage]: ...
    def get(self, message_id: OutboxId) -> OutboxMessage | None: ...
    def held(self, message: OutboxMessage) -> OutboxMessage | None:
        """The row of a leased message; None when the lease has ended and somebody else may have taken it."""
        ...

    def for_leavers(self, messages: Iterable[OutboxMessage]) -> list[OutboxMessage]:
        """Those of these messages that are for a member who has left meanwhile."""
        ...

    def waiting_at(self, channel: str, user_id: str, now: datetime) -> list[OutboxMessage]:
        """What waits for one account and nobody has in hand, locked until we commit."""
        ...

    def bring_forward(self, message: OutboxMessage, now: datetime) -> None:
        """After `message` has arrived, let the person's failed ones be tried at once; each only once."""
        ...


class Runs(Protocol):
    def first(self, job: str, day: date) -> bool:
        """Claim a job's run of a day: True once, False ever after."""
        ...

    def ran(self, job: str, day: date) -> bool: ...


class LanguageModel(Protocol):
    """Somebody outside who may guess what a sentence means; `connectors/model.py` reaches one."""

    def complete(self, instructions: str, text: str) -> str:
        """Return its words, unchecked, within seconds; raise ModelFailed when there are none."""
        ...


class Jobs(Protocol):
    def add(self, job: Job) -> None: ...
    def get(self, job_id: int) -> Job | None: ...
    def count(self, kind: str, by: MemberId, since: datetime) -> int: ...
    def lease(self, job_id: int, now: datetime, until: datetime) -> Job | None: ...
    def is_ordered(self, kind: str, content: dict[str, Any]) -> bool:
        """Say whether the same job waits and nobody has begun it."""
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


class Usage(Protocol):
    def between(self, begin: datetime, end: datetime) -> list[ChannelUsage]:
        """What each channel called and was pushed from `begin` until `end`."""
        ...


class Housekeeping(Protocol):
    def forget(self) -> dict[str, int]:
        """Delete handled events, delivered messages and settled deadlines after 90 days. Return how many of each."""
        ...


class UnitOfWork(Protocol):
    """One actor, one instant, one transaction; `storage/unit_of_work.py` provides it."""

    now: datetime
    actor: Member
    channel: str
    room: str
    command: str
    playbook: Playbook
    calendar: WorkCalendar
    members: Members
    links: Links
    leads: Leads
    accounts: Accounts
    contacts: Contacts
    deals: Deals
    followups: FollowUps
    plans: Plans
    assignments: Assignments
    customers: Customers
    names: Names
    deadlines: Deadlines
    questions: Questions
    history: History
    inbox: Inbox
    outbox: Outbox
    runs: Runs
    jobs: Jobs
    register: Register
    usage: Usage
    housekeeping: Housekeeping

    def tell(self, notice: Notice, at: Sender | None = None) -> None:
        """Put a notice into the outbox, beside the change that caused it; `at` names the one chat it belongs to."""
        ...

    def reply(
        self,
        to: Sender,
        card: dict[str, Any],
        replaces: dict[str, str] | None = None,
        reply_to: dict[str, str] | None = None,
    ) -> None:
        """Answer whoever wrote; `replaces` names the tapped card that the answer takes the place of.

        `reply_to` is the event's own: where it was said and how its channel answers there.
        """
        ...

    def act_for(self, actor: Member, item: InboxItem, room: str = "") -> None:
        """From here on `actor` acts, by this message, said in `room` (a group) or to us alone."""
        ...

    def does(self, action: str) -> None:
        """Name what this transaction does, for the history: `lead.claim`."""
        ...

    def attempt(self) -> AbstractContextManager[None]:
        """A savepoint: what is done inside is forgotten when it raises, else it is noted under what it `does`."""
        ...

    def flush(self) -> None:
        """Give new records their ids."""
        ...


class Directory(Protocol):
    """What a platform knows of the company. Every failure is a DeliveryFailed."""

    def listing(self) -> Listing:
        """Read everybody our app may see."""
        ...

    def has_left(self, user_id: str) -> bool:
        """Ask about one person who is not listed: True when they are gone, False when we may not see them."""
        ...


class OpenWork(Protocol):
    """Opens a unit of work. `now` is the clock's unless given; `reading` never takes the write lock."""

    def __call__(
        self, actor: Member, *, now: datetime | None = None, channel: str = "", reading: bool = False
    ) -> AbstractContextManager[UnitOfWork]: ...
