"""Periods that move with the day: 本月 is `month:0` and means next month another one, 2026-03 stays what it is."""

import re
from datetime import date, timedelta
from typing import Final

from core.rules.metrics.periods import Span, Unit, around

_ABSOLUTE: Final = re.compile(
    r"\d{4}\s?年|\d{4}[-/.]\d{1,2}|(?<![近前后两几半个\d])(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])\s?月(?!度)"
    r"|\d{1,2}[-/.]\d{1,2}|\d{1,2}\s?[号日](?!报)|[一二三四1-4]\s?季度?(?!报)|[QqＱ]\s?[1-4]"
)
"""Words that name a period of the calendar and no other: 3月, 二季度, 2025年."""

_FURTHEST: Final = 24
_NAMES: Final = {
    Unit.DAY: ("今天", "明天", "昨天"),
    Unit.WEEK: ("本周", "下周", "上周"),
    Unit.MONTH: ("本月", "下个月", "上个月"),
    Unit.QUARTER: ("本季度", "下季度", "上季度"),
    Unit.YEAR: ("今年", "明年", "去年"),
}
"""What the running period, the next and, from the end, the one before are called."""
_COUNTED: Final = {Unit.DAY: "天", Unit.WEEK: "周", Unit.MONTH: "个月", Unit.QUARTER: "个季度", Unit.YEAR: "年"}


def period_of(span: Span | None, today: date, said: str = "") -> str:
    """Return how days are kept: relative to `today` unless the words `said` name them by the calendar."""
    if span is None:
        return ""
    if _ABSOLUTE.search(said) is None:
        for unit in (Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.QUARTER, Unit.YEAR):
            for number in sorted(range(-_FURTHEST, 5), key=abs):
                whole = shifted(unit, today, number)
                if span == whole:
                    return f"{unit}:{number}"
                if number == 0 and span == whole.until(today):
                    return f"todate:{unit}"
        if span.last == today:
            return f"last:{span.days}"
    return f"{span.first}:{span.last}"


def span_in(period: str, today: date) -> Span | None:
    """Return the days that a kept period means on `today`; None where none was said."""
    if not period:
        return None
    kind, _, rest = period.partition(":")
    if kind == "last":
        return Span(today - timedelta(days=int(rest) - 1), today)
    if kind == "todate":
        return around(Unit(rest), today).until(today)
    if kind in set(Unit):
        return shifted(Unit(kind), today, int(rest))
    return Span(date.fromisoformat(kind), date.fromisoformat(rest))


def said_period(period: str, today: date) -> str:
    """Say a kept period as people do: 本月, 上季度, 近30天, 2026-03."""
    span = span_in(period, today)
    if span is None:
        return ""
    kind, _, rest = period.partition(":")
    if kind == "last":
        return f"近{rest}天"
    if kind == "todate":
        return f"{_NAMES[Unit(rest)][0]}到今天"
    if kind in set(Unit):
        unit, number = Unit(kind), int(rest)
        if abs(number) <= 1:
            return _NAMES[unit][number]
        return f"{abs(number)}{_COUNTED[unit]}{'前' if number < 0 else '后'}"
    return str(span)


def shifted(unit: Unit, day: date, number: int) -> Span:
    """Return the period of a unit that lies `number` of them after the one of `day`."""
    if unit is Unit.DAY:
        return around(unit, day + timedelta(days=number))
    if unit is Unit.WEEK:
        return around(unit, day + timedelta(weeks=number))
    whole = around(unit, day)
    months = whole.first.year * 12 + whole.first.month - 1 + number * round(whole.days / 30.4)
    first = date(months // 12, months % 12 + 1, 1)
    return around(unit, first)
