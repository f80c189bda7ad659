"""Leads: put on record, claimed, given back, taken back by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.errors import BadInput, LeadAlreadyHeld, NotFound
from core.model.deadline import Deadline
from core.model.followup import PlanState
from core.model.identity import Identity
from core.model.ids import LeadId, MemberId, Ref
from core.model.lead import Assignment, Lead, LeadState
from core.notices import FirstContactMissed, LeadLine, LeadsExpiring, LeadsRecycled
from core.ports import UnitOfWork
from core.rules.duplicates import core_name, identity_of
from core.rules.permissions import may_create_leads, may_open_pool, require
from core.rules.pool import Recycle, first_contact_at, lead_deadlines, recycle_due
from core.services.customers import holder_name
from core.services.duplicates import refuse_duplicates
from core.services.words import known_source

NAME_LENGTH = 200
REASON_LENGTH = 200
CLAIMED = "领取"
RACE = timedelta(days=1)
"""How long after a claim others are told who was first; later it is none of their business."""


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """What is known of somebody who may buy."""

    name: str
    contact_name: str = ""
    contact_title: str = ""
    phone: str | None = None
    email: str | None = None
    source: str = ""
    region: str = ""
    industry: str = ""
    grade: str = ""
    need: str = ""
    credit_code: str | None = None
    external_id: str | None = None

    @property
    def identity(self) -> Identity:
        """By what the same company is met again."""
        return identity_of(
            self.name,
            phone=self.phone,
            credit_code=self.credit_code,
            email=self.email,
            external_id=self.external_id,
        )


def create_lead(uow: UnitOfWork, new: NewLead, *, certain: bool = False) -> Lead:
    """Put a lead on record. A rep holds what they bring; others' leads go to the pool.

    Refuses with DuplicateLead for what is surely on record, with LooksLike for what may be unless `certain`.
    """
    require(may_create_leads(uow.actor), "新建线索")
    if not new.name.strip() or len(core_name(new.name)) > NAME_LENGTH or len(new.name) > NAME_LENGTH:
        raise BadInput("公司名称要在 1 到 200 个字之间，请改短后再发一次")
    if len(new.email or "") > NAME_LENGTH:
        raise BadInput("邮箱地址太长，请核对后再发一次")
    identity = new.identity
    if new.credit_code and identity.credit_code is None:
        raise BadInput(f"「{new.credit_code}」不是有效的统一社会信用代码，请核对后再发一次，没有记录任何内容")
    refuse_duplicates(uow, identity, certain=certain)
    lead = Lead(
        name=identity.name,
        core_name=identity.core,
        contact_name=new.contact_name[:64],
        contact_title=new.contact_title[:64],
        phone=identity.phone,
        email=identity.email or new.email,
        credit_code=identity.credit_code,
        external_id=identity.external_id,
        source=known_source(uow, new.source),
        region=new.region[:64],
        industry=new.industry[:64],
        grade=new.grade[:8],
        need=new.need,
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.does("lead.create")
    lead.to_pool(uow.now)
    uow.leads.add(lead)
    uow.flush()
    if may_open_pool(uow.actor) and uow.actor.id:
        assign(uow, lead, uow.actor.id, by="新建")
    return lead


def claim_lead(uow: UnitOfWork, lead_id: LeadId) -> Lead:
    """Take a lead out of the pool. One wins; whoever comes second learns who was first, and when."""
    require(may_open_pool(uow.actor), "领取公海线索")
    lead = uow.leads.get(lead_id, lock=True)
    if lead.owner_id == uow.actor.id and lead.is_held:
        return lead
    if lead.state != LeadState.POOLED or lead.owner_id is not None:
        _refuse_claim(uow, lead)
    uow.does("lead.claim")
    assign(uow, lead, uow.actor.id, by=CLAIMED)
    return lead


def _refuse_claim(uow: UnitOfWork, lead: Lead) -> None:
    """Say who was faster, if the lead was just to be had by everybody; what is not in the pool stays unknown."""
    claim = just_claimed(uow, lead)
    if claim is None:
        raise NotFound(str(lead.ref))
    raise LeadAlreadyHeld(lead.name, holder_name(uow, lead.owner_id), f"{uow.calendar.local(claim.begun_at):%H:%M:%S}")


def just_claimed(uow: UnitOfWork, lead: Lead) -> Assignment | None:
    """Return the claim by which the lead left the pool, while others may still be told of it."""
    last = uow.assignments.last_holder(lead.id)
    if last is None or last.begun_by != CLAIMED or last.begun_at < uow.now - RACE or not lead.is_held:
        return None
    return last


def return_lead(uow: UnitOfWork, lead_id: LeadId, reason: str) -> Lead:
    """Give a lead back to the pool, with a reason. Its open plans wait to be planned again."""
    lead = uow.leads.get(lead_id, lock=True)
    uow.does("lead.return")
    lead.give_back(uow.actor.id, uow.now)
    _let_go(uow, [lead], by="退回", reason=reason)
    return lead


def assign(uow: UnitOfWork, lead: Lead, to: MemberId, *, by: str) -> None:
    """Give `lead` to a member and set its clocks."""
    lead.assign(to, uow.now)
    uow.assignments.add(
        Assignment(lead_id=lead.id, member_id=to, begun_at=uow.now, begun_by=by, ended_by="", reason="")
    )
    set_clocks(uow, lead)


def end_assignment(uow: UnitOfWork, lead: Lead, by: str, reason: str) -> None:
    """Close the assignment by which somebody holds `lead`, if somebody does."""
    current: Assignment | None = uow.assignments.current([lead.id]).get(lead.id)
    if current is not None:
        current.ended_at, current.ended_by, current.reason = uow.now, by, reason[:REASON_LENGTH]


def set_clocks(uow: UnitOfWork, lead: Lead) -> None:
    """Let exactly those promises stand that follow from what the lead is now."""
    uow.deadlines.replace(lead.ref, lead_deadlines(lead, uow.playbook, uow.calendar))


def recycle_leads(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Return to the pool whatever is still overdue among `due`, and tell each holder once, with the reason."""
    lost: dict[tuple[MemberId, str], list[LeadLine]] = {}
    gone: list[Lead] = []
    by_rule: dict[LeadId, Recycle] = {}
    for lead in uow.leads.find(LeadId(deadline.subject_id) for deadline in due):
        verdict = recycle_due(lead, uow.playbook, uow.calendar, uow.now)
        if verdict is None or lead.owner_id is None:
            set_clocks(uow, lead)  # answered meanwhile, or rule or calendar have moved it
            continue
        line = LeadLine(str(lead.ref), lead.name, verdict.due_at)
        lost.setdefault((lead.owner_id, verdict.reason), []).append(line)
        lead.to_pool(uow.now)
        gone.append(lead)
        by_rule[lead.id] = verdict
    uow.does("lead.recycle")
    _let_go(uow, gone, by="超时回收", reason="", verdicts=by_rule)
    for (holder, reason), leads in lost.items():
        uow.tell(LeadsRecycled(to=holder, leads=tuple(leads), reason=reason))


