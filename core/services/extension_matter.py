"""More time for a lead or an account as a matter of approval: what is asked, and what becomes of it (semantics B.3)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from core.errors import BadInput
from core.model.approval import Answer, Approval
from core.model.customer import Account
from core.model.ids import AccountId, LeadId, Ref
from core.model.request import Request, RequestKind, RequestState
from core.ports import UnitOfWork
from core.rules.recycling import Record, held_since, rules_for, touched_at, unkept_at
from core.services.approvals.keeping import read_course
from core.services.keeping import facts_of

EXTENSION: Final = "extension"
HOUR: Final = 3600


class ExtensionMatter:
    """See `core.services.approvals.subjects.Subject`. Its subject is the record; the request says until when."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        """Return for how long is asked, and how often before."""
        record, request = record_at(uow, subject), _request(uow, subject)
        owner = uow.members.find([record.owner_id]).get(record.owner_id) if record.owner_id is not None else None
        due = stands_until(uow, record) or request.created_at
        return {
            "hours": round(((request.until or due) - due).total_seconds() / HOUR, 1),
            "times": len(spent_on(uow, record)) + 1,
            "until": request.until,
            "customer": record.name,
            "grade": record.grade or None,
            "owner": f"M{owner.id}" if owner is not None else None,
            "owner_department": owner.department if owner is not None else None,
        }

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[tuple[str, str, str]]:
        """Return what whoever decides has to see."""
        record, request = record_at(uow, subject), _request(uow, subject)
        due, last = stands_until(uow, record), touched_at(record)
        until, end = request.until, latest(uow, record, due) if due is not None else None
        lines = (
            ("until", "想延到", _at(uow, until)),
            ("due", "现在的期限", _at(uow, due)),
            ("end", "最晚可到", _at(uow, end)),
            ("last", "最近有效跟进", _at(uow, last) or "还没有"),
        )
        return [line for line in lines if line[2]]

    def named(self, uow: UnitOfWork, subject: Ref) -> tuple[str, str]:
        """Return what an extension is called, and why it is asked for, as it is asked now."""
        request = _request(uow, subject)
        return title_of(uow, record_at(uow, subject), request), request.reason

    def passed(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the record stay until the instant that was asked for, if its holder still has it."""
        request, record = _request(uow, approval.subject), record_at(uow, approval.subject)
        if record.owner_id != request.member_id or record.cycle != request.cycle:
            _settle(uow, request, RequestState.LAPSED)
            return
        _settle(uow, request, RequestState.GRANTED)
        record.protected_until = max(filter(None, (record.protected_until, request.until)), default=None)

    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the clock go on as if nobody had asked."""
        noes = [task.comment for task in read_course(approval.course).tasks if task.answer is Answer.NO]
        _settle(uow, _request(uow, approval.subject), RequestState.REFUSED, noes[-1] if noes else "")

    def afterwards(self, uow: UnitOfWork, approval: Approval) -> str:
        """Say when the record goes now."""
        leaves = leaves_at(uow, record_at(uow, approval.subject))
        return f"{_at(uow, leaves)} 前没有有效跟进会回收" if leaves is not None else ""


def leaves_at(uow: UnitOfWork, record: Record) -> datetime | None:
    """Return when a record leaves its holder unless somebody is in touch."""
    limits = [deadline.limit_at for deadline in uow.deadlines.of(record.ref) if deadline.kind == "recycle"]
    return min(limits, default=None)


def stands_until(uow: UnitOfWork, record: Record) -> datetime | None:
    """Return when a record leaves its holder, were it not that an extension is being decided."""
    due = leaves_at(uow, record)
    waits = any(one.kind == RequestKind.EXTENSION for one in uow.requests.open_about([record.ref]))
    bare = _bare(uow, record) if waits else None
    return max(filter(None, (bare, record.protected_until))) if bare is not None else due


def latest(uow: UnitOfWork, record: Record, due: datetime) -> datetime:
    """Return until when extensions may protect a record at the very most.

    Every extension counts from the rule's own end, not from where an earlier one has moved it.
    """
    extensions = uow.playbook.extensions
    return (_bare(uow, record) or due) + extensions.each * extensions.times


def _bare(uow: UnitOfWork, record: Record) -> datetime | None:
    """Return when the rules would take a record if nothing kept it."""
    known = facts_of(uow, [record]).get(record.ref)
    standing = rules_for(record, known, uow.playbook, uow.calendar) if known is not None else ()
    ends = [at for rule, _ in standing if known and (at := unkept_at(record, rule, known, uow.calendar))]
    return min(ends, default=None)


def spent_on(uow: UnitOfWork, record: Record) -> list[Request]:
    """Return what its holder was granted since somebody was last in touch."""
    since = touched_at(record) or held_since(record) or uow.now
    return [
        one
        for one in uow.requests.about(record.ref, RequestKind.EXTENSION)
        if one.cycle == record.cycle
        and one.state == RequestState.GRANTED
        and one.member_id == record.owner_id
        and one.settled_at is not None
        and one.settled_at >= since
    ]


def title_of(uow: UnitOfWork, record: Record, request: Request) -> str:
    """Name an extension for whoever decides: 华东机电 延期到 03-07 10:00."""
    return f"{record.name} 延期到 {_at(uow, request.until)}"


def record_at(uow: UnitOfWork, ref: Ref) -> Record:
    """Return the lead or the account of a number."""
    found: Record | None
    if ref.kind == "lead":
        found = next(iter(uow.leads.find([LeadId(ref.id)])), None)
    else:
        accounts: list[Account] = uow.accounts.find([AccountId(ref.id)])
        found = next(iter(accounts), None)
    if found is None:
        raise BadInput("这个客户已经不在了，不用再延期")
    return found


def _request(uow: UnitOfWork, subject: Ref) -> Request:
    """Return what was asked for last about a record."""
    asked = sorted(uow.requests.about(subject, RequestKind.EXTENSION), key=lambda one: one.id)
    if not asked:
        raise BadInput("没有找到这次延期申请，请重新申请")
    return asked[-1]


def _settle(uow: UnitOfWork, request: Request, state: RequestState, answer: str = "") -> None:
    if request.state == RequestState.OPEN:
        request.settle(state, uow.actor.id or None, uow.actor.name, uow.now, answer)
        uow.flush()


def _at(uow: UnitOfWork, instant: datetime | None) -> str:
    return f"{uow.calendar.local(instant):%m-%d %H:%M}" if instant is not None else ""
