"""Deadlines, inbox and outbox: the three tables that frame the program, and how their rows are taken.

Rows are taken by a lock that lasts as long as the transaction that works on them (PostgreSQL: FOR UPDATE SKIP LOCKED;
SQLite: the one write lock), so a second process sees nothing to do, and a crash gives everything back. Only deliveries
outlive their transaction and carry a lease with a time instead.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Delete, Select, Table, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from core.model.deadline import LIMITS, Deadline, DeadlineKind
from core.model.ids import InboxId, MemberId, OutboxId, Ref
from core.model.job import Job, JobState
from core.model.messages import InboxItem, InboxState, OutboxMessage, OutboxState
from storage import tables
from storage.queues import in_line
from storage.repositories import Repository, among, chunks, insert_new, one_of

PARK = timedelta(minutes=5)
OVER = (OutboxState.SENT, OutboxState.MERGED, OutboxState.DROPPED)
"""States of messages of which nothing is to be done any more."""


class SqlDeadlines(Repository):
    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__(session)
        self._now = now

    def replace(self, subject: Ref, deadlines: Sequence[Deadline]) -> None:
        rows = tables.deadlines.c
        about = and_(rows.subject_kind == subject.kind, rows.subject_id == subject.id)
        kept = {row.key: row for row in self._all(select(Deadline).where(about))}
        wanted = {deadline.key: deadline for deadline in deadlines}
        stale = [row.id for key, row in kept.items() if key not in wanted]
        if stale:
            self._session.execute(
                delete(tables.deadlines).where(rows.id.in_(stale), rows.settled_at.is_(None)),
                execution_options={"synchronize_session": "evaluate"},
            )
        for key, deadline in wanted.items():
            if key in kept:
                kept[key].due_at, kept[key].limit_at = deadline.due_at, deadline.limit_at
                kept[key].holder_id = deadline.holder_id
        insert_new(self._session, tables.deadlines, [_row(d) for key, d in wanted.items() if key not in kept])

    def clear(self, subjects: Sequence[Ref], *, but_overdue: bool = False) -> None:
        statement = _clearing(self._dialect, but_overdue)
        for kind in {subject.kind for subject in subjects}:
            for ids in chunks(subject.id for subject in subjects if subject.kind == kind):
                self._session.execute(
                    statement,
                    {"subject": kind, "ids": ids} | ({"now": self._now} if but_overdue else {}),
                    execution_options={"synchronize_session": False},
                )

    def kinds_due(self, now: datetime) -> set[str]:
        ids = tables.deadlines.c.id
        return {
            kind
            for kind in DeadlineKind
            if self._session.scalar(select(ids).where(*self._due(kind, now)).limit(1)) is not None
        }

    def due(self, kind: str, now: datetime, limit: int) -> list[Deadline]:
        return self._all(
            select(Deadline)
            .where(*self._due(kind, now))
            .order_by(tables.deadlines.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

    def _due(self, kind: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
        rows = tables.deadlines.c
        passed = rows.due_at < now if DeadlineKind(kind) in LIMITS else rows.due_at <= now
        free = or_(rows.parked_until.is_(None), rows.parked_until <= self._now)
        return rows.kind == kind, rows.settled_at.is_(None), passed, free

    def settle(self, deadlines: Sequence[Deadline]) -> None:
        for ids in chunks(deadline.id for deadline in deadlines):
            self._session.execute(
                update(tables.deadlines)
                .where(among(self._session, tables.deadlines.c.id, ids), tables.deadlines.c.settled_at.is_(None))
                .values(settled_at=self._now),
                execution_options={"synchronize_session": False},
            )

    def park(self, deadline_id: int, error: str) -> None:
        rows = tables.deadlines.c
        self._session.execute(
            update(tables.deadlines)
            .where(rows.id == deadline_id)
            .values(parked_until=self._now + PARK, attempts=rows.attempts + 1, error=error[:500])
        )

    def hand_on(self, subjects: Iterable[Ref], to: MemberId) -> None:
        rows, refs = tables.deadlines.c, list(subjects)
        for kind in {ref.kind for ref in refs}:
            for ids in chunks(ref.id for ref in refs if ref.kind == kind):
                theirs = and_(rows.subject_kind == kind, among(self._session, rows.subject_id, ids))
                self._session.execute(
                    update(tables.deadlines).where(theirs, rows.settled_at.is_(None)).values(holder_id=to),
                    execution_options={"synchronize_session": False},
                )

    def of(self, subject: Ref) -> list[Deadline]:
        rows = tables.deadlines.c
        about = and_(rows.subject_kind == subject.kind, rows.subject_id == subject.id, rows.settled_at.is_(None))
        return self._all(select(Deadline).where(about).order_by(rows.due_at))

    def settled(self, subject: Ref, since: datetime, until: datetime) -> list[Deadline]:
        rows = tables.deadlines.c
        about = and_(rows.subject_kind == subject.kind, rows.subject_id == subject.id)
        then = rows.settled_at.between(since, until)
        return self._all(select(Deadline).where(about, then).order_by(rows.settled_at, rows.due_at, rows.id))

    def reopen(self, subject: Ref, kind: str) -> None:
        rows = tables.deadlines.c
        about = and_(rows.subject_kind == subject.kind, rows.subject_id == subject.id, rows.kind == kind)
        self._session.execute(
            delete(tables.deadlines).where(about, rows.settled_at.is_not(None)),
            execution_options={"synchronize_session": "fetch"},
        )

    def held_by(self, member_id: MemberId, kind: str, until: datetime) -> list[Deadline]:
        return self.held_by_any([member_id], kind, until)

    def held_by_any(self, member_ids: Iterable[MemberId], kind: str, until: datetime) -> list[Deadline]:
        rows = tables.deadlines.c
        standing = and_(rows.kind == kind, rows.settled_at.is_(None), rows.limit_at < until)
        return [
            deadline
            for some in chunks(member_ids)
            for deadline in self._all(
                select(Deadline).where(rows.holder_id.in_(some), standing).order_by(rows.limit_at)
            )
        ]


@cache
def _clearing(dialect: str, but_overdue: bool) -> Delete:
    """Made once: nearly every command answers a promise."""
    rows = tables.deadlines.c
    standing: list[ColumnElement[bool]] = [rows.settled_at.is_(None)]
    if but_overdue:
        standing.append(or_(rows.kind != DeadlineKind.RECYCLE, rows.due_at >= bindparam("now")))
    about = (rows.subject_kind == bindparam("subject"), one_of(rows.subject_id, "ids", dialect))
    return delete(tables.deadlines).where(*about, *standing)


class SqlInbox(Repository):
    def take(self, channel: str, user_id: str, now: datetime) -> tuple[InboxItem | None, bool]:
        found = self._session.execute(_oldest_waiting(), {"channel": channel, "user": user_id}).first()
        item: InboxItem | None = found[0] if found is not None else None
        if found is None or item is None or (item.retry_at is not None and item.retry_at > now):
            return None, False
        return item, bool(found[1])

    def get(self, item_id: InboxId) -> InboxItem | None:
        return self._session.get(InboxItem, item_id)


@cache
def _oldest_waiting() -> Select[InboxItem, bool]:
    rows, others = tables.inbox.c, tables.inbox.alias("others").c

    def theirs(of: Any) -> tuple[ColumnElement[bool], ...]:
        return of.channel == bindparam("channel"), of.user_id == bindparam("user"), of.state == InboxState.PENDING

    behind = exists().where(*theirs(others), others.id > rows.id)
    oldest = select(InboxItem, behind).where(*theirs(rows)).order_by(rows.id).limit(1)
    return oldest.with_for_update(of=tables.inbox, nowait=True)


class SqlOutbox(Repository):
    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._held: dict[OutboxId, OutboxMessage] = {}

    def lease(self, key: tuple[str, str], now: datetime, until: datetime, limit: int) -> list[OutboxMessage]:
        """Take one person's deliverable messages, oldest first; see `storage.queues.in_line` for who waits for whom."""
        rows = tables.outbox.c
        found = self._all(
            select(OutboxMessage)
            .where(rows.channel == key[0], rows.user_id == key[1], in_line(now))
            .order_by(rows.id)
            .limit(limit)
            .with_for_update()
        )
        taken = list(takewhile(lambda message: not _must_wait(message, now), found))
        for message in taken:
            if message.leased_until is not None and message.state == OutboxState.WAITING:
                message.state = OutboxState.UNKNOWN  # its holder died with it in hand, perhaps after sending
            message.leased_until = until
        return taken

    def get(self, message_id: OutboxId) -> OutboxMessage | None:
        held = self._held.get(message_id)
        if held is None:  # several ask for the message that was tapped, and a session forgets what nobody holds
            held = self._session.get(OutboxMessage, message_id)
            if held is not None:
                self._held[message_id] = held
        return held

    def told(self, member_id: MemberId, kind: str, since: datetime, until: datetime) -> list[OutboxMessage]:
        rows = tables.outbox.c
        then = and_(rows.member_id == member_id, rows.kind == kind, rows.created_at.between(since, until))
        return self._all(select(OutboxMessage).where(then).order_by(rows.id))

    def showing(self, screen: str) -> list[OutboxMessage]:
        return list(self._session.scalars(_showing(), {"shown": screen}))

    def held(self, message: OutboxMessage) -> OutboxMessage | None:
        """Return the row of a leased message, locked; None when the lease ended and somebody else may have it."""
        kept = self._session.get(OutboxMessage, message.id, with_for_update=True)
        return kept if kept is not None and kept.leased_until == message.leased_until else None

    def for_leavers(self, messages: Iterable[OutboxMessage]) -> list[OutboxMessage]:
        by_member: dict[MemberId, list[OutboxMessage]] = {}
        for message in messages:
            if message.member_id is not None:
                by_member.setdefault(message.member_id, []).append(message)
        if not by_member:
            return []
        members = tables.members.c
        gone = select(members.id).where(members.id.in_(by_member), members.active.is_(False))
        return [message for member_id in self._session.scalars(gone) for message in by_member[member_id]]

    def waiting_at(self, channel: str, user_id: str, now: datetime) -> list[OutboxMessage]:
        rows = tables.outbox.c
        return self._all(
            select(OutboxMessage)
            .where(rows.channel == channel, rows.user_id == user_id)
            .where(or_(rows.leased_until.is_(None), rows.leased_until <= now))
            .where(rows.state.in_((OutboxState.WAITING, OutboxState.UNKNOWN)), rows.member_id.is_not(None))
            .order_by(rows.id)
            .with_for_update(skip_locked=True)
        )

    def bring_forward(self, message: OutboxMessage, now: datetime) -> None:
        """After `message` has arrived, let the person's failed ones be tried at once; each only once.

        One that fails again although a later one arrived is itself the trouble and keeps its pauses.
        """
        rows, others = tables.outbox.c, tables.outbox.alias()
        theirs = others.c.channel == message.channel, others.c.user_id == message.user_id
        later = select(func.coalesce(func.max(others.c.id), 0)).where(
            *theirs, others.c.state == OutboxState.SENT, others.c.id != message.id
        )
        stuck = (
            select(rows.id)
            .where(rows.channel == message.channel, rows.user_id == message.user_id)
            .where(rows.state.in_((OutboxState.WAITING, OutboxState.UNKNOWN)))
            .where(rows.attempts > 0, rows.not_before > now, rows.id > later.scalar_subquery())
            .with_for_update(skip_locked=True)  # what somebody works on is not worth a deadlock
        )
        if ids := list(self._session.scalars(stuck)):
            self._session.execute(
                update(tables.outbox).where(rows.id.in_(ids)).values(not_before=None),
                execution_options={"synchronize_session": False},
            )


