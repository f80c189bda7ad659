"""The colleagues as assignment sees them: who is in which group, what they can do, and how much they hold just now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from pydantic import TypeAdapter, ValidationError

from core.model.ids import MemberId
from core.model.member import Member
from core.model.playbook.assignment import AssignmentRule, DutyHours, Hours, Person, Picker
from core.model.playbook.parts import Group
from core.ports import UnitOfWork
from core.rules.assignment import Colleague, in_order
from core.services.capacity import used_by

_HOURS: TypeAdapter[Hours] = TypeAdapter(DutyHours)


def hours_of(written: str) -> Hours | None:
    """Read duty hours as a member's row keeps them; None for none."""
    try:
        return _HOURS.validate_python(written) if written else None
    except ValidationError:
        return None


class Crew:
    """Everybody in one transaction. What is asked of the database is asked once, for all whom a rule names."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.members: Mapping[MemberId, Member] = {member.id: member for member in uow.members.everybody()}
        self._colleagues: dict[MemberId, Colleague] = {}
        self._orders: dict[str, list[list[MemberId]]] = {}
        self._known: set[tuple[Picker, MemberId]] = set()

    def order(self, rule: AssignmentRule) -> list[list[MemberId]]:
        """Return whom a rule names, and whom each of its reserves names, in their order."""
        known = self._orders.get(rule.id)
        if known is None:
            known = [self._ids(group) for group in (rule.to, *rule.reserve)]
            self._orders[rule.id] = known
        return known

    def colleagues(self, rule: AssignmentRule) -> Mapping[MemberId, Colleague]:
        """Return everybody as known so far, those of `rule` with all that its picker looks at."""
        wanted = {number for ring in self.order(rule) for number in ring}
        self._load(wanted - self._colleagues.keys())
        missing = {number for number in wanted if (rule.picker, number) not in self._known}
        if missing and rule.picker is Picker.LEAST_LOAD:
            for number, last_at in self._uow.routings.last_given(missing).items():
                self._colleagues[number] = replace(self._colleagues[number], last_at=last_at)
        elif missing and rule.picker is Picker.BEST_CONVERTER:
            since = self._uow.now - self._uow.playbook.assignment.conversion.within
            for number, record in self._uow.routings.records(missing, since).items():
                known = self._colleagues[number]
                self._colleagues[number] = replace(known, settled=record.settled, won=record.won)
        self._known |= {(rule.picker, number) for number in missing}
        return self._colleagues

    def given(self, number: MemberId) -> None:
        """Note that somebody was just given a lead."""
        if (one := self._colleagues.get(number)) is not None:
            self._colleagues[number] = replace(one, used=one.used + 1, last_at=self._uow.now)

    def manager_of(self, rule: AssignmentRule) -> Member | None:
        """Return who decides when nobody of a rule can take a lead: whom it names, else the leader they share."""
        if rule.manager is not None:
            named = (member for member in self.members.values() if member.name == rule.manager and member.active)
            return next(named, None)
        chains = [self._above(number) for number in self.order(rule)[0]]
        shared = (one for one in chains[0] if all(one in chain for chain in chains)) if chains else iter(())
        return next((self.members[one] for one in shared if self.members[one].active), None)

    def _above(self, number: MemberId) -> list[MemberId]:
        """Return who leads somebody, the nearest first."""
        chain: list[MemberId] = []
        leader = self.members[number].manager_id
        while leader is not None and leader in self.members and leader not in chain:
            chain.append(leader)
            leader = self.members[leader].manager_id
        return chain

    def renew(self, number: MemberId) -> bool:
        """Ask anew what somebody holds, once nobody else can change it any more; say whether it is something else."""
        used, capacity = used_by(self._uow, [self.members[number]])[number]
        known = self._colleagues[number]
        self._colleagues[number] = replace(known, used=used, capacity=capacity)
        return known.used != used

    def _away(self, numbers: set[MemberId]) -> dict[MemberId, str]:
        """Return until when those are away who are so today."""
        today = self._uow.calendar.local(self._uow.now).date()
        gone = [absence for absence in self._uow.absences.of(numbers) if absence.covers(today)]
        return {absence.member_id: f"{absence.ends_on:%m-%d}" for absence in gone}

    def _ids(self, group: Group) -> list[MemberId]:
        if group.departments or group.roles:
            return [member.id for member in in_order(group, self._all)]
        named = [member for name in group.members for member in self._by_name.get(name, ())]
        return [member.id for member in dict.fromkeys(named)]

    def _load(self, numbers: set[MemberId]) -> None:
        if not numbers:
            return
        held, away = used_by(self._uow, [self.members[number] for number in numbers]), self._away(numbers)
        for number in numbers:
            member = self.members[number]
            person = self._people.get(member.name)
            used, capacity = held[number]
            self._colleagues[number] = Colleague(
                member=member,
                regions=(*member.regions, *(person.regions if person else ())),
                skills=(*member.skills, *(person.skills if person else ())),
                weight=_weight(member, person),
                duty=hours_of(member.duty) or (person.duty if person else None),
                rostered=number in self._rostered,
                on_leave=away.get(number, ""),
                used=used,
                capacity=capacity,
            )

    @cached_property
    def _all(self) -> Sequence[Member]:
        return list(self.members.values())

    @cached_property
    def _by_name(self) -> Mapping[str, list[Member]]:
        named: dict[str, list[Member]] = {}
        for member in self.members.values():
            named.setdefault(member.name, []).append(member)
        return named

    @cached_property
    def _people(self) -> Mapping[str, Person]:
        return {person.name: person for person in self._uow.playbook.assignment.people}

    @cached_property
    def _rostered(self) -> set[MemberId]:
        today = self._uow.calendar.local(self._uow.now).date()
        return {shift.member_id for shift in self._uow.shifts.on(today)}


def _weight(member: Member, person: Person | None) -> int:
    if member.weight is not None:
        return member.weight
    return person.weight if person is not None and person.weight is not None else 1
