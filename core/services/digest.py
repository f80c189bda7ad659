"""The evening digest: what a leader's people did today, asked once for everybody and told to each of their own."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.model.deadline import Deadline, DeadlineKind
from core.model.ids import MemberId, Ref
from core.model.lead import Assignment
from core.model.member import LEADING, SELLING, SYSTEM, Member
from core.model.promise import PromiseState
from core.model.report import Target, TargetKind
from core.notices import LeadLine, ManagerDigest, RepLine
from core.ports import UnitOfWork
from core.rules.claiming import RECYCLED
from core.rules.metrics.declared import WON_AMOUNT
from core.rules.metrics.periods import Span, Unit, around
from core.rules.permissions import scope_of
from core.services.qualifying import OVER
from core.services.reports.asking import DEPARTMENT, totals_in
from core.services.why import received

LEAVING_SHOWN, LOST_SHOWN = 5, 10

Team = Sequence[Member]


@dataclass(frozen=True)
class Evening:
    """What is known of a day, each figure by the member whose it is.

    `received` is in the order of what it is worth; what was won is known by department, with those below it.
    """

    followups: Mapping[MemberId, int]
    new_leads: Mapping[MemberId, int]
    held: Mapping[MemberId, int]
    recycled: Mapping[MemberId, int]
    promises_kept: Mapping[MemberId, int]
    promises_broken: Mapping[MemberId, int]
    received: Sequence[tuple[MemberId, str, bool]]
    lost: Sequence[tuple[MemberId, datetime, str]]
    crowded: Mapping[MemberId, Sequence[str]]
    leaving: Mapping[MemberId, Sequence[LeadLine]]
    won_today: Mapping[str, int]
    won_month: Mapping[str, int]
    targets: Sequence[Target]


def leads_people(member: Member) -> bool:
    """Say whether a member gets the digest."""
    return member.active and member.is_any(LEADING)


def send_digests(uow: UnitOfWork, leaders: Sequence[Member], day: date) -> None:
    """Tell leaders what their people did on a day, who was silent, and which leads leave next.

    Whoever leads nobody is told nothing.
    """
    below = _by_department(uow.members.everybody())
    teams = {
        one.id: team
        for one in leaders
        if one.department and (team := [member for member in below[one.department] if member.id != one.id])
    }
    if not teams:
        return
    known = _evening(uow, day, {member.id: member for team in teams.values() for member in team})
    for leader in leaders:
        if leader.id in teams:
            uow.tell(_digest(leader, teams[leader.id], day, known))


def team_under(uow: UnitOfWork, leader: Member) -> list[Member]:
    """Return the people of whom a leader's digest tells."""
    below = _by_department(uow.members.everybody())
    return [member for member in below.get(leader.department, ()) if leader.department and member.id != leader.id]


def _by_department(everybody: Iterable[Member]) -> Mapping[str, list[Member]]:
    """Return who sells in a department or below it."""
    found: dict[str, list[Member]] = defaultdict(list)
    for member in everybody:
        if member.active and member.is_any(SELLING):
            for department in _up_from(member.department):
                found[department].append(member)
    return found


def _up_from(department: str) -> Iterator[str]:
    """Return a department and all that it lies in."""
    path = department.split("/")
    for depth in range(len(path), 0, -1):
        yield "/".join(path[:depth])


def _evening(uow: UnitOfWork, day: date, team: Mapping[MemberId, Member]) -> Evening:
    """Ask for everything that digests say of these members."""
    begin, end = uow.calendar.at(day, time(0)), uow.calendar.at(day + timedelta(days=1), time(0))
    month = around(Unit.MONTH, day)
    ids = list(team)
    ended = uow.assignments.ended_as(ids, RECYCLED, begin)
    won_today, won_month = (_won(uow, span) for span in (Span(day, day), month.until(day)))
    return Evening(
        followups=uow.followups.count_by_author(ids, begin, end),
        new_leads=uow.history.count_created("lead", ids, begin, end),
        held=uow.leads.count_held_by_each(ids),
        recycled=Counter(one.member_id for one in ended if one.ended_at is not None and one.ended_at < end),
        promises_kept=uow.promises.count_settled(ids, PromiseState.KEPT, begin, end),
        promises_broken=uow.promises.count_settled(ids, PromiseState.BROKEN, begin, end),
        received=_received(uow, list(team.values()), day),
        lost=_lost(uow, team, ended),
        crowded=_crowded(uow, team, begin),
        leaving=_leaving_next(uow, ids, end + timedelta(days=1)),
        won_today=won_today,
        won_month=won_month,
        targets=[one for one in uow.yardsticks.targets(month.first, month.first) if one.kind == TargetKind.SIGNED],
    )


