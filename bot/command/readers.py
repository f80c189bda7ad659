"""The chat's own readers of amounts, phones and days, lent to whoever reads tables below us."""

from datetime import datetime

from bot.understanding.money import read_amount
from bot.understanding.phones import read_phone
from bot.understanding.times import find_times
from bot.understanding.workdays import Workdays
from core.rules.cells import Cell, Days
from core.services.imports.sheet import Readers


def chat_readers(now: datetime, workdays: Workdays) -> Readers:
    """Return the readers; `now` in business time says what 下周五 and 3月5日 mean."""

    def day(words: str, past: bool) -> Days | None:
        spans = find_times(words, now, workdays=workdays, lean="past" if past else "future")
        if len(spans) != 1 or spans[0].words.strip() != words.strip() or spans[0].every is not None:
            return None
        span = spans[0]
        return Days(span.from_, span.to, span.at.time() if span.at else None)

    return Readers(amount=lambda cell: read_amount(_plain(cell)), phone=lambda cell: read_phone(_plain(cell)), day=day)


def _plain(cell: Cell) -> str | float | None:
    return cell if isinstance(cell, str | int | float) and not isinstance(cell, bool) else None
