"""What is asked of a report, and of whose figures it may tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.errors import BadInput
from core.model.ids import MemberId
from core.model.member import Member
from core.model.playbook import Pipeline
from core.ports import UnitOfWork
from core.rules.metrics.declared import MONEY, WON_AMOUNT, Base, Dimension, dimension
from core.rules.metrics.periods import Span, Unit, around
from core.rules.permissions import Scope, money_scope, require, scope_of
from core.services.reports.credit import moved

LONGEST_DAYS = 3700
MEMBER, DEPARTMENT, PIPELINE = dimension("member"), dimension("department"), dimension("pipeline")

Filter = tuple[Dimension, tuple[Any, ...]]


@dataclass(frozen=True)
class Asked:
    """Which days, of whom, by what. `span` None leaves the days to the report."""

    span: Span | None = None
    member: Member | None = None
    where: tuple[Filter, ...] = ()
    by: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 50

    def days(self, uow: UnitOfWork, unit: Unit = Unit.MONTH) -> Span:
        """Return the days that were asked for; without any, the period of a unit in which today lies."""
        return self.span or around(unit, today(uow), uow.playbook.reports.fiscal_begins)

    def filters(self) -> tuple[Filter, ...]:
        """Return what a record must be, the member included."""
        return self.where if self.member is None else (*self.where, (MEMBER, (self.member.id,)))


def today(uow: UnitOfWork) -> date:
    return uow.calendar.local(uow.now).date()


def span_of(first: date | None, last: date | None) -> Span | None:
    """Return the days between two; BadInput when they are the wrong way round or too many."""
    if first is None and last is None:
        return None
    begin = first or last
    end = last or first
    assert begin is not None and end is not None  # noqa: S101, PT018 - one of the two is there
    if end < begin:
        raise BadInput("开始日期在结束日期之后，请换个说法再问一次")
    if (end - begin).days > LONGEST_DAYS:
        raise BadInput("一次最多看十年，请把时间缩短一点再问")
    return Span(begin, end)


def reader(uow: UnitOfWork) -> Scope:
    """Return of whose figures the actor may hear; NotAllowed for whoever sees no customers at all."""
    scope = scope_of(uow.actor)
    require(scope.everything or scope.member_id == uow.actor.id, "查看业绩报表")
    return scope


def visible(uow: UnitOfWork, asked: Asked) -> Asked:
    """Refuse to tell of a member whom the actor does not lead."""
    scope, member = reader(uow), asked.member
    if member is not None:
        require(scope.covers(member.id, member.department), f"查看{member.name}的数据")
    return asked


def whose(uow: UnitOfWork, asked: Asked) -> str:
    """Say whose figures these are."""
    if asked.member is not None:
        return asked.member.name
    scope = scope_of(uow.actor)
    if scope.everything:
        return "全公司"
    return scope.department or "我"


def people_of(uow: UnitOfWork, asked: Asked) -> list[Member]:
    """Return the members whose figures these are."""
    scope = reader(uow)
    if asked.member is not None:
        return [asked.member]
    departments = [set(values) for dimension, values in asked.where if dimension.key == "department"]
    return [
        member
        for member in uow.members.everybody()
        if scope.covers(member.id, member.department) and all(member.department in named for named in departments)
    ]


def names_of(uow: UnitOfWork, ids: Sequence[MemberId | None]) -> dict[MemberId | None, str]:
    """Say what members are called."""
    found = uow.members.find({one for one in ids if one})
    return {one: found[one].name if one in found else "（无人负责）" for one in ids}


def totals(
    uow: UnitOfWork, bases: Sequence[Base], by: Sequence[Dimension], span: Span | None, asked: Asked
) -> dict[tuple[Any, ...], dict[str, float]]:
    """Add bases up for the actor; won money goes to whoever shares it, money received to whoever looks after it."""
    return totals_in(uow, bases, by, span, asked.filters(), (reader(uow), money_scope(uow.actor)))


def totals_in(
    uow: UnitOfWork,
    bases: Sequence[Base],
    by: Sequence[Dimension],
    span: Span | None,
    where: tuple[Filter, ...],
    scopes: tuple[Scope, Scope],
) -> dict[tuple[Any, ...], dict[str, float]]:
    """Add bases up in the scope of sales and that of money, for whoever the actor makes a report for."""
    scope, purse = scopes
    fiscal = uow.playbook.reports.fiscal_begins
    money = [base for base in bases if base.subject in MONEY]
    sales = [base for base in bases if base.subject not in MONEY]
    found = uow.metrics.totals(sales, by, span, where, scope, fiscal_begins=fiscal) if sales else {}
    if WON_AMOUNT in sales:
        for cell, part in moved(uow, by, span, where, scope, fiscal).items():
            figures = found.setdefault(cell, {})
            figures[WON_AMOUNT.key] = figures.get(WON_AMOUNT.key, 0) + part
    if money:
        taken = uow.takings.totals(money, by, span, where, purse, fiscal_begins=fiscal)
        for key, figures in taken.items():
            found[key] = found.get(key, {}) | figures
    return found


def in_pipeline(asked: Asked, pipeline: Pipeline) -> Asked:
    """Narrow what is asked down to one kind of deal."""
    return replace(asked, where=(*asked.where, (PIPELINE, (pipeline.name,))))
