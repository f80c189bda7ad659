"""What becomes of a lead: it rests, it is nobody, it becomes an account, or a leader gives it to somebody."""

from dataclasses import dataclass
from datetime import datetime

from core.errors import BadInput, DuplicateLead, LeadNotHeld, NotAllowed
from core.model.customer import Account, Contact
from core.model.followup import Plan, PlanState
from core.model.lead import Assignment, Lead, LeadState
from core.model.member import LEADING, SELLING, Member
from core.notices import LeadAssigned, LeadLine, LeadTakenOver
from core.ports import UnitOfWork
from core.rules.permissions import scope_of
from core.services.customers import on_record, require_own
from core.services.followups import plan_next, set_reminder
from core.services.leads import assign, set_clocks

ASSIGNED = "分配"
REASON_LENGTH = 200


def nurture_lead(uow: UnitOfWork, lead: Lead, next_at: datetime, reason: str) -> Plan:
    """Let a lead rest with its holder until `next_at`: its clocks stop, and it fills nobody's capacity."""
    require_own(uow, lead)
    uow.does("lead.nurture")
    lead.to_nurture()
    set_clocks(uow, lead)
    return plan_next(uow, lead, next_at, reason or "培育中，到时再联系")


def invalidate_lead(uow: UnitOfWork, lead: Lead, reason: str) -> None:
    """Mark a lead as nobody who could ever buy; its clocks stop and its plans end."""
    require_own(uow, lead)
    if not reason.strip():
        raise BadInput("作废要写原因，例如「空号，作废」")
    uow.does("lead.invalidate")
    lead.invalidate()
    _end_assignment(uow, lead, "作废", reason)
    _end_plans(uow, lead)
    set_clocks(uow, lead)


def give_lead(uow: UnitOfWork, lead: Lead, to: Member) -> str:
    """Give a lead of the pool, or of the own people, to one of them; return who had it before, if anybody.

    Only who leads may. The new holder is told, and so is the old one; plans go along.
    """
    if not uow.actor.is_any(LEADING):
        raise NotAllowed("分配线索")
    if not to.active or not to.is_any(SELLING):
        raise BadInput(f"{to.name}不做销售，不能接线索。请换一位同事再发一次")
    if not scope_of(uow.actor).covers(to.id, to.department):
        raise NotAllowed(f"把线索分给{to.name}")
    if lead.state != LeadState.POOLED:
        require_own(uow, lead)
    if lead.state in (LeadState.CONVERTED, LeadState.INVALID, LeadState.MERGED):
        raise LeadNotHeld(lead.name)
    if lead.owner_id == to.id and lead.is_held:
        raise BadInput(f"「{lead.name}」本来就在{to.name}名下，没有改动")
    uow.does("lead.assign")
    before = uow.members.find([lead.owner_id]).get(lead.owner_id) if lead.owner_id is not None else None
    _end_assignment(uow, lead, ASSIGNED, f"{uow.actor.name}分给{to.name}")
    assign(uow, lead, to.id, by=ASSIGNED)
    for plan in uow.plans.open_for(lead.ref):
        plan.owner_id = to.id
        set_reminder(uow, plan)
    uow.flush()
    _tell(uow, lead, to, before)
    return before.name if before else ""


@dataclass(frozen=True)
class Converted:
    """What a lead has become, and what moved along."""

    account: Account
    contact: Contact | None
    followups: int
    plans: int


def convert_lead(uow: UnitOfWork, lead: Lead) -> Converted:
    """Make an account of a lead: its contact, follow-ups and plans move along, its clocks stop.

    Refuses with DuplicateLead when a company of that name or phone is an account already.
    """
    require_own(uow, lead)
    for match in on_record(uow, lead.name, lead.phone):
        if match.certain and isinstance(match.found, Account):
            raise DuplicateLead(match.found.name, match.holder, match.matched)
    uow.does("lead.convert")
    lead.convert()
    account = Account(
        name=lead.name,
        core_name=lead.core_name,
        region=lead.region,
        industry=lead.industry,
        grade=lead.grade,
        source=lead.source,
        note=lead.need,
        tags=lead.tags,
        owner_id=lead.owner_id,
        last_followup_at=lead.last_followup_at,
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.accounts.add(account)
    uow.flush()
    contact = _contact_of(uow, lead, account)
    followups, plans = uow.followups.about(lead.ref), uow.plans.about(lead.ref)
    for followup in followups:
        followup.customer_kind, followup.customer_id = "account", account.id
    for plan in plans:
        plan.customer_kind, plan.customer_id = "account", account.id
    _end_assignment(uow, lead, "转为客户", "")
    set_clocks(uow, lead)
    uow.flush()
    return Converted(account, contact, len(followups), sum(plan.is_open for plan in plans))


def _contact_of(uow: UnitOfWork, lead: Lead, account: Account) -> Contact | None:
    if not (lead.contact_name or lead.phone or lead.email):
        return None
    contact = Contact(
        account_id=account.id,
        name=lead.contact_name or "联系人",
        title=lead.contact_title,
        phone=lead.phone,
        email=lead.email,
        owner_id=lead.owner_id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.contacts.add(contact)
    uow.flush()
    return contact


def _end_assignment(uow: UnitOfWork, lead: Lead, by: str, reason: str) -> None:
    current: Assignment | None = uow.assignments.current([lead.id]).get(lead.id)
    if current is not None:
        current.ended_at, current.ended_by, current.reason = uow.now, by, reason[:REASON_LENGTH]


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
