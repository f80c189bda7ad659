"""Why a lead went to whom: looked up for whoever may know, and how long that took."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import BadInput, NotAllowed
from core.model.ids import MemberId
from core.model.lead import Lead
from core.model.member import LEADING, Member, Role
from core.model.routing import Routing
from core.ports import UnitOfWork
from core.ports.assignment import Received
from core.rules.permissions import require, scope_of

SHARES = (("一半在", 0.5), ("九成在", 0.9), ("最慢", 1.0))


@dataclass(frozen=True)
class Speed:
    """How long leads waited for their first holder, sorted, and how many still wait."""

    seconds: tuple[float, ...]
    waiting: int

    def within(self, share: float) -> timedelta:
        """Return in how much time `share` of them had found their holder."""
        at = min(int(len(self.seconds) * share), len(self.seconds) - 1)
        return timedelta(seconds=self.seconds[at]) if self.seconds else timedelta()


def why_assigned(uow: UnitOfWork, lead: Lead) -> tuple[Routing, bool]:
    """Return the last decision about a lead, and whether the actor may know what concerns the colleagues in it."""
    routing = uow.routings.last(lead.id)
    if routing is None:
        raise BadInput(f"「{lead.name}」不是按规则分配的。发送「看看 {lead.name}」看它的来历")
    return routing, sees_all(uow, routing)


def sees_all(uow: UnitOfWork, routing: Routing | None = None) -> bool:
    """Say whether the actor may see the figures of everybody who was looked at: their leader, or an administrator."""
    actor = uow.actor
    if actor.id == 0 or Role.ADMIN in actor.roles:
        return True
    if not actor.is_any(LEADING):
        return False
    looked_at = {MemberId(number) for number in _looked_at(routing)} if routing is not None else set()
    scope = scope_of(actor)
    return all(scope.covers(one.id, one.department) for one in uow.members.find(looked_at).values())


def speed(uow: UnitOfWork, since: datetime, until: datetime) -> Speed:
    """Say how long the leads that came in that time waited for a holder."""
    require(uow.actor.id == 0 or uow.actor.is_any(LEADING | {Role.ADMIN, Role.MARKETING}), "查看分配用时")
    waits = uow.routings.waits(since, until)
    return Speed(tuple(waits.seconds), waits.waiting)


def received(uow: UnitOfWork, members: list[Member], since: datetime, until: datetime) -> list[tuple[Member, Received]]:
    """Return what each of `members` was given by rules in that time, the most valuable first."""
    given = uow.routings.received(since, until)
    rows = [(member, given.get(member.id, Received(0, 0))) for member in members]
    return sorted(rows, key=lambda row: (-row[1].value, row[0].id))


def require_rules_reader(member: Member) -> None:
    """Refuse those who have nothing to do with leads."""
    if not member.is_any(LEADING | {Role.ADMIN, Role.MARKETING, Role.REP}):
        raise NotAllowed("查看分配规则")


def _looked_at(routing: Routing) -> set[int]:
    found: set[int] = set()
    for one in routing.why.get("tried", ()):
        found.update(dropped[0] for dropped in one.get("dropped", ()))
        found.update(candidate[0] for candidate in one.get("candidates", ()))
    return found
