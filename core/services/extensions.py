"""More time: a holder asks, whoever must agrees by an approval, and there is an end to it (semantics B.3)."""

from datetime import datetime, timedelta

from core.errors import BadInput, LeadNotHeld
from core.model.playbook.parts import spoken_duration
from core.model.request import Request, RequestKind
from core.ports import UnitOfWork
from core.rules.recycling import Record
from core.services.approvals.keeping import read_course
from core.services.approvals.submitting import changed, pending_on, submit
from core.services.extension_matter import EXTENSION, latest, spent_on, stands_until, title_of

SOONEST = timedelta(minutes=1)


def ask_extension(uow: UnitOfWork, record: Record, until: datetime | None, reason: str) -> Request:
    """Ask for a record to stay longer; without an instant, for as long as one extension may be.

    Asking again changes what is asked. Refuses when no clock runs, or beyond what the playbook allows in all.
    """
    if record.owner_id != uow.actor.id:
        raise LeadNotHeld(record.name)
    until = _until(uow, record, until)
    uow.does("lead.extend")
    request = next((r for r in uow.requests.open_about([record.ref]) if _is_same(r, record)), None)
    if request is None:
        request = Request(
            kind=RequestKind.EXTENSION,
            member_id=uow.actor.id,
            decider_id=None,
            subject_kind=record.ref.kind,
            subject_id=record.id,
            cycle=record.cycle,
            created_at=uow.now,
            updated_at=uow.now,
        )
        uow.requests.add(request)
    request.until, request.reason = until, reason[:200]
    uow.flush()
    if not changed(uow, record.ref) and not any(one.kind == EXTENSION for one in uow.approvals.running_on(record.ref)):
        submit(uow, EXTENSION, record.ref, title=title_of(uow, record, request), reason=request.reason)
    approval = pending_on(uow, record.ref)
    if approval is not None:
        request.decider_id = next((task.member for task in read_course(approval.course).pending), None)
    uow.flush()
    return request


def _until(uow: UnitOfWork, record: Record, until: datetime | None) -> datetime:
    """Return until when a record may stay, which is asked for; refuse what is too soon, too late or too often."""
    due = stands_until(uow, record)
    if due is None:
        raise BadInput(f"「{record.name}」现在没有回收期限，不用延期。发送「今天」看看安排")
    spent = len(spent_on(uow, record))
    if spent >= uow.playbook.extensions.times:
        raise BadInput(f"「{record.name}」已经延过 {spent} 次，不能再延。请在 {_at(uow, due)} 前记一次有效跟进")
    longest = min(due + uow.playbook.extensions.each, latest(uow, record, due))
    until = until or longest
    if until <= due + SOONEST:
        raise BadInput(f"「{record.name}」本来就到 {_at(uow, due)}，不用延期。记一次有效跟进就能留住")
    if until > longest:
        each = spoken_duration(uow.playbook.extensions.each)
        raise BadInput(f"一次最多延{each}，「{record.name}」最晚可以延到 {_at(uow, longest)}。请改短后再申请一次")
    return until


def _is_same(request: Request, record: Record) -> bool:
    return request.kind == RequestKind.EXTENSION and request.cycle == record.cycle


def _at(uow: UnitOfWork, instant: datetime) -> str:
    return f"{uow.calendar.local(instant):%m-%d %H:%M}"
