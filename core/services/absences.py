"""Days off: asked for and approved with one tap, or set by a leader; no clock runs on them (semantics B3-6)."""

from collections.abc import Iterable
from datetime import date, timedelta

from core.calendar import ONE_DAY
from core.errors import BadInput
from core.model.ids import MemberId, RequestId
from core.model.member import Member
from core.model.request import Absence, Request, RequestKind, RequestState
from core.notices.pool import RequestDecided, RequestMade
from core.ports import UnitOfWork
from core.services.approvals.rerouting import reroute_tasks
from core.services.keeping import set_all_clocks
from core.services.leaders import leaders_of, may_decide
from core.services.requests import decide

FURTHEST_BACK, FURTHEST = timedelta(days=31), timedelta(days=400)


def ask_absence(uow: UnitOfWork, member: Member, begins_on: date, ends_on: date, reason: str) -> Absence | Request:
    """Let `member` be away: at once when a leader says so of somebody they lead, else once a leader approves.

    Days that were asked for and wait are replaced by the new ones.
    """
    _check(uow, begins_on, ends_on)
    uow.does("leave.request")
    if member.id != uow.actor.id:
        if not may_decide(uow, member):
            raise BadInput(
                f"只有{member.name}本人或主管能登记。请让{member.name}自己发送「我{begins_on:%m月%d日}请假」"
            )
        return _enter(uow, member, begins_on, ends_on, reason)
    decider = next(iter(leaders_of(uow, member)), None)
    if decider is None:
        raise BadInput("没有找到能批假的主管。请联系管理员设置您的上级，再发一次")
    for waiting in uow.requests.open_of(member.id, RequestKind.ABSENCE):
        if waiting.overlaps(begins_on, ends_on):
            waiting.settle(RequestState.LAPSED, member.id, member.name, uow.now)
    request = Request(
        kind=RequestKind.ABSENCE,
        member_id=member.id,
        decider_id=decider.id,
        begins_on=begins_on,
        ends_on=ends_on,
        reason=reason[:200],
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.requests.add(request)
    uow.flush()
    uow.tell(
        RequestMade(
            to=decider.id,
            request_id=request.id,
            kind=request.kind,
            by=member.name,
            begins_on=begins_on,
            ends_on=ends_on,
            reason=request.reason,
            standing=(("手上", f"{uow.leads.count_held_by(member.id)} 条线索，期间时钟都停"),),
        )
    )
    return request


def grant_absence(uow: UnitOfWork, request_id: RequestId) -> tuple[Request, Absence]:
    """Approve days off; from then on the asker's clocks leave them out."""
    request = uow.requests.get(request_id)
    decide(uow, request, RequestState.GRANTED)
    begins_on, ends_on = request.begins_on or uow.now.date(), request.ends_on or uow.now.date()
    absence = _enter(uow, uow.members.get(request.member_id), begins_on, ends_on, request.reason)
    _tell(uow, request, granted=True)
    return request, absence


def refuse_absence(uow: UnitOfWork, request_id: RequestId, reason: str) -> Request:
    """Say no to days off, and why."""
    request = uow.requests.get(request_id)
    decide(uow, request, RequestState.REFUSED, reason)
    _tell(uow, request, granted=False)
    return request


def end_absence(uow: UnitOfWork, member: Member, back_on: date) -> list[Absence]:
    """Let `member` be back on a day: absences that run then end the day before, those still to come are withdrawn.

    Whoever is away may say so of themselves, and a leader of whom they lead. Returns what was changed.
    """
    if member.id != uow.actor.id and not may_decide(uow, member):
        raise BadInput(f"只有{member.name}本人或主管能销假")
    uow.does("leave.end")
    changed = []
    for waiting in uow.requests.open_of(member.id, RequestKind.ABSENCE):
        waiting.settle(RequestState.LAPSED, uow.actor.id, uow.actor.name, uow.now)
    for absence in uow.absences.of([member.id]):
        if absence.ends_on < back_on:
            continue
        if absence.begins_on >= back_on:
            absence.deleted_at = uow.now
        else:
            absence.ends_on = back_on - ONE_DAY
        changed.append(absence)
    uow.flush()
    move_clocks(uow, [member.id])
    return changed


def move_clocks(uow: UnitOfWork, member_ids: Iterable[MemberId]) -> None:
    """Set every clock of these members anew."""
    for member_id in member_ids:
        set_all_clocks(uow, [*uow.leads.held_by(member_id), *uow.accounts.held_by(member_id)])


def is_away(uow: UnitOfWork, member_id: MemberId, day: date) -> bool:
    """Say whether a member is away on a day."""
    return any(absence.covers(day) for absence in uow.absences.of([member_id]))


def _enter(uow: UnitOfWork, member: Member, begins_on: date, ends_on: date, reason: str) -> Absence:
    """Put days off on record; one that overlaps takes them in, so that no day stands there twice."""
    joined = [a for a in uow.absences.of([member.id]) if a.begins_on <= ends_on and begins_on <= a.ends_on]
    if joined:
        absence, *others = joined
        absence.begins_on = min(begins_on, *(a.begins_on for a in joined))
        absence.ends_on = max(ends_on, *(a.ends_on for a in joined))
        for other in others:
            other.deleted_at = uow.now
    else:
        absence = Absence(
            member_id=member.id,
            begins_on=begins_on,
            ends_on=ends_on,
            reason=reason[:200],
            approved_by=uow.actor.id or None,
            created_at=uow.now,
            updated_at=uow.now,
        )
        uow.absences.add(absence)
    uow.flush()
    move_clocks(uow, [member.id])
    if absence.covers(uow.calendar.local(uow.now).date()):
        reroute_tasks(uow, [member.id])
    return absence


def _check(uow: UnitOfWork, begins_on: date, ends_on: date) -> None:
    today = uow.calendar.local(uow.now).date()
    if ends_on < begins_on:
        raise BadInput("休假的结束日期在开始之前，请核对后再发一次")
    if begins_on < today - FURTHEST_BACK or ends_on > today + FURTHEST:
        raise BadInput("休假只能登记前一个月到后一年之内的，请核对日期后再发一次")


def _tell(uow: UnitOfWork, request: Request, *, granted: bool) -> None:
    uow.tell(
        RequestDecided(
            to=request.member_id,
            kind=request.kind,
            granted=granted,
            by=uow.actor.name,
            begins_on=request.begins_on,
            ends_on=request.ends_on,
            answer=request.answer,
        )
    )