def take_back(uow: UnitOfWork, leads: Sequence[Lead], rule: str) -> None:
    """Return leads to the pool because a rule outside the recycle rules says so; who tells it names the rule."""
    uow.does("lead.recycle")
    for lead in leads:
        lead.to_pool(uow.now)
    _let_go(uow, leads, by=f"超时回收:{rule}", reason=rule)


def warn_holders(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Warn each holder once of all leads that leave soon."""
    held = {lead.id: lead for lead in uow.leads.find({LeadId(d.subject_id) for d in due}) if lead.is_held}
    leaving: dict[MemberId, dict[LeadId, LeadLine]] = {}
    for deadline in due:
        lead = held.get(LeadId(deadline.subject_id))
        if lead is not None and lead.owner_id is not None and deadline.limit_at > uow.now:
            line = LeadLine(str(lead.ref), lead.name, deadline.limit_at)
            leaving.setdefault(lead.owner_id, {}).setdefault(lead.id, line)
    for holder, lines in leaving.items():
        uow.tell(LeadsExpiring(to=holder, leads=tuple(sorted(lines.values(), key=lambda line: line.at))))


def first_contact_missed(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell the holder, and who leads them, that a fresh lead was not contacted in its grade's time."""
    leads, limits = [], {deadline.subject_id: deadline.limit_at for deadline in due}
    for lead in uow.leads.find(LeadId(deadline.subject_id) for deadline in due):
        missed = first_contact_at(lead, uow.playbook, uow.calendar)
        if missed is not None and uow.now > missed:
            leads.append(lead)
        else:
            set_clocks(uow, lead)  # contacted meanwhile, or rule or calendar have moved it
    holders = uow.members.find(lead.owner_id for lead in leads if lead.owner_id is not None)
    for lead in leads:
        holder = holders.get(lead.owner_id) if lead.owner_id is not None else None
        if holder is None:
            continue
        line = LeadLine(str(lead.ref), lead.name, limits[lead.id])
        for reader in {holder.id, holder.manager_id or holder.id}:
            uow.tell(FirstContactMissed(to=reader, lead=line, grade=lead.grade, holder=holder.name))


def _let_go(
    uow: UnitOfWork, leads: Sequence[Lead], *, by: str, reason: str, verdicts: dict[LeadId, Recycle] | None = None
) -> None:
    refs: list[Ref] = [lead.ref for lead in leads]
    for lead_id, assignment in uow.assignments.current(lead.id for lead in leads).items():
        assignment.ended_at = uow.now
        assignment.ended_by = f"{by}:{verdicts[lead_id].rule}" if verdicts else by
        assignment.reason = (verdicts[lead_id].reason if verdicts else reason)[:REASON_LENGTH]
    for plan in uow.plans.open_for_any(refs):
        plan.state = PlanState.TO_REPLAN
        refs.append(plan.ref)
    uow.deadlines.clear(refs)
