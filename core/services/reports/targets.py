"""Targets of people, teams and the company: set, and held against what is there and how much time is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.errors import BadInput
from core.model.ids import MemberId
from core.model.member import SELLING, Member
from core.model.report import Target, TargetKind
from core.ports import UnitOfWork
from core.rules.metrics.declared import ACCOUNTS, RECEIPTS, VISITS, WON, WON_AMOUNT, Base, Kind
from core.rules.metrics.periods import Span, Unit, around, last_months
from core.rules.metrics.targets import KINDS, Pace, workdays_gone
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
    month: date,
    kind: str = TargetKind.SIGNED,
) -> list[Target]:
    """Set what members, or departments by their path, are to bring in a month; a later word takes the place of one."""
    check_targets(uow, values)
    first = around(Unit.MONTH, month).first
    known = {(one.member_id, one.department, one.kind): one for one in uow.yardsticks.targets(first, first)}
    uow.does("target.set")
    made = []
    for who, value in values:
        member_id = who.id if isinstance(who, Member) else None
        department = "" if isinstance(who, Member) else who
        target = known.get((member_id, department, kind))
        if target is None:
            target = Target(
                kind=kind, member_id=member_id, department=department, month=first, value=value,
                created_at=uow.now, updated_at=uow.now,
            )  # fmt: skip
            uow.yardsticks.add(target)
        target.value, target.set_by = value, uow.actor.id or None
        made.append(target)
    uow.flush()
    return made


def check_targets(uow: UnitOfWork, values: Sequence[tuple[Member | str, int]]) -> None:
    """Refuse targets that the actor may not set, and such as nobody can mean."""
    for who, value in values:
        _refuse(uow, who, value)


def gap(uow: UnitOfWork, asked: Asked) -> Gap:
    """Say how far the asker, or whom they lead, is from the target of a month."""
    visible(uow, asked)
    month = around(Unit.MONTH, asked.days(uow).first)
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
    """Return of which kinds a month has targets."""
    found = {one.kind for one in uow.yardsticks.targets(month.first, month.first)}
    return [kind for kind in KINDS if kind in found]


def paces(uow: UnitOfWork, asked: Asked, kind: str = TargetKind.SIGNED) -> list[tuple[str, Pace]]:
    """Return everybody's pace in a month, those of departments and the company first as far as the actor sees them."""
    month = around(Unit.MONTH, asked.days(uow).first)
    scope = reader(uow)
    gone, workdays = workdays_gone(month, today(uow), uow.calendar.is_workday)
    actual = actual_by_member(uow, kind, month, asked)
    people = {member.id: member for member in people_of(uow, asked)}
    targets = [one for one in uow.yardsticks.targets(month.first, month.first) if one.kind == kind]
    found: list[tuple[str, Pace]] = []
    if asked.member is None:
        for one in targets:
            sees = scope.everything or (
                scope.department is not None and one.department and within(one.department, scope.department)
            )
            if one.member_id is None and sees:
                mine = [m for m in people.values() if not one.department or within(m.department, one.department)]
                total = sum(actual.get(member.id, 0) for member in mine)
                found.append((one.department or "全公司", Pace(kind, one.value, total, gone, workdays)))
    by_member = {one.member_id: one.value for one in targets if one.member_id is not None}
    rows = [
        (member.name, Pace(kind, by_member.get(member.id, 0), actual.get(member.id, 0), gone, workdays))
        for member in people.values()
        if member.id in by_member or actual.get(member.id)
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
    """Return the targets of a month, of every kind that one was set for."""
    visible(uow, asked)
    month = around(Unit.MONTH, asked.days(uow).first)
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
    targets = [one for one in uow.yardsticks.targets(month.first, month.first) if one.kind == kind]
    scope = scope_of(uow.actor)
    if asked.member is not None or (scope.department is None and not scope.everything):
        member_id = asked.member.id if asked.member is not None else uow.actor.id
        return next((one.value for one in targets if one.member_id == member_id), 0)
    own = next(
        (one.value for one in targets if one.member_id is None and one.department == (scope.department or "")), 0
    )
    ids = {member.id for member in people_of(uow, asked)}
    return own or sum(one.value for one in targets if one.member_id in ids)


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
            scope.everything or (scope.department is not None and within(who, scope.department)), "给这个部门定目标"
        )
    if not 0 < value < MOST_YUAN * 100:
        raise BadInput("目标要大于 0、小于一千亿，请核对后再发一次")
