"""When a record must leave its holder, when its holder is warned, and what keeps it (semantics B.3).

Everything here follows from the record, the facts, the playbook and the calendar alone, so that history can be replayed
through it.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from core.calendar import MIDNIGHT, NEVER, ONE_DAY, WorkCalendar
from core.model.customer import Account
from core.model.deadline import Deadline, DeadlineKind
from core.model.lead import HELD, Lead, LeadState
from core.model.playbook import Action, Basis, Exempt, Holds, Playbook, Pool, RecycleRule
from core.model.playbook.conditions import Condition
from core.model.playbook.parts import spoken_duration, write_duration
from core.rules.conditions import Verdict, judge
from core.rules.fields.catalogue import Facts as Known
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.kind import NO_NAMES, Names

Record = Lead | Account


@dataclass(frozen=True, kw_only=True)
class Keep:
    """Something that keeps a record where it is: of which kind, in words, and until when; None while it lasts.

    `stage` is the stage of an open deal.
    """

    kind: Exempt
    why: str
    until: datetime | None = None
    stage: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a recycle rule must know beyond the record itself.

    `away` are the holder's days off, `keeps` what may keep the record, `recycled` how often the clock took it from
    somebody already; `has_deal` and `has_won` are about deals since it came to its holder. `names` and `more` are what
    conditions must know that the record does not carry itself.
    """

    away: Set[date] = NEVER
    keeps: tuple[Keep, ...] = ()
    recycled: int = 0
    has_deal: bool = False
    has_won: bool = False
    names: Names = field(default_factory=lambda: NO_NAMES)
    more: Mapping[str, Any] = field(default_factory=lambda: NO_NAMES)


NOTHING_KNOWN = Facts()


@dataclass(frozen=True, kw_only=True)
class Recycle:
    """A verdict: the record must go, by which rule, since when it was due, why, and the facts behind it."""

    rule: RecycleRule
    due_at: datetime
    reason: str
    facts: Facts = NOTHING_KNOWN


def recycle_due(
    record: Record, facts: Facts, playbook: Playbook, calendar: WorkCalendar, now: datetime
) -> Recycle | None:
    """Say whether `record` must leave its holder at `now`, and why. The earliest due rule wins, ties by rule order.

    A deadline is missed only when `now` is after it; acting exactly at the due instant is in time.
    """
    missed = [
        Recycle(rule=rule, due_at=due, reason=reason_of(rule), facts=facts)
        for rule, since in rules_for(record, facts, playbook, calendar)
        if (due := _due(record, rule, since, facts, playbook, calendar)) is not None and now > due
    ]
    return min(missed, key=lambda verdict: verdict.due_at, default=None)


def recycle_at(
    record: Record, rule: RecycleRule, facts: Facts, playbook: Playbook, calendar: WorkCalendar
) -> datetime | None:
    """Return the instant by which `rule` wants the record answered; None while it has nothing to count from.

    What keeps the record moves the instant to its own end; what has no end lets the rule wait altogether.
    """
    since = since_of(record, rule.basis, facts, calendar)
    return _due(record, rule, since, facts, playbook, calendar) if since is not None else None


def _due(
    record: Record, rule: RecycleRule, since: datetime, facts: Facts, playbook: Playbook, calendar: WorkCalendar
) -> datetime | None:
    due = calendar.add(since, rule.amount, rule.clock, _away(rule, facts))
    for keep in keeps_of(record, rule, facts, playbook):
        if keep.until is None:
            return None
        due = max(due, keep.until)
    return due


def unkept_at(record: Record, rule: RecycleRule, facts: Facts, calendar: WorkCalendar) -> datetime | None:
    """Return when `rule` would be due if nothing kept the record."""
    since = since_of(record, rule.basis, facts, calendar)
    return calendar.add(since, rule.amount, rule.clock, _away(rule, facts)) if since is not None else None


