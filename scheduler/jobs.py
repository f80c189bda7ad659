"""What runs when: the table, and one full pass over everything that is due."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from core.model.job import Job
from core.model.member import SYSTEM, Member
from core.model.playbook import Playbook
from core.model.playbook.cadence import Moment
from core.model.subscription import LAST_DAY
from core.notices import CalendarPredicted
from core.ports import OpenWork, UnitOfWork
from core.rules.cadence import day_of, week_of
from core.rules.completeness import COMPLETENESS
from core.rules.subscriptions import day_of_month
from core.services.approvals.rerouting import reroute_absent
from core.services.cadence import climb, escalate_gaps, warn_of_gaps
from core.services.day import readers_of_plans, send_daily_plan
from core.services.deadlines import Due, due_now, sweep
from core.services.digest import leads_people, send_digests
from core.services.directory import order_sync
from core.services.members import administrators
from core.services.reports.forecast import keep_snapshot
from core.services.subscriptions import REPORTS
from core.services.usage import tell_of_usage

log = logging.getLogger(__name__)


class OfficialDays(Protocol):
    """Knows whether a year's days off are official."""

    def is_official(self, year: int) -> bool: ...


@dataclass(frozen=True)
class Daily:
    """Something that runs once a day, at its hour or as soon as a process is up `within` that time after it.

    `on` says whether it is its day at all.
    """

    name: str
    at: Callable[[Playbook], time]
    run: Callable[[UnitOfWork, date, OfficialDays], None]
    workdays_only: bool = True
    within: timedelta = timedelta(hours=3)
    on: Callable[[UnitOfWork, date], bool] = lambda _, __: True


