"""The clock: it warns holders, takes back what they neglect, and tells everybody why (semantics B.3)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.model.customer import Account
from core.model.deadline import Deadline, DeadlineKind
from core.model.ids import AccountId, LeadId, MemberId, Ref
from core.model.lead import Lead, LeadState
from core.model.member import Member
from core.model.playbook import Action
from core.model.routing import Way
from core.notices import FirstContactMissed, LeadAssigned, LeadLine
from core.notices.pool import LeadsExpiring, LeadsRecycled, ReviewNeeded
from core.ports import UnitOfWork
from core.rules.claiming import RECYCLED
from core.rules.recycling import (
    NOTHING_KNOWN,
    Facts,
    Record,
    Recycle,
    first_contact_at,
    is_held,
    is_worn_out,
    pool_for,
    recycle_due,
)
from core.services.assignment import route
from core.services.keeping import facts_of, set_all_clocks
from core.services.leaders import leaders_of
from core.services.leads import assign, let_go

REVIEW = "主管处理"


@dataclass
class Losses:
    """What each holder loses in this pass, by where it goes and why."""

    lines: dict[tuple[MemberId, str, str], list[LeadLine]] = field(default_factory=dict)

    def note(self, holder: MemberId | None, record: Record, verdict: Recycle, gone: str) -> None:
        """Remember one record that leaves its holder."""
        if holder is not None:
            line = LeadLine(str(record.ref), record.name, verdict.due_at)
            self.lines.setdefault((holder, verdict.reason, gone), []).append(line)

    def tell(self, uow: UnitOfWork) -> None:
        """Tell each holder once for each reason."""
        for (holder, reason, gone), leads in self.lines.items():
            uow.tell(LeadsRecycled(to=holder, leads=tuple(leads), reason=reason, gone=gone))


def recycle(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Take from their holders whatever is still overdue among `due`, and tell each once, with the reason."""
    records = records_of(uow, (deadline.subject for deadline in due))
    facts = facts_of(uow, records)
    found: list[tuple[Record, Recycle]] = []
    moved: list[Record] = []
    for record in records:
        verdict = recycle_due(record, facts.get(record.ref, NOTHING_KNOWN), uow.playbook, uow.calendar, uow.now)
        if verdict is None:
            moved.append(record)  # answered meanwhile, or a rule, a reason or the calendar has moved it
        else:
            found.append((record, verdict))
    set_all_clocks(uow, moved)
    uow.does("lead.recycle")
    losses = Losses()
    for action, group in _by_action(uow, found).items():
        action(uow, group, losses)
    losses.tell(uow)


Group = list[tuple[Record, Recycle]]


def _by_action(uow: UnitOfWork, found: Group) -> dict[Callable[[UnitOfWork, Group, Losses], None], Group]:
    """Say what becomes of each: the rule's action, or a review when it has gone round too often."""
    often = [r.id for r, verdict in found if isinstance(r, Lead) and r.cycle > verdict.rule.max_cycles]
    times = uow.assignments.recycled(often, RECYCLED) if often else {}
    groups: dict[Callable[[UnitOfWork, Group, Losses], None], Group] = {}
    for record, verdict in found:
        known = Facts(recycled=times.get(record.id, 0) if isinstance(record, Lead) else 0)
        act = _review if is_worn_out(verdict.rule, known) else ACTIONS[verdict.rule.action]
        groups.setdefault(act, []).append((record, verdict))
    return groups


def _to_pool(uow: UnitOfWork, group: Group, losses: Losses) -> None:
    leads: list[Lead] = []
    verdicts: dict[LeadId, Recycle] = {}
    for record, verdict in group:
        pool = pool_for(record, verdict.rule, uow.playbook, uow.now, verdict.facts)
        name = pool.name if pool is not None else record.pool
        losses.note(record.owner_id, record, verdict, name)
        record.to_pool(uow.now, name)
        if isinstance(record, Lead):
            leads.append(record)
            verdicts[record.id] = verdict
        else:
            uow.deadlines.clear([record.ref], but_overdue=True)
    let_go(uow, leads, by=RECYCLED, reason="", verdicts=verdicts)


def _reassign(uow: UnitOfWork, group: Group, losses: Losses) -> None:
    """Let the assignment rules find the next holder; what they leave lies in its pool, accounts too."""
    leads: list[Lead] = []
    holders: dict[LeadId, MemberId | None] = {}
    verdicts: dict[LeadId, Recycle] = {}
    for record, verdict in group:
        if isinstance(record, Lead):
            pool = pool_for(record, verdict.rule, uow.playbook, uow.now, verdict.facts)
            holders[record.id], verdicts[record.id] = record.owner_id, verdict
            record.to_pool(uow.now, pool.name if pool is not None else record.pool)
            leads.append(record)
    let_go(uow, leads, by=RECYCLED, reason="", verdicts=verdicts)
    uow.flush()
    given = {routing.lead_id: routing.member_id for routing in route(uow, leads, Way.RECYCLE)}
    names = uow.members.find({one for one in given.values() if one is not None})
    for lead in leads:
        to = names.get(given.get(lead.id) or MemberId(0))
        losses.note(holders[lead.id], lead, verdicts[lead.id], to.name if to is not None else lead.pool)
    _to_pool(uow, [(record, verdict) for record, verdict in group if not isinstance(record, Lead)], losses)


