"""Why somebody lost a lead: the rule, its clock, what they had been told, and what would have prevented it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model.deadline import DeadlineKind
from core.model.followup import FollowUp
from core.model.ids import LeadId, Ref
from core.model.lead import Assignment, Lead
from core.model.member import LEADING
from core.model.messages import OutboxState
from core.model.playbook import Basis, Holds, RecycleRule
from core.ports import UnitOfWork
from core.rules.claiming import RECYCLED, pool_called, rests, rule_called
from core.rules.permissions import scope_of
from core.rules.recycling import NOTHING_KNOWN, Standing, standings
from core.services.customers import as_ref
from core.services.keeping import facts_of

LOOK_BACK = timedelta(days=90)
LOST_SHOWN = 50
FOLLOWUPS_SHOWN = 20


@dataclass(frozen=True)
class Warned:
    """A warning: by which part of the rule, when it was said, and whether it reached a platform."""

    name: str
    at: datetime
    arrived: bool


@dataclass(frozen=True, kw_only=True)
class Lost:
    """How a lead left its holder. `rule` is None when nobody's clock took it, or the rule is gone."""

    lead: Lead
    held: Assignment
    by_clock: bool
    rule_id: str
    rule: RecycleRule | None
    since: datetime | None
    due_at: datetime | None
    warnings: tuple[Warned, ...]
    followups: tuple[FollowUp, ...]
    rests_until: datetime | None


def lost_lately(uow: UnitOfWork, words: str) -> tuple[Lead, Assignment] | None:
    """Return the lead that the actor held and lost last, of those that `words` name or whose reference they are.

    Whoever leads people may also ask about a lead that one of them has just lost.
    """
    ref = as_ref(words)
    ended = uow.assignments.ended_lately(uow.actor.id, uow.now - LOOK_BACK, LOST_SHOWN)
    leads = {lead.id: lead for lead in uow.leads.find(assignment.lead_id for assignment in ended)}
    for assignment in ended:
        lead = leads.get(assignment.lead_id)
        if lead is not None and is_named(lead, words, ref):
            return lead, assignment
    return _lost_by_somebody_led(uow, ref) if ref is not None and ref.kind == "lead" else None


def is_named(lead: Lead, words: str, ref: Ref | None) -> bool:
    """Say whether words or a reference mean this lead; no words mean any."""
    return lead.ref == ref if ref is not None else not words or words in lead.name or lead.core_name in words


def _lost_by_somebody_led(uow: UnitOfWork, ref: Ref) -> tuple[Lead, Assignment] | None:
    last = uow.assignments.last_holder(LeadId(ref.id))
    if last is None or last.ended_at is None or last.ended_at < uow.now - LOOK_BACK:
        return None
    holder = uow.members.get(last.member_id)
    if not uow.actor.is_any(LEADING) or not scope_of(uow.actor).covers(holder.id, holder.department):
        return None
    return uow.leads.get(LeadId(ref.id)), last


def explain_loss(uow: UnitOfWork, lead: Lead, held: Assignment) -> Lost:
    """Say how the lead left, out of what was kept when it did."""
    by, _, rule_id = held.ended_by.partition(":")
    rule = rule_called(rule_id, uow.playbook)
    until = held.ended_at or uow.now
    kept = uow.deadlines.settled(lead.ref, held.begun_at, until)
    due = [d for d in kept if d.kind == DeadlineKind.RECYCLE and d.rule == rule_id]
    followups = [f for f in uow.followups.of(lead.ref, FOLLOWUPS_SHOWN) if held.begun_at <= f.at <= until]
    valid = [f.at for f in followups if f.valid]
    touched = rule is not None and rule.basis is Basis.LAST_VALID_FOLLOWUP
    pool = pool_called(lead.pool, Holds.LEAD, uow.playbook)
    return Lost(
        lead=lead,
        held=held,
        by_clock=by == RECYCLED,
        rule_id=rule_id,
        rule=rule,
        since=max(valid, default=None) if touched else held.begun_at,
        due_at=due[-1].limit_at if due else None,
        warnings=_warnings(uow, lead, held, rule_id, until) if by == RECYCLED else (),
        followups=tuple(followups),
        rests_until=rests(held, pool, uow.playbook) if pool is not None else None,
    )


def explain_hold(uow: UnitOfWork, lead: Lead) -> list[Standing]:
    """Say how every recycle rule stands to a lead that is still with its holder."""
    facts = facts_of(uow, [lead]).get(lead.ref, NOTHING_KNOWN)
    return standings(lead, facts, uow.playbook, uow.calendar)


def _warnings(uow: UnitOfWork, lead: Lead, held: Assignment, rule_id: str, until: datetime) -> tuple[Warned, ...]:
    """Return what was said in time, warnings that were one card as one."""
    said = [
        deadline
        for deadline in uow.deadlines.settled(lead.ref, held.begun_at, until)
        if deadline.kind == DeadlineKind.RECYCLE_WARNING and deadline.rule.startswith(f"{rule_id}@")
    ]
    cards = [
        message
        for message in uow.outbox.told(held.member_id, "LeadsExpiring", held.begun_at, until)
        if any(line.get("ref") == str(lead.ref) for line in message.content.get("leads", ()))
    ]
    together: dict[datetime, list[str]] = {}
    for deadline in said:
        if deadline.settled_at is not None:
            together.setdefault(deadline.settled_at, []).append(deadline.rule.rpartition("@")[2])
    return tuple(
        Warned(
            "、".join(names),
            at,
            any(m.created_at == at and m.state in (OutboxState.SENT, OutboxState.MERGED) for m in cards),
        )
        for at, names in together.items()
    )