def daily_plans(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Everybody who sells gets a ranked plan."""
    theirs = uow.subscriptions.holders("plan")
    for member in (one for one in readers_of_plans(uow) if one.id not in theirs):
        send_daily_plan(uow, member, day)


def digests(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Everybody who leads people gets their day."""
    send_digests(uow, _leaders_without(uow, "digest"), day)


def predicted_year(uow: UnitOfWork, day: date, official: OfficialDays) -> None:
    """From 15 November administrators are warned daily while next year's days off are only predicted."""
    coming = day.year if not official.is_official(day.year) else day.year + 1
    if official.is_official(coming) or (coming > day.year and (day.month, day.day) < (11, 15)):
        return
    for member in administrators(uow):
        uow.tell(CalendarPredicted(to=member.id, year=coming, once=f"calendar:{member.id}:{day}"))


def forget_old(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Have the worker let go of rows that nobody asks for any more; it may take a while."""
    uow.jobs.add(Job(kind="forget_old", content={"day": str(day)}, created_at=uow.now))


def usage(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Administrators hear before a platform's monthly budget runs out."""
    tell_of_usage(uow, day)


def sync_directories(uow: UnitOfWork, _: date, __: OfficialDays) -> None:
    """Have the worker read every platform's directory: who is new, who left, who works where."""
    order_sync(uow)


def gaps_warned(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Holders hear in the middle of the week whom they have not seen yet."""
    warn_of_gaps(uow, day)


def gaps_escalated(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Leaders hear at the end of the week whom their people have not seen."""
    escalate_gaps(uow, day)


def rhythm(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Everybody who leads people hears how well the rhythm was kept last week."""
    REPORTS["week"].send(uow, _leaders_without(uow, "week"), day)


def silence(uow: UnitOfWork, _: date, __: OfficialDays) -> None:
    """Customers with whom nobody was in touch climb their ladder."""
    climb(uow)


def coaching(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Everybody who leads people hears where their deals leak."""
    REPORTS["funnel"].send(uow, _leaders_without(uow, "funnel"), day)


def months(uow: UnitOfWork, day: date, _: OfficialDays) -> None:
    """Everybody who leads people hears how the month went."""
    REPORTS["month"].send(uow, _leaders_without(uow, "month"), day)


def _leaders_without(uow: UnitOfWork, report: str) -> list[Member]:
    """Return the leaders who have not said themselves when they want a report."""
    theirs = uow.subscriptions.holders(report)
    return [one for one in uow.members.everybody() if leads_people(one) and one.id not in theirs]


def is_months_end(uow: UnitOfWork, day: date) -> bool:
    """Say whether this is the last workday of its month."""
    return day == day_of_month(day, LAST_DAY, uow.calendar)


def figures(uow: UnitOfWork, _: date, __: OfficialDays) -> None:
    """Have the worker measure once a week how complete everybody's customers are."""
    uow.jobs.add(Job(kind=COMPLETENESS, content={}, created_at=uow.now))


def forecast_kept(uow: UnitOfWork, _: date, __: OfficialDays) -> None:
    """Keep what is expected this Monday, so that it can be held against what comes."""
    keep_snapshot(uow)


def approvals_handed_on(uow: UnitOfWork, _: date, __: OfficialDays) -> None:
    """What waits for whoever is away from today goes to whoever stands in for them."""
    reroute_absent(uow)


def _is_monday(_: UnitOfWork, day: date) -> bool:
    return day.weekday() == 0


def _is_unmeasured(uow: UnitOfWork, day: date) -> bool:
    return not uow.figures.has(COMPLETENESS, week_of(day).begins)


def on_day(moment: Callable[[Playbook], Moment]) -> Callable[[UnitOfWork, date], bool]:
    """Say on which day of the week a job comes."""
    return lambda uow, day: day_of(moment(uow.playbook), day, uow.calendar) == day


ALL_DAY = timedelta(days=1)

DAILY: tuple[Daily, ...] = (
    Daily("daily_plan", lambda playbook: playbook.day.plan_at, daily_plans),
    Daily("digest", lambda playbook: playbook.day.digest_at, digests),
    Daily("silence", lambda p: p.day.quiet.outside(p.silence.at), silence),
    Daily("gaps", lambda p: p.day.quiet.outside(p.cadence.warn.at), gaps_warned, on=on_day(lambda p: p.cadence.warn)),
    Daily(
        "team_gaps",
        lambda p: p.day.quiet.outside(p.cadence.escalate.at),
        gaps_escalated,
        on=on_day(lambda p: p.cadence.escalate),
    ),
    Daily("rhythm", lambda p: p.day.quiet.outside(p.cadence.digest.at), rhythm, on=on_day(lambda p: p.cadence.digest)),
    Daily("coach", lambda p: p.day.quiet.outside(p.reports.coach.at), coaching, on=on_day(lambda p: p.reports.coach)),
    Daily("month", lambda p: p.reports.month_at, months, on=is_months_end),
    Daily(
        "figures",
        lambda p: p.completeness.measured_at,
        figures,
        workdays_only=False,
        within=ALL_DAY,
        on=_is_unmeasured,
    ),
    Daily("forecast", lambda _: time(0), forecast_kept, workdays_only=False, within=ALL_DAY, on=_is_monday),
    Daily("approvals", lambda _: time(8, 30), approvals_handed_on, workdays_only=False, within=ALL_DAY),
    Daily("calendar", lambda _: time(9), predicted_year, workdays_only=False, within=ALL_DAY),
    Daily("usage", lambda _: time(9, 5), usage, workdays_only=False, within=ALL_DAY),
    Daily("sync_members", lambda _: time(2, 40), sync_directories, workdays_only=False, within=ALL_DAY),
    Daily("forget_old", lambda _: time(3, 20), forget_old, workdays_only=False, within=ALL_DAY),
)


@dataclass(frozen=True)
class Pass:
    """What one tick did: kept promises by kind, and the daily jobs that ran."""

    kept: dict[str, int]
    ran: tuple[str, ...]


def tick(open_work: OpenWork, official: OfficialDays, now: datetime | None = None) -> Pass:
    """Do everything that is due at `now`, once. Running it twice, late or beside another does no harm."""
    kept = sweep(open_work, now)
    with open_work(SYSTEM, now=now, reading=True) as uow:
        due = [job for job in DAILY if _is_due(uow, job)]
    ran = tuple(job.name for job in due if _ran(open_work, job, official, now))
    return Pass(kept, ran)


def rehearse(open_work: OpenWork, now: datetime | None = None) -> tuple[list[Due], list[str]]:
    """List what `tick` would do at `now`, and change nothing."""
    with open_work(SYSTEM, now=now, reading=True) as uow:
        return list(due_now(uow)), [job.name for job in DAILY if _is_due(uow, job)]


def _ran(open_work: OpenWork, job: Daily, official: OfficialDays, now: datetime | None) -> bool:
    """Run one daily job if it is due; one that fails stops no other and is tried at the next pass."""
    try:
        return _run_daily(open_work, job, official, now)
    except Exception:
        log.exception("the daily job %s failed", job.name)
        return False


def _run_daily(open_work: OpenWork, job: Daily, official: OfficialDays, now: datetime | None) -> bool:
    with open_work(SYSTEM, now=now) as uow:
        day = uow.calendar.local(uow.now).date()
        if not _is_due(uow, job) or not uow.runs.first(job.name, day):
            return False
        job.run(uow, day, official)
        return True


def _is_due(uow: UnitOfWork, job: Daily) -> bool:
    wall = uow.calendar.local(uow.now)
    begins = datetime.combine(wall.date(), job.at(uow.playbook), wall.tzinfo)
    if not begins <= wall < begins + job.within or not job.on(uow, wall.date()):
        return False
    if job.workdays_only and not uow.calendar.is_workday(wall.date()):
        return False
    return not uow.runs.ran(job.name, wall.date())
