"""How often something comes again: every day, every second Monday, on the last workday of a month."""

from dataclasses import dataclass
from enum import StrEnum


class Every(StrEnum):
    """The unit in which something that comes again is counted."""

    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_PLAIN = {
    Every.DAY: "每天",
    Every.WORKDAY: "每个工作日",
    Every.WEEK: "每周",
    Every.MONTH: "每月",
    Every.QUARTER: "每季度",
    Every.YEAR: "每年",
}
_UNITS = {Every.DAY: "天", Every.WEEK: "周", Every.MONTH: "个月", Every.YEAR: "年"}
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A unit, how many of them lie between two turns, and on which of a unit's days the turn falls.

    `on` is empty where the first turn says it. Of a week it is the weekdays (`135`); of a month its day (`31`, in a
    shorter month the last one), its n-th workday (`w1`, `w-1` for the last), or its n-th weekday (`2.1`, `-1.5`).
    """

    unit: Every
    step: int = 1
    on: str = ""

    def __str__(self) -> str:
        return f"{self.unit}{f'*{self.step}' if self.step > 1 else ''}{f'@{self.on}' if self.on else ''}"

    @classmethod
    def parse(cls, words: str) -> "Rhythm":
        """Read what `str` wrote; ValueError when it is something else."""
        rest, _, on = words.partition("@")
        unit, _, step = rest.partition("*")
        return cls(Every(unit), int(step or 1), on)

    @property
    def nth(self) -> tuple[int, int] | None:
        """Which weekday of a month it is, as count and weekday (Monday 1)."""
        count, dot, weekday = self.on.partition(".")
        return (int(count), int(weekday)) if dot else None

    @property
    def name(self) -> str:
        """Say it in words: 每两周, 每周一、三、五, 每月31号（没有的月份是最后一天）."""
        often = _PLAIN[self.unit] if self.step == 1 else f"每{_counted(self.step)}{_UNITS[self.unit]}"
        if not self.on:
            return often
        if self.unit is Every.WEEK:
            return often + "、".join(_WEEKDAYS[int(sign) - 1] for sign in self.on)
        if self.on.startswith("w"):
            return f"{often}{_place(int(self.on[1:]))}工作日"
        if self.nth is not None:
            count, weekday = self.nth
            return f"{often}{_place(count)}周{_WEEKDAYS[weekday - 1]}"
        return f"{often}最后一天" if self.on == "31" else f"{often}{self.on}号（没有的月份是最后一天）"


def _counted(number: int) -> str:
    return "两" if number == 2 else str(number)  # noqa: PLR2004


def _place(number: int) -> str:
    if number == -1:
        return "最后一个"
    return f"倒数第{-number}个" if number < 0 else f"第{number}个"
