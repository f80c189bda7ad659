"""Leads given to people by the rules (semantics B.5), each with its why."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from core.model.deadline import DeadlineKind
from core.model.ids import LeadId, MemberId
from core.model.lead import Assignment, Lead
from core.model.member import SELLING, Member
from core.model.playbook import Playbook
from core.model.routing import Placed, Routing, Way
from core.notices.assignment import LeadsQueued, LeadsRouted
from core.notices.base import LeadLine
from core.ports import UnitOfWork
from core.rules.assignment import Occasion, RuleBook, Tried, try_rule, value_of
from core.rules.fields.catalogue import Facts, catalogue_of
from core.rules.pickers import Memory
from core.rules.recycling import Facts as Keeps
from core.rules.recycling import lead_deadlines
from core.services.crew import Crew
from core.services.duplicates import look_up
from core.services.keeping import facts_of

QUEUED: Final = "待分配"
SAME_CUSTOMER: Final = "同一客户"
BY_RULE: Final = "规则"
OFFERED: Final = 4
_BEGUN_BY: Final = 64
_UNKNOWN: Final = frozenset({Way.API, Way.RECYCLE, Way.HANDOVER})
"""Ways on which nobody has looked for the same company yet; chat and imports have refused it before."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Where a lead shall go and why: every rule that fits and was tried, the last of them the one that decided."""

    placed: Placed
    says: str
    value: int = 0
    rule: str = ""
    to: Member | None = None
    tried: tuple[Tried, ...] = ()

    def why(self) -> dict[str, Any]:
        """Return what the decision leaves on record."""
        return {"says": self.says, "tried": [_told(one) for one in self.tried]}


