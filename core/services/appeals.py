"""Appeals: whoever lost a lead to the clock says that it was unjust, and a leader gives it back or does not."""

from datetime import datetime

from core.errors import BadInput
from core.model.deadline import DeadlineKind
from core.model.ids import LeadId, Ref, RequestId
from core.model.lead import Assignment, Lead
from core.model.member import Member
from core.model.request import Request, RequestKind, RequestState
from core.notices.pool import AppealFiled, RequestDecided
from core.ports import UnitOfWork
from core.rules.claiming import RECYCLED
from core.services.customers import as_ref, holder_name
from core.services.extension_matter import leaves_at
from core.services.followups import set_reminder
from core.services.keeping import set_clocks
from core.services.leaders import leaders_of, may_decide
from core.services.lost import LOOK_BACK, LOST_SHOWN, Lost, explain_loss, is_named, lost_lately
from core.services.requests import decide

CLOCKS = {"calendar": "自然时间", "workday": "工作日", "worktime": "工作时间"}
SHOWN = 3


def file_appeal(uow: UnitOfWork, words: str, reason: str) -> tuple[Request, Lead]:
    """Ask for a lead back that the clock took from the actor; once for each time it was lost."""
    lost = lost_lately(uow, words)
    if lost is None or lost[1].member_id != uow.actor.id or not lost[1].ended_by.startswith(RECYCLED):
        raise BadInput("没有找到最近从您名下回收的线索，只有超时回收的可以申诉。发送「为什么 公司名」看看它去了哪里")
    lead, held = lost
    within = uow.playbook.appeals.within
    if held.ended_at is None or held.ended_at < uow.now - within:
        raise BadInput(f"「{lead.name}」回收已经超过 {within.days} 天，不能再申诉。可以请主管直接分给您")
    for before in uow.requests.about(lead.ref, RequestKind.APPEAL):
        if before.about_id == held.id and before.state != RequestState.LAPSED:
            raise BadInput(
                f"「{lead.name}」已经申诉过，在等主管答复"
                if before.is_open
                else f"「{lead.name}」的申诉已经由{before.settled_name}处理过了"
            )
    decider = next(iter(leaders_of(uow, uow.actor)), None)
    if decider is None:
        raise BadInput("没有找到能处理申诉的主管。请联系管理员设置您的上级，再发一次")
    uow.does("appeal.file")
    request = Request(
        kind=RequestKind.APPEAL,
        member_id=uow.actor.id,
        decider_id=decider.id,
        subject_kind="lead",
        subject_id=lead.id,
        cycle=lead.cycle,
        about_id=held.id,
        reason=reason[:200],
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.requests.add(request)
    uow.flush()
    loss = explain_loss(uow, lead, held)
    uow.tell(
        AppealFiled(
            to=decider.id,
            request_id=request.id,
            by=uow.actor.name,
            about=lead.name,
            reason=request.reason,
            evidence=evidence(uow, loss),
        )
    )
    return request, lead


def grant_appeal(uow: UnitOfWork, request_id: RequestId) -> tuple[Request, Lead]:
    """Give the lead back as it was: holder, state, plans and history; its clocks wait as long as the playbook says."""
    request = uow.requests.get(request_id)
    decide(uow, request, RequestState.GRANTED)
    lead = uow.leads.get(LeadId(request.subject_id or 0), lock=True)
    held = _assignment(uow, lead, request)
    _restore(uow, lead, held)
    _tell(uow, request, lead, granted=True)
    return request, lead


def refuse_appeal(uow: UnitOfWork, request_id: RequestId, reason: str) -> tuple[Request, Lead]:
    """Let it stay as it is, and say why."""
    request = uow.requests.get(request_id)
    decide(uow, request, RequestState.REFUSED, reason)
    lead = uow.leads.get(LeadId(request.subject_id or 0))
    _tell(uow, request, lead, granted=False)
    return request, lead


def give_back(uow: UnitOfWork, member: Member, words: str) -> Lead:
    """Let a leader give back what the clock took from `member` last, whether they appealed or not."""
    if not may_decide(uow, member):
        raise BadInput(f"只有{member.name}的主管能撤销回收")
    for request in uow.requests.open_of(member.id, RequestKind.APPEAL):
        lead = uow.leads.get(LeadId(request.subject_id or 0))
        if is_named(lead, words, as_ref(words)):
            return grant_appeal(uow, request.id)[1]
    ended = uow.assignments.ended_lately(member.id, uow.now - LOOK_BACK, LOST_SHOWN)
    for held in ended:
        if held.ended_by.startswith(RECYCLED):
            lead = uow.leads.get(held.lead_id, lock=True)
            if is_named(lead, words, as_ref(words)):
                uow.does("appeal.accept")
                _restore(uow, lead, held)
                uow.tell(
                    RequestDecided(
                        to=member.id,
                        kind=RequestKind.APPEAL,
                        granted=True,
                        by=uow.actor.name,
                        about=lead.name,
                        ref=str(lead.ref),
                        leaves_at=leaves_at(uow, lead),
                    )
                )
                return lead
    raise BadInput(f"最近没有从{member.name}名下回收的线索。要给{member.name}线索，请发送「把 公司名 给{member.name}」")


def evidence(uow: UnitOfWork, loss: Lost) -> tuple[tuple[str, str], ...]:
    """Say what is known of a loss, as label and value; what is not known is left out."""
    ended = loss.held.ended_at
    clock = CLOCKS[loss.rule.clock] if loss.rule is not None else ""
    warned = "；".join(f"{_at(uow, w.at)}（{w.name}）{'已送达' if w.arrived else '未送达'}" for w in loss.warnings)
    written = "；".join(
        f"{_at(uow, f.at)}「{f.content[:12]}」{'' if f.valid else '（不算有效）'}" for f in loss.followups[:SHOWN]
    )
    late = round((ended - loss.due_at).total_seconds() / 60) if ended and loss.due_at else None
    known = (
        ("规则", f"{loss.rule_id}（{clock}）" if clock else loss.rule_id),
        ("起算", _at(uow, loss.since) if loss.since else ""),
        ("到期", _at(uow, loss.due_at) if loss.due_at else ""),
        ("回收", _at(uow, ended) + (f"（到期后 {late} 分钟）" if late is not None else "") if ended else ""),
        ("提醒", warned or "没有发过"),
        ("期间跟进", written or "没有"),
        ("现在", holder_name(uow, loss.lead.owner_id) or loss.lead.pool),
    )
    return tuple((label, value) for label, value in known if value)


def _restore(uow: UnitOfWork, lead: Lead, held: Assignment) -> None:
    """Put back what the clock changed; refuses when somebody has the lead now."""
    standing = uow.assignments.current([lead.id]).get(lead.id)
    if lead.is_held and (standing is None or not standing.begun_by.startswith(RECYCLED)):
        holder = holder_name(uow, lead.owner_id)
        raise BadInput(f"「{lead.name}」现在由{holder}跟进，不能直接还回去。要换人请发送「把 {lead.name} 给 同事」")
    about = [lead.ref, *(plan.ref for plan in uow.plans.about(lead.ref))]
    if standing is not None:
        about.append(Ref("assignment", standing.id))
    uow.history.restore(uow.history.ending(Ref("assignment", held.id), about))
    uow.flush()
    lead.protected_until = uow.now + uow.playbook.appeals.protects
    uow.flush()
    uow.deadlines.reopen(lead.ref, DeadlineKind.RECYCLE)
    set_clocks(uow, lead)
    for plan in uow.plans.open_for(lead.ref):
        set_reminder(uow, plan)


def _assignment(uow: UnitOfWork, lead: Lead, request: Request) -> Assignment:
    past = uow.assignments.past_of(lead.id, request.member_id)
    held = next((one for one in past if one.id == request.about_id), None)
    if held is None:
        raise BadInput(f"「{lead.name}」已经还给申请人了，不用再处理")
    return held


def _tell(uow: UnitOfWork, request: Request, lead: Lead, *, granted: bool) -> None:
    uow.tell(
        RequestDecided(
            to=request.member_id,
            kind=request.kind,
            granted=granted,
            by=uow.actor.name,
            about=lead.name,
            ref=str(lead.ref),
            leaves_at=leaves_at(uow, lead) if granted else None,
            answer=request.answer,
        )
    )


def _at(uow: UnitOfWork, instant: datetime) -> str:
    return f"{uow.calendar.local(instant):%m-%d %H:%M}"
