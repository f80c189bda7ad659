"""What the clock tells members, and when each of them wants it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from core.errors import BadInput, NotAllowed
from core.model.deadline import Deadline, DeadlineKind
from core.model.member import LEADING, SELLING, Member, Role
from core.model.playbook import Playbook
from core.model.subscription import LAST_DAY, Rhythm, Subscription
from core.ports import UnitOfWork
from core.rules.subscriptions import next_at
from core.services.cadence import send_rhythm
from core.services.coaching import SAVED, order_report
from core.services.day import send_daily_plan
from core.services.digest import send_digests

STALE = timedelta(hours=3)
"""A report that comes later than this after its hour is left out: the next one is nearer the truth."""


@dataclass(frozen=True)
class Report:
    """Something a member may have sent by the clock: what it is called, who may have it, and what sends it to some."""

    called: str
    roles: frozenset[Role]
    send: Callable[[UnitOfWork, Sequence[Member], date], None]
    rhythm: Rhythm = Rhythm.WORKDAYS
    day: int = 0


def _rhythm(uow: UnitOfWork, members: Sequence[Member], day: date) -> None:
    everybody = uow.members.everybody()
    for member in members:
        send_rhythm(uow, member, day, everybody)


def _each(send: Callable[[UnitOfWork, Member, date], None]) -> Callable[[UnitOfWork, Sequence[Member], date], None]:
    def send_each(uow: UnitOfWork, members: Sequence[Member], day: date) -> None:
        for member in members:
            send(uow, member, day)

    return send_each


EVERYBODY = frozenset(Role)
MORNING = time(9)
"""When a saved report comes where no hour was said."""


def report_of(uow: UnitOfWork, name: str) -> Report | None:
    """Return what can be subscribed to under a name: one of REPORTS, or a saved report; None where it is gone."""
    if not name.startswith(SAVED):
        return REPORTS.get(name)
    number = int(name.removeprefix(SAVED))
    saved = next((one for one in uow.yardsticks.saved() if one.id == number), None)
    if saved is None:
        return None
    return Report(f"报表「{saved.name}」", EVERYBODY, _each(order_report(name)), Rhythm.WEEKLY, 1)


REPORTS: dict[str, Report] = {
    "plan": Report("当天计划", SELLING, _each(send_daily_plan)),
    "digest": Report("团队日报", LEADING, send_digests),
    "week": Report("跟进节奏周报", LEADING, _rhythm, Rhythm.WEEKLY, 1),
    "funnel": Report("漏斗教练", LEADING, _each(order_report("funnel")), Rhythm.WEEKLY, 1),
    "month": Report("月度小结", LEADING, _each(order_report("month")), Rhythm.MONTHLY, LAST_DAY),
}
"""Every report of our own that can be subscribed to. A new one is one line here."""


def subscribe(
    uow: UnitOfWork, report: str, at: time | None, *, rhythm: Rhythm | None = None, day: int = 0, off: bool = False
) -> Subscription:
    """Let the actor have a report at an hour of their own, or no more; what is not said stays as it was.

    Raises NotAllowed for a report that the actor's role does not get.
    """
    about = report_of(uow, report)
    if about is None:
        raise BadInput("这个报表已经删除了。发送「我的报表」看看还有哪些")
    if not uow.actor.is_any(about.roles):
        yours = "、".join(one.called for one in REPORTS.values() if uow.actor.is_any(one.roles))
        raise NotAllowed(f"{about.called}只发给带团队的同事。您可以订：{yours or '暂时没有'}")
    uow.does("digest.set")
    wanted = next((one for one in uow.subscriptions.of(uow.actor.id) if one.report == report), None)
    if wanted is None:
        wanted = Subscription(
            member_id=uow.actor.id,
            report=report,
            rhythm=about.rhythm,
            day=about.day,
            at=standard_hour(uow.playbook, report),
            created_at=uow.now,
            updated_at=uow.now,
        )
        uow.subscriptions.add(wanted)
    wanted.off = off
    if at is not None:
        wanted.at = at
    if rhythm is not None:
        wanted.rhythm, wanted.day = rhythm, day
    uow.flush()
    set_next(uow, wanted)
    return wanted


def standard_hour(playbook: Playbook, report: str) -> time:
    """Return the hour at which a report comes to whoever has not said otherwise."""
    hours = {
        "plan": playbook.day.plan_at,
        "week": playbook.cadence.digest.at,
        "funnel": playbook.reports.coach.at,
        "month": playbook.reports.month_at,
    }
    if report.startswith(SAVED):
        return MORNING
    return hours.get(report, playbook.day.digest_at)


def set_next(uow: UnitOfWork, wanted: Subscription) -> None:
    """Let the clock speak when the report comes next, and only then."""
    if wanted.off or wanted.deleted_at is not None:
        uow.deadlines.replace(wanted.ref, ())
        return
    at = next_at(wanted, uow.now, uow.calendar)
    row = Deadline(
        subject_kind=wanted.ref.kind,
        subject_id=wanted.id,
        kind=DeadlineKind.REPORT,
        rule=wanted.report,
        cycle=wanted.version,
        due_at=at,
        limit_at=at,
        holder_id=wanted.member_id,
    )
    uow.deadlines.replace(wanted.ref, (row,))


def send_reports(uow: UnitOfWork, due: Sequence[Deadline]) -> None:
    """Send what members wanted for now, and note when it comes next."""
    by_id = {one.id: one for one in uow.subscriptions.find(deadline.subject_id for deadline in due)}
    members = uow.members.find(one.member_id for one in by_id.values())
    wanted_by: dict[tuple[str, date], list[Member]] = defaultdict(list)
    for deadline in due:
        wanted = by_id.get(deadline.subject_id)
        if wanted is None or wanted.off:
            continue
        member, report = members[wanted.member_id], report_of(uow, wanted.report)
        if report is None:
            wanted.off = True
            set_next(uow, wanted)
            continue
        if member.active and member.is_any(report.roles) and uow.now - deadline.due_at < STALE:
            wanted_by[wanted.report, uow.calendar.local(deadline.due_at).date()].append(member)
        set_next(uow, wanted)
    for (name, day), readers in wanted_by.items():
        report = report_of(uow, name)
        if report is not None:
            report.send(uow, readers, day)