def keeps_of(record: Record, rule: RecycleRule, facts: Facts, playbook: Playbook) -> list[Keep]:
    """Return what keeps the record from `rule`."""
    if not (facts.keeps or record.protected_until or record.tags):
        return []
    known = list(facts.keeps)
    if record.protected_until is not None:
        known.append(Keep(kind=Exempt.PROTECTED, why="保护期内", until=record.protected_until))
    if tag := next((tag for tag in record.tags if tag in playbook.capacity.vip_tags), ""):
        known.append(Keep(kind=Exempt.VIP, why=f"标签「{tag}」"))
    return [keep for keep in known if keep.kind in rule.exempt and _reaches(keep, rule, playbook)]


def _reaches(keep: Keep, rule: RecycleRule, playbook: Playbook) -> bool:
    """Say whether an open deal stands far enough; every other kind does."""
    if keep.kind is not Exempt.OPEN_DEAL or not rule.open_deal_from:
        return True
    for pipeline in playbook.pipelines:
        names = [stage.name for stage in pipeline.stages]
        if rule.open_deal_from in names and keep.stage in names:
            return names.index(keep.stage) >= names.index(rule.open_deal_from)
    return False


def rules_for(
    record: Record, facts: Facts, playbook: Playbook, calendar: WorkCalendar
) -> Iterator[tuple[RecycleRule, datetime]]:
    """Yield the rules that count for `record`, each with the instant from which it counts.

    Each is of the playbook under which its clock began (semantics B3-8).
    """
    if not is_held(record):
        return
    kind = Holds.LEAD if isinstance(record, Lead) else Holds.ACCOUNT
    touched, owned = touched_at(record), held_since(record)
    for era in playbook.eras():
        for rule in era.recycle:
            if holds_of(rule, era) is kind:
                since = _since(rule.basis, touched, owned, record, facts, calendar)
                if since is None or playbook.under(since) is not era:
                    continue
                if rule.when.is_always or judged(rule.when, record, facts, playbook, since):
                    yield rule, since


def judged(condition: Condition, record: Record, facts: Facts, playbook: Playbook, at: datetime) -> Verdict:
    """Judge a condition on a record as of an instant; for a rule that is when its clock began."""
    kind = "lead" if isinstance(record, Lead) else "account"
    known = Known(record, catalogue_of(playbook, kind), at, names=facts.names, more=facts.more)
    return judge(condition, known)


def are_ruled(kind: Holds, playbook: Playbook) -> bool:
    """Say whether any rule, old or new, is about such records."""
    return any(holds_of(rule, era) is kind for era in playbook.eras() for rule in era.recycle)


def holds_of(rule: RecycleRule, playbook: Playbook) -> Holds:
    """Return what a rule is about: whatever its pool holds, leads where it names none."""
    if not rule.pool:
        return Holds.LEAD
    return next((pool.holds for pool in playbook.pools if pool.name == rule.pool), Holds.LEAD)


def pool_for(
    record: Record, rule: RecycleRule | None, playbook: Playbook, at: datetime, facts: Facts = NOTHING_KNOWN
) -> Pool | None:
    """Return the one pool that a record goes to.

    The rule's, else the first that takes such records, else the one where it lay, else the first of its kind.
    """
    kind = Holds.LEAD if isinstance(record, Lead) else Holds.ACCOUNT
    fitting = {pool.name: pool for pool in playbook.pools if pool.holds is kind}
    if rule is not None and rule.pool in fitting:
        return fitting[rule.pool]
    for pool in fitting.values():
        if pool.takes is not None and judged(pool.takes, record, facts, playbook, at):
            return pool
    return fitting.get(record.pool) or next(iter(fitting.values()), None)


def is_held(record: Record) -> bool:
    """Say whether somebody holds the record, so that its clocks run."""
    working = not isinstance(record, Lead) or record.state in HELD
    return working and record.owner_id is not None and record.deleted_at is None


def held_since(record: Record) -> datetime | None:
    """Return since when its holder has the record."""
    return record.assigned_at if isinstance(record, Lead) else record.owned_at


def touched_at(record: Record) -> datetime | None:
    """Return the holder's last valid follow-up; one from before their time is not theirs."""
    last = record.last_followup_at
    if last is None or isinstance(record, Lead):
        return last  # a lead forgets it when it changes hands
    return last if record.owned_at is None or last >= record.owned_at else None