@dataclass
class Assigner:
    """Gives leads to people, for the length of one transaction: what it has learned of colleagues and turns it keeps.

    `close` tells everybody once what they were given; nobody is told before.
    """

    uow: UnitOfWork
    way: Way
    crew: Crew = field(init=False)
    _book: RuleBook = field(init=False)
    _memories: dict[str, Memory] | None = None
    _moved: dict[str, Memory] = field(default_factory=dict)
    _given: dict[tuple[MemberId, Placed], list[tuple[Lead, Decision]]] = field(default_factory=dict)
    _cooling: Mapping[LeadId, Mapping[MemberId, datetime]] = field(default_factory=dict)
    _fresh: list[Lead] = field(default_factory=list)
    _again: list[Lead] = field(default_factory=list)
    _limits: dict[LeadId, datetime] = field(default_factory=dict)
    _settled: set[MemberId] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.crew = Crew(self.uow)
        self._book = rule_book(self.uow.playbook)

    def place(self, leads: Sequence[Lead], entered_at: datetime | None = None) -> list[Routing]:
        """Give each of `leads`, which nobody holds, to whom the rules say; what they leave stays where it is.

        `entered_at` is when they came to us, now unless given. New ones have their ids already.
        """
        self.uow.routings.reserve()
        self._look_back(leads)
        placed: list[Routing] = []
        for lead in leads:
            decision = self._settled_on(lead)
            if decision.to is not None:
                self._give(lead, decision.to, decision)
            routing = Routing(
                lead_id=lead.id,
                at=self.uow.now,
                entered_at=entered_at or self.uow.now,
                way=self.way,
                placed=decision.placed,
                rule=decision.rule,
                member_id=decision.to.id if decision.to is not None else None,
                value=decision.value,
                why=decision.why(),
            )
            self.uow.routings.add(routing)
            placed.append(routing)
        return placed

    def decide(self, lead: Lead) -> Decision:
        """Say who would get a lead just now, and why. Nothing is written."""
        section = self.uow.playbook.assignment
        facts = Facts(lead, catalogue_of(self.uow.playbook, "lead"), self.uow.now, names=self._names)
        value = value_of(facts, section)
        if section.same_customer and self.way in _UNKNOWN and (holder := self._holds_same(lead)) is not None:
            return Decision(placed=Placed.OWNER, says=f"同一家公司已由{holder.name}负责", to=holder, value=value)
        cooling = {number: at + section.cooldown for number, at in self._cooling.get(lead.id, {}).items()}
        occasion = Occasion(
            facts=facts, section=section, calendar=self.uow.calendar, now=self.uow.now, value=value, cooling=cooling
        )
        return self._by_rules(facts, occasion)

    def _settled_on(self, lead: Lead) -> Decision:
        """Decide, and again if whoever was picked has meanwhile been given more by others."""
        while True:
            decision = self.decide(lead)
            if decision.placed is not Placed.RULE or decision.to is None or decision.to.id in self._settled:
                return decision
            self._settled.add(decision.to.id)
            if any(member == decision.to.id for member, _ in self._given):
                self.uow.flush()
            self.uow.pools.reserve(decision.to.id)
            if not self.crew.renew(decision.to.id):
                return decision

    def look_back(self, lead: Lead) -> None:
        """Learn who has held a lead lately, for a decision that is not carried out."""
        self._look_back([lead])

    def close(self) -> None:
        """Write what rules remember and the promises of new leads, and tell everybody what they were given."""
        self.uow.routings.remember(self._moved)
        self._set_clocks()
        for (member, placed), given in self._given.items():
            if member != self.uow.actor.id or placed is Placed.QUEUE:
                self._tell(member, placed, given)
        self._given = {}

    @property
    def _names(self) -> Mapping[str, str]:
        if not hasattr(self, "_named"):
            self._named = {str(member.ref): member.name for member in self.crew.members.values()}
        return self._named

    def _by_rules(self, facts: Facts, occasion: Occasion) -> Decision:
        tried: list[Tried] = []
        for place in self._book.fitting(facts):
            rule = self._book.rules[place]
            one = try_rule(
                rule,
                self._book.verdict(place, facts),
                self.crew.colleagues(rule),
                self.crew.order(rule),
                self._memory(rule.id),
                occasion,
            )
            tried.append(one)
            if one.picked is not None:
                says = f"规则「{rule.id}」：{one.picked.says}"
                to = self.crew.members[one.picked.candidate.id]
                return Decision(
                    placed=Placed.RULE, says=says, value=occasion.value, rule=rule.id, to=to, tried=tuple(tried)
                )
            if rule.otherwise != "next":
                break
        return self._nobody(tried, occasion)

    def _nobody(self, tried: Sequence[Tried], occasion: Occasion) -> Decision:
        if not tried:
            return Decision(placed=Placed.POOL, says="没有适合的分配规则，放入公海", value=occasion.value)
        rule = tried[-1].rule
        manager = self.crew.manager_of(rule) if rule.otherwise != "pool" else None
        if manager is None:
            says = f"规则「{rule.id}」里现在没有人能接，放入公海"
            return Decision(placed=Placed.POOL, says=says, value=occasion.value, rule=rule.id, tried=tuple(tried))
        says = f"规则「{rule.id}」里现在没有人能接，请您分配"
        return Decision(
            placed=Placed.QUEUE, says=says, value=occasion.value, rule=rule.id, to=manager, tried=tuple(tried)
        )

    def _give(self, lead: Lead, to: Member, decision: Decision) -> None:
        by = {Placed.RULE: f"{BY_RULE}:{decision.rule}", Placed.QUEUE: QUEUED}.get(decision.placed, SAME_CUSTOMER)
        (self._again if lead.cycle else self._fresh).append(lead)
        lead.assign(to.id, self.uow.now)
        held = Assignment(lead_id=lead.id, member_id=to.id, begun_at=self.uow.now, begun_by=by[:_BEGUN_BY])
        self.uow.assignments.add(held)
        self.crew.given(to.id)
        if decision.placed is Placed.RULE and (picked := decision.tried[-1].picked) is not None:
            self._moved[decision.rule] = picked.memory
        self._given.setdefault((to.id, decision.placed), []).append((lead, decision))

    def _set_clocks(self) -> None:
        """Let the promises stand that follow: for new leads all at once, for others in the place of what stood."""
        if not self._fresh and not self._again:
            return
        self.uow.flush()
        given = [*self._fresh, *self._again]
        facts = facts_of(self.uow, given)
        promises = {
            lead.id: lead_deadlines(lead, facts.get(lead.ref, Keeps()), self.uow.playbook, self.uow.calendar)
            for lead in given
        }
        for number, some in promises.items():
            limits = [promise.limit_at for promise in some if promise.kind == DeadlineKind.RECYCLE]
            self._limits[number] = min(limits, default=self.uow.now)
        self.uow.register.add_deadlines([promise for lead in self._fresh for promise in promises[lead.id]])
        for lead in self._again:
            self.uow.deadlines.replace(lead.ref, promises[lead.id])
        self._fresh, self._again = [], []

    def _memory(self, rule: str) -> Memory:
        if self._memories is None:
            self._memories = dict(self.uow.routings.memories())
        return self._moved.get(rule) or self._memories.get(rule, {})

    def _holds_same(self, lead: Lead) -> Member | None:
        """Return who holds the same company, or whoever is reached under the same phone, and can still sell."""
        for match in look_up(self.uow, lead.identity, but=[lead.ref]):
            holder = self.crew.members.get(match.found.owner_id) if match.found.owner_id is not None else None
            if match.certain and holder is not None and holder.active and holder.is_any(SELLING):
                return holder
        return None

    def _look_back(self, leads: Sequence[Lead]) -> None:
        again = [lead.id for lead in leads if lead.cycle]
        if again:
            since = self.uow.now - self.uow.playbook.assignment.cooldown
            self._cooling = {**self._cooling, **self.uow.routings.let_go(again, since)}

    def _tell(self, member: MemberId, placed: Placed, given: Sequence[tuple[Lead, Decision]]) -> None:
        lines = tuple(LeadLine(str(lead.ref), lead.name, self._limits[lead.id]) for lead, _ in given)
        reasons = list(dict.fromkeys(decision.says for _, decision in given))
        reason = reasons[0] if len(reasons) == 1 else _together(decision for _, decision in given)
        if placed is not Placed.QUEUE:
            self.uow.tell(LeadsRouted(to=member, leads=lines, reason=reason))
            return
        rule = given[0][1].tried[-1].rule
        could = [self.crew.members[number] for number in self.crew.order(rule)[0]]
        able = tuple((one.name, str(one.ref)) for one in could if one.active)[:OFFERED]
        self.uow.tell(LeadsQueued(to=member, leads=lines, reason=reason, colleagues=able if len(lines) == 1 else ()))


