"""A report as somebody asked for it, made again: tomorrow, for a colleague, by its name, on the command line."""

from core.errors import BadInput
from core.model.report import View
from core.ports import UnitOfWork
from core.rules.metrics.relative import said_period, span_in
from core.services.reports import REPORTS, report
from core.services.reports.asking import Asked, today
from core.services.reports.pivot import filters
from core.services.reports.table import Table

PIVOT = "pivot"


def asked_of(uow: UnitOfWork, view: View) -> Asked:
    """Return what a view asks for on this day; BadInput where what it names is no longer there."""
    member = uow.members.find([view.member]).get(view.member) if view.member is not None else None
    if view.member is not None and member is None:
        raise BadInput("这个报表看的那位同事已经不在了。请换一位，例如「换成张伟」")
    return Asked(
        span=span_in(view.period, today(uow)),
        member=member,
        where=filters(uow, view.where),
        by=view.by,
        measures=view.measures,
        limit=MOST_ROWS,
    )


MOST_ROWS = 1000


def table_of(uow: UnitOfWork, view: View) -> Table:
    """Make a view's table with the rights of the actor."""
    return report(view.report).build(uow, asked_of(uow, view))


def said_view(uow: UnitOfWork, view: View) -> str:
    """Say what a view shows: 本月 赢单金额 按地区，只看来源=展会."""
    what = "、".join(view.measures) if view.measures else ""
    if view.report != PIVOT:
        what = REPORTS[view.report].label.partition("：")[0]
    person = uow.members.find([view.member]).get(view.member) if view.member is not None else None
    only = [f"{name}={'、'.join(values)}" for name, values in view.where] + ([person.name] if person else [])
    parts = (
        said_period(view.period, today(uow)),
        what or "赢单金额",
        f"按{'、'.join(view.by)}" if view.by else "",
        f"只看{'，'.join(only)}" if only else "",
    )
    return " ".join(part for part in parts if part)
