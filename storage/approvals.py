"""Approvals: the matters, their tasks, and who answers for whom."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict, NoSuchApproval
from core.model.approval import Approval, ApprovalState, ApprovalTask, Proxy, TaskState
from core.model.history import Change
from core.model.ids import MemberId, Ref
from storage import tables
from storage.repositories import Repository, among, chunks

_COLUMNS = tuple(column.name for column in tables.approval_tasks.c)

_VALUES = tuple(name for name in _COLUMNS if name not in ("approval_id", "number"))
_TASKS = tables.approval_tasks.c
_CHANGED = (
    update(tables.approval_tasks)
    .where(_TASKS.approval_id == bindparam("of"), _TASKS.number == bindparam("at"), _TASKS.state == bindparam("was"))
    .values({name: bindparam(name) for name in _VALUES})
)
_FRESH = insert(tables.approval_tasks)
"""Made once: every act writes tasks, and making a statement costs more than running it."""


@cache
def _locked() -> Select[Approval]:
    numbered = select(Approval).where(tables.approvals.c.id == bindparam("number"))
    return numbered.with_for_update().execution_options(populate_existing=True)


@cache
def _lately() -> Select[int, str, str]:
    """Made once, and without flows and courses: every card that asks says what was asked before."""
    rows = tables.approvals.c
    theirs = select(rows.id, rows.kind, rows.state).where(rows.submitter_id == bindparam("who"))
    newest = theirs.where(rows.begun_at >= bindparam("begin")).order_by(rows.begun_at.desc(), rows.id.desc())
    return newest.limit(bindparam("most"))


class SqlApprovals(Repository):
    """See `core.ports.Approvals`."""

    def add(self, approval: Approval) -> None:
        self._add(approval)
        try:
            self._session.flush()
        except IntegrityError as failure:
            raise Conflict("the subject came under approval meanwhile") from failure

    def get(self, approval_id: int, *, lock: bool = False) -> Approval:
        if lock:
            found: Approval | None = self._session.scalar(_locked(), {"number": approval_id})
        else:
            found = self._session.get(Approval, approval_id)
        if found is None:
            raise NoSuchApproval(f"S{approval_id}")
        return found

    def find(self, approval_ids: Iterable[int]) -> list[Approval]:
        rows = tables.approvals.c
        return [
            one
            for some in chunks(approval_ids)
            for one in self._all(select(Approval).where(among(self._session, rows.id, some)).order_by(rows.id))
        ]

    def running_on(self, subject: Ref) -> list[Approval]:
        rows = tables.approvals.c
        return self._all(
            select(Approval).where(*_about(subject), rows.state == ApprovalState.RUNNING).order_by(rows.id)
        )

    def about(self, subject: Ref) -> list[Approval]:
        return self._all(select(Approval).where(*_about(subject)).order_by(tables.approvals.c.id.desc()))

    def of(self, submitter_id: MemberId, limit: int = 20) -> list[Approval]:
        rows = tables.approvals.c
        theirs = select(Approval).where(rows.submitter_id == submitter_id)
        return self._all(theirs.order_by(rows.begun_at.desc(), rows.id.desc()).limit(limit))

    def asked_lately(self, submitter_id: MemberId, begin: datetime, limit: int) -> list[tuple[int, str, str]]:
        about = {"who": submitter_id, "begin": begin, "most": limit}
        return [(number, kind, state) for number, kind, state in self._session.execute(_lately(), about)]

    def since(self, begin: datetime, kind: str = "") -> list[Approval]:
        rows = tables.approvals.c
        wanted = and_(rows.begun_at >= begin, *([rows.kind == kind] if kind else []))
        return self._all(select(Approval).where(wanted).order_by(rows.begun_at, rows.id))

    def put_tasks(self, fresh: Sequence[ApprovalTask], changed: Sequence[tuple[ApprovalTask, TaskState]]) -> None:
        connection = self._session.connection()
        for task, was in changed:
            values = {name: getattr(task, name) for name in _VALUES}
            key = {"of": task.approval_id, "at": task.number, "was": was}
            if connection.execute(_CHANGED, values | key).rowcount != 1:
                raise Conflict("a task was decided meanwhile")
        if fresh:
            connection.execute(_FRESH, [{name: getattr(task, name) for name in _COLUMNS} for task in fresh])

    def tasks(self, approval_id: int) -> list[ApprovalTask]:
        rows = tables.approval_tasks.c
        return self._read(select(tables.approval_tasks).where(rows.approval_id == approval_id).order_by(rows.number))

    def pending_of(self, member_ids: Iterable[MemberId]) -> list[ApprovalTask]:
        rows = tables.approval_tasks.c
        found = [
            task
            for some in chunks(member_ids)
            for task in self._read(
                select(tables.approval_tasks).where(
                    among(self._session, rows.member_id, some), rows.state == TaskState.PENDING
                )
            )
        ]
        return sorted(found, key=lambda task: (task.begun_at, task.approval_id, task.number))

    def answered_by(self, member_id: MemberId, since: datetime) -> list[ApprovalTask]:
        rows = tables.approval_tasks.c
        theirs = and_(rows.answered_by == member_id, rows.answered_at >= since)
        return self._read(select(tables.approval_tasks).where(theirs).order_by(rows.answered_at, rows.number))

    def running_by(self, submitter_ids: Iterable[MemberId]) -> list[Approval]:
        rows = tables.approvals.c
        return [
            one
            for some in chunks(submitter_ids)
            for one in self._all(
                select(Approval)
                .where(among(self._session, rows.submitter_id, some), rows.state == ApprovalState.RUNNING)
                .order_by(rows.id)
            )
        ]

    def log(self, approval_id: int) -> list[Change]:
        rows = tables.history.c
        about = and_(rows.subject_kind == "approval", rows.subject_id == approval_id)
        return self._all(select(Change).where(about).order_by(rows.version, rows.id))

    def _read(self, query: Any) -> list[ApprovalTask]:
        return [ApprovalTask(**row) for row in self._session.execute(query).mappings()]


class SqlProxies(Repository):
    """See `core.ports.Proxies`."""

    def add(self, proxy: Proxy) -> None:
        self._add(proxy)

    def get(self, proxy_id: int) -> Proxy | None:
        found = self._session.get(Proxy, proxy_id, with_for_update=True, populate_existing=True)
        return found if found is not None and found.deleted_at is None else None

    def of(self, member_id: MemberId) -> list[Proxy]:
        rows = tables.proxies.c
        theirs = and_(rows.member_id == member_id, rows.deleted_at.is_(None))
        return self._all(select(Proxy).where(theirs).order_by(rows.id.desc()))

    def on(self, day: date) -> list[Proxy]:
        rows = tables.proxies.c
        holding = and_(rows.begins_on <= day, rows.ends_on >= day, rows.agreed_at.is_not(None))
        return self._all(select(Proxy).where(holding, rows.deleted_at.is_(None)).order_by(rows.id))


def _about(subject: Ref) -> tuple[Any, ...]:
    rows = tables.approvals.c
    return rows.subject_kind == subject.kind, rows.subject_id == subject.id