def route(uow: UnitOfWork, leads: Sequence[Lead], way: Way, entered_at: datetime | None = None) -> list[Routing]:
    """Give leads that nobody holds to whom the rules say, and tell them."""
    assigner = Assigner(uow, way)
    placed = assigner.place(leads, entered_at)
    assigner.close()
    uow.flush()
    return placed


def rehearse(uow: UnitOfWork, lead: Lead) -> Decision:
    """Say who would get a lead now, and why; nothing is written and no turn is spent."""
    assigner = Assigner(uow, Way.CHAT)
    assigner.look_back(lead)
    return assigner.decide(lead)


def waited(seconds: Sequence[float], share: float) -> timedelta:
    """Return how long `share` of the leads waited at most; `seconds` are sorted."""
    return timedelta(seconds=seconds[min(int(len(seconds) * share), len(seconds) - 1)]) if seconds else timedelta()


_BOOKS: OrderedDict[int, tuple[Playbook, RuleBook]] = OrderedDict()
_KEPT: Final = 4


def rule_book(playbook: Playbook) -> RuleBook:
    """Return the rules of a playbook, made ready; the last few are remembered."""
    known = _BOOKS.get(id(playbook))
    if known is not None and known[0] is playbook:
        return known[1]
    made = RuleBook(playbook.assignment.rules, catalogue_of(playbook, "lead"))
    _BOOKS[id(playbook)] = (playbook, made)
    while len(_BOOKS) > _KEPT:
        _BOOKS.popitem(last=False)
    return made


def _together(decisions: Iterable[Decision]) -> str:
    rules = list(dict.fromkeys(decision.rule for decision in decisions if decision.rule))
    return f"按规则「{'」「'.join(rules[:3])}」分配" if rules else "同一客户已由您负责"


def _told(one: Tried) -> dict[str, Any]:
    """Return what a rule's attempt leaves on record."""
    told: dict[str, Any] = {
        "rule": one.rule.id,
        "condition": one.condition.as_json(),
        "dropped": [[dropped.id, dropped.name, dropped.reason] for dropped in one.dropped],
    }
    if one.picked is None:
        return told
    asked = {str(candidate.id) for candidate in one.candidates}
    return told | {
        "candidates": [[one.id, one.name, one.used, one.capacity, one.weight] for one in one.candidates],
        "chain": one.chain,
        "picker": one.rule.picker,
        "picked": one.picked.candidate.id,
        "says": one.picked.says,
        "before": _of(one.before, asked),
        "after": _of(one.picked.memory, asked),
    }


def _of(memory: Memory, members: set[str]) -> dict[str, Any]:
    """Return so much of a memory as concerns those who were asked."""
    return {
        key: {member: kept for member, kept in value.items() if member in members} if isinstance(value, dict) else value
        for key, value in memory.items()
    }
