"""What becomes of a lead: it rests, it is nobody, it becomes an account, or a leader gives it to somebody."""

from datetime import datetime, timedelta

from core.errors import Ambiguous, BadInput, LeadNotHeld, NotAllowed, NotFound, OverCapacity
from core.model.followup import Plan, PlanState
from core.model.ids import LeadId
from core.model.lead import Assignment, Lead, LeadState
from core.model.member import LEADING, SELLING, Member
from core.model.playbook import Holds
from core.model.playbook.parts import spoken_duration
from core.notices import LeadAssigned, LeadLine, LeadTakenOver
from core.ports import UnitOfWork
from core.rules.capacity import plainly
from core.rules.claiming import administers, pool_called
from core.rules.duplicates import core_name
from core.rules.permissions import scope_of
from core.services.capacity import room_of, used_by
from core.services.customers import as_ref, may_see, require_own
from core.services.duplicates import refuse_duplicates
from core.services.followups import plan_next, set_reminder
from core.services.keeping import set_clocks
from core.services.leads import assign, end_assignment

ASSIGNED = "分配"
RESTORED = "恢复"
GRACE = timedelta(hours=24)
"""So long at least whoever is handed a lead may keep it, however little of its time is left."""

NOTE_LENGTH = 200
OVER = "分配·超上限"
"""How an assignment begins that went beyond its holder's capacity."""


def nurture_lead(uow: UnitOfWork, lead: Lead, next_at: datetime, reason: str) -> Plan:
    """Let a lead rest with its holder until `next_at`: its clocks stop, and it fills nobody's capacity."""
    require_own(uow, lead)
    uow.does("lead.nurture")
    lead.to_nurture()
    set_clocks(uow, lead)
    return plan_next(uow, lead, next_at, reason or "培育中，到时再联系")


def invalidate_lead(uow: UnitOfWork, lead: Lead, reason: str) -> None:
    """Mark a lead as nobody who could ever buy; its clocks stop and its plans end."""
    _require_care_of(uow, lead, "作废公海线索")
    if not reason.strip():
        raise BadInput("作废要写原因，例如「空号，作废」")
    uow.does("lead.invalidate")
    lead.invalidate(uow.now)
    end_assignment(uow, lead, "作废", reason)
    _end_plans(uow, lead)
    set_clocks(uow, lead)


def give_lead(uow: UnitOfWork, lead: Lead, to: Member, reason: str = "") -> str:
    """Give a lead of the pool, or of the own people, to one of them; return who had it before, if anybody.

    Only who leads may, or looks after the pool it lies in. The new holder is told, and so is the old one; plans go
    along. Beyond the new holder's capacity it takes a `reason` (OverCapacity asks for it), which the digest tells.
    """
    pool = pool_called(lead.pool, Holds.LEAD, uow.playbook)
    keeps_pool = lead.is_pooled and pool is not None and administers(uow.actor, pool)
    if not uow.actor.is_any(LEADING) and not keeps_pool:
        raise NotAllowed("分配线索")
    if not to.active or not to.is_any(SELLING):
        raise BadInput(f"{to.name}不做销售，不能接线索。请换一位同事再发一次")
    if not keeps_pool and not scope_of(uow.actor).covers(to.id, to.department):
        raise NotAllowed(f"把线索分给{to.name}")
    if lead.state != LeadState.POOLED:
        require_own(uow, lead)
    if lead.state in (LeadState.CONVERTED, LeadState.INVALID, LeadState.MERGED):
        raise LeadNotHeld(lead.name)
    if lead.owner_id == to.id and lead.is_held:
        raise BadInput(f"「{lead.name}」本来就在{to.name}名下，没有改动")
    uow.pools.reserve(to.id)
    is_over = room_of(uow, to) < 1
    if is_over and not reason.strip():
        held, most = used_by(uow, [to])[to.id]
        raise OverCapacity(to.name, f"{plainly(held)}/{most}", uow.playbook.capacity.reasons)
    uow.does("lead.assign")
    before = uow.members.find([lead.owner_id]).get(lead.owner_id) if lead.owner_id is not None else None
    end_assignment(uow, lead, ASSIGNED, f"{uow.actor.name}分给{to.name}")
    if before is None or lead.is_pooled:
        assign(uow, lead, to.id, by=OVER if is_over else ASSIGNED, note=reason)
    else:
        _hand_on(uow, lead, to, by=OVER if is_over else ASSIGNED, note=reason)
    for plan in uow.plans.open_for(lead.ref):
        plan.owner_id = to.id
        set_reminder(uow, plan)
    uow.flush()
    _tell(uow, lead, to, before)
    return before.name if before else ""


