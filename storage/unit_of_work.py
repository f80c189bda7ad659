"""SqlUnitOfWork: one actor, one instant, one transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from core import ports
from core.calendar import WorkCalendar
from core.errors import Conflict
from core.model.enclosure import FILE, Enclosure
from core.model.ids import MemberId, OutboxId, Ref
from core.model.member import Member, Sender
from core.model.messages import InboxItem, OutboxMessage, OutboxState
from core.model.playbook import Playbook
from core.model.subscription import QuietRule
from core.notices import Notice, notice_as_json
from core.rules.subscriptions import end_of_peace, kept_back_until
from storage import history as changes
from storage import tables
from storage.alike import write_alike
from storage.approvals import SqlApprovals, SqlProxies
from storage.assignment import SqlCollaborations, SqlRoutings, SqlShifts
from storage.books import SqlBooks
from storage.bulk import SqlRegister
from storage.calendar import SqlDays
from storage.clockwork import SqlDeadlines, SqlHousekeeping, SqlInbox, SqlJobs, SqlOutbox
from storage.deals import SqlDeals
from storage.deletions import SqlDeletions
from storage.engine import reading as reading_engine
from storage.field_values import SqlFieldValues, index_fields
from storage.figures import SqlFigures
from storage.files import SqlFiles, SqlMaterials, SqlTemplates
from storage.followups import SqlFollowUps, SqlPlans
from storage.habits import SqlPeace, SqlSubscriptions
from storage.handovers import SqlHandovers
from storage.inserts import insert_rows
from storage.mapping import TRACKED, map_classes
from storage.members import SqlLinks, SqlMembers
from storage.metrics import SqlMetrics
from storage.mirrors import SqlMirrors
from storage.money import SqlContracts, SqlInvoices, SqlOrders, SqlPayments
from storage.named import SqlNames
from storage.naming import index_flush
from storage.passages import PassageKeeper
from storage.past import SqlHistory
from storage.pools import SqlAbsences, SqlPools, SqlRequests
from storage.products import SqlProducts
from storage.promises import SqlPromises
from storage.quotes import SqlQuotes
from storage.repositories import (
    SqlAccounts,
    SqlAssignments,
    SqlContacts,
    SqlCustomers,
    SqlLeads,
    SqlQuestions,
    SqlRuns,
    insert_new,
)
from storage.takings import SqlTakings
from storage.tenures import SqlTenures
from storage.timeline import SqlTimeline
from storage.twins import SqlMergeRequests, SqlTwins
from storage.usage import SqlUsage
from storage.versions import SqlVersions
from storage.yardsticks import SqlYardsticks

_WORK = "work"
"""Where a session names its unit of work."""

_LOST_RACES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialization failure, deadlock, lock not available. The transaction may simply be tried again."""


