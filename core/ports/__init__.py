"""What the business asks of the outside: one unit of work with its repositories, and the words a service may use.

A unit of work is one actor, one instant, one transaction, and it is every service's first argument. Leaving its `with`
block commits, an exception rolls back, and there is no third way. Repository questions read aloud.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from core.calendar import WorkCalendar
from core.model.enclosure import Enclosure
from core.model.ids import OutboxId, Ref
from core.model.member import Member, Sender
from core.model.messages import InboxItem, OutboxMessage
from core.model.playbook import Playbook
from core.notices import Notice
from core.ports.approvals import Approvals, Proxies
from core.ports.assignment import Collaborations, Routings, Shifts
from core.ports.books import Books
from core.ports.clockwork import Days, Deadlines, Housekeeping, Jobs, Runs, Usage
from core.ports.conversation import Inbox, LanguageModel, Outbox, Questions
from core.ports.customers import Accounts, Contacts, Customers, Deals, MergeRequests, Names, Register
from core.ports.deletions import Deletions
from core.ports.fields import FieldValues
from core.ports.figures import Figures
from core.ports.files import Files, Intake, Materials, Painter, Templates, Typesetter
from core.ports.followups import FollowUps, Plans, Promises
from core.ports.handovers import Handovers
from core.ports.history import History
from core.ports.leads import Assignments, Leads
from core.ports.metrics import Metrics, Takings, Yardsticks
from core.ports.mirrors import Mirrors
from core.ports.money import Contracts, Invoices, Orders, Payments
from core.ports.people import Directory, Links, Members
from core.ports.playbook import Document, Edit, Newest, PlaybookFiles, PlaybookSource, Versions
from core.ports.pools import Absences, Pools, Requests
from core.ports.quotes import Products, Quotes
from core.ports.rehearsal import Tenures
from core.ports.stock import Availability, Stock
from core.ports.subscriptions import Peace, Subscriptions
from core.ports.timeline import Timeline
from core.ports.twins import Twins

__all__ = [
    "Absences",
    "Accounts",
    "Approvals",
    "Assignments",
    "Availability",
    "Books",
    "Collaborations",
    "Contacts",
    "Contracts",
    "Customers",
    "Days",
    "Deadlines",
    "Deals",
    "Deletions",
    "Directory",
    "Document",
    "Edit",
    "FieldValues",
    "Figures",
    "Files",
    "FollowUps",
    "Handovers",
    "History",
    "Housekeeping",
    "Inbox",
    "Intake",
    "Invoices",
    "Jobs",
    "LanguageModel",
    "Leads",
    "Links",
    "Materials",
    "Members",
    "MergeRequests",
    "Metrics",
    "Mirrors",
    "Names",
    "Newest",
    "OpenWork",
    "Orders",
    "Outbox",
    "Painter",
    "Payments",
    "Peace",
    "Plans",
    "PlaybookFiles",
    "PlaybookSource",
    "Pools",
    "Products",
    "Promises",
    "Proxies",
    "Questions",
    "Quotes",
    "Register",
    "Requests",
    "Routings",
    "Runs",
    "Shifts",
    "Stock",
    "Subscriptions",
    "Takings",
    "Templates",
    "Tenures",
    "Timeline",
    "Twins",
    "Typesetter",
    "UnitOfWork",
    "Usage",
    "Versions",
    "Yardsticks",
]


class UnitOfWork(Protocol):
    """One actor, one instant, one transaction; `storage/unit_of_work.py` provides it.

    `heard_at` is when the message that is being answered came to us; `now` where there is none. `tapped` is the card
    that was tapped and that the answer takes the place of.
    """

    now: datetime
    heard_at: datetime
    actor: Member
    channel: str
    room: str
    command: str
    tapped: OutboxId | None
    calendar: WorkCalendar
    documents: PlaybookFiles
    stock: Stock | None
    versions: Versions
    members: Members
    links: Links
    leads: Leads
    accounts: Accounts
    contacts: Contacts
    deals: Deals
    deletions: Deletions
    products: Products
    approvals: Approvals
    proxies: Proxies
    mirrors: Mirrors
    quotes: Quotes
    contracts: Contracts
    orders: Orders
    payments: Payments
    invoices: Invoices
    followups: FollowUps
    plans: Plans
    promises: Promises
    assignments: Assignments
    requests: Requests
    absences: Absences
    pools: Pools
    routings: Routings
    shifts: Shifts
    collaborations: Collaborations
    customers: Customers
    books: Books
    figures: Figures
    files: Files
    metrics: Metrics
    takings: Takings
    yardsticks: Yardsticks
    templates: Templates
    materials: Materials
    handovers: Handovers
    names: Names
    field_values: FieldValues
    twins: Twins
    merge_requests: MergeRequests
    deadlines: Deadlines
    subscriptions: Subscriptions
    peace: Peace
    days: Days
    questions: Questions
    history: History
    inbox: Inbox
    outbox: Outbox
    runs: Runs
    jobs: Jobs
    register: Register
    tenures: Tenures
    timeline: Timeline
    usage: Usage
    housekeeping: Housekeeping

    @property
    def playbook(self) -> Playbook:
        """What is in force in this transaction: read from the newest version when it is first asked for."""
        ...

    def tell(self, notice: Notice, at: Sender | None = None) -> None:
        """Put a notice into the outbox, beside the change that caused it; `at` names the one chat it belongs to."""
        ...

    def retell(self, screen: str, now: Callable[[Notice], Notice | None]) -> None:
        """Let what was told of a screen, and has not been written yet, say what is true `now`; None drops it."""
        ...

    def publish(self, event: str, body: str) -> None:
        """Let the company's other system hear of an event, beside the change that caused it."""
        ...

    def show_again(self, shown: OutboxMessage, notice: Notice, *, passing: bool = False) -> None:
        """Let `notice` take the place of a card that went out; where its place is gone there is nothing to say.

        What is `passing` is left out where a platform lets a card be changed once only: the end is worth it more.
        """
        ...

    def reply(
        self,
        to: Sender,
        card: dict[str, Any],
        replaces: dict[str, str] | None = None,
        reply_to: dict[str, str] | None = None,
        encloses: Sequence[Enclosure] = (),
    ) -> None:
        """Answer whoever wrote; `replaces` names the tapped card that the answer takes the place of.

        `reply_to` is the event's own: where it was said and how its channel answers there. What it `encloses` follows
        as messages of their own, files to whoever wrote alone.
        """
        ...

    def act_for(self, actor: Member, item: InboxItem, room: str = "") -> None:
        """From here on `actor` acts, by this message, said in `room` (a group) or to us alone."""
        ...

    def does(self, action: str) -> None:
        """Name what this transaction does, for the history: `lead.claim`."""
        ...

    def note(self, subject: Ref, version: int, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        """Put a change that is not one record's into the history; what records become goes there by itself."""
        ...

    def attempt(self) -> AbstractContextManager[None]:
        """A savepoint: what is done inside is forgotten when it raises, else it is noted under what it `does`."""
        ...

    def flush(self) -> None:
        """Give new records their ids."""
        ...


class OpenWork(Protocol):
    """Opens a unit of work. `now` is the clock's unless given; `reading` never takes the write lock."""

    def __call__(
        self, actor: Member, *, now: datetime | None = None, channel: str = "", reading: bool = False
    ) -> AbstractContextManager[UnitOfWork]: ...
