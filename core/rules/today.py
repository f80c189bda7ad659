"""The ranked plan of a day: what a rep should do first, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.calendar import WorkCalendar
from core.model.ids import Ref


@dataclass(frozen=True)
class Todo:
    """One thing to do today. Lower `rank` comes first; `reason` is what the rep reads.

    `debt` is what is owed to the customer, a thing to do of its own beside whatever else there is about them.
    """

    rank: int
    at: datetime
    customer: Ref | None
    name: str
    reason: str
    debt: str = ""


LEAVING_TODAY, OVERDUE, OWED, FIRST_CONTACT, PLANNED, ENDING = range(6)


def ranked(todos: Iterable[Todo]) -> list[Todo]:
    """Order todos by urgency.

    Leads about to leave come first, then promises whose hour has passed, money that is due, first contacts, plans by
    time, and papers that will soon be over.
    One customer appears once, with its most urgent reason, and once for each thing owed to them.
    """
    best: dict[object, Todo] = {}
    for todo in sorted(todos, key=lambda t: (t.rank, t.at)):
        best.setdefault((todo.customer, todo.debt) if todo.customer else (todo.name, todo.at), todo)
    return list(best.values())


def plan_todo(at: datetime, customer: Ref | None, name: str, content: str, now: datetime, cal: WorkCalendar) -> Todo:
    """Rank a plan: one whose time has passed first, the coming ones by the clock."""
    wall = cal.local(at)
    if wall.date() < cal.local(now).date():
        return Todo(OVERDUE, at, customer, name, f"原定 {wall:%m-%d %H:%M}，已过期：{content}")
    if at < now:
        return Todo(OVERDUE, at, customer, name, f"{wall:%H:%M} 已过：{content}")
    return Todo(PLANNED, at, customer, name, f"{wall:%H:%M} {content}")


def leaving_todo(limit_at: datetime, customer: Ref, name: str, *, untouched: bool, cal: WorkCalendar) -> Todo:
    """Rank a lead that returns to the pool at `limit_at`."""
    reason = "还没有首次跟进" if untouched else "很久没有跟进"
    return Todo(LEAVING_TODAY, limit_at, customer, name, f"{reason}，{cal.local(limit_at):%m-%d %H:%M} 回收到公海")


def promise_todo(
    due_at: datetime, customer: Ref, name: str, words: str, now: datetime, cal: WorkCalendar, *, theirs: bool
) -> Todo:
    """Rank a promise like a plan: whatever is owed by now first, what comes due later today by the clock."""
    wall = cal.local(due_at)
    debt = f"客户{words}" if theirs and not words.startswith("客户") else words
    if due_at < now:
        past = f"{wall:%H:%M}" if wall.date() == cal.local(now).date() else f"{wall:%m-%d %H:%M}"
        return Todo(OVERDUE, due_at, customer, name, f"{past} 该兑现，还没做到：{debt}", debt)
    return Todo(PLANNED, due_at, customer, name, f"{wall:%H:%M} 前兑现：{debt}", debt)


def shortened(text: str, width: int = 40) -> str:
    """Return one line of at most `width` 字; a cut is shown."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"
