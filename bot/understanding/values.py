"""Reads the values of fields as people say them in chat: 50万, 下周三, 下午三点, 张伟."""

from datetime import datetime

from bot.context import Context
from bot.understanding.money import read_amount
from bot.understanding.numerals import read_numeral
from bot.understanding.phones import read_phone
from bot.understanding.text import normalise
from bot.understanding.times import default_moment, find_times
from bot.workweek import WorkWeek
from core.rules.cells import Days
from core.rules.fields.kind import Reading
from core.services.fields.values import reading_of


def reading(ctx: Context) -> Reading:
    """Return who reads values in this chat."""
    uow = ctx.uow
    now, workdays = ctx.wall(uow.now), WorkWeek(uow.calendar)

    def day(words: str) -> Days | None:
        spans = find_times(normalise(words), now, workdays=workdays, lean="future")
        if len(spans) != 1 or spans[0].every is not None or spans[0].words.strip() != normalise(words).strip():
            return None
        return Days(spans[0].from_, spans[0].to, spans[0].at.time() if spans[0].at else None)

    def moment(words: str) -> datetime | None:
        spans = find_times(normalise(words), now, workdays=workdays)
        if len(spans) != 1 or spans[0].words.strip() != normalise(words).strip():
            return None
        return default_moment(spans[0], uow.playbook.day.default_hour)

    return reading_of(
        uow,
        amount=read_amount,
        number=lambda words: read_numeral(normalise(words)),
        phone=read_phone,
        day=day,
        moment=moment,
    )
