"""Numerals as people write them: 12.5万, 三百二十万, 五万八, 1亿2千万, 两千多万, 捌拾伍, 二〇二六."""

import re
from decimal import Decimal
from typing import Final

DIGITS: Final = {
    **{sign: value for value, sign in enumerate("零一二三四五六七八九")},
    **{sign: value for value, sign in enumerate("〇壹贰叁肆伍陆柒捌玖")},
    "两": 2,
}
_TENS: Final = str.maketrans({"廿": "二十", "卅": "三十"})
_SMALL_UNITS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "K": 1000}
_BIG_UNITS: Final = {"万": 10**4, "w": 10**4, "W": 10**4, "亿": 10**8}
_MAX_LENGTH: Final = 40
LARGEST: Final = Decimal(10**18)

CHINESE_DIGIT: Final = "零〇一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
ARABIC: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_TOKEN = re.compile(
    rf"(?P<arabic>{ARABIC})|(?P<digit>[{CHINESE_DIGIT}])|(?P<unit>[十拾百佰千仟kK万wW亿])|(?P<point>点)"
)
_ALMOST = re.compile(r"(?<=[\d十百千万])[多来余]|[个\s]")


def read_numeral(words: str) -> Decimal | None:
    """Read one numeral, or None when the words are not one that has a single value.

    五万八 is 58000 and 一百二 is 120; 两千多万 is read as 两千万; 三五万 and 十几 have no single value.
    """
    plain = _ALMOST.sub("", words).translate(_TENS)
    if not plain or len(plain) > _MAX_LENGTH:
        return None
    tokens = [(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(plain)]
    if "".join(token for _, token in tokens) != plain:
        return None
    if len(tokens) > 1 and all(kind == "digit" for kind, _ in tokens):
        return _spelled_digits(plain)
    value = _Sum().read(tokens)
    return value if value is not None and value <= LARGEST else None


def read_whole(words: str) -> int | None:
    """Read a numeral that must be a whole number."""
    value = read_numeral(words)
    return int(value) if value is not None and value == value.to_integral_value() else None


def _spelled_digits(words: str) -> Decimal | None:
    """Read 二〇二六 digit by digit; shorter runs such as 三五 mean "three or five"."""
    if len(words) < 4 and not set(words) & set("零〇"):  # noqa: PLR2004
        return None
    return Decimal("".join(str(DIGITS[sign]) for sign in words))


class _Sum:
    """Adds a numeral up from left to right: `total` holds what stands before 亿 or 万, `section` what follows."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.section = Decimal(0)
        self.pending: Decimal | None = None
        self.last_unit = 0
        self.last_big_unit = 10**12
        self.after_zero = False

    def read(self, tokens: list[tuple[str, str]]) -> Decimal | None:
        """Add all tokens, or None as soon as one cannot stand where it does."""
        for place, (kind, token) in enumerate(tokens):
            if kind == "point":
                return self._read_fraction(tokens[place + 1 :])
            if not (self._unit(token) if kind == "unit" else self._number(kind, token)):
                return None
        return self._result()

    def _number(self, kind: str, token: str) -> bool:
        if self.pending is not None:
            return False
        value = Decimal(token.replace(",", "")) if kind == "arabic" else Decimal(DIGITS[token])
        if value == 0 and kind == "digit" and self.last_unit:
            self.after_zero = True
        else:
            self.pending = value
        return True

    def _unit(self, token: str) -> bool:
        return self._small_unit(_SMALL_UNITS[token]) if token in _SMALL_UNITS else self._big_unit(_BIG_UNITS[token])

    def _small_unit(self, unit: int) -> bool:
        if self.pending is None and (unit != _SMALL_UNITS["十"] or self.section % 100):
            return False
        if self.section and unit >= self.last_unit:
            return False
        self.section += (Decimal(1) if self.pending is None else self.pending) * unit
        self._settle(unit)
        return True

    def _big_unit(self, unit: int) -> bool:
        self.section += self.pending or 0
        if not self.section and not (self.total and unit > self.last_big_unit):
            return False
        if unit > self.last_big_unit:
            self.total = (self.total + self.section) * unit
        else:
            self.total += self.section * unit
        self.section, self.last_big_unit = Decimal(0), unit
        self._settle(unit)
        return True

    def _settle(self, unit: int) -> None:
        self.pending, self.last_unit, self.after_zero = None, unit, False

    def _read_fraction(self, tokens: list[tuple[str, str]]) -> Decimal | None:
        """Read what follows 点: digits, then perhaps units that scale all of it, as in 三点五亿."""
        digits = [str(DIGITS[token]) for kind, token in tokens if kind == "digit"]
        units = tokens[len(digits) :]
        if not digits or any(kind != "unit" for kind, _ in units) or (self.pending is None and not self.section):
            return None
        whole = self.section + (self.pending or 0)
        self.section, self.pending = Decimal(0), whole + Decimal("0." + "".join(digits))
        self.last_unit = 0
        return self._result() if all(self._unit(token) for _, token in units) else None

    def _result(self) -> Decimal:
        rest = self.pending or Decimal(0)
        if self._is_colloquial_tail(rest):
            rest = rest * self.last_unit / 10
        return self.total + self.section + rest

    def _is_colloquial_tail(self, rest: Decimal) -> bool:
        """Say whether the last digit counts tenths of the unit before it, as in 五万八, 一百二 and 2千5."""
        return 0 < rest < 10 and self.last_unit >= _SMALL_UNITS["百"] and not self.after_zero  # noqa: PLR2004
