"""The lists behind the figures of the evening digest and the morning plan: the very records that were counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from core.errors import BadInput
from core.model.ids import Ref
from core.model.member import LEADING, Member
from core.model.promise import PromiseState
from core.ports import UnitOfWork
from core.rules.claiming import RECYCLED
from core.rules.metrics.declared import TALKS
from core.rules.metrics.periods import Span
from core.rules.permissions import may_open_pool, require, scope_of
from core.services.digest import team_under
from core.services.reports.asking import MEMBER
from core.services.reports.behind import MOST

SETTLED: Final = {PromiseState.KEPT: "做到", PromiseState.BROKEN: "没做到"}


@dataclass(frozen=True)
class Listed:
    """A list: what it is of, and its lines, each with the reference and the name of what it opens."""

    title: str
    lines: tuple[tuple[str, str, str], ...]


def listed(uow: UnitOfWork, what: str, day: date) -> Listed:
    """Return the list behind a figure of a day; a leader's is of their people, `held` is of one's own leads."""
    if what == "held":
        require(may_open_pool(uow.actor), "查看线索")
        leads = uow.leads.held_by(uow.actor.id)
        return Listed("手上的线索", tuple((str(one.ref), one.name, _grade(one.grade, one.source)) for one in leads))
    require(uow.actor.is_any(LEADING), "查看团队日报")
    if what not in _LISTS:
        raise BadInput("没有这个清单，请在日报卡片上再点一次")
    team = {member.id: member for member in team_under(uow, uow.actor)}
    begin, end = uow.calendar.at(day, time(0)), uow.calendar.at(day + timedelta(days=1), time(0))
    title, make = _LISTS[what]
    return Listed(f"{day:%m-%d} {title}", tuple(make(uow, list(team.values()), begin, end)))


Lines = Sequence[tuple[str, str, str]]


def _followups(uow: UnitOfWork, team: Sequence[Member], begin: datetime, _: datetime) -> Lines:
    names = {one.id: one.name for one in team}
    day = uow.calendar.local(begin).date()
    ids = uow.metrics.records(TALKS, Span(day, day), ((MEMBER, tuple(names)),), scope_of(uow.actor), limit=MOST)
    found = sorted(uow.followups.find(ids), key=lambda one: (one.at, one.id))
    called = uow.customers.names_of({one.customer for one in found})
    return [
        (
            str(one.customer),
            called.get(one.customer, "（已删除）"),
            f"{names[one.author_id] if one.author_id else ''} {uow.calendar.local(one.at):%H:%M}",
        )
        for one in found
    ]


def _new_leads(uow: UnitOfWork, team: Sequence[Member], begin: datetime, end: datetime) -> Lines:
    names = {one.id: one.name for one in team}
    made = [(member, Ref("lead", number)) for member, number in uow.history.created("lead", names, begin, end)]
    called = uow.customers.names_of({ref for _, ref in made})
    return [(str(ref) if ref in called else "", called.get(ref, "（已删除）"), names[member]) for member, ref in made]


def _recycled(uow: UnitOfWork, team: Sequence[Member], begin: datetime, end: datetime) -> Lines:
    names = {one.id: one.name for one in team}
    ended = [one for one in uow.assignments.ended_as(names, RECYCLED, begin) if one.ended_at and one.ended_at < end]
    called = uow.customers.names_of({Ref("lead", one.lead_id) for one in ended})
    return [("", called.get(Ref("lead", one.lead_id), "（已删除）"), names[one.member_id]) for one in ended]


def _silent(uow: UnitOfWork, team: Sequence[Member], begin: datetime, end: datetime) -> Lines:
    ids = [one.id for one in team]
    done, held = uow.followups.count_by_author(ids, begin, end), uow.leads.count_held_by_each(ids)
    return [("", one.name, f"手上 {held[one.id]} 条线索") for one in team if not done.get(one.id) and held.get(one.id)]


def _promises(uow: UnitOfWork, team: Sequence[Member], begin: datetime, end: datetime) -> Lines:
    names = {one.id: one.name for one in team}
    found = uow.promises.settled(names, SETTLED, begin, end)
    called = uow.customers.names_of({one.customer for one in found})
    return [
        (
            str(one.customer),
            called.get(one.customer, "（已删除）"),
            f"{names[one.made_by] if one.made_by else ''} {SETTLED[PromiseState(one.state)]}：{one.words[:20]}",
        )
        for one in found
    ]


def _grade(grade: str, source: str) -> str:
    return "，".join(part for part in (f"{grade}级" if grade else "", source) if part)


_LISTS: Final[dict[str, tuple[str, Callable[[UnitOfWork, Sequence[Member], datetime, datetime], Lines]]]] = {
    "followups": ("有效跟进", _followups),
    "leads": ("新线索", _new_leads),
    "recycled": ("回收的线索", _recycled),
    "silent": ("没有跟进的人", _silent),
    "promises": ("到期和做到的承诺", _promises),
}