def _digest(leader: Member, team: Team, day: date, known: Evening) -> ManagerDigest:
    reps = tuple(
        RepLine(one.name, known.followups.get(one.id, 0), known.held.get(one.id, 0), known.new_leads.get(one.id, 0))
        for one in team
    )
    ids = {one.id for one in team}
    given = [(said, some) for member_id, said, some in known.received if member_id in ids]
    return ManagerDigest(
        to=leader.id,
        once=f"digest:{leader.id}:{day}",
        day=day,
        department=leader.department,
        reps=tuple(sorted(reps, key=lambda rep: -rep.followups)),
        new_leads=_sum(known.new_leads, ids),
        followups=_sum(known.followups, ids),
        recycled=_sum(known.recycled, ids),
        silent=tuple(rep.name for rep in reps if rep.followups == 0 and rep.held > 0),
        leaving=_soonest(known, team),
        lost=tuple(said for member_id, _, said in known.lost if member_id in ids)[:LOST_SHOWN],
        crowded=tuple(said for one in team for said in known.crowded.get(one.id, ())),
        received=tuple(said for said, _ in given) if any(some for _, some in given) else (),
        won_today=known.won_today.get(leader.department, 0),
        won_month=known.won_month.get(leader.department, 0),
        target=_target(leader, ids, known),
        promises_kept=_sum(known.promises_kept, ids),
        promises_broken=_sum(known.promises_broken, ids),
        broke=tuple(f"{m.name} {known.promises_broken[m.id]} 条" for m in team if known.promises_broken.get(m.id)),
    )


def _sum(figures: Mapping[MemberId, int], ids: Iterable[MemberId]) -> int:
    return sum(figures.get(one, 0) for one in ids)


def _won(uow: UnitOfWork, span: Span) -> Mapping[str, int]:
    """Return what the people of each department won in some days, as every report counts it."""
    everything = scope_of(SYSTEM)
    found = totals_in(uow, [WON_AMOUNT], [DEPARTMENT], span, (), (everything, everything))
    won: dict[str, int] = defaultdict(int)
    for (department,), figures in found.items():
        for above in _up_from(department or ""):
            won[above] += int(figures[WON_AMOUNT.key])
    return won


def _target(leader: Member, team: set[MemberId], known: Evening) -> int:
    """Return what the department is to bring in, else what its people are to."""
    own = next((one for one in known.targets if one.member_id is None and one.department == leader.department), None)
    if own is not None and own.value:
        return own.value
    return sum(one.value for one in known.targets if one.member_id is not None and one.member_id in team | {leader.id})


def _received(uow: UnitOfWork, people: list[Member], day: date) -> list[tuple[MemberId, str, bool]]:
    """Say on the last workday of a week what each was given by rules in it, and whether it was anything."""
    week = day.isocalendar()[:2]
    if uow.calendar.next_workday(day + timedelta(days=1)).isocalendar()[:2] == week or not uow.calendar.is_workday(day):
        return []
    monday = day - timedelta(days=day.weekday())
    begin, end = uow.calendar.at(monday, time(0)), uow.calendar.at(monday + timedelta(days=7), time(0))
    given = received(uow, people, begin, end)
    return [(one.id, f"{one.name} {got.leads} 条 {got.value} 分", bool(got.leads)) for one, got in given]


def _lost(
    uow: UnitOfWork, team: Mapping[MemberId, Member], ended: Sequence[Assignment]
) -> list[tuple[MemberId, datetime, str]]:
    """Say which leads the clock took today, and from whom, the last first; of each no more than are shown."""
    shown: Counter[MemberId] = Counter()
    last = []
    for one in sorted(ended, key=lambda one: (one.ended_at, one.id), reverse=True):
        shown[one.member_id] += 1
        if shown[one.member_id] <= LOST_SHOWN and one.ended_at is not None:
            last.append((one, one.ended_at))
    names = uow.customers.names_of({Ref("lead", one.lead_id) for one, _ in last})
    return [(one.member_id, at, f"{names[Ref('lead', one.lead_id)]}（{team[one.member_id].name}）") for one, at in last]


def _crowded(uow: UnitOfWork, team: Mapping[MemberId, Member], since: datetime) -> Mapping[MemberId, list[str]]:
    """Say what was given to whom beyond their capacity today, and why."""
    given = uow.assignments.begun_as(team, OVER, since)
    names = uow.customers.names_of({Ref("lead", one.lead_id) for one in given})
    said: dict[MemberId, list[str]] = defaultdict(list)
    for one in given:
        said[one.member_id].append(f"{names[Ref('lead', one.lead_id)]} 给了{team[one.member_id].name}（{one.note}）")
    return said


def _leaving_next(uow: UnitOfWork, ids: list[MemberId], until: datetime) -> Mapping[MemberId, list[LeadLine]]:
    """Return which leads of each the clock takes next."""
    soonest: dict[MemberId, list[Deadline]] = defaultdict(list)
    for deadline in sorted(uow.deadlines.held_by_any(ids, DeadlineKind.RECYCLE, until), key=lambda one: one.limit_at):
        theirs = soonest[MemberId(deadline.holder_id or 0)]
        if len(theirs) < LEAVING_SHOWN:
            theirs.append(deadline)
    names = uow.customers.names_of({one.subject for some in soonest.values() for one in some})
    return {
        holder: [LeadLine(str(one.subject), names[one.subject], one.limit_at) for one in some]
        for holder, some in soonest.items()
    }


def _soonest(known: Evening, team: Team) -> tuple[LeadLine, ...]:
    lines = [line for one in team for line in known.leaving.get(one.id, ())]
    return tuple(sorted(lines, key=lambda line: line.at)[:LEAVING_SHOWN])
