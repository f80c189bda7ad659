"""The day that is settled on behind a longer time: 下礼拜找个时间去，暂定周三."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.understanding.sentence import Piece
from bot.understanding.slots.draft import Draft
from bot.understanding.times import TimeSpan

_SETTLED: Final = re.compile(r"(?:暂定|先定|初步定|就定|定在|那就|就|定)(?:在|到|是)?\s?$")
_WEEKDAY: Final = re.compile("周|星期|礼拜")
_NUMBER_OF_A_DAY: Final = re.compile(r"[\d一二三四五六七八九十]{1,3}[号日]")


def finer(draft: Draft, found: list[tuple[Piece, TimeSpan]]) -> list[tuple[Piece, TimeSpan]]:
    """Let the settled day stand for the longer time in front of it."""
    text = draft.sentence.text
    for place, (piece, span) in enumerate(found[1:], 1):
        before, coarse = found[place - 1]
        settled = _SETTLED.search(text, draft.start, piece.start)
        stretch = coarse.at is None and coarse.from_ != coarse.to and coarse.kind != "deadline"
        if settled is None or not stretch or span.from_ != span.to:
            continue
        day = _within(coarse, span)
        if coarse.from_ <= day <= coarse.to:
            at = span.at and span.at + (day - span.from_)
            draft.used += [settled.span(), (before.start, before.end)]
            return [*found[: place - 1], (piece, replace(span, from_=day, to=day, at=at)), *found[place + 1 :]]
    return found


def _within(coarse: TimeSpan, span: TimeSpan) -> date:
    """Return the day of that name in the longer time: its Wednesday, its 15th."""
    if _WEEKDAY.match(span.words):
        return span.from_ + timedelta(days=-(-(coarse.from_ - span.from_).days // 7) * 7)
    if _NUMBER_OF_A_DAY.match(span.words):
        months = {(day.year, day.month) for day in (coarse.from_, coarse.to)}
        for year, month in sorted(months):
            try:
                day = date(year, month, span.from_.day)
            except ValueError:
                continue
            if coarse.from_ <= day <= coarse.to:
                return day
    return span.from_
