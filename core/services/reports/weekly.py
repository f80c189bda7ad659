"""Figures kept by week: how complete customers were."""

from datetime import timedelta

from core.model.ids import MemberId
from core.ports import UnitOfWork
from core.rules.cadence import week_of
from core.rules.completeness import COMPLETENESS, by_week
from core.rules.metrics.declared import Kind
from core.services.reports.asking import Asked, people_of, today, visible, whose
from core.services.reports.table import Column, Table

WEEKS = 26


def completeness_table(uow: UnitOfWork, asked: Asked) -> Table:
    """Return the mean completeness of each week."""
    visible(uow, asked)
    since = asked.span.first if asked.span is not None else today(uow) - timedelta(weeks=WEEKS)
    people: list[MemberId] = [member.id for member in people_of(uow, asked)]
    weeks = by_week(uow.figures.of(COMPLETENESS, people, week_of(since).begins))
    rows = tuple(
        (f"{week}", mean.count, None if mean.percent is None else float(mean.percent) / 100)
        for week, mean in weeks
        if asked.span is None or week <= asked.span.last
    )
    columns = (Column("周"), Column("客户数", Kind.COUNT), Column("完整度", Kind.SHARE))
    return Table(f"{whose(uow, asked)} 资料完整度", columns, rows)