def since_of(record: Record, basis: Basis, facts: Facts, calendar: WorkCalendar) -> datetime | None:
    """Return the instant from which `basis` counts; None when it has not happened."""
    return _since(basis, touched_at(record), held_since(record), record, facts, calendar) if is_held(record) else None


def _since(
    basis: Basis,
    touched: datetime | None,
    owned: datetime | None,
    record: Record,
    facts: Facts,
    calendar: WorkCalendar,
) -> datetime | None:
    if basis is Basis.ASSIGNED_NO_CONTACT:
        return owned if touched is None else None
    if basis is Basis.LAST_VALID_FOLLOWUP:
        return touched
    if basis is Basis.CONTRACT_END:
        ends_on = record.contract_ends_on if isinstance(record, Account) else None
        return calendar.at(ends_on + ONE_DAY, MIDNIGHT) if ends_on is not None else None
    done = facts.has_won if basis is Basis.OWNED_NOT_WON else facts.has_deal
    return None if done else owned


def deadlines_of(record: Record, facts: Facts, playbook: Playbook, calendar: WorkCalendar) -> list[Deadline]:
    """Return every promise in time that stands while the record is as it is now; none when nobody holds it."""
    if not is_held(record):
        return []
    standing = list(_recycle_deadlines(record, facts, playbook, calendar))
    if isinstance(record, Lead):
        standing += _first_contact_deadline(record, facts, playbook, calendar)
    return standing


def warnings_of(record: Record, facts: Facts, playbook: Playbook, calendar: WorkCalendar) -> Iterator[datetime]:
    """Yield when the holder is warned while the record is as it is now."""
    for rule, since in rules_for(record, facts, playbook, calendar):
        due = _due(record, rule, since, facts, playbook, calendar)
        if due is not None:
            for _, _, at in _warnings(record, rule, facts, since, due, 0, playbook, calendar):
                if at < due:
                    yield at


def lead_deadlines(lead: Lead, facts: Facts, playbook: Playbook, calendar: WorkCalendar) -> list[Deadline]:
    """Return every promise in time that stands while the lead is as it is now; none when nobody holds it."""
    return deadlines_of(lead, facts, playbook, calendar)


def _recycle_deadlines(record: Record, facts: Facts, playbook: Playbook, calendar: WorkCalendar) -> Iterator[Deadline]:
    cycle = _cycle(record)
    for rule, since in rules_for(record, facts, playbook, calendar):
        due = _due(record, rule, since, facts, playbook, calendar)
        if due is None:
            continue
        yield _deadline(record, DeadlineKind.RECYCLE, rule.id, cycle, due, due)
        for name, number, warn_at in _warnings(record, rule, facts, since, due, cycle, playbook, calendar):
            if warn_at < due:
                yield _deadline(record, DeadlineKind.RECYCLE_WARNING, f"{rule.id}@{name}", number, warn_at, due)


def _warnings(
    record: Record,
    rule: RecycleRule,
    facts: Facts,
    since: datetime,
    due: datetime,
    cycle: int,
    playbook: Playbook,
    calendar: WorkCalendar,
) -> Iterator[tuple[str, int, datetime]]:
    """Yield each warning: how it is called, its number, and when it is due.

    Some part of the way, some time before the end, and once more before a protection runs out. Nobody is disturbed in
    the quiet hours; where their end would come too late, the warning comes before they begin.
    """
    away = _away(rule, facts)
    for ahead in rule.warnings:
        if isinstance(ahead, timedelta):
            yield f"-{write_duration(ahead)}", cycle, _undisturbed(due - ahead, since, due, playbook, calendar)
        else:
            at = calendar.add(since, rule.amount * ahead, rule.clock, away)
            yield f"{ahead:.0%}", cycle, _undisturbed(at, since, due, playbook, calendar)
    if record.protected_until == due and rule.warnings:
        at = due - playbook.extensions.warn
        yield "保护期", int(due.timestamp()), _undisturbed(at, since, due, playbook, calendar)