def _to_manager(uow: UnitOfWork, group: Group, losses: Losses) -> None:
    """Give each to whoever leads its holder; where nobody does, it goes to the pool."""
    holders = uow.members.find({r.owner_id for r, _ in group if r.owner_id is not None})
    nobody: Group = []
    for record, verdict in group:
        holder = holders.get(record.owner_id) if record.owner_id is not None else None
        leader = next((one for one in leaders_of(uow, holder) if one.id != record.owner_id), None) if holder else None
        if leader is None or holder is None:
            nobody.append((record, verdict))
            continue
        losses.note(record.owner_id, record, verdict, leader.name)
        _hand_over(uow, record, verdict, holder, leader)
    if nobody:
        _to_pool(uow, nobody, losses)


def _hand_over(uow: UnitOfWork, record: Record, verdict: Recycle, holder: Member, leader: Member) -> None:
    standing = uow.deadlines.of(record.ref)
    uow.deadlines.settle([d for d in standing if d.kind == DeadlineKind.RECYCLE and d.due_at < uow.now])
    if isinstance(record, Lead):
        let_go(uow, [record], by=RECYCLED, reason="", verdicts={record.id: verdict})
        assign(uow, record, leader.id, by=f"{RECYCLED}:{verdict.rule.id}"[:64])
    else:
        record.assign(leader.id, uow.now)
        set_all_clocks(uow, [record])
    limits = [deadline.limit_at for deadline in uow.deadlines.of(record.ref) if deadline.kind == "recycle"]
    line = LeadLine(str(record.ref), record.name, min(limits, default=uow.now))
    uow.tell(LeadAssigned(to=leader.id, by=f"回收规则「{verdict.rule.id}」", lead=line, held_before=holder.name))


def _review(uow: UnitOfWork, group: Group, losses: Losses) -> None:
    """Let leads rest with whoever leads their holder, and ask what shall become of them."""
    holders = uow.members.find({r.owner_id for r, _ in group if r.owner_id is not None})
    asked: dict[tuple[MemberId, str, int], list[LeadLine]] = {}
    nobody: Group = []
    for record, verdict in group:
        holder = holders.get(record.owner_id) if record.owner_id is not None else None
        leader = next(iter(leaders_of(uow, holder)), None) if holder is not None else None
        if leader is None or holder is None or not isinstance(record, Lead):
            nobody.append((record, verdict))
            continue
        losses.note(record.owner_id, record, verdict, REVIEW)
        let_go(uow, [record], by=RECYCLED, reason="", verdicts={record.id: verdict})
        record.owner_id, record.state, record.assigned_at = leader.id, LeadState.NURTURE, None
        line = LeadLine(str(record.ref), record.name, verdict.due_at)
        asked.setdefault((leader.id, holder.name, verdict.rule.max_cycles), []).append(line)
    for (leader_id, name, times), lines in asked.items():
        uow.tell(ReviewNeeded(to=leader_id, leads=tuple(lines), times=times + 1, holder=name))
    if nobody:
        _to_pool(uow, nobody, losses)


ACTIONS: Mapping[Action, Callable[[UnitOfWork, Group, Losses], None]] = {
    Action.TO_POOL: _to_pool,
    Action.TO_MANAGER: _to_manager,
    Action.REASSIGN: _reassign,
}


def warn_holders(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Warn each holder once of everything that leaves soon."""
    held = {r.ref: r for r in records_of(uow, {deadline.subject for deadline in due}) if is_held(r)}
    leaving: dict[MemberId, dict[Ref, LeadLine]] = {}
    for deadline in due:
        record = held.get(deadline.subject)
        if record is not None and record.owner_id is not None and deadline.limit_at > uow.now:
            line = LeadLine(str(record.ref), record.name, deadline.limit_at)
            known = leaving.setdefault(record.owner_id, {})
            if record.ref not in known or line.at < known[record.ref].at:
                known[record.ref] = line
    for holder, lines in leaving.items():
        uow.tell(LeadsExpiring(to=holder, leads=tuple(sorted(lines.values(), key=lambda line: line.at))))


def first_contact_missed(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Tell the holder, and who leads them, that a fresh lead was not contacted in its grade's time."""
    limits = {deadline.subject_id: deadline.limit_at for deadline in due}
    found = uow.leads.find(LeadId(deadline.subject_id) for deadline in due)
    facts = facts_of(uow, found)
    leads, moved = [], []
    for lead in found:
        missed = first_contact_at(lead, facts.get(lead.ref, NOTHING_KNOWN), uow.playbook, uow.calendar)
        if missed is not None and uow.now > missed:
            leads.append(lead)
        else:
            moved.append(lead)  # contacted meanwhile, or rule, days off or calendar have moved it
    set_all_clocks(uow, moved)
    holders = uow.members.find(lead.owner_id for lead in leads if lead.owner_id is not None)
    for lead in leads:
        holder = holders.get(lead.owner_id) if lead.owner_id is not None else None
        if holder is None:
            continue
        line = LeadLine(str(lead.ref), lead.name, limits[lead.id])
        for reader in {holder.id, holder.manager_id or holder.id}:
            uow.tell(FirstContactMissed(to=reader, lead=line, grade=lead.grade, holder=holder.name))


def records_of(uow: UnitOfWork, refs: Iterable[Ref]) -> list[Record]:
    """Return the leads and accounts of these numbers, in the order of their numbers; what is gone is missing."""
    wanted = set(refs)
    leads = uow.leads.find(sorted(LeadId(ref.id) for ref in wanted if ref.kind == "lead"))
    accounts: list[Account] = []
    if numbers := sorted(AccountId(ref.id) for ref in wanted if ref.kind == "account"):
        accounts = uow.accounts.find(numbers)
    return [*leads, *accounts]
