"""What people ask about their work: how often, who, what is about to be lost, and why something happened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.model.deadline import DeadlineKind
from core.model.ids import LeadId, MemberId, Ref
from core.model.member import Member
from core.notices import LeadLine
from core.ports import UnitOfWork
from core.services.members import team_of


@dataclass(frozen=True)
class Activity:
    """How often somebody was in touch, and with whom, the most frequent first."""

    member: Member
    times: int
    customers: tuple[tuple[str, int], ...]


def activity(
    uow: UnitOfWork, members: Sequence[Member], since: datetime, until: datetime, method: str = ""
) -> list[Activity]:
    """Count valid follow-ups of `members` between two instants, everybody listed, the busiest first."""
    done = uow.followups.tally([member.id for member in members], since, until, method)
    names = uow.customers.names_of({ref for counted in done.values() for ref in counted})
    rows = []
    for member in members:
        counted: Counter[Ref] = done.get(member.id, Counter())
        customers = tuple((names.get(ref, "（已删除）"), count) for ref, count in counted.most_common())
        rows.append(Activity(member, counted.total(), customers))
    return sorted(rows, key=lambda row: -row.times)


@dataclass(frozen=True)
class Silence:
    """Somebody's last valid follow-up, and the leads that wait longest for one."""

    member: Member
    last_at: datetime | None
    waiting: tuple[tuple[str, datetime], ...]
    held: int


def silent_ones(uow: UnitOfWork, since: datetime) -> list[Silence]:
    """Return who of the actor's people has not followed up since then, or holds leads that nobody did; worst first."""
    team = team_of(uow)
    last = uow.followups.last_at(member.id for member in team)
    held = uow.leads.count_held_by_each(member.id for member in team)
    waiting: dict[MemberId, list[tuple[str, datetime]]] = {}
    for lead in uow.leads.untouched_since([member.id for member in team], since, 200):
        touched = lead.last_followup_at or lead.assigned_at
        if lead.owner_id is not None and touched is not None:
            waiting.setdefault(lead.owner_id, []).append((lead.name, touched))
    found = [
        Silence(member, last.get(member.id), tuple(waiting.get(member.id, ())), held.get(member.id, 0))
        for member in team
        if member.id in waiting or (at := last.get(member.id)) is None or at < since
    ]
    return sorted(found, key=lambda one: (-len(one.waiting), one.member.name))


def leaving_soon(uow: UnitOfWork, within: timedelta) -> list[LeadLine]:
    """Return the actor's leads that go back to the pool within a while, the soonest first."""
    due = uow.deadlines.held_by(uow.actor.id, DeadlineKind.RECYCLE, uow.now + within)
    soonest: dict[int, datetime] = {}
    for deadline in sorted(due, key=lambda d: d.limit_at):
        soonest.setdefault(deadline.subject_id, deadline.limit_at)
    names = {lead.id: lead.name for lead in uow.leads.find(LeadId(number) for number in soonest)}
    return [
        LeadLine(str(Ref("lead", number)), names[LeadId(number)], at)
        for number, at in soonest.items()
        if LeadId(number) in names
    ]
