"""A day that some words name."""

from datetime import date

from bot.context import Context
from bot.understanding.times import default_moment, find_times
from bot.workweek import WorkWeek


def day_in(ctx: Context, words: str) -> date | None:
    """Return the first day that some words name."""
    found = find_times(words, ctx.wall(ctx.uow.now), workdays=WorkWeek(ctx.uow.calendar))
    return default_moment(found[0]).date() if found else None
