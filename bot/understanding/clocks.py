"""Times of day as people speak of them, the points in time they make with a day, and lengths of time."""

import re
from dataclasses import dataclass
from typing import Final

from bot.understanding.periods import NotATime, Period

NOON: Final = 12
# When a part of the day begins, for whoever needs an hour and was told only the part.
_PART_HOURS: Final = {
    "凌晨": 1, "早": 9, "上午": 9, "中午": 12, "饭后": 13, "下午": 14, "傍晚": 17, "晚": 19, "夜": 21,
}  # fmt: skip
_PARTS: Final = (
    ("凌晨", re.compile("凌晨")),
    ("后半夜", re.compile("[后下]半夜")),
    ("饭后", re.compile("(?:午饭|中饭|中午饭|午餐|中餐)")),
    ("下午", re.compile("午休|午睡")),
    ("早", re.compile("上班")),
    ("下午", re.compile("下班")),
    ("傍晚", re.compile("傍晚|下晚|[擦傍]黑")),
    ("早", re.compile("早|清晨|晨")),
    ("下午", re.compile("下午|午后|[后过]晌|下昼|晏昼|[pP][mM]")),
    ("上午", re.compile("上午|头午|上昼|[aA][mM]")),
    ("中午", re.compile("中午|晌午")),
    ("晚", re.compile("晚|tonight")),
    ("夜", re.compile("夜")),
)
_LATE_AT_NIGHT: Final = 26 * 60
"""后半夜 without an hour: two in the night that belongs to the evening before."""

_LATEST_NOON_HOUR: Final = 3
_EARLIEST_EVENING_HOUR: Final = 5
_BARE_AFTERNOON: Final = range(1, 8)
_LONGEST: Final = 3660


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day in minutes since midnight, more than 1440 in the small hours that belong to an evening.

    `minutes` is None when only a part of the day was named. A `bare` hour named no part, so another hour beside it
    may say which half of the day is meant; `inferred` marks an hour that was moved to the afternoon for that reason.
    """

    minutes: int | None = None
    part: str | None = None
    bare: bool = False
    inferred: bool = False

    @property
    def hour(self) -> int | None:
        """The hour at which the named part of the day begins, when nothing more exact was said."""
        return _PART_HOURS[self.part] if self.part and self.minutes is None else None

    def in_part(self, part: str | None) -> "Clock":
        """Move a time as it was spoken into the part of the day that was named with it."""
        if self.minutes is None:
            return Clock(_LATE_AT_NIGHT) if part == "后半夜" else Clock(part=part)
        hour, minute = divmod(self.minutes, 60)
        if part is None:
            afternoon = self.bare and hour in _BARE_AFTERNOON
            return Clock(self.minutes + 12 * 60 * afternoon, None, self.bare, afternoon)
        return Clock(_hour_in_part(hour, part) * 60 + minute, part)


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a time of day, or both."""

    days: Period | None
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time in the units it is counted in; `workdays` is never mixed with the others."""

    months: int = 0
    days: int = 0
    minutes: int = 0
    workdays: int = 0

    def __post_init__(self) -> None:
        """Refuse nothing at all, and what is too long to be meant."""
        counted = (self.months * 30, self.days, self.minutes // (24 * 60), self.workdays)
        if not any((self.months, self.days, self.minutes, self.workdays)) or max(counted) > _LONGEST:
            raise NotATime


def _hour_in_part(hour: int, part: str) -> int:
    if part in ("下午", "傍晚"):
        return hour + 12 if hour < NOON else hour
    if part in ("中午", "饭后"):
        return hour + 12 if hour <= _LATEST_NOON_HOUR else hour
    if part == "凌晨":
        return hour % 12
    if part in ("晚", "夜", "后半夜"):
        small_hours = hour < _EARLIEST_EVENING_HOUR or hour == NOON
        return hour % 12 + (24 if small_hours else 12) if hour <= NOON else hour
    return hour


def part_of_day(words: str) -> str:
    """Find the part of the day that a word such as 一大早 or 今晚 belongs to."""
    return next(part for part, pattern in _PARTS if pattern.search(words))
