"""What leaders are told of their figures by the clock: the funnel coach on Mondays, the review at the month's end."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from core.errors import Refusal
from core.model.job import Job
from core.model.member import SYSTEM, Member
from core.model.report import View
from core.model.version import PlaybookVersion, VersionKind
from core.notices import Notice
from core.notices.reports import DealToOpen, FunnelCoach, MonthLine, MonthReview, SavedReportSent, StageLine
from core.ports import OpenWork, UnitOfWork
from core.rules.metrics.funnel import Change, StageFigures, below_its_band
from core.rules.metrics.periods import Span, Unit, around
from core.services.reports.asking import Asked, whose
from core.services.reports.forecast import outlook
from core.services.reports.funnel import Funnel, funnel
from core.services.reports.ranking import ranking
from core.services.reports.views import table_of
from core.services.saved_reports import may_open

JOB = "report"
COACHED, EFFECT = timedelta(days=28), timedelta(days=30)
LONGEST = timedelta(days=120)
"""What was changed longer ago is no explanation any more."""
REASONS, PEOPLE, VERSIONS, SENT = 3, 5, 20, 60
SAVED = "saved:"
"""A saved report goes by its number behind this."""


def order_report(name: str) -> Callable[[UnitOfWork, Member, date], None]:
    """Return what has the worker make a report: hundreds of leaders must not wait for each other's figures."""

    def order(uow: UnitOfWork, member: Member, day: date) -> None:
        content = {"report": name, "member": member.id, "day": str(day)}
        uow.jobs.add(Job(kind=JOB, content=content, created_at=uow.now))

    return order


def send_report(open_work: OpenWork, content: dict[str, Any]) -> dict[str, Any]:
    """Make a report with the eyes of whoever it is for, and tell it; one with nothing in it is not told."""
    day = date.fromisoformat(content["day"])
    with open_work(SYSTEM, reading=True) as uow:
        member = uow.members.get(content["member"])
    with open_work(member, reading=True) as uow:
        name = str(content["report"])
        told = saved_report(uow, member, day, name) if name.startswith(SAVED) else _MADE[name](uow, member, day)
    if told is not None:
        with open_work(SYSTEM) as uow:
            uow.tell(told)
    return {"told": told is not None}


def coach(uow: UnitOfWork, member: Member, day: date) -> FunnelCoach | None:
    """Return where the deals of the last four weeks leaked; None when none came in."""
    span = Span(day - COACHED, day - timedelta(days=1))
    made = funnel(uow, Asked(span))
    if not any(one.counts.entered for one in made.stages):
        return None
    worst = made.worst
    return FunnelCoach(
        to=member.id,
        once=f"coach:{member.id}:{day}",
        whose=made.whose,
        days=str(span),
        first=span.first,
        last=span.last,
        stages=tuple(
            StageLine(one.stage, one.counts.entered, None if one.is_last else one.counts.conversion)
            for one in made.stages
        ),
        worst=worst.stage if worst is not None else "",
        leak=worst.counts.leak if worst is not None else None,
        reasons=tuple(f"{reason} {count}" for reason, count in worst.reasons[:REASONS]) if worst is not None else (),
        advice=worst.advice if worst is not None else (),
        before=_against_before(worst) if worst is not None else "",
        low=tuple(_low(one) for one in made.stages if below_its_band(one)),
        effect=effect_of_last_change(uow, day, worst.stage) if worst is not None else "",
        deals=tuple(DealToOpen(str(deal.ref), deal.name) for deal in made.to_open),
    )


def review(uow: UnitOfWork, member: Member, day: date) -> MonthReview | None:
    """Return how the month of `day` went; None when nothing was won and nothing was to be."""
    month = around(Unit.MONTH, day)
    places = ranking(uow, Asked(month))
    won, target = sum(one.won for one in places), sum(one.target for one in places)
    if not won and not target:
        return None
    made = funnel(uow, Asked(month))
    return MonthReview(
        to=member.id,
        once=f"month:{member.id}:{month.first}",
        whose=whose(uow, Asked()),
        month=month.first,
        won=won,
        count=sum(one.count for one in places),
        target=target,
        accuracy=outlook(uow, Asked(month)).last_accuracy,
        people=tuple(MonthLine(one.member.name, one.won, one.attainment) for one in places[:PEOPLE]),
        worst=made.worst.stage if made.worst is not None else "",
        leak=made.worst.counts.leak if made.worst is not None else None,
    )


def saved_report(uow: UnitOfWork, member: Member, day: date, name: str) -> SavedReportSent:
    """Return a saved report as its subscriber may see it today; why there is none is said in its place."""
    number = int(name.removeprefix(SAVED))
    saved = next((one for one in uow.yardsticks.saved() if one.id == number and may_open(one, member)), None)
    once = f"{name}:{member.id}:{day}"
    if saved is None:
        return SavedReportSent(to=member.id, once=once, number=number, title="您订的报表已经删除，或者不再分享给您")
    try:
        table = table_of(uow, View.from_json(saved.view))
    except Refusal as refusal:
        return SavedReportSent(
            to=member.id, once=once, number=number, title=f"「{saved.name}」出不来", words=(str(refusal),)
        )
    return SavedReportSent(
        to=member.id,
        once=once,
        number=number,
        title=f"「{saved.name}」{table.title}",
        columns=tuple(column.label for column in table.columns),
        kinds=tuple(column.kind.value if column.kind is not None else "" for column in table.columns),
        rows=tuple(
            tuple(cell if isinstance(cell, int | float | str) else None for cell in row) for row in table.rows[:SENT]
        ),
        total=max(table.total, len(table.rows)),
        words=table.notes,
        chart=View.from_json(saved.view).chart,
    )


def effect_of_last_change(uow: UnitOfWork, day: date, stage: str) -> str:
    """Say how a stage converted in the 30 days before and after the last change of the rules that is as long ago."""
    version = next((one for one in uow.versions.latest(VERSIONS) if _has_shown(uow, one, day)), None)
    if version is None:
        return ""
    changed = uow.calendar.local(version.at).date()
    before = _settled(funnel(uow, Asked(Span(changed - EFFECT, changed - timedelta(days=1)))), stage)
    after = _settled(funnel(uow, Asked(Span(changed, changed + EFFECT - timedelta(days=1)))), stage)
    if before is None or after is None:
        return ""
    why = f"「{version.why}」" if version.why else ""
    return f"第 {version.number} 版规则{why}{changed:%m-%d} 生效，前后 30 天{stage}转化 {Change(before, after)}"


def _has_shown(uow: UnitOfWork, version: PlaybookVersion, day: date) -> bool:
    ago = datetime.combine(day, time()) - datetime.combine(uow.calendar.local(version.at).date(), time())
    return version.kind != VersionKind.INITIAL and EFFECT <= ago <= LONGEST


def _settled(made: Funnel, stage: str) -> float | None:
    return next((one.counts.settled for one in made.stages if one.stage == stage), None)


def _against_before(one: StageFigures) -> str:
    before, now = one.before.settled, one.counts.settled
    return str(Change(before, now)) if before is not None and now is not None else ""


def _low(one: StageFigures) -> str:
    return f"{one.stage}转化 {one.counts.settled:.0%}，平时 {one.usual_conversion:.0%}，低于正常波动"


_MADE: dict[str, Callable[[UnitOfWork, Member, date], Notice | None]] = {"funnel": coach, "month": review}
