"""Promises in words, with the moment by which each is due: what core finds and the chat's times are put together."""

from datetime import datetime

from bot.context import Context
from bot.understanding.times import TimeSpan, find_times
from bot.workweek import WorkWeek
from core.rules.promises import promises_in
from core.services.promises import Told


def promises_told(ctx: Context, text: str, at: datetime) -> list[Told]:
    """Return what was promised in `text`, said at `at`; a day without an hour is due when the office closes."""
    return [
        Told(words=one.words, thing=one.thing, theirs=one.theirs, due_at=due_of(ctx, one.words, at))
        for one in promises_in(text)
    ]


def due_of(ctx: Context, words: str, at: datetime) -> datetime | None:
    """Return the moment by which something is due, None where no time is named or it was over when it was said."""
    calendar = ctx.uow.calendar
    spans = find_times(words, calendar.local(at), workdays=WorkWeek(calendar))
    if not spans:
        return None
    due = _moment(ctx, spans[-1])
    return due if due > at else None


def _moment(ctx: Context, span: TimeSpan) -> datetime:
    calendar = ctx.uow.calendar
    return span.at if span.at is not None else calendar.at(span.to, calendar.closes)
