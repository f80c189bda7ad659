"""The rhythm: who has not been seen yet, how well it was kept, and the ladder that silence climbs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.model.book import Held, Touch
from core.model.followup import METHOD_NAMES
from core.model.ids import LeadId, MemberId, Ref
from core.model.member import SELLING, Member
from core.model.playbook.cadence import Requirement, Then
from core.model.playbook.parts import spoken_duration
from core.model.routing import Way
from core.notices.rhythm import (
    CadenceGaps,
    GapLine,
    LossLine,
    RepGaps,
    RepRhythm,
    RhythmDigest,
    SilentCustomers,
    SilentLine,
    TeamGaps,
)
from core.ports import UnitOfWork
from core.rules.cadence import (
    Away,
    Idle,
    Kept,
    Period,
    by_customer,
    idle_step,
    judged,
    midnight,
    silent_days,
    still_wanted,
    week_of,
)
from core.rules.completeness import COMPLETENESS, by_week
from core.rules.handover import Fate
from core.rules.permissions import within
from core.services.assignment import route
from core.services.customers import Customer
from core.services.leaders import leader_of
from core.services.leads import take_back
from core.services.losses import Loss, losses_lately

IDLE = "idle"
"""Under which kind it is kept that a step of the ladder was told."""

TAKEN = frozenset({Then.POOL, Then.REASSIGN})
"""Steps at which a lead leaves its holder."""

Leave = Mapping[MemberId, Away]


@dataclass(frozen=True)
class Gap:
    """A customer whose running period is not kept yet."""

    held: Held
    requirement: Requirement
    period: Period

    @property
    def line(self) -> GapLine:
        last_day = self.period.ends - timedelta(days=1)
        want = wanted(self.requirement)
        return GapLine(str(self.held.ref), self.held.name, self.held.grade, want, last_day, self.held.last_at)


@dataclass(frozen=True)
class Rhythm:
    """How well the promises of one customer were kept."""

    held: Held
    requirement: Requirement
    kept: Kept


def wanted(requirement: Requirement) -> str:
    """Say what a grade wants: 每周拜访 1 次, 每14天联系 1 次."""
    every = "每周" if isinstance(requirement.every, str) else f"每{spoken_duration(requirement.every)}"
    ways = [METHOD_NAMES[method] for method in requirement.methods]
    how = ways[0] if len(ways) == 1 else f"{'/'.join(ways)}" if ways else "联系"
    return f"{every}{how} {requirement.times} 次"


def gaps(uow: UnitOfWork, members: Iterable[Member], grades: Collection[str] | None = None) -> list[Gap]:
    """Return the customers of these members that were not heard of yet in their running period, soonest end first."""
    today = uow.calendar.local(uow.now).date()
    rules = _rules(uow, grades)
    held = _held(uow, members, rules)
    longest = max((_length(rule) for rule in rules.values()), default=timedelta())
    touches = _touches(uow, held, week_of(today).begins - longest, today)
    leave = on_leave(uow, held, today - longest, today + longest)
    found = []
    for one in held:
        rule, theirs = rules[one.grade], touches.get(one.ref, ())
        period = still_wanted(one, rule, theirs, today, uow.calendar, leave.get(one.owner_id, ()))
        if period is not None:
            found.append(Gap(one, rule, period))
    return sorted(found, key=lambda gap: (gap.period.ends, gap.held.grade, gap.held.ref.kind, gap.held.ref.id))


def rhythms(
    uow: UnitOfWork, members: Iterable[Member], span: Period, grades: Collection[str] | None = None
) -> list[Rhythm]:
    """Judge every period of these members' customers that lies whole within `span`."""
    rules = _rules(uow, grades)
    held = _held(uow, members, rules)
    touches = _touches(uow, held, span.begins, span.ends)
    leave = on_leave(uow, held, span.begins, span.ends)
    return [
        Rhythm(
            one,
            rules[one.grade],
            judged(
                one,
                rules[one.grade],
                touches.get(one.ref, ()),
                span,
                uow.calendar,
                leave.get(one.owner_id, ()),
            ),
        )
        for one in held
    ]


def total(found: Iterable[Rhythm]) -> Kept:
    """Add up what was due and kept."""
    return sum((one.kept for one in found), Kept())


def lately(uow: UnitOfWork) -> Period:
    """Return the last whole weeks over which the rhythm is told."""
    this = week_of(uow.calendar.local(uow.now).date()).begins
    return Period(this - timedelta(weeks=uow.playbook.cadence.weeks_shown), this)


def warn_of_gaps(uow: UnitOfWork, day: date) -> None:
    """Tell each holder, once a week, whom they have not seen yet and whose time runs out this week."""
    for member, found in _by_holder(uow, _ending(uow, day)).items():
        uow.tell(CadenceGaps(to=member.id, gaps=_lines(found), once=_once("gaps", member, day)))


