"""Targets of people, teams and the company: set, and held against what is there and how much time is gone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.model.ids import MemberId
from core.model.member import SELLING, Member
from core.model.report import Target, TargetKind
from core.ports import UnitOfWork
from core.rules.metrics.declared import ACCOUNTS, RECEIPTS, VISITS, WON, WON_AMOUNT, Base, Kind
from core.rules.metrics.periods import Span, Unit, around, cut, last_months
from core.rules.metrics.targets import KINDS, Pace, respread, workdays_gone
from core.rules.permissions import require, scope_of, within
from core.services.reports.asking import MEMBER, Asked, people_of, reader, today, totals, visible, whose
from core.services.reports.forecast import outlook
from core.services.reports.table import Column, Table

MOST_YUAN = 100_000_000_000
BASES: dict[str, Base] = {
    TargetKind.SIGNED: WON_AMOUNT,
    TargetKind.RECEIVED: RECEIPTS,
    TargetKind.CUSTOMERS: ACCOUNTS,
    TargetKind.VISITS: VISITS,
}
"""What is counted for each kind."""


@dataclass(frozen=True)
class Gap:
    """How far somebody is, what is still open for the period, and how many usual deals the gap is."""

    whose: str
    month: Span
    pace: Pace | None
    signed: int
    weighted: float
    average: float
    others: tuple[Pace, ...] = ()
    """How far the targets of the other kinds are, where there are any."""


def set_targets(
    uow: UnitOfWork,
    values: Sequence[tuple[Member | str, int]],
    period: Span,
    kind: str = TargetKind.SIGNED,
) -> list[list[Target]]:
    """Set what members, or departments by their path, are to bring in a period; a later word takes the place of one.

    A target of several months is kept by month, shared out by their workdays; returns those of each, month by month.
    """
    check_targets(uow, values)
    months = cut(whole_period(period), Unit.MONTH)
    known = {
        (one.member_id, one.department, one.month): one
        for one in uow.yardsticks.targets(months[0].first, months[-1].last)
        if one.kind == kind
    }
    uow.does("target.set")
    made = []
    for (who, _), parts in zip(values, shares_of(uow, values, period, kind), strict=True):
        member_id = who.id if isinstance(who, Member) else None
        department = "" if isinstance(who, Member) else who
        targets = []
        for month, part in zip(months, parts, strict=True):
            target = known.get((member_id, department, month.first))
            if target is None:
                target = Target(
                    kind=kind, member_id=member_id, department=department, month=month.first, value=part,
                    created_at=uow.now, updated_at=uow.now,
                )  # fmt: skip
                uow.yardsticks.add(target)
            target.value, target.set_by = part, uow.actor.id or None
            targets.append(target)
        made.append(targets)
    uow.flush()
    return made


def shares_of(uow: UnitOfWork, values: Sequence[tuple[Member | str, int]], period: Span, kind: str) -> list[list[int]]:
    """Return what each month of a period is to bring of each target; what is over of it keeps what it had."""
    months = cut(whole_period(period), Unit.MONTH)
    known = {
        (one.member_id, one.department, one.month): one.value
        for one in uow.yardsticks.targets(months[0].first, months[-1].last)
        if one.kind == kind
    }
    workdays = [workdays_gone(month, month.last, uow.calendar.is_workday)[1] for month in months]
    day, found = today(uow), []
    for who, value in values:
        whose = (who.id, "") if isinstance(who, Member) else (None, who)
        rows = [
            (work, known.get((*whose, month.first), 0), month.last < day)
            for work, month in zip(workdays, months, strict=True)
        ]
        found.append(respread(value, rows))
    return found


def whole_period(span: Span) -> Span:
    """Return the whole months in which days lie: targets are kept by month."""
    return Span(around(Unit.MONTH, span.first).first, around(Unit.MONTH, span.last).last)


def check_targets(uow: UnitOfWork, values: Sequence[tuple[Member | str, int]]) -> None:
    """Refuse targets that the actor may not set, and such as nobody can mean."""
    for who, value in values:
        _refuse(uow, who, value)


def gap(uow: UnitOfWork, asked: Asked) -> Gap:
    """Say how far the asker, or whom they lead, is from the target of a month, a quarter, a year."""
    visible(uow, asked)
    month = whole_period(asked.days(uow))
    whole = Asked(month, asked.member)
    target = _target_of(uow, whole, month)
    signed = _sum(uow, WON_AMOUNT, month, whole)
    year = last_months(today(uow), 12)
    won = sum(found["won"] for found in totals(uow, [WON], [], year, whole).values())
    average = _sum(uow, WON_AMOUNT, year, whole) / won if won else 0.0
    gone, workdays = workdays_gone(month, today(uow), uow.calendar.is_workday)
    pace = Pace(TargetKind.SIGNED, target, signed, gone, workdays) if target else None
    others = tuple(
        Pace(kind, value, _sum(uow, BASES[kind], month, whole), gone, workdays)
        for kind in KINDS
        if kind != TargetKind.SIGNED and (value := _target_of(uow, whole, month, kind))
    )
    return Gap(whose(uow, whole), month, pace, signed, outlook(uow, whole).figures.open, average, others)


def kinds_of(uow: UnitOfWork, month: Span) -> list[TargetKind]:
    """Return of which kinds a period has targets."""
    found = {one.kind for one in uow.yardsticks.targets(month.first, month.last)}
    return [kind for kind in KINDS if kind in found]


def paces(uow: UnitOfWork, asked: Asked, kind: str = TargetKind.SIGNED, *, under: str = "") -> list[tuple[str, Pace]]:
    """Return everybody's pace in a period, those of departments and the company first as far as the actor sees them;
    `under` leaves only those of a department.
    """
    month = whole_period(asked.days(uow))
    scope = reader(uow)
    gone, workdays = workdays_gone(month, today(uow), uow.calendar.is_workday)
    actual = actual_by_member(uow, kind, month, asked)
    people = {member.id: member for member in people_of(uow, asked)}
    by_member, by_department = _aims(uow, month, kind)
    found: list[tuple[str, Pace]] = []
    if asked.member is None:
        for department, value in by_department.items():
            sees = scope.everything or (
                scope.department is not None and department and within(department, scope.department)
            )
            if sees and (not under or within(department, under)):
                mine = [m for m in people.values() if not department or within(m.department, department)]
                total = sum(actual.get(member.id, 0) for member in mine)
                found.append((department or "全公司", Pace(kind, value, total, gone, workdays)))
    rows = [
        (member.name, Pace(kind, by_member.get(member.id, 0), actual.get(member.id, 0), gone, workdays))
        for member in people.values()
        if (member.id in by_member or actual.get(member.id)) and (not under or within(member.department, under))
    ]
    return found + sorted(rows, key=lambda row: -(row[1].attainment or 0))


def actual_by_member(uow: UnitOfWork, kind: str, month: Span, asked: Asked) -> dict[MemberId, int]:
    """Return what each member has brought."""
    base = BASES[kind]
    return {
        member_id: int(found[base.key])
        for (member_id,), found in totals(uow, [base], [MEMBER], month, asked).items()
        if member_id is not None
    }


def table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the targets of a period, of every kind that one was set for."""
    visible(uow, asked)
    month = whole_period(asked.days(uow))
    rows = []
    for kind in kinds_of(uow, month) or [TargetKind.SIGNED]:
        for name, pace in paces(uow, asked, kind):
            value = (lambda fen: fen / 100) if pace.is_money else float
            state = "没有目标" if pace.attainment is None else "落后" if pace.is_behind else "跟上"
            rows.append(
                (
                    name, KINDS[kind], value(pace.target), value(pace.actual), pace.attainment,
                    pace.time_gone, value(pace.gap), state,
                )
            )  # fmt: skip
    columns = (
        Column("对象"), Column("指标"), Column("目标", Kind.COUNT), Column("完成", Kind.COUNT),
        Column("达成率", Kind.SHARE), Column("时间进度", Kind.SHARE), Column("还差", Kind.COUNT), Column("进度"),
    )  # fmt: skip
    return Table(f"{whose(uow, asked)} {month} 目标", columns, tuple(rows))


