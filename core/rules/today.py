"""The ranked plan of a day: what a rep should do first, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.calendar import WorkCalendar
from core.model.ids import Ref


@dataclass(frozen=True)
class Todo:
    """One thing to do today. Lower `rank` comes first; `reason` is what the rep reads."""

    rank: int
    at: datetime
    customer: Ref | None
    name: str
    reason: str


OVERDUE, LEAVING_TODAY, FIRST_CONTACT, PLANNED, QUIET = range(5)


def ranked(todos: Iterable[Todo], size: int) -> list[Todo]:
    """Return the `size` most urgent todos: overdue promises, leads about to leave, first contacts, plans by time.

    One customer appears once, with its most urgent reason.
    """
    best: dict[object, Todo] = {}
    for todo in sorted(todos, key=lambda t: (t.rank, t.at)):
        best.setdefault(todo.customer or (todo.name, todo.at), todo)
    return list(best.values())[:size]


def plan_todo(at: datetime, customer: Ref | None, name: str, content: str, now: datetime, cal: WorkCalendar) -> Todo:
    """Rank a plan: yesterday's first, today's by the clock."""
    wall = cal.local(at)
    if wall.date() < cal.local(now).date():
        return Todo(OVERDUE, at, customer, name, f"原定 {wall:%m-%d %H:%M}，已过期：{content}")
    return Todo(PLANNED, at, customer, name, f"{wall:%H:%M} {content}")


def leaving_todo(limit_at: datetime, customer: Ref, name: str, *, untouched: bool, cal: WorkCalendar) -> Todo:
    """Rank a lead that returns to the pool at `limit_at`."""
    reason = "还没有首次跟进" if untouched else "很久没有跟进"
    return Todo(LEAVING_TODAY, limit_at, customer, name, f"{reason}，{cal.local(limit_at):%m-%d %H:%M} 回收到公海")