def _undisturbed(at: datetime, since: datetime, due: datetime, playbook: Playbook, calendar: WorkCalendar) -> datetime:
    quiet = playbook.day.quiet.hours
    later = quiet.after(at, calendar)
    return later if later < due else max(since, quiet.before(at, calendar))


def first_contact_at(lead: Lead, facts: Facts, playbook: Playbook, calendar: WorkCalendar) -> datetime | None:
    """Return the instant by which a fresh lead of this grade must be contacted; None when no such promise stands."""
    if lead.state != LeadState.ASSIGNED or lead.assigned_at is None:
        return None
    promise = playbook.under(lead.assigned_at).first_contact.get(lead.grade)
    if promise is None:
        return None
    return calendar.add(lead.assigned_at, promise.amount, promise.clock, facts.away)


def _first_contact_deadline(lead: Lead, facts: Facts, playbook: Playbook, calendar: WorkCalendar) -> Iterator[Deadline]:
    due = first_contact_at(lead, facts, playbook, calendar)
    if due is not None:
        yield _deadline(lead, DeadlineKind.FIRST_CONTACT, f"{lead.grade}级首次联系", _cycle(lead), due, due)


def _deadline(
    record: Record, kind: DeadlineKind, rule: str, cycle: int, due_at: datetime, limit_at: datetime
) -> Deadline:
    return Deadline(
        subject_kind="lead" if isinstance(record, Lead) else "account",
        subject_id=record.id,
        kind=kind,
        rule=rule,
        cycle=cycle,
        due_at=due_at,
        limit_at=limit_at,
        holder_id=record.owner_id,
    )


def _cycle(record: Record) -> int:
    """Number the clock: a new holder and a new follow-up both start it afresh, so each may warn again."""
    touched = touched_at(record)
    return record.cycle * 1_000_000_000_000 + (int(touched.timestamp()) if touched else 0)


def _away(rule: RecycleRule, facts: Facts) -> Set[date]:
    return facts.away if Exempt.LEAVE in rule.exempt else NEVER


def reason_of(rule: RecycleRule) -> str:
    """Say in words what a rule wants."""
    length = spoken_duration(rule.amount)
    return {
        Basis.ASSIGNED_NO_CONTACT: f"领取后{length}未跟进",
        Basis.LAST_VALID_FOLLOWUP: f"{length}没有新的跟进",
        Basis.OWNED_NO_DEAL: f"归到名下{length}没有商机",
        Basis.OWNED_NOT_WON: f"归到名下{length}没有成交",
        Basis.CONTRACT_END: f"合同到期{length}没有续签",
    }[rule.basis]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How one rule stands to a record: since when it counts, when it is due, or why it is not."""

    rule: RecycleRule
    since: datetime | None = None
    due_at: datetime | None = None
    keeps: tuple[Keep, ...] = ()
    verdict: Verdict | None = None


def standings(record: Record, facts: Facts, playbook: Playbook, calendar: WorkCalendar) -> list[Standing]:
    """Explain every rule that is about such records, those that do not count as well."""
    kind = Holds.LEAD if isinstance(record, Lead) else Holds.ACCOUNT
    found = []
    for era in playbook.eras():
        for rule in era.recycle:
            since = since_of(record, rule.basis, facts, calendar)
            if holds_of(rule, era) is not kind or (since is None and era is not playbook):
                continue
            if since is not None and playbook.under(since) is not era:
                continue
            verdict = None
            if not rule.when.is_always and since is not None:
                verdict = judged(rule.when, record, facts, playbook, since)
            counts = since is not None and (verdict is None or verdict.holds)
            due = recycle_at(record, rule, facts, playbook, calendar) if counts else None
            keeps = tuple(keeps_of(record, rule, facts, playbook)) if counts else ()
            found.append(Standing(rule=rule, since=since, due_at=due, keeps=keeps, verdict=verdict))
    return found


def is_worn_out(rule: RecycleRule, facts: Facts) -> bool:
    """Say whether a record has gone round so often that somebody must decide what becomes of it."""
    return rule.action is Action.TO_POOL and facts.recycled >= rule.max_cycles
