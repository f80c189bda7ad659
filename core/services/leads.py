"""Leads: put on record, given to somebody, given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import BadInput, UnderApproval
from core.model.followup import PlanState
from core.model.identity import Identity
from core.model.ids import LeadId, MemberId, Ref
from core.model.lead import Assignment, Lead
from core.model.routing import Placed, Way
from core.ports import UnitOfWork
from core.rules.claiming import RECYCLED
from core.rules.duplicates import core_name, identity_of
from core.rules.permissions import may_create_leads, may_open_pool, require
from core.rules.recycling import Recycle, pool_for
from core.services.assignment import route
from core.services.collaboration import end_all
from core.services.duplicates import refuse_duplicates
from core.services.keeping import set_clocks
from core.services.words import known_source

NAME_LENGTH = 200
REASON_LENGTH = 200
RETURNED = "退回"


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
    custom: dict[str, Any] = field(default_factory=dict)

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
    """Put a lead on record. A rep holds what they bring, unless the playbook says otherwise; others' go by the rules.

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
        custom=dict(new.custom),
        created_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.does("lead.create")
    pool = pool_for(lead, None, uow.playbook, uow.now)
    lead.to_pool(uow.now, pool.name if pool else "")
    uow.leads.add(lead)
    uow.flush()
    sells = may_open_pool(uow.actor) and bool(uow.actor.id)
    if not sells or uow.playbook.assignment.own_leads:
        [routing] = route(uow, [lead], Way.CHAT if uow.channel else Way.API, uow.heard_at)
        sells = sells and routing.placed == Placed.POOL
    if sells:
        assign(uow, lead, uow.actor.id, by="新建")
    return lead


def return_lead(uow: UnitOfWork, lead_id: LeadId, reason: str) -> Lead:
    """Give a lead back to the pool, with a reason. Its open plans wait to be planned again."""
    lead = uow.leads.get(lead_id, lock=True)
    for approval in uow.approvals.running_on(lead.ref):
        raise UnderApproval(approval.title, str(approval.ref))
    uow.does("lead.return")
    pool = pool_for(lead, None, uow.playbook, uow.now)
    lead.give_back(uow.actor.id, uow.now, pool.name if pool else "")
    let_go(uow, [lead], by=RETURNED, reason=reason)
    return lead


def assign(uow: UnitOfWork, lead: Lead, to: MemberId, *, by: str, pool: str = "", note: str = "") -> None:
    """Give `lead` to a member and set its clocks; `pool` is the one it was claimed from."""
    lead.assign(to, uow.now)
    uow.assignments.add(
        Assignment(lead_id=lead.id, member_id=to, begun_at=uow.now, begun_by=by, pool=pool, note=note[:200])
    )
    set_clocks(uow, lead)


def end_assignment(uow: UnitOfWork, lead: Lead, by: str, reason: str) -> None:
    """Close the assignment by which somebody holds `lead`, if somebody does."""
    current: Assignment | None = uow.assignments.current([lead.id]).get(lead.id)
    if current is not None:
        current.ended_at, current.ended_by, current.reason = uow.now, by, reason[:REASON_LENGTH]


def take_back(uow: UnitOfWork, leads: Sequence[Lead], rule: str) -> None:
    """Return leads to the pool because a rule outside the recycle rules says so; who tells it names the rule."""
    uow.does("lead.recycle")
    for lead in leads:
        pool = pool_for(lead, None, uow.playbook, uow.now)
        lead.to_pool(uow.now, pool.name if pool else "")
    let_go(uow, leads, by=f"{RECYCLED}:{rule}"[:64], reason=rule)


def let_go(
    uow: UnitOfWork, leads: Sequence[Lead], *, by: str, reason: str, verdicts: Mapping[LeadId, Recycle] | None = None
) -> None:
    """Close the books of leads that somebody holds no more: who held them, their open plans, their clocks."""
    refs: list[Ref] = [lead.ref for lead in leads]
    for lead_id, assignment in uow.assignments.current(lead.id for lead in leads).items():
        verdict = verdicts[lead_id] if verdicts else None
        assignment.ended_at = uow.now
        assignment.ended_by = f"{by}:{verdict.rule.id}"[:64] if verdict else by
        assignment.reason = (verdict.reason if verdict else reason)[:REASON_LENGTH]
    end_all(uow, refs)
    for plan in uow.plans.open_for_any(refs):
        plan.state = PlanState.TO_REPLAN
        refs.append(plan.ref)
    uow.deadlines.clear(refs, but_overdue=verdicts is not None)