def invalid_lead(uow: UnitOfWork, words: str) -> Lead:
    """Return the lead of that number, or the invalid one of that name, that the actor may see; else NotFound."""
    ref = as_ref(words)
    numbers = [ref] if ref is not None else [known for known, _ in uow.twins.of_core([core_name(words)])]
    found = uow.leads.find(LeadId(one.id) for one in numbers if one.kind == "lead")
    seen = [lead for lead in found if lead.owner_id is None or may_see(uow, lead)]
    meant = [lead for lead in seen if lead.state == LeadState.INVALID] or (seen if ref is not None else [])
    if not meant:
        raise NotFound(words)
    if len(meant) > 1:
        raise Ambiguous(words, tuple((f"{lead.name}（{lead.ref}）", str(lead.ref)) for lead in meant[:8]))
    return uow.leads.get(meant[0].id, lock=True)


def restore_lead(uow: UnitOfWork, lead: Lead, *, certain: bool = False) -> Lead:
    """Let a lead that was marked invalid be again what it was, with whoever held it, else in the pool.

    Refuses after the time that the playbook gives, and like a new lead when somebody has the company meanwhile.
    """
    _require_care_of(uow, lead, "恢复公海线索")
    if lead.state != LeadState.INVALID or lead.invalid_at is None:
        raise BadInput(f"「{lead.name}」没有作废，不用恢复。发送「看看 {lead.ref}」查看现状")
    within = uow.playbook.chat.restore_within
    if uow.now > lead.invalid_at + within:
        raise BadInput(
            f"「{lead.name}」作废已超过 {spoken_duration(within)}，不能恢复。要再跟进，请重新「新线索 {lead.name}」"
        )
    refuse_duplicates(uow, lead.identity, certain=certain, but=[lead.ref])
    uow.does("lead.restore")
    lead.restore()
    holder = uow.members.find([lead.owner_id]).get(lead.owner_id) if lead.owner_id is not None else None
    if holder is None or not holder.active or not (lead.is_held or lead.state == LeadState.NURTURE):
        lead.to_pool(uow.now)
        uow.flush()
        return lead
    _hand_on(uow, lead, holder, by=RESTORED)
    uow.flush()
    return lead


def _hand_on(uow: UnitOfWork, lead: Lead, to: Member, *, by: str, note: str = "") -> None:
    """Let a member hold a lead as it stands; where little time is left, there is at least a day of it."""
    lead.hand_over(to.id, uow.now)
    if lead.last_followup_at is not None:
        lead.protected_until = max(lead.protected_until or uow.now, uow.now + GRACE)
    uow.assignments.add(
        Assignment(lead_id=lead.id, member_id=to.id, begun_at=uow.now, begun_by=by, note=note[:NOTE_LENGTH])
    )
    set_clocks(uow, lead)


def _require_care_of(uow: UnitOfWork, lead: Lead, what: str) -> None:
    """Refuse unless the lead is the actor's or their people's; of the pool's, whoever leads or looks after it may."""
    if lead.owner_id is not None:
        require_own(uow, lead)
        return
    pool = pool_called(lead.pool, Holds.LEAD, uow.playbook)
    if uow.actor.id and not uow.actor.is_any(LEADING) and not (pool is not None and administers(uow.actor, pool)):
        raise NotAllowed(what)


def _end_plans(uow: UnitOfWork, lead: Lead) -> None:
    for plan in uow.plans.open_for(lead.ref):
        plan.state = PlanState.CANCELLED
        set_reminder(uow, plan)


def _tell(uow: UnitOfWork, lead: Lead, to: Member, before: Member | None) -> None:
    limits = [d.limit_at for d in uow.deadlines.of(lead.ref) if d.kind == "recycle"]
    line = LeadLine(str(lead.ref), lead.name, min(limits, default=uow.now))
    if to.id != uow.actor.id:
        uow.tell(LeadAssigned(to=to.id, by=uow.actor.name, lead=line, held_before=before.name if before else ""))
    if before is not None and before.active and before.id not in (uow.actor.id, to.id):
        uow.tell(LeadTakenOver(to=before.id, by=uow.actor.name, lead=line, holder=to.name))