class SqlUnitOfWork:
    """See `core.ports.UnitOfWork`."""

    tapped: OutboxId | None = None

    def __init__(
        self,
        session: Session,
        actor: Member,
        now: datetime,
        source: ports.PlaybookSource,
        calendar: WorkCalendar,
        channel: str,
    ) -> None:
        self.session = session
        self.actor, self.now, self.channel, self.room = actor, now, channel, ""
        self.calendar, self.documents = calendar, source.files
        self.stock: ports.Stock | None = None
        self._source = source
        self._playbook: Playbook | None = None
        self.heard_at = now
        self.command = uuid4().hex
        self._action = ""
        self._inbox_id: int | None = None
        self._recorder = changes.Recorder()
        self._told: list[tuple[Notice, Sender | None]] = []
        self._replies: list[dict[str, Any]] = []
        self._open_records(session, now)
        self._open_machine(session, now)
        session.info[_WORK] = self

    def _open_records(self, session: Session, now: datetime) -> None:
        """Open the repositories of what the business is about."""
        self.leads: ports.Leads = SqlLeads(session)
        self.accounts: ports.Accounts = SqlAccounts(session)
        self.contacts: ports.Contacts = SqlContacts(session)
        self.deals: ports.Deals = SqlDeals(session)
        self.deletions: ports.Deletions = SqlDeletions(session)
        self.products: ports.Products = SqlProducts(session)
        self.approvals: ports.Approvals = SqlApprovals(session)
        self.proxies: ports.Proxies = SqlProxies(session)
        self.mirrors: ports.Mirrors = SqlMirrors(session)
        self.quotes: ports.Quotes = SqlQuotes(session)
        self.contracts: ports.Contracts = SqlContracts(session)
        self.orders: ports.Orders = SqlOrders(session)
        self.payments: ports.Payments = SqlPayments(session)
        self.invoices: ports.Invoices = SqlInvoices(session)
        self.followups: ports.FollowUps = SqlFollowUps(session)
        self.plans: ports.Plans = SqlPlans(session)
        self.promises: ports.Promises = SqlPromises(session)
        self.assignments: ports.Assignments = SqlAssignments(session)
        self.pools: ports.Pools = SqlPools(session)
        self.routings: ports.Routings = SqlRoutings(session, now)
        self.collaborations: ports.Collaborations = SqlCollaborations(session)
        self.customers: ports.Customers = SqlCustomers(session)
        self.books: ports.Books = SqlBooks(session)
        self.files: ports.Files = SqlFiles(session)
        self._passages = PassageKeeper(session, lambda: self.playbook, self.calendar)
        self.metrics: ports.Metrics = SqlMetrics(session, self._passages, self.calendar)
        self.takings: ports.Takings = SqlTakings(session)
        self.yardsticks: ports.Yardsticks = SqlYardsticks(session)
        self.templates: ports.Templates = SqlTemplates(session)
        self.materials: ports.Materials = SqlMaterials(session)
        self.handovers: ports.Handovers = SqlHandovers(session)
        self.names: ports.Names = SqlNames(session)
        self.field_values: ports.FieldValues = SqlFieldValues(session, lambda: self.playbook)
        self.twins: ports.Twins = SqlTwins(session)
        self.merge_requests: ports.MergeRequests = SqlMergeRequests(session)

    def _open_machine(self, session: Session, now: datetime) -> None:
        """Open the repositories of who works here, and of what keeps the program going."""
        self.versions: ports.Versions = SqlVersions(session, added=self._forget_playbook)
        self.members: ports.Members = SqlMembers(session)
        self.links: ports.Links = SqlLinks(session)
        self.requests: ports.Requests = SqlRequests(session)
        self.absences: ports.Absences = SqlAbsences(session)
        self.shifts: ports.Shifts = SqlShifts(session)
        self.figures: ports.Figures = SqlFigures(session)
        self.deadlines: ports.Deadlines = SqlDeadlines(session, now)
        self.subscriptions: ports.Subscriptions = SqlSubscriptions(session)
        self.peace: ports.Peace = SqlPeace(session)
        self.days: ports.Days = SqlDays(session)
        self.questions: ports.Questions = SqlQuestions(session)
        self.history: ports.History = SqlHistory(session, now)
        self.inbox: ports.Inbox = SqlInbox(session)
        self.outbox: ports.Outbox = SqlOutbox(session)
        self.runs: ports.Runs = SqlRuns(session, now)
        self.jobs: ports.Jobs = SqlJobs(session)
        self.register: ports.Register = SqlRegister(session)
        self.tenures: ports.Tenures = SqlTenures(session)
        self.timeline: ports.Timeline = SqlTimeline(session)
        self.usage: ports.Usage = SqlUsage(session)
        self.housekeeping: ports.Housekeeping = SqlHousekeeping(session, now)

    @property
    def playbook(self) -> Playbook:
        if self._playbook is None:
            self._playbook = self._source.in_force(self.versions)
        return self._playbook

    def _forget_playbook(self) -> None:
        self._playbook = None

    def tell(self, notice: Notice, at: Sender | None = None) -> None:
        self._told.append((notice, at))

    def retell(self, screen: str, now: Callable[[Notice], Notice | None]) -> None:
        told = [(now(notice) if notice.screen == screen else notice, at) for notice, at in self._told]
        self._told = [(notice, at) for notice, at in told if notice is not None]

    def publish(self, event: str, body: str) -> None:
        self._replies.append(_outbox_row("webhook", "events", None, "card", {"title": event, "text": body}, self.now))

    def show_again(self, shown: OutboxMessage, notice: Notice, *, passing: bool = False) -> None:
        kind, content = notice_as_json(notice)
        row = _outbox_row(shown.channel, shown.user_id, notice.to, kind, content, self.now)
        replaces = {"message": str(shown.id), "merely": "passing" if passing else "settled"}
        self._replies.append(row | {"replaces": replaces, "reply_to": None})

    def reply(
        self,
        to: Sender,
        card: dict[str, Any],
        replaces: dict[str, str] | None = None,
        reply_to: dict[str, str] | None = None,
        encloses: Sequence[Enclosure] = (),
    ) -> None:
        row = _outbox_row(to.channel, to.user_id, self.actor.id or None, "card", card, self.now)
        self._replies.append(row | {"replaces": replaces, "reply_to": reply_to or None})
        for enclosure in encloses:
            kind, content = enclosure.as_message()
            where = None if kind == FILE else reply_to or None
            self._replies.append(row | {"kind": kind, "content": content, "replaces": None, "reply_to": where})

    def act_for(self, actor: Member, item: InboxItem, room: str = "") -> None:
        self.actor, self.channel, self.room = actor, item.channel, room
        self._inbox_id, self.command = item.id, f"e{item.id}"
        self.heard_at = min(item.received_at, self.now)

    def does(self, action: str) -> None:
        self._action = action

    def note(self, subject: Ref, version: int, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        self._recorder.note(subject, version, before, after)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        self.session.flush()  # what was changed before belongs to the outside of the savepoint, and its history too
        told, replies, recorder, action = list(self._told), len(self._replies), self._recorder, self._action
        self._recorder = changes.Recorder()
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            del self._replies[replies:]
            self._told, self._recorder, self._action = told, recorder, action
            raise
        kept, self._recorder = self._recorder, recorder
        recorder.take_over(kept, self._action)

    def flush(self) -> None:
        self.session.flush()

    def close(self) -> None:
        """Write what goes beside the changes: their history, notices and replies."""
        self.session.flush()
        self._passages.settle()
        if rows := self._recorder.rows():
            insert_rows(self.session.connection(), tables.history, [self._change(row) for row in rows])
        self._write_outbox()

    def _change(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            "at": self.now,
            "actor_id": self.actor.id or None,
            "channel": self.channel,
            "inbox_id": self._inbox_id,
            "command": self.command,
            "action": self._action,
            **row,
        }

    def _write_outbox(self) -> None:
        rows = self._replies + (self._told_rows() if self._told else [])
        insert_new(self.session, tables.outbox, rows)

    def _told_rows(self) -> list[dict[str, Any]]:
        receivers = self.members.receivers({notice.to for notice, at in self._told if at is None})
        rows = []
        for notice, at in self._let_through({of: rule for of, (_, rule) in receivers.items() if rule is not None}):
            if (user := at or receivers.get(notice.to, (None, None))[0]) is None:
                continue
            kind, content = notice_as_json(notice)
            row = _outbox_row(user.channel, user.user_id, notice.to, kind, content, self.now)
            rows.append(row | {"unique_key": notice.once, "screen": notice.screen})
            for number, enclosure in enumerate(notice.encloses, 1):
                once = None if notice.once is None else f"{notice.once}+{number}"
                kind, content = enclosure.as_message()
                rows.append(row | {"kind": kind, "content": content, "unique_key": once})
        return rows

    def _let_through(self, rules: Mapping[MemberId, QuietRule]) -> list[tuple[Notice, Sender | None]]:
        """Return what may be said now; what its receiver is not to be disturbed by waits until their peace ends."""
        through, held = [], []
        for notice, at in self._told:
            disturbs = at is None and not notice.wanted and notice.to != self.actor.id
            rule = rules.get(notice.to) if disturbs else None
            until = kept_back_until(rule, self.now, notice.worth, self.calendar) if rule is not None else None
            if rule is None or until is None:
                through.append((notice, at))
                continue
            held.append((notice, until))
            self.deadlines.replace(rule.ref, (end_of_peace(rule, until),))
        self.peace.keep_back(held)
        return through

    def _stamp(self, session: Session) -> None:
        self._passages.note()
        write_alike(session, self._recorder, self.now)
        for entity in session.dirty:
            if type(entity) in TRACKED and hasattr(entity, "updated_at") and changes.changed(entity):
                entity.updated_at = self.now

    def _record(self, session: Session) -> None:
        self._recorder.collect(session)
        index_flush(session)
        index_fields(session, lambda: self.playbook)


class WorkSession(Session):
    """A session that tells its unit of work of each flush; it listens as a class, since listening costs every work."""


@event.listens_for(WorkSession, "before_flush")
def _before_flush(session: Session, *_: object) -> None:
    session.info[_WORK]._stamp(session)


@event.listens_for(WorkSession, "after_flush")
def _after_flush(session: Session, *_: object) -> None:
    session.info[_WORK]._record(session)


class WorkOpener:
    """Opens units of work; see `core.ports.OpenWork`.

    `clock` gives the instant, `source` the playbook and `calendar` the work calendar in force; `committed` is told
    after each commit that left messages or jobs, so that whoever delivers and works can wake up.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime],
        source: ports.PlaybookSource,
        calendar: Callable[[], WorkCalendar],
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        map_classes()
        self.stock: ports.Stock | None = None
        self._clock, self._source, self._calendar, self._committed = clock, source, calendar, committed
        self._writing = sessionmaker(engine, class_=WorkSession, expire_on_commit=False)
        self._reading = sessionmaker(reading_engine(engine), class_=WorkSession, expire_on_commit=False)

    @contextmanager
    def __call__(
        self, actor: Member, *, now: datetime | None = None, channel: str = "", reading: bool = False
    ) -> Iterator[SqlUnitOfWork]:
        session = (self._reading if reading else self._writing)()
        try:
            uow = SqlUnitOfWork(session, actor, now or self._clock(), self._source, self._calendar(), channel)
            uow.stock = self.stock
            yield uow
            if not reading:
                uow.close()
                session.commit()
        except StaleDataError as lost:
            session.rollback()
            raise Conflict("record changed meanwhile") from lost
        except DBAPIError as failure:
            session.rollback()
            if is_lost_race(failure):
                raise Conflict("database asks to try again") from failure
            raise
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
        if not reading and (uow._told or uow._replies or session.info.get("wakes")):
            self._committed()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a bare session for questions about rows, without an actor."""
        with self._reading() as session:
            yield session


def is_lost_race(failure: DBAPIError) -> bool:
    """Say whether the same transaction may succeed when tried again."""
    state = getattr(failure.orig, "sqlstate", None)
    return state in _LOST_RACES or (isinstance(failure, OperationalError) and "database is locked" in str(failure.orig))


def _outbox_row(
    channel: str, user_id: str, member_id: MemberId | None, kind: str, content: dict[str, Any], now: datetime
) -> dict[str, Any]:
    return {
        "channel": channel,
        "user_id": user_id,
        "member_id": member_id,
        "kind": kind,
        "content": content,
        "unique_key": None,
        "screen": None,
        "replaces": None,
        "reply_to": None,
        "created_at": now,
        "state": OutboxState.WAITING,
    }
