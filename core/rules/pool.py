"""When a lead must return to the pool, when its holder is warned, and who may act on it (semantics B.3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.calendar import WorkCalendar
from core.model.deadline import Deadline, DeadlineKind
from core.model.lead import Lead, LeadState
from core.model.playbook import Basis, Playbook, RecycleRule
from core.model.playbook.parts import spoken_duration, write_duration


@dataclass(frozen=True)
class Recycle:
    """A verdict: the lead must go, by which rule, since when it was due, and the sentence for its holder."""

    rule: str
    due_at: datetime
    reason: str


def recycle_due(lead: Lead, playbook: Playbook, calendar: WorkCalendar, now: datetime) -> Recycle | None:
    """Say whether `lead` must return to the pool at `now`, and why. The earliest due rule wins, ties by rule order.

    A deadline is missed only when `now` is after it; acting exactly at the due instant is in time.
    """
    missed = [
        Recycle(rule.id, due, _reason(rule))
        for rule in recycle_rules(lead, playbook)
        if (due := recycle_at(lead, rule, calendar)) is not None and now > due
    ]
    return min(missed, key=lambda verdict: verdict.due_at, default=None)


def recycle_rules(lead: Lead, playbook: Playbook) -> Iterator[RecycleRule]:
    """Yield the rules that count for `lead`: each of the playbook under which its clock began (semantics B3-8)."""
    for era in playbook.eras():
        for rule in era.recycle:
            since = _since(lead, rule.basis)
            if since is not None and playbook.under(since) is era:
                yield rule


def recycle_at(lead: Lead, rule: RecycleRule, calendar: WorkCalendar) -> datetime | None:
    """Return the instant by which `rule` wants the lead answered, or None while the rule has nothing to count from."""
    since = _since(lead, rule.basis)
    if since is None:
        return None
    due = calendar.add(since, rule.amount, rule.clock)
    if lead.protected_until is not None and lead.protected_until > due:
        return lead.protected_until
    return due


def lead_deadlines(lead: Lead, playbook: Playbook, calendar: WorkCalendar) -> list[Deadline]:
    """Return every promise in time that stands while the lead is as it is now; none when nobody holds it."""
    if lead.owner_id is None or not lead.is_held or lead.deleted_at is not None:
        return []
    return [*_recycle_deadlines(lead, playbook, calendar), *_first_contact_deadline(lead, playbook, calendar)]


def _recycle_deadlines(lead: Lead, playbook: Playbook, calendar: WorkCalendar) -> Iterator[Deadline]:
    for rule in recycle_rules(lead, playbook):
        since, due = _since(lead, rule.basis), recycle_at(lead, rule, calendar)
        if since is None or due is None:
            continue
        yield _deadline(lead, DeadlineKind.RECYCLE, rule.id, due, due)
        for ahead in rule.warnings:
            warn_at, name = _warning(ahead, since, due, rule, calendar)
            warn_at = playbook.day.quiet.hours.after(warn_at, calendar)
            if warn_at < due:
                yield _deadline(lead, DeadlineKind.RECYCLE_WARNING, f"{rule.id}@{name}", warn_at, due)


def _warning(
    ahead: float | timedelta, since: datetime, due: datetime, rule: RecycleRule, calendar: WorkCalendar
) -> tuple[datetime, str]:
    """Return when a warning is due and how it is called: some part of the way, or some time before the end."""
    if isinstance(ahead, timedelta):
        return due - ahead, f"-{write_duration(ahead)}"
    return calendar.add(since, rule.amount * ahead, rule.clock), f"{ahead:.0%}"


def first_contact_at(lead: Lead, playbook: Playbook, calendar: WorkCalendar) -> datetime | None:
    """Return the instant by which a fresh lead of this grade must be contacted; None when no such promise stands."""
    if lead.state != LeadState.ASSIGNED or lead.assigned_at is None:
        return None
    promise = playbook.under(lead.assigned_at).first_contact.get(lead.grade)
    if promise is None:
        return None
    return calendar.add(lead.assigned_at, promise.amount, promise.clock)


def _first_contact_deadline(lead: Lead, playbook: Playbook, calendar: WorkCalendar) -> Iterator[Deadline]:
    due = first_contact_at(lead, playbook, calendar)
    if due is not None:
        yield _deadline(lead, DeadlineKind.FIRST_CONTACT, f"{lead.grade}级首次联系", due, due)


def _deadline(lead: Lead, kind: DeadlineKind, rule: str, due_at: datetime, limit_at: datetime) -> Deadline:
    return Deadline(
        subject_kind="lead",
        subject_id=lead.id,
        kind=kind,
        rule=rule,
        cycle=_cycle(lead),
        due_at=due_at,
        limit_at=limit_at,
        holder_id=lead.owner_id,
    )


def _cycle(lead: Lead) -> int:
    """Number the clock: a new assignment and a new follow-up both start it afresh, so each may warn again."""
    return lead.cycle * 1_000_000_000_000 + (int(lead.last_followup_at.timestamp()) if lead.last_followup_at else 0)


def _since(lead: Lead, basis: Basis) -> datetime | None:
    if not lead.is_held:
        return None
    if basis is Basis.LAST_VALID_FOLLOWUP:
        return lead.last_followup_at
    return lead.assigned_at if lead.last_followup_at is None else None


def _reason(rule: RecycleRule) -> str:
    length = spoken_duration(rule.amount)
    return f"领取后{length}未跟进" if rule.basis is Basis.ASSIGNED_NO_CONTACT else f"{length}没有新的跟进"