def escalate_gaps(uow: UnitOfWork, day: date) -> None:
    """Tell each leader, once a week, what their people have not done yet."""
    everybody = uow.members.everybody()
    told: dict[MemberId, list[RepGaps]] = {}
    for member, found in _by_holder(uow, _ending(uow, day)).items():
        leader = leader_of(member, everybody)
        if leader is not None:
            told.setdefault(leader.id, []).append(RepGaps(member.name, _lines(found)))
    leaders = uow.members.find(told)
    for leader_id, reps in told.items():
        uow.tell(TeamGaps(to=leader_id, reps=tuple(reps), once=_once("team_gaps", leaders[leader_id], day)))


def send_rhythm(uow: UnitOfWork, leader: Member, day: date, everybody: Sequence[Member]) -> None:
    """Tell a leader how well their people kept the rhythm last week; without anything due they are not disturbed."""
    team = [
        member
        for member in everybody
        if member.active and member.is_any(SELLING) and within(member.department, leader.department)
    ]
    if not team or not leader.department:
        return
    this, span = week_of(day).begins, lately(uow)
    last = Period(this - timedelta(weeks=1), this)
    short = _per_member(rhythms(uow, team, last))
    long = _per_member(rhythms(uow, team, span))
    reps = tuple(
        RepRhythm(
            member.name,
            short[member.id].due if member.id in short else 0,
            short[member.id].met if member.id in short else 0,
            long[member.id].due,
            long[member.id].met,
        )
        for member in team
        if member.id in long and long[member.id].due
    )
    losses = tuple(_loss_line(loss) for loss in losses_lately(uow) if within(loss.leaver.department, leader.department))
    weeks = by_week(uow.figures.of(COMPLETENESS, [member.id for member in team], span.begins))
    if reps or losses or weeks:
        uow.tell(
            RhythmDigest(
                to=leader.id,
                department=leader.department,
                week=last.begins,
                lately=uow.playbook.cadence.weeks_shown,
                reps=reps,
                losses=losses,
                complete=tuple((begins, mean.count, mean.total) for begins, mean in weeks),
                once=_once("rhythm", leader, day),
            )
        )


def _loss_line(loss: Loss) -> LossLine:
    fates = loss.fates
    return LossLine(
        loss.leaver.name, loss.customers, fates[Fate.FOLLOWED], fates[Fate.WAITING], loss.lost, loss.deals_lost
    )


def climb(uow: UnitOfWork) -> None:
    """Let silence climb its ladder: everybody hears once of what concerns them, and of each step once in a silence."""
    silence = uow.playbook.silence
    if not silence.rungs:
        return
    waiting = uow.books.untouched(uow.now - min(rung.after for rung in silence.rungs))
    refs = [held.ref for held in waiting]
    planned = uow.books.planned(refs, uow.now) if silence.planned_is_enough else set()
    said = uow.books.said(IDLE, refs)
    today = uow.calendar.local(uow.now).date()
    leave = on_leave(uow, waiting, today - timedelta(days=366), today)
    reached = []
    for held in waiting:
        idle = idle_step(held, silence, uow.now, uow.calendar, leave.get(held.owner_id, ()))
        if idle is not None and held.ref not in planned and (held.ref, _rule(idle), idle.cycle) not in said:
            reached.append(idle)
    _tell_of_silence(uow, reached)
    uow.books.note_said(IDLE, [(one.held.ref, _rule(one), one.cycle) for one in reached], uow.now)
    _take_back(uow, [one for one in reached if one.rung.then in TAKEN and one.held.ref.kind == "lead"])


def _take_back(uow: UnitOfWork, reached: Sequence[Idle]) -> None:
    """Give leads that nobody followed up back to the pool, or to whom the assignment rules name."""
    for rule, then in {(_rule(one), one.rung.then): None for one in reached}:
        leads = uow.leads.find(LeadId(one.held.ref.id) for one in reached if _rule(one) == rule)
        take_back(uow, leads, rule)
        if then is Then.REASSIGN:
            uow.flush()
            route(uow, leads, Way.RECYCLE)


def silence_of(uow: UnitOfWork, about: Customer) -> Idle | None:
    """Return how far up the ladder a customer stands now."""
    held = held_of(about)
    if held is None or not uow.playbook.silence.rungs:
        return None
    today = uow.calendar.local(uow.now).date()
    leave = on_leave(uow, [held], today - timedelta(days=366), today)
    return idle_step(held, uow.playbook.silence, uow.now, uow.calendar, leave.get(held.owner_id, ()))


def held_of(about: Customer) -> Held | None:
    """Return a customer as its holder's book has it; None when nobody works on it."""
    is_lead = about.ref.kind == "lead"
    if about.owner_id is None or (is_lead and not getattr(about, "is_held", False)):
        return None
    since = getattr(about, "assigned_at", None) or about.created_at
    return Held(
        ref=about.ref,
        name=about.name,
        owner_id=about.owner_id,
        grade=about.grade,
        since=max(since, about.graded_at) if about.graded_at else since,
        last_at=about.last_followup_at,
        tags=about.tags,
    )