@cache
def _showing() -> Select[OutboxMessage]:
    rows = tables.outbox.c
    alive = rows.state.not_in((OutboxState.FAILED, OutboxState.DROPPED))
    return select(OutboxMessage).where(rows.screen == bindparam("shown"), alive).order_by(rows.id)


class SqlJobs(Repository):
    def add(self, job: Job) -> None:
        self._add(job)
        self._session.info["wakes"] = True

    def get(self, job_id: int) -> Job | None:
        return self._session.get(Job, job_id)

    def count(self, kind: str, by: MemberId, since: datetime) -> int:
        jobs = tables.jobs.c
        theirs = (jobs.kind == kind, jobs.created_by == by, jobs.created_at >= since)
        return self._session.scalar(select(func.count()).select_from(tables.jobs).where(*theirs)) or 0

    def lease(self, job_id: int, now: datetime, until: datetime) -> Job | None:
        """Take a job until `until`; None when it is done, must wait, or somebody has it."""
        job = self._session.get(Job, job_id, with_for_update=True)
        if job is None or job.state != JobState.WAITING:
            return None
        if any(moment is not None and moment > now for moment in (job.leased_until, job.not_before)):
            return None
        job.leased_until, job.attempts = until, job.attempts + 1
        return job

    def is_ordered(self, kind: str, content: dict[str, Any]) -> bool:
        rows = tables.jobs.c
        waiting = select(Job).where(rows.kind == kind, rows.state == JobState.WAITING, rows.leased_until.is_(None))
        return any(job.content == content for job in self._all(waiting))


