"""Days, months, instants and times of day."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.model.playbook.conditions import Scalar
from core.model.playbook.fields import FieldSpec
from core.rules.cells import Cell, days_of, text_of
from core.rules.fields.kind import NO_NAMES, Ago, BadValue, Compared, FieldType, Names, Plain, Reading

EARLIEST, LATEST = 1900, 2100
_AGO: Final = re.compile(
    r"(?:(最近|过去|近)|(未来|今后))?\s*([+-]?)\s*(\d{1,5})\s*(个月|[dhwm]|天|日|小时|周|分钟|月)(前|后|内)?"
)
_TODAY: Final = {"today": 0, "今天": 0, "昨天": -1, "明天": 1, "前天": -2, "后天": 2}
_NOW: Final = frozenset({"now", "现在", "此刻"})
_LENGTHS: Final = {
    "d": timedelta(days=1), "天": timedelta(days=1), "日": timedelta(days=1), "h": timedelta(hours=1),
    "小时": timedelta(hours=1), "w": timedelta(days=7), "周": timedelta(days=7), "m": timedelta(minutes=1),
    "分钟": timedelta(minutes=1), "月": timedelta(days=30), "个月": timedelta(days=30),
}  # fmt: skip
_MIDNIGHT: Final = time(0)
ZONE: Final = ZoneInfo("Asia/Shanghai")


def ago_in(words: str) -> Ago | None:
    """Read `-7d`, `+24h`, `7天前`, `今天`; None for anything else."""
    text = unicodedata.normalize("NFKC", words).casefold().strip()
    if text in _TODAY:
        return Ago(timedelta(days=_TODAY[text]))
    if text in _NOW:
        return Ago(timedelta(), in_days=False)
    found = _AGO.fullmatch(text)
    if found is None:
        return None
    back, forth, sign, amount, unit, end = found.groups()
    if sum(bool(mark) for mark in (back, forth, sign, end in ("前", "后"))) > 1:
        return None
    length = _LENGTHS[unit] * int(amount)
    return Ago(-length if sign == "-" or back or end == "前" else length, in_days=not length % timedelta(days=1))


class Day(FieldType):
    """A day, kept as 2026-03-17."""

    key = "date"
    label = "日期"
    says = "日期，例如 3月17日"
    compared = Compared.DAY
    takes = frozenset({"min", "max", "default"})
    result = "day"

    def read(self, said: Cell, spec: FieldSpec, reading: Reading) -> Any:
        words = text_of(said)
        if not words:
            return None
        days = days_of(said) or reading.day(words)
        if days is None and (ago := ago_in(words)) is not None:
            day = reading.calendar.local(reading.now + ago.span).date()
            return self._within(day, spec, reading).isoformat()
        if days is None or days.first != days.last:
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        return self._within(days.first, spec, reading).isoformat()

    def _within(self, day: date, spec: FieldSpec, reading: Reading) -> date:
        if not EARLIEST <= day.year <= LATEST:
            raise BadValue(f"「{spec.label}」的 {day.year} 年太远了，请核对后再发一次")
        for bound, word, beyond in ((spec.minimum, "早于", -1), (spec.maximum, "晚于", 1)):
            if bound is None:
                continue
            limit = self.operand(bound, spec)
            last = reading.calendar.local(reading.now + limit.span).date() if isinstance(limit, Ago) else limit
            if (day - last).days * beyond > 0:
                raise BadValue(f"「{spec.label}」不能{word} {last}，请改一下再发")
        return day

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return str(value)

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return value if isinstance(value, date) else date.fromisoformat(value)

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        if isinstance(value, str) and (ago := ago_in(value)) is not None:
            return ago
        days = days_of(value) if isinstance(value, str) else None
        if days is None or days.first != days.last:
            raise BadValue(f"「{spec.label}」要和日期比较，例如 2026-03-17 或 -7d，没看懂「{str(value)[:30]}」")
        return days.first

    def show_operand(self, value: Scalar, spec: FieldSpec) -> str:
        return str(self.operand(value, spec))

    def in_formula(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Any:
        return self.plain(value, spec)

    def key_of_operand(self, operand: Plain, spec: FieldSpec) -> str:
        return str(operand.isoformat())

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "***"

    def check(self, spec: FieldSpec) -> str:
        for bound in (spec.minimum, spec.maximum):
            if bound is not None:
                try:
                    self.operand(bound, spec)
                except BadValue as bad:
                    return str(bad)
        return ""


class Month(FieldType):
    """A month, kept as 2026-03."""

    key = "month"
    label = "月份"
    says = "月份，例如 2026年3月"
    takes = frozenset({"default"})

    def read(self, said: Cell, spec: FieldSpec, reading: Reading) -> Any:
        words = text_of(said)
        if not words:
            return None
        days = days_of(said) or reading.day(words)
        if days is None or (days.first.year, days.first.month) != (days.last.year, days.last.month):
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        return f"{days.first:%Y-%m}"


class Moment(FieldType):
    """A moment, kept in UTC."""

    key = "moment"
    label = "日期时间"
    says = "日期和时间，例如 3月17日 15:00"
    compared = Compared.MOMENT
    takes = frozenset()
    result = "moment"

    def read(self, said: Cell, spec: FieldSpec, reading: Reading) -> Any:
        words = text_of(said)
        if not words:
            return None
        days, at = days_of(said), None
        if days is not None and days.first == days.last:
            at = reading.calendar.at(days.first, days.clock or _MIDNIGHT)
        at = at or reading.moment(words)
        if at is None:
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        if not EARLIEST <= at.year <= LATEST:
            raise BadValue(f"「{spec.label}」的 {at.year} 年太远了，请核对后再发一次")
        return at.astimezone(UTC).isoformat(timespec="seconds")

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{self.plain(value, spec).astimezone(ZONE):%Y-%m-%d %H:%M}"

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return value if isinstance(value, datetime) else datetime.fromisoformat(value)

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        """Read a day as that day, `2026-03-17 15:00` as that instant."""
        if isinstance(value, str) and (ago := ago_in(value)) is not None:
            return ago
        days = days_of(value) if isinstance(value, str) else None
        if days is None or days.first != days.last:
            raise BadValue(f"「{spec.label}」要和时间比较，例如 2026-03-17 15:00 或 -7d，没看懂「{str(value)[:30]}」")
        return days.first if days.clock is None else datetime.combine(days.first, days.clock, ZONE).astimezone(UTC)

    def show_operand(self, value: Scalar, spec: FieldSpec) -> str:
        read = self.operand(value, spec)
        return f"{read.astimezone(ZONE):%Y-%m-%d %H:%M}" if isinstance(read, datetime) else str(read)

    def in_formula(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Any:
        return self.plain(value, spec)

    def key_of_operand(self, operand: Plain, spec: FieldSpec) -> str:
        return str(operand.astimezone(UTC).isoformat(timespec="seconds"))

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "***"


_CLOCK: Final = re.compile(r"(上午|早上|下午|晚上|中午)?(\d{1,2})(?::([0-5]\d)|点(半|[0-5]?\d分?)?)")
_NOON: Final = 12


class TimeOfDay(FieldType):
    """A time of day, kept as 15:00."""

    key = "time"
    label = "时刻"
    says = "时刻，例如 15:00 或 下午三点"
    takes = frozenset({"default"})

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", words).replace(" ", ""))
        if found is None:
            at = reading.moment(words)
            if at is None:
                raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
            return f"{reading.calendar.local(at):%H:%M}"
        half, hour, minute = found[1], int(found[2]), found[3] or found[4] or "0"
        hour += _NOON if half in ("下午", "晚上") and hour < _NOON else 0
        minutes = 30 if minute == "半" else int(minute.removesuffix("分"))
        if hour > 23 or minutes > 59:  # noqa: PLR2004 - the hours and minutes of a day
            raise BadValue(f"「{spec.label}」没有 {words[:20]} 这个时刻，要写{self.says}")
        return f"{hour:02d}:{minutes:02d}"
