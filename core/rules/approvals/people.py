"""Who is asked: approvers found in the company, and who stands in where the rules say that somebody else must."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from core.model.approval import Origin, Seat
from core.model.ids import MemberId
from core.model.member import LEADING, Member, Role
from core.model.playbook import Group
from core.model.playbook.approvals import OWN_DEPARTMENT, Away, Flow, Own, Source, Step
from core.rules.permissions import within

MOST_LEVELS = 20


class Company:
    """Everybody, read when first asked for: who leads whom, who is away today, who answers for whom."""

    def __init__(
        self,
        members: Callable[[], Iterable[Member]],
        away: Callable[[], Iterable[MemberId]] = tuple,
        proxies: Callable[[], Mapping[MemberId, tuple[MemberId, ...]]] = dict,
    ) -> None:
        self._read, self._away, self._proxies = members, away, proxies

    @cached_property
    def members(self) -> Mapping[MemberId, Member]:
        return {member.id: member for member in sorted(self._read(), key=lambda one: one.id)}

    @cached_property
    def away(self) -> frozenset[MemberId]:
        return frozenset(self._away())

    @cached_property
    def _standing_in(self) -> Mapping[MemberId, tuple[MemberId, ...]]:
        return self._proxies()

    def proxies_of(self, member_id: MemberId) -> tuple[MemberId, ...]:
        """Return who may answer for a member today."""
        return tuple(one for one in self._standing_in.get(member_id, ()) if self.is_active(one))

    def is_active(self, member_id: MemberId) -> bool:
        return member_id in self.members and self.members[member_id].active

    @property
    def active(self) -> Iterator[Member]:
        return (member for member in self.members.values() if member.active)

    def superior(self, member_id: MemberId) -> MemberId | None:
        """Return the nearest active superior: the manager, past those who have left, else who leads the department."""
        member, seen = self.members.get(member_id), {member_id}
        while member is not None and member.manager_id is not None and member.manager_id not in seen:
            seen.add(member.manager_id)
            member = self.members.get(member.manager_id)
            if member is not None and member.active:
                return member.id
        below = self.members.get(member_id)
        return (
            self._leader(below.department, seen)
            if below is not None and below.manager_id in (None, member_id)
            else None
        )

    def superiors(self, member_id: MemberId) -> Iterator[MemberId]:
        """Yield the chain of superiors, nearest first; a circle ends it."""
        seen, at = {member_id}, self.superior(member_id)
        while at is not None and at not in seen and len(seen) <= MOST_LEVELS:
            seen.add(at)
            yield at
            at = self.superior(at)

    def _leader(self, department: str, but: Iterable[MemberId]) -> MemberId | None:
        out = set(but)
        above = [
            one
            for one in self.active
            if one.id not in out and one.is_any(LEADING) and one.department and within(department, one.department)
        ]
        return max(above, key=lambda one: (len(one.department), -one.id)).id if above else None

    def head(self, department: str) -> MemberId | None:
        """Return who leads a department itself; in one without a leader, whom the others there report to."""
        inside = [one for one in self.active if within(one.department, department)]
        leading = [one for one in inside if one.department == department and one.is_any(LEADING)]
        if leading:
            return leading[0].id
        managers = {one.manager_id for one in inside}
        top = [one for one in inside if one.id in managers and one.manager_id not in {each.id for each in inside}]
        if top:
            return top[0].id
        return inside[0].id if len(inside) == 1 else None

    def named(self, words: str) -> MemberId | None:
        """Return the active member of a name, or a number `M3`."""
        number = words[1:] if words[:1] in "Mm" else ""
        found = [one.id for one in self.active if one.name == words or (number.isdigit() and one.id == int(number))]
        return found[0] if found else None

    def with_role(self, role: str) -> list[MemberId]:
        return [one.id for one in self.active if role in one.roles]

    def in_group(self, group: Group, member_id: MemberId) -> bool:
        member = self.members.get(member_id)
        if member is None or not member.active:
            return False
        return group.is_everybody or (
            member.name in group.members
            or any(within(member.department, department) for department in group.departments)
            or not set(member.roles).isdisjoint(group.roles)
        )

    def fallback(self, flow: Flow, but: Iterable[MemberId]) -> tuple[MemberId, ...]:
        """Return who decides where nobody was found: those named, else the administrators, else whoever leads most."""
        out = set(but)
        named = [one for words in flow.missing if (one := self.named(words)) is not None and one not in out]
        if named:
            return tuple(named)
        administrators = [one for one in self.with_role(Role.ADMIN) if one not in out]
        if administrators:
            return tuple(administrators)
        for role in (Role.VP, Role.DIRECTOR, Role.MANAGER):
            if leading := [one for one in self.with_role(role) if one not in out]:
                return tuple(leading[:1])
        return ()


class Asking:
    """Finds the seats of a node for one matter: whose it is, its facts, and whom the submitter chose."""

    def __init__(
        self,
        company: Company,
        flow: Flow,
        submitter: MemberId,
        facts: Mapping[str, Any],
        chosen: Mapping[str, Sequence[MemberId]],
    ) -> None:
        self.company, self.flow, self.submitter = company, flow, submitter
        self._facts, self._chosen = facts, chosen

    def seats(self, step: Step) -> tuple[Seat, ...]:
        """Return the voices of a step; where nobody is found the fallback is asked, and nothing passes unseen."""
        found = [seat for source in step.by for seat in self._of(source, step)]
        seats = [seat for seat in found if seat.people or seat.free]
        if not seats or len(seats) < len(found):
            rescue = self.company.fallback(self.flow, [self.submitter])
            taken = {one for seat in seats for one in seat.people}
            if rescue and (not seats or taken.isdisjoint(rescue)):
                seats.append(Seat(people=rescue))
        return tuple(_once(seats))

    def people(self, sources: Iterable[Source]) -> tuple[MemberId, ...]:
        """Return everybody that sources name, for copies; nobody stands in for anyone."""
        everyone = (one for source in sources for group in self._groups(source, "") for one in group)
        return tuple(dict.fromkeys(everyone))

    def stand_in(self, member_id: MemberId, seen: frozenset[MemberId] = frozenset()) -> tuple[MemberId, ...]:
        """Return who is asked for somebody: themselves, their superior, or the fallback. Never the submitter for it."""
        company = self.company
        if company.is_active(member_id) and not self._is_missed(member_id):
            return (member_id,)
        for one in company.superiors(member_id):
            if one not in seen and one != self.submitter and not self._is_missed(one):
                return (one,)
        return company.fallback(self.flow, [self.submitter, *([] if company.is_active(member_id) else [member_id])])

    def _is_missed(self, member_id: MemberId) -> bool:
        """Say whether somebody is away, nobody answers for them, and the flow does not wait for them."""
        away = self.flow.away is Away.SUPERIOR and member_id in self.company.away
        return away and not [one for one in self.company.proxies_of(member_id) if one != self.submitter]

    def _of(self, source: Source, step: Step) -> Iterator[Seat]:
        for group in self._groups(source, step.name):
            yield self._seat(group, source.weight)

    def _seat(self, people: Sequence[MemberId], weight: float) -> Seat:
        others = [one for one in people if one != self.submitter]
        if self.submitter in people:
            if self.flow.own is Own.ALLOW:
                others = list(people)
            elif not others and self.flow.own is Own.SKIP:
                return Seat(people=(self.submitter,), weight=weight, free=Origin.OWN)
            elif not others:
                above = next((one for one in self.company.superiors(self.submitter) if one != self.submitter), None)
                others = [above] if above is not None else []
        asked = dict.fromkeys(who for one in others for who in self._asked_for(one))
        return Seat(people=tuple(asked), weight=weight)

    def _asked_for(self, member_id: MemberId) -> tuple[MemberId, ...]:
        return (member_id,) if member_id == self.submitter else self.stand_in(member_id)

    def _groups(self, source: Source, step: str) -> Iterator[tuple[MemberId, ...]]:
        """Yield the people of each voice that a source stands for; an empty one where it finds nobody."""
        company, submitter = self.company, self.company.members.get(self.submitter)
        department = submitter.department if submitter is not None else ""
        if source.member is not None:
            yield _some(self._named(source.member))
        elif source.role is not None:
            holders = self._holders(source.role, department)
            yield from ((one,) for one in holders) if source.each and holders else (tuple(holders),)
        elif source.head is not None:
            wanted = department if source.head == OWN_DEPARTMENT else source.head
            for _ in range(source.above):
                wanted = wanted.rpartition("/")[0]
            yield _some(company.head(wanted) if wanted else None)
        elif source.superior is not None:
            chain = list(company.superiors(self.submitter))
            yield tuple(chain[source.superior - 1 : source.superior])
        elif source.superiors is not None:
            yield from self._chain(source) or [()]
        elif source.field is not None:
            yield self._in_field(source.field)
        elif source.choice is not None:
            group = source.choice
            yield tuple(one for one in self._chosen.get(step, ()) if company.in_group(group, one))

    def _named(self, words: str) -> MemberId | None:
        """Return who is named, whether they have left or not: their superior stands in for them then."""
        found = self.company.named(words)
        if found is not None:
            return found
        return next((one.id for one in self.company.members.values() if one.name == words), None)

    def _holders(self, role: str, department: str) -> list[MemberId]:
        """Return who has a role: of several the nearest above the submitter, else all."""
        holders = self.company.with_role(role)
        above = [one for one in holders if _covers(self.company.members[one].department, department)]
        if not above:
            return holders
        nearest = max(len(self.company.members[one].department) for one in above)
        return [one for one in above if len(self.company.members[one].department) == nearest]

    def _chain(self, source: Source) -> list[tuple[MemberId, ...]]:
        chain: list[tuple[MemberId, ...]] = []
        for one in self.company.superiors(self.submitter):
            if len(chain) == source.superiors:
                break
            chain.append((one,))
            if source.until is not None and source.until in self.company.members[one].roles:
                break
        return chain

    def _in_field(self, name: str) -> tuple[MemberId, ...]:
        value = self._facts.get(name)
        several = value if isinstance(value, list | tuple) else [value]
        return tuple(one for each in several if each is not None for one in _some(self._person(each)))

    def _person(self, value: Any) -> MemberId | None:
        if isinstance(value, int):
            return MemberId(value) if value in self.company.members else None
        return self._named(str(value))


def _some(member_id: MemberId | None) -> tuple[MemberId, ...]:
    return () if member_id is None else (member_id,)


def _covers(above: str, department: str) -> bool:
    return bool(above) and within(department, above)


def _once(seats: Iterable[Seat]) -> Iterator[Seat]:
    """Leave out a voice that another one gives already."""
    seen: set[tuple[MemberId, ...]] = set()
    for seat in seats:
        if seat.people not in seen:
            seen.add(seat.people)
            yield seat