class SqlHousekeeping(Repository):
    """Lets go of rows that nobody asks for any more."""

    KEEP = timedelta(days=90)

    def __init__(self, session: Session, now: datetime) -> None:
        super().__init__(session)
        self._now = now

    def forget(self) -> dict[str, int]:
        old = self._now - self.KEEP
        inbox, outbox, deadlines = tables.inbox.c, tables.outbox.c, tables.deadlines.c
        gone: dict[Table, ColumnElement[bool]] = {
            tables.inbox: (inbox.state == InboxState.DONE) & (inbox.done_at < old),
            tables.outbox: outbox.state.in_(OVER) & (outbox.created_at < old),
            tables.deadlines: deadlines.settled_at < old,
            tables.jobs: tables.jobs.c.done_at < old,
            tables.link_codes: tables.link_codes.c.expires_at < old,
            tables.files: tables.files.c.deleted_at < old,
            tables.file_contents: tables.file_contents.c.sha256.not_in(select(tables.files.c.sha256)),
            tables.shared: tables.shared.c.expires_at < self._now - timedelta(days=1),
        }
        counts: dict[str, int] = {}
        for table, where in gone.items():
            result: Any = self._session.execute(
                delete(table).where(where), execution_options={"synchronize_session": False}
            )
            counts[table.name] = int(result.rowcount)
        return counts


def _must_wait(message: OutboxMessage, now: datetime) -> bool:
    return any(moment is not None and moment > now for moment in (message.leased_until, message.not_before))


def _row(deadline: Deadline) -> dict[str, Any]:
    return {
        "subject_kind": deadline.subject_kind,
        "subject_id": deadline.subject_id,
        "kind": deadline.kind,
        "rule": deadline.rule,
        "cycle": deadline.cycle,
        "due_at": deadline.due_at,
        "limit_at": deadline.limit_at,
        "holder_id": deadline.holder_id,
    }
