"""What a spreadsheet cell says: its words, its day; and when it says nothing (semantics B.11).

Cells come as the file has them: text, numbers, days. How people write amounts, phones and days in words is not known
here; whoever reads tables brings readers for that.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

Cell = str | float | int | bool | datetime | date | time | timedelta | None

_NOTHING = """
- -- --- — —— _ / // \\ . 。 ? ？ n/a na #n/a nan null none nil (空) (无) 无 没有 暂无 空 未填 未填写 待补充
未知 不详 不清楚 select 请选择 #ref! #value! #name? #div/0! #null! #num!
"""
NOTHING = frozenset(_NOTHING.split())
"""What people write into a cell in order to say nothing."""

PLACEHOLDERS = NOTHING | {"0", "1", "11", "111", "123", "test", "testing", "测试", "aaa", "xxx", "abc"}
"""What also counts as empty where a name, a number or a place belongs; a count of 1 is a count."""

_FIRST_SERIAL, _LAST_SERIAL = 10_959, 73_050  # 1930 to 2099 as Excel counts days
_EPOCH = date(1899, 12, 30)
_YEARS_OF_TWO_DIGITS = range(13, 70)
_CLOCK = r"(?:[ T]*(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_DAYS = tuple(
    re.compile(pattern + _CLOCK)
    for pattern in (
        r"(?P<y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})\s?[日号]?",
        r"(?P<y>\d{2})\s?[-/.年]\s?(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})\s?[日号]?",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<y>\d{4})\s?[-/.年]\s?(?P<m>\d{1,2})\s?月?",
        r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})",
    )
)
_BLANK_BETWEEN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff（）]) +(?=[\u3400-\u9fff（）])")
_GUARDED = re.compile(r"'(?=[=+\-@])")
_MONTHS = 12
_EXACT = 10**15
_LONGEST_NOTHING = 16


@dataclass(frozen=True)
class Days:
    """The days a cell names, both included: one, or a month; and the time of day when it names one."""

    first: date
    last: date
    clock: time | None = None


def text_of(cell: Cell) -> str:
    """Return what a person reads in the cell: whole numbers without .0, days as 2024-03-05, no invisible characters."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time(0) else f"{cell:%Y-%m-%d %H:%M:%S}"
    return str(cell)


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Drop what no screen shows and no database takes: NUL, controls, lone surrogates, zero widths, outer blanks."""
    if text.isascii() and text.isprintable():
        kept = text
    else:
        kept = "".join(_visible(character) for character in text.replace("\r\n", "\n").replace("\r", "\n"))
    return _GUARDED.sub("", kept.strip(), count=1) if kept.lstrip().startswith("'") else kept.strip()


def one_line(text: str) -> str:
    """Join lines and drop the blanks inside Chinese words: a name as it is on the licence."""
    if " " not in text and text.isprintable():
        return text
    return _BLANK_BETWEEN_CHINESE.sub("", " ".join(text.split()))


def says_nothing(text: str) -> bool:
    """Say whether a cell's words mean that there is nothing."""
    return not text or (len(text) <= _LONGEST_NOTHING and _folded(text) in NOTHING)


def is_placeholder(text: str) -> bool:
    """Say whether a name, a place or a number is only a stand-in: 无, 1, test."""
    return not text or (len(text) <= _LONGEST_NOTHING and _folded(text) in PLACEHOLDERS)


def days_of(cell: Cell) -> Days | None:
    """Read the day of a cell in any notation of tables; None when it is not one of them.

    A number is taken for Excel's count of days. 3/4/2025 is refused, because half the world reads it the other way.
    """
    if isinstance(cell, datetime):
        return Days(cell.date(), cell.date(), cell.time() if cell.time() != time(0) else None)
    if isinstance(cell, date):
        return Days(cell, cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_serial(float(cell))
    return _from_text(cell) if isinstance(cell, str) else None


def phones_in(text: str) -> list[str]:
    """Cut a cell into the numbers that were written beside each other: 138… / 139…, 138…、139…, two lines."""
    return [part.strip() for part in re.split(r"[/、,，;；|\n]|\s+或\s*|\s{2,}", text) if part.strip()]


def _from_text(text: str) -> Days | None:
    written = unicodedata.normalize("NFKC", clean(text))
    if re.fullmatch(r"\d{5}(\.\d+)?", written):
        return _from_serial(float(written))
    found = next((match for pattern in _DAYS if (match := pattern.fullmatch(written))), None)
    return _from_parts(found) if found is not None else None


def _from_serial(days: float) -> Days | None:
    if not _FIRST_SERIAL <= days <= _LAST_SERIAL:
        return None
    minutes = round(days % 1 * 24 * 60)
    day = _EPOCH + timedelta(days=int(days))
    return Days(day, day, time(minutes // 60 % 24, minutes % 60) if minutes else None)


def _from_parts(found: re.Match[str]) -> Days | None:
    parts = found.groupdict()
    year = int(parts["y"])
    if len(parts["y"]) == 2:  # noqa: PLR2004
        if year not in _YEARS_OF_TWO_DIGITS:
            return None
        year += 2000
    clock = time(int(parts["hour"]), int(parts["minute"])) if parts.get("hour") else None
    try:
        if "a" in parts:
            return _month_or_day_first(year, int(parts["a"]), int(parts["b"]), clock)
        if "d" not in parts:
            month = int(parts["m"])
            return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        day = date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None
    return Days(day, day, clock if clock != time(0) else None)


def _month_or_day_first(year: int, one: int, other: int, clock: time | None) -> Days | None:
    if one <= _MONTHS and other <= _MONTHS and one != other:
        return None
    month, day = (other, one) if one > _MONTHS else (one, other)
    return Days(date(year, month, day), date(year, month, day), clock)


def _visible(character: str) -> str:
    if character in "\n\t":
        return character
    if character in "\xa0\u3000":
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") else character


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
