"""More time: a holder asks, whoever leads them decides with one tap, and there is an end to it (semantics B.3)."""

from datetime import datetime, timedelta

from core.errors import BadInput, LeadNotHeld
from core.model.ids import RequestId
from core.model.playbook.parts import spoken_duration
from core.model.request import Request, RequestKind, RequestState
from core.notices.pool import RequestDecided, RequestMade
from core.ports import UnitOfWork
from core.rules.recycling import Record, held_since, rules_for, touched_at, unkept_at
from core.services.keeping import facts_of, set_clocks
from core.services.leaders import leaders_of
from core.services.recycling import records_of
from core.services.requests import decide

SOONEST = timedelta(minutes=1)


def leaves_at(uow: UnitOfWork, record: Record) -> datetime | None:
    """Return when a record leaves its holder unless somebody is in touch."""
    limits = [deadline.limit_at for deadline in uow.deadlines.of(record.ref) if deadline.kind == "recycle"]
    return min(limits, default=None)


def ask_extension(uow: UnitOfWork, record: Record, until: datetime | None, reason: str) -> Request:
    """Ask the holder's leader to keep a record longer; without an instant, for as long as one extension may be.

    Asking again changes what is asked. Refuses when no clock runs, or beyond what the playbook allows in all.
    """
    if record.owner_id != uow.actor.id:
        raise LeadNotHeld(record.name)
    due, end = _limits(uow, record)
    longest = min(due + uow.playbook.extensions.each, end)
    until = until or longest
    if until <= due + SOONEST:
        raise BadInput(f"「{record.name}」本来就到 {_at(uow, due)}，不用延期。记一次有效跟进就能留住")
    if until > longest:
        each = spoken_duration(uow.playbook.extensions.each)
        raise BadInput(f"一次最多延{each}，「{record.name}」最晚可以延到 {_at(uow, longest)}。请改短后再申请一次")
    decider = next(iter(leaders_of(uow, uow.actor)), None)
    if decider is None:
        raise BadInput("没有找到能批延期的主管。请联系管理员设置您的上级，记一次有效跟进也能留住")
    uow.does("lead.extend")
    request = next((r for r in uow.requests.open_about([record.ref]) if _is_same(r, record)), None)
    if request is None:
        request = Request(
            kind=RequestKind.EXTENSION,
            member_id=uow.actor.id,
            decider_id=decider.id,
            subject_kind=record.ref.kind,
            subject_id=record.id,
            cycle=record.cycle,
            created_at=uow.now,
            updated_at=uow.now,
        )
        uow.requests.add(request)
    request.until, request.reason = until, reason[:200]
    uow.flush()
    set_clocks(uow, record)
    uow.tell(
        RequestMade(
            to=decider.id,
            request_id=request.id,
            kind=request.kind,
            by=uow.actor.name,
            about=record.name,
            until=until,
            reason=request.reason,
            standing=_standing(uow, record, due, end),
        )
    )
    return request


def grant_extension(uow: UnitOfWork, request_id: RequestId) -> tuple[Request, Record | None]:
    """Let the record stay until the instant that was asked for; None when its holder does not have it any more."""
    request = uow.requests.get(request_id)
    record = _still_held(uow, request)
    if record is None:
        decide(uow, request, RequestState.LAPSED)
        return request, None
    decide(uow, request, RequestState.GRANTED)
    record.protected_until = max(filter(None, (record.protected_until, request.until)), default=None)
    uow.flush()
    set_clocks(uow, record)
    _tell(uow, request, record, granted=True)
    return request, record


def refuse_extension(uow: UnitOfWork, request_id: RequestId, reason: str) -> tuple[Request, Record | None]:
    """Say no, and why; the clock goes on as if nobody had asked."""
    request = uow.requests.get(request_id)
    record = _still_held(uow, request)
    decide(uow, request, RequestState.REFUSED, reason)
    uow.flush()
    if record is not None:
        set_clocks(uow, record)
        _tell(uow, request, record, granted=False)
    return request, record


def _tell(uow: UnitOfWork, request: Request, record: Record, *, granted: bool) -> None:
    uow.tell(
        RequestDecided(
            to=request.member_id,
            kind=request.kind,
            granted=granted,
            by=uow.actor.name,
            about=record.name,
            ref=str(record.ref),
            until=request.until,
            leaves_at=leaves_at(uow, record),
            answer=request.answer,
        )
    )


def _limits(uow: UnitOfWork, record: Record) -> tuple[datetime, datetime]:
    """Return when the record leaves now, and until when extensions may protect it at the very most."""
    extensions, facts = uow.playbook.extensions, facts_of(uow, [record])
    known = facts.get(record.ref)
    asked = [r for r in uow.requests.about(record.ref, RequestKind.EXTENSION) if r.cycle == record.cycle]
    granted = [r for r in asked if r.state == RequestState.GRANTED and r.member_id == record.owner_id]
    due = leaves_at(uow, record)
    if known is None or due is None:
        raise BadInput(f"「{record.name}」现在没有回收期限，不用延期。发送「今天」看看安排")
    # Every extension counts from the rule's own end, not from where an earlier one has moved it.
    standing = rules_for(record, known, uow.playbook, uow.calendar)
    bare = [at for rule, _ in standing if (at := unkept_at(record, rule, known, uow.calendar))]
    since = touched_at(record) or held_since(record) or uow.now
    spent = [r for r in granted if r.settled_at is not None and r.settled_at >= since]
    if len(spent) >= extensions.times:
        raise BadInput(f"「{record.name}」已经延过 {len(spent)} 次，不能再延。请在 {_at(uow, due)} 前记一次有效跟进")
    return due, min(bare, default=due) + extensions.each * extensions.times


def _standing(uow: UnitOfWork, record: Record, due: datetime, end: datetime) -> tuple[tuple[str, str], ...]:
    last = touched_at(record)
    return (
        ("现在的期限", _at(uow, due)),
        ("最晚可到", _at(uow, end)),
        ("最近有效跟进", _at(uow, last) if last else "还没有"),
    )


def _still_held(uow: UnitOfWork, request: Request) -> Record | None:
    record = next(iter(records_of(uow, [request.customer])), None) if request.customer is not None else None
    if record is None or record.owner_id != request.member_id or record.cycle != request.cycle:
        return None
    return record


def _is_same(request: Request, record: Record) -> bool:
    return request.kind == RequestKind.EXTENSION and request.cycle == record.cycle


def _at(uow: UnitOfWork, instant: datetime) -> str:
    return f"{uow.calendar.local(instant):%m-%d %H:%M}"
