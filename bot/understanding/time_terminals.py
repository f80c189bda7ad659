"""The single words of `times.lark`, each read into the number, day or name that the rules go on with."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NoReturn

from lark import Token, Transformer, v_args

from bot.understanding.clocks import part_of_day
from bot.understanding.numerals import read_whole
from bot.understanding.periods import Days, Lean, NotATime, add_days, one_day
from bot.understanding.workdays import Workdays
from core.model.rhythm import Every, Rhythm

_RELATIVE_DAYS: Final = {
    "大大后": 4, "大后": 3, "后": 2, "明": 1, "次": 1, "翌": 1, "听": 1, "今": 0,
    "昨": -1, "琴": -1, "寻": -1, "前": -2, "大前": -3,
    "today": 0, "tonight": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "yesterday": -1,
}  # fmt: skip
_RELATIVE_YEARS: Final = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1, "前年": -2}
_WEEKDAYS: Final = {
    **{sign: n for n, sign in enumerate("一二三四五六日")},
    "天": 6,
    **{str(n + 1): n for n in range(7)},
    **{name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EVERY: Final = {
    "周": Every.WEEK, "期": Every.WEEK, "拜": Every.WEEK, "月": Every.MONTH, "度": Every.QUARTER, "季": Every.QUARTER,
    "年": Every.YEAR, "五": Every.WORKDAY, "5": Every.WORKDAY,
}  # fmt: skip
_HALVES: Final = {"月": Rhythm(Every.DAY, 15), "年": Rhythm(Every.MONTH, 6)}

_MONDAY_TO_FRIDAY: Final = re.compile("[一1](?:到|至|-)")
_FEW: Final = re.compile(r"每隔?\s?(?P<number>\d{1,2}|[一两二三四五六七八九十]{1,3}|半)")
_MOST_BETWEEN: Final = 99
_ENGLISH_WEEKDAY: Final = re.compile("(?:mon|tue|wed|thu|fri|sat|sun)(?=[a-z]*$)", re.IGNORECASE)


@v_args(inline=True)
class Terminals(Transformer[Token, Any]):
    """Turns words into values, with `today` for what is said relative to it."""

    def __init__(self, now: datetime, workdays: Workdays, lean: Lean) -> None:
        super().__init__()
        self._now = now.replace(second=0, microsecond=0)
        self._today = now.date()
        self._workdays = workdays
        self._lean: Lean = lean
        self._month_in_mind: date | None = None
        self._week_in_mind: date | None = None
        self.festivals_name_months = False
        """In 五一放假1号到5号 the first is the first of May; in 中秋前见，18号再说 the eighteenth is any."""

    def NUM(self, token: Token) -> int:
        return whole(token)

    TIGHT = MINUTE = LAST_DAY = NUM

    def DECIMAL(self, token: Token) -> Decimal:
        return Decimal(token)

    def RELATIVE_DAY(self, token: Token) -> Days:
        name = re.sub("[天日儿个]", "", token.lower())
        return one_day(add_days(self._today, _RELATIVE_DAYS[name]))

    def DAY_AND_PART(self, token: Token) -> tuple[Days, str]:
        name = token.lower() if token[0].isascii() else token[0]
        return one_day(add_days(self._today, _RELATIVE_DAYS[name])), part_of_day(name if name == "tonight" else token)

    def WEEKDAY(self, token: Token) -> int:
        return weekday_of(token)

    WEEKDAY_BESIDE = WEEKLY = WEEKDAY

    def RELATIVE_WEEKDAY(self, token: Token) -> tuple[int, int]:
        return shift(token), weekday_of(token)

    def TWO_WEEKDAYS(self, token: Token) -> tuple[int | None, int]:
        return self.WEEKEND(token), _WEEKDAYS[token[-1]]

    def HALF_PERIOD(self, token: Token) -> str:
        return str(token)

    def RELATIVE_WEEK(self, token: Token) -> int:
        return shift(token)

    RELATIVE_MONTH = RELATIVE_QUARTER = RELATIVE_WEEK

    def WEEKEND(self, token: Token) -> int | None:
        return shift(token) if token[0] in "上下本这" else None

    def NTH_WORKDAY(self, token: Token) -> int:
        if token.startswith(("最后", "倒数")):
            return -whole(token[3]) if token.startswith("倒数") else -1
        return 1 if token.startswith("首") else whole(token[1])

    def NTH_DAY(self, token: Token) -> int:
        return -1 if token.startswith("最") else 1 if token.startswith("头") else whole(token[1])

    def NTH_WEEKDAY(self, token: Token) -> tuple[int, int]:
        return -1 if token.startswith("最") else 1 if token.startswith("头") else whole(token[1]), weekday_of(token)

    def DAYS_BESIDE(self, token: Token) -> int:
        return whole(token[-2]) * (-1 if "前" in token else 1)

    def QUARTER(self, token: Token) -> int:
        return whole(token[1] if token[0] in "Qq第" else token[0])

    def YEAR_NUMBER(self, token: Token) -> int:
        year = whole(re.sub(r"[年度\s]", "", token))
        return year + 2000 if year < 100 else year  # noqa: PLR2004

    def RELATIVE_YEAR(self, token: Token) -> int:
        return self._today.year + _RELATIVE_YEARS[token[:2]]

    def EDGE(self, token: Token) -> str:
        """Name the end of a period in one way: 头上 is 初, 尾 and 末 are 底."""
        if token.startswith("头"):
            return "初"
        return "底" if token in ("末", "尾") else str(token)

    def MONTH_EDGE(self, token: Token) -> str:
        return self.EDGE(Token(token.type, token[1:]))

    YEAR_EDGE = MONTH_EDGE

    def QUARTER_EDGE(self, token: Token) -> str:
        return self.EDGE(Token(token.type, token[-1]))

    def HALF_YEAR(self, token: Token) -> bool:
        return token.startswith("下")

    def ISO_DATE(self, token: Token) -> list[int]:
        return [int(part) for part in re.findall(r"\d+", token)]

    ISO_MONTH = MONTH_DAY = ISO_DATE

    def COMPACT_DATE(self, token: Token) -> list[int]:
        return [int(token[:4]), int(token[4:6]), int(token[6:])]

    def ENGLISH_DATE(self, token: Token) -> list[int]:
        return [_MONTHS.index(token[:3].lower()) + 1, *(int(part) for part in re.findall(r"\d+", token))]

    def DAYPART(self, token: Token) -> str:
        return part_of_day(token)

    MEALTIME = DAYPART

    def DUO_HOURS(self, token: Token) -> int:
        """The earlier of two hours in a row: 三四点."""
        return whole(token[0])

    def PAIR(self, token: Token) -> int:
        return {"俩": 2, "仨": 3}[token]

    def EVERY(self, token: Token) -> Rhythm:
        if token.endswith("工作日") or _MONDAY_TO_FRIDAY.search(token):
            return Rhythm(Every.WORKDAY)
        return Rhythm(_EVERY.get(token[-1], Every.DAY))

    def EVERY_PART(self, token: Token) -> str:
        return part_of_day(token)

    def EVERY_FEW(self, token: Token) -> Rhythm:
        """Every so many days, weeks, months or years; 每隔两天 leaves two days between, 隔周 one week."""
        found = _FEW.search(token)
        if found is None:
            return Rhythm(Every.WEEK, 2)
        unit = _EVERY.get(token[-1], Every.DAY)
        if found["number"] == "半":
            return _HALVES[token[-1]] if token[-1] in _HALVES else raise_no_time()
        step = whole(found["number"]) + ("隔" in token)
        return Rhythm(unit, step) if 1 <= step <= _MOST_BETWEEN else raise_no_time()

    def WEEKLY_SEVERAL(self, token: Token) -> list[int]:
        return sorted({_WEEKDAYS[sign] for sign in re.sub("[周期拜]", "", token) if sign in _WEEKDAYS})

    def HOURS(self, token: Token) -> str:
        return token.type

    MINUTES = DAYS = WEEKS = MONTHS = YEARS = HOURS


def whole(words: str) -> int:
    """Read a whole number, or say that the words are no time."""
    number = read_whole(words)
    if number is None:
        raise NotATime
    return number


def weekday_of(words: str) -> int:
    """Read the day of the week that a word ends with, or a name such as next Monday."""
    english = _ENGLISH_WEEKDAY.search(words)
    return _WEEKDAYS[english[0].lower() if english else words[-1]]


def raise_no_time() -> NoReturn:
    raise NotATime


def shift(words: str) -> int:
    """Count the weeks, months or quarters that 上, 下 and their doubles go back or on."""
    if words[0].isascii():
        return {"n": 1, "l": -1}.get(words[0].lower(), 0)
    if words.startswith("再下"):
        return 2
    return words[:2].count("下") - words[:2].count("上")
