"""Who gets a lead, and why (semantics B.5): the rule that fits, who may take it just now, and who of them it is.

Nothing here asks the database. Whoever wants a verdict brings the facts of the lead and of the colleagues; the same
facts give the same verdict, so that a rehearsal says what would happen.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, Final

from core.calendar import WorkCalendar
from core.model.ids import MemberId
from core.model.member import SELLING, Member
from core.model.playbook.assignment import AssignmentRule, AssignmentSection, Hours, Picker
from core.model.playbook.parts import Group
from core.rules.conditions import Ready, Verdict, ready
from core.rules.fields.catalogue import Catalogue, Facts
from core.rules.fields.kind import folded
from core.rules.groups import belongs
from core.rules.pickers import Candidate, Memory, Pick, pick, this_week

MOST_KEYS: Final = 256
"""Combinations of values under which one rule is found; a rule with more is found by one field only."""


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody who sells, as far as it matters for who gets a lead."""

    member: Member
    regions: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    weight: int = 1
    duty: Hours | None = None
    rostered: bool = False
    on_leave: str = ""
    used: float = 0
    capacity: int | None = None
    last_at: datetime | None = None
    settled: int = 0
    won: int = 0


@dataclass(frozen=True)
class Dropped:
    """Somebody who was not asked, and why not."""

    id: MemberId
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A rule that fits a lead: its condition judged, who was left out, who was left, and whom it picked, if anybody.

    `chain` is 0 for those the rule names, else which of its reserves was reached.
    """

    rule: AssignmentRule
    condition: Verdict
    dropped: tuple[Dropped, ...]
    candidates: tuple[Candidate, ...] = ()
    chain: int = 0
    before: Memory = field(default_factory=dict)
    picked: Pick | None = None

    @property
    def nobody(self) -> bool:
        return self.picked is None


class RuleBook:
    """The rules in force, found by what they require: looking at a lead costs what may fit it, not what there is.

    A rule whose condition needs a field to have one of some values stands under these values, under two fields at once
    where it needs two; only the others are always looked at.
    """

    def __init__(self, rules: Sequence[AssignmentRule], catalogue: Catalogue) -> None:
        self.rules = tuple(rules)
        self._ready = [ready(rule.when, catalogue) for rule in self.rules]
        self._holds = [one.holds for one in self._ready]
        self._index: dict[tuple[str, ...], dict[Any, list[int]]] = {}
        self._always: list[int] = []
        self._fill()

    def fitting(self, facts: Facts) -> Iterator[int]:
        """Yield the places of the rules that hold for a lead, the first one first."""
        found = list(self._always)
        for fields, places in self._index.items():
            found += _looked_up(fields, places, facts)
        holds = self._holds
        for place in sorted(set(found)) if len(found) > len(self._always) else found:
            if holds[place](facts):
                yield place

    def verdict(self, place: int, facts: Facts) -> Verdict:
        """Say why the rule at `place` holds or not."""
        return self._ready[place].explain(facts)

    def _fill(self) -> None:
        enabled = [place for place, rule in enumerate(self.rules) if rule.enabled]
        crowd = Counter(
            (name, value)
            for place in enabled
            for name, values in self._ready[place].requires.items()
            for value in values
        )
        for place in enabled:
            fields = _best_fields(self._ready[place], crowd)
            if not fields:
                self._always.append(place)
                continue
            places = self._index.setdefault(fields, {})
            requires = self._ready[place].requires
            for key in product(*(requires[name] for name in fields)):
                places.setdefault(key if len(fields) > 1 else key[0], []).append(place)


def _best_fields(one: Ready, crowd: Mapping[tuple[str, Any], int]) -> tuple[str, ...]:
    """Return the one or two fields by which a rule is told from the most others."""
    requires = one.requires
    rare = sorted(requires, key=lambda name: (max(crowd[name, value] for value in requires[name]), name))
    if len(rare) > 1 and len(requires[rare[0]]) * len(requires[rare[1]]) <= MOST_KEYS:
        return tuple(sorted(rare[:2]))
    return tuple(rare[:1])


def _looked_up(fields: tuple[str, ...], places: Mapping[Any, list[int]], facts: Facts) -> list[int]:
    said = [facts[name] for name in fields]
    if None in said:
        return []
    found: list[int] = []
    if len(said) == 1:
        for value in said[0] if isinstance(said[0], tuple) else said:
            found += places.get(value, ())
        return found
    for key in product(*(value if isinstance(value, tuple) else (value,) for value in said)):
        found += places.get(key, ())
    return found


def in_order(group: Group, members: Sequence[Member]) -> list[Member]:
    """Return a group's members: the named ones as they are named, then the others by number."""
    named = {name: place for place, name in enumerate(group.members)}
    found = [member for member in members if belongs(member, group)]
    return sorted(found, key=lambda member: (named.get(member.name, len(named)), member.id))


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """The lead that is to be given to somebody, and when. `cooling` says until when its past holders must wait."""

    facts: Facts
    section: AssignmentSection
    calendar: WorkCalendar
    now: datetime
    value: int = 1
    cooling: Mapping[MemberId, datetime] = field(default_factory=dict)

    @property
    def region(self) -> tuple[str, ...]:
        """The lead's region, and what it lies in."""
        return self.facts["region"] or ()

    @property
    def week(self) -> str:
        """The week of the fairness guard."""
        year, week, _ = self.calendar.local(self.now).isocalendar()
        return f"{year}-W{week:02}"