def _target_of(uow: UnitOfWork, asked: Asked, month: Span, kind: str = TargetKind.SIGNED) -> int:
    """Return the target of whoever is meant: a member's own, else the one of the department that the actor leads,
    else what their people's come to.
    """
    by_member, by_department = _aims(uow, month, kind)
    scope = scope_of(uow.actor)
    if asked.member is not None or (scope.department is None and not scope.everything):
        return by_member.get(asked.member.id if asked.member is not None else uow.actor.id, 0)
    own = by_department.get(scope.department or "", 0)
    return own or _altogether(by_member, by_department, people_of(uow, asked), scope.department or "")


def _altogether(
    by_member: Mapping[MemberId, int], by_department: Mapping[str, int], people: Sequence[Member], above: str
) -> int:
    """Return what the parts of a department are to bring: teams by their own targets, others person by person."""
    below = [one for one in by_department if one and (not above or within(one, above))]
    teams = [one for one in below if not any(one != other and within(one, other) for other in below)]
    alone = [one for one in people if not any(within(one.department, team) for team in teams)]
    return sum(by_department[one] for one in teams) + sum(by_member.get(one.id, 0) for one in alone)


def _aims(uow: UnitOfWork, period: Span, kind: str) -> tuple[dict[MemberId, int], dict[str, int]]:
    """Return what members and departments are to bring in the months of a period altogether."""
    by_member: dict[MemberId, int] = defaultdict(int)
    by_department: dict[str, int] = defaultdict(int)
    for one in uow.yardsticks.targets(period.first, period.last):
        if one.kind == kind and one.member_id is not None:
            by_member[one.member_id] += one.value
        elif one.kind == kind:
            by_department[one.department] += one.value
    return dict(by_member), dict(by_department)


def _sum(uow: UnitOfWork, base: Base, span: Span, asked: Asked) -> int:
    return int(sum(found[base.key] for found in totals(uow, [base], [], span, asked).values()))


def _refuse(uow: UnitOfWork, who: Member | str, value: int) -> None:
    scope = scope_of(uow.actor)
    if isinstance(who, Member):
        leads = scope.everything or (scope.department is not None and scope.covers(who.id, who.department))
        require(leads, f"给{who.name}定目标")
        if not who.active or not who.is_any(SELLING):
            raise BadInput(f"{who.name}不做销售，不用定目标。请核对名字")
    else:
        require(
            scope.everything or (scope.department is not None and within(who, scope.department)),
            f"给{who or '全公司'}定目标",
        )
    if not 0 < value < MOST_YUAN * 100:
        raise BadInput("目标要大于 0、小于一千亿，请核对后再发一次")