def on_leave(uow: UnitOfWork, held: Iterable[Held], begin: date, end: date) -> Leave:
    """Return the days between `begin` and `end` on which the holders are on leave."""
    found: dict[MemberId, set[date]] = {}
    for absence in uow.absences.of({one.owner_id for one in held}):
        first, last = max(absence.begins_on, begin), min(absence.ends_on, end)
        days = (first + timedelta(days=on) for on in range((last - first).days + 1))
        found.setdefault(absence.member_id, set()).update(days)
    return found


def _held(uow: UnitOfWork, members: Iterable[Member], grades: Collection[str]) -> list[Held]:
    """Return what these members hold of these grades; what was handed over counts from then on."""
    found = uow.books.held([member.id for member in members], grades=grades)
    taken = uow.handovers.taken_at(one.ref for one in found)
    return [
        replace(one, since=at) if to == one.owner_id and at > one.since else one
        for one in found
        for to, at in (taken.get(one.ref, (None, one.since)),)
    ]


def _ending(uow: UnitOfWork, day: date) -> list[Gap]:
    sunday = week_of(day).ends
    team = [member for member in uow.members.everybody() if member.active and member.is_any(SELLING)]
    return [gap for gap in gaps(uow, team) if gap.period.ends <= sunday]


def _by_holder(uow: UnitOfWork, found: Iterable[Gap]) -> dict[Member, list[Gap]]:
    sorted_out: dict[MemberId, list[Gap]] = {}
    for gap in found:
        sorted_out.setdefault(gap.held.owner_id, []).append(gap)
    members = uow.members.find(sorted_out)
    return {members[number]: theirs for number, theirs in sorted_out.items() if members[number].active}


def _lines(found: Iterable[Gap]) -> tuple[GapLine, ...]:
    return tuple(gap.line for gap in found)


def _per_member(found: Iterable[Rhythm]) -> dict[MemberId, Kept]:
    kept: dict[MemberId, Kept] = {}
    for one in found:
        kept[one.held.owner_id] = kept.get(one.held.owner_id, Kept()) + one.kept
    return kept


def _tell_of_silence(uow: UnitOfWork, reached: Sequence[Idle]) -> None:
    everybody = uow.members.everybody()
    members = {member.id: member for member in everybody}
    own: dict[MemberId, list[SilentLine]] = {}
    team: dict[MemberId, list[SilentLine]] = {}
    for idle in sorted(reached, key=lambda one: (-one.place, one.since)):
        holder = members.get(idle.held.owner_id)
        if holder is None:
            continue
        line = _silent_line(uow, idle, holder)
        if holder.active:
            own.setdefault(holder.id, []).append(line)
        leader = leader_of(holder, everybody) if idle.rung.manager or not holder.active else None
        if leader is not None:
            team.setdefault(leader.id, []).append(line)
    for reader in own.keys() | team.keys():
        uow.tell(SilentCustomers(to=reader, own=tuple(own.get(reader, ())), team=tuple(team.get(reader, ()))))


def _silent_line(uow: UnitOfWork, idle: Idle, holder: Member) -> SilentLine:
    is_lead = idle.held.ref.kind == "lead"
    taken = {Then.POOL: "已收回公海", Then.REASSIGN: "已收回，按规则重新分配"}
    marks = {Then.FLAG: "高风险", **{then: mark if is_lead else "高风险" for then, mark in taken.items()}}
    days = silent_days(idle.since, uow.now, uow.playbook.silence, uow.calendar)
    name = holder.name if holder.active else f"{holder.name}（已离职）"
    mark = marks.get(idle.rung.then, "")
    return SilentLine(str(idle.held.ref), idle.held.name, days, idle.held.last_at, mark, name)


def _rule(idle: Idle) -> str:
    return f"{spoken_duration(idle.rung.after)}未跟进"


def _rules(uow: UnitOfWork, grades: Collection[str] | None) -> dict[str, Requirement]:
    return {grade: rule for grade, rule in uow.playbook.cadence.grades.items() if grades is None or grade in grades}


def _length(rule: Requirement) -> timedelta:
    return timedelta(weeks=1) if isinstance(rule.every, str) else rule.every


def _touches(uow: UnitOfWork, held: Sequence[Held], begin: date, end: date) -> Mapping[object, Sequence[Touch]]:
    refs: list[Ref] = [one.ref for one in held]
    after = midnight(end + timedelta(days=1), uow.calendar)
    return by_customer(uow.books.touches(refs, midnight(begin, uow.calendar), after))


def _once(what: str, reader: Member, day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{what}:{reader.id}:{year}-{week}"