def protection(section: AssignmentSection, region: Sequence[str]) -> tuple[str, Group] | None:
    """Return the name and the team of the first protected region that a lead lies in."""
    for one in section.regions:
        if any(folded(name) in region for name in one.regions):
            return one.id, one.team
    return None


def outside(section: AssignmentSection, region: Sequence[str], member: Member) -> tuple[str, Group] | None:
    """Return the protection that keeps a lead of this region from somebody; None when it is open to them."""
    found = protection(section, region)
    return found if found is not None and not belongs(member, found[1]) else None


def group_words(group: Group) -> str:
    """Name a group."""
    return "、".join((*group.members, *group.departments, *(f"所有{role}" for role in group.roles)))


def why_not(colleague: Colleague, rule: AssignmentRule, occasion: Occasion) -> str:
    """Say why somebody cannot take a lead now, in a few words; empty when they can."""
    return next(_obstacles(colleague, rule, occasion), "")


def _obstacles(colleague: Colleague, rule: AssignmentRule, occasion: Occasion) -> Iterator[str]:
    member, wall = colleague.member, occasion.calendar.local(occasion.now)
    if not member.active:
        yield "已离职"
    if not member.is_any(SELLING):
        yield "不做销售"
    if not rule.weights.get(member.name, colleague.weight):
        yield "权重为 0，暂不分配"
    if colleague.on_leave:
        yield f"请假到 {colleague.on_leave}"
    if colleague.duty is not None and not colleague.duty.cover(wall.time()):
        yield f"不在值班时间 {colleague.duty}"
    yield from _unfit(colleague, rule, occasion)
    if (protected := outside(occasion.section, occasion.region, member)) is not None:
        yield f"区域保护「{protected[0]}」之外"
    if colleague.capacity is not None and colleague.used + 1 > colleague.capacity:
        yield f"库容已满 {colleague.used:g}/{colleague.capacity}"
    until = occasion.cooling.get(member.id)
    if until is not None and until > occasion.now:
        yield f"放掉过这条线索，冷却到 {occasion.calendar.local(until):%m-%d %H:%M}"


def _unfit(colleague: Colleague, rule: AssignmentRule, occasion: Occasion) -> Iterator[str]:
    if rule.on_roster and not colleague.rostered:
        yield "今天没有排值班"
    skills = {folded(skill) for skill in colleague.skills}
    lacking = [skill for skill in rule.skills if folded(skill) not in skills]
    if lacking:
        yield f"不会{'、'.join(lacking)}"
    if rule.own_region and not {folded(name) for name in colleague.regions} & set(occasion.region):
        yield f"不负责{occasion.facts.show('region') or '没有地区的线索'}"


def try_rule(
    rule: AssignmentRule,
    condition: Verdict,
    colleagues: Mapping[MemberId, Colleague],
    order: Sequence[Sequence[MemberId]],
    memory: Memory,
    occasion: Occasion,
) -> Tried:
    """Pick somebody by a rule that fits: of those it names, else of its reserves in turn.

    `order` lists the rule's own people and each reserve's, in their order.
    """
    before = this_week(memory, occasion.week)
    dropped: dict[MemberId, Dropped] = {}
    for chain, ring in enumerate(order):
        candidates: list[Candidate] = []
        for place, number in enumerate(ring):
            colleague = colleagues[number]
            weight = rule.weights.get(colleague.member.name, colleague.weight)
            if reason := why_not(colleague, rule, occasion):
                dropped[number] = Dropped(number, colleague.member.name, reason)
            else:
                candidates.append(_candidate(colleague, place, weight if rule.picker is Picker.WEIGHTED else 1))
        if candidates:
            section = occasion.section
            picked = pick(
                rule.picker,
                candidates,
                ring,
                before,
                conversion=section.conversion,
                fairness=section.fairness if rule.fair else None,
                value=occasion.value,
            )
            left_out, left = tuple(dropped.values()), tuple(candidates)
            return Tried(
                rule=rule, condition=condition, dropped=left_out, candidates=left, chain=chain, before=before,
                picked=picked,
            )  # fmt: skip
    return Tried(rule=rule, condition=condition, dropped=tuple(dropped.values()), before=before)


def _candidate(colleague: Colleague, place: int, weight: int) -> Candidate:
    return Candidate(
        id=colleague.member.id,
        name=colleague.member.name,
        place=place,
        weight=weight,
        used=colleague.used,
        capacity=colleague.capacity,
        last_at=colleague.last_at,
        settled=colleague.settled,
        won=colleague.won,
    )


def value_of(facts: Facts, section: AssignmentSection) -> int:
    """Return what a lead counts for the fairness guard: its field's amount, else its grade's points."""
    if section.fairness.field is not None:
        known = facts.catalogue.find(section.fairness.field)
        amount = facts[known.key] if known is not None else None
        if isinstance(amount, int | float):
            return int(amount)
    grade = str(facts.value("grade") or "")
    return section.fairness.values.get(grade, section.fairness.value)
