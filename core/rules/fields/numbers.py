"""Numbers: counted, measured, money, shares and marks."""

import re
import unicodedata
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar, Final

from core.model.money import Money
from core.model.playbook.conditions import Scalar
from core.model.playbook.fields import FieldSpec
from core.rules.cells import Cell
from core.rules.fields.kind import NO_NAMES, BadValue, Compared, FieldType, Names, Plain, Reading

LARGEST: Final = Decimal(10) ** 15
_SCALES: Final = {
    "": 1,
    "百": 100,
    "千": 1000,
    "k": 1000,
    "万": 10**4,
    "w": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}
_NUMBER: Final = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,24})(\.\d{1,12})?\s*(千万|百万|百|千|万|亿|w|k)?")
_MONEY_WORDS: Final = re.compile(r"人民币|元|块钱?|圆|¥|rmb|cny|整$")
_SORTED: Final = 10**22
_MICRO: Final = 10**6


def number_in(words: str) -> Decimal | None:
    """Read a number with its scale: 1,200, -3.5, 100万, 1.2亿; None for anything else."""
    folded = unicodedata.normalize("NFKC", words).casefold().strip()
    found = _NUMBER.fullmatch(folded)
    if found is None:
        return None
    sign, whole, rest, scale = found.groups()
    return Decimal(f"{sign}{whole.replace(',', '')}{rest or ''}") * _SCALES[scale or ""]


class Number(FieldType):
    """A number with decimals, kept as text so that none of them is lost."""

    key = "number"
    label = "数字"
    says = "数字，例如 12.5"
    compared = Compared.NUMBER
    takes = frozenset({"min", "max", "decimals", "unit", "default"})
    result = "number"
    places: ClassVar[int] = 6

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        bare = words.strip().removesuffix(spec.unit).strip() if spec.unit else words
        value = self._number(bare)
        if value is None:
            value = reading.number(bare)
        if value is None:
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        return self.keep(self._within(self._rounded(value, spec), spec))

    def _number(self, words: str) -> Decimal | None:
        return number_in(words)

    def _rounded(self, value: Decimal, spec: FieldSpec) -> Decimal:
        if not value.is_finite() or abs(value) >= LARGEST:
            raise BadValue(f"「{spec.label}」的数字太大了，请核对后再发一次")
        places = self.places if spec.decimals is None else min(spec.decimals, self.places)
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        if self.places == 0 and rounded != value:
            raise BadValue(f"「{spec.label}」要写整数，现在是 {value:f}，请改一下再发")
        return rounded

    def _within(self, value: Decimal, spec: FieldSpec) -> Decimal:
        for bound, word, beyond in ((spec.minimum, "至少", -1), (spec.maximum, "至多", 1)):
            if bound is None:
                continue
            limit = self._operand(bound, spec)
            if (value - limit) * beyond > 0:
                raise BadValue(f"「{spec.label}」{word}是 {self.show(self.keep(limit), spec)}，请改一下再发")
        return value

    def keep(self, value: Decimal) -> Any:
        """Return a number as it is kept."""
        return f"{value.normalize():f}" if value else "0"

    def value(self, kept: Any) -> Decimal:
        """Return a kept number."""
        return Decimal(str(kept))

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        number = self.value(value)
        shown = f"{number:,f}" if spec.decimals is None else f"{number:,.{spec.decimals}f}"
        return f"{shown}{spec.unit}"

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return self.value(value)

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        return self._operand(value, spec)

    def _operand(self, value: Scalar, spec: FieldSpec) -> Decimal:
        if isinstance(value, bool):
            raise BadValue(f"「{spec.label}」要和数字比较，现在写的是「{'是' if value else '否'}」")
        bare = str(value).strip().removesuffix(spec.unit) if spec.unit else str(value)
        found = self._number(bare) if isinstance(value, str) else _decimal(value)
        if found is None or not found.is_finite() or abs(found) >= LARGEST:
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{str(value)[:30]}」")
        return found

    def show_operand(self, value: Scalar, spec: FieldSpec) -> str:
        return self.brief(self.keep(self._operand(value, spec)), spec)

    def export(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Cell:
        number = self.value(value)
        return int(number) if number == number.to_integral_value() else float(number)

    def in_formula(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Any:
        return self.value(value)

    def key_of_operand(self, operand: Plain, spec: FieldSpec) -> str:
        return sorting(Decimal(operand))

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "***"

    def check(self, spec: FieldSpec) -> str:
        try:
            low, high = (
                None if bound is None else self._operand(bound, spec) for bound in (spec.minimum, spec.maximum)
            )
        except BadValue as bad:
            return str(bad)
        if low is not None and high is not None and low > high:
            return f"「{spec.label}」的 min 比 max 大，请对调"
        return ""


class Integer(Number):
    """A whole number."""

    key = "integer"
    label = "整数"
    says = "整数，例如 12"
    takes = frozenset({"min", "max", "unit", "default"})
    places = 0

    def keep(self, value: Decimal) -> Any:
        return int(value)


class MoneyField(Number):
    """An amount in yuan, kept in 分."""

    key = "money"
    label = "金额"
    says = "金额，例如 50万"
    takes = frozenset({"min", "max", "default"})
    result = "money"
    places = 2

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        value = self._number(words)
        if value is None:
            value = reading.amount(words)
        if value is None:
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        return self.keep(self._within(self._rounded(value, spec), spec))

    def _number(self, words: str) -> Decimal | None:
        return number_in(_MONEY_WORDS.sub("", unicodedata.normalize("NFKC", words).casefold()))

    def keep(self, value: Decimal) -> Any:
        return Money.yuan(value).fen

    def value(self, kept: Any) -> Decimal:
        return (Decimal(kept.fen if isinstance(kept, Money) else kept) / 100).quantize(Decimal("0.01"))

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return str(value if isinstance(value, Money) else Money(value))

    def brief(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        yuan = self.value(value)
        for unit, name in ((10**8, "亿"), (10**4, "万")):
            if abs(yuan) >= unit and (scaled := yuan / unit) == scaled.quantize(Decimal("0.0001")):
                return f"{scaled.normalize():f}{name}"
        return self.show(value, spec)

    def as_json(self, value: Any, spec: FieldSpec) -> Any:
        """Return yuan as a decimal string, as amounts are everywhere outside."""
        return str(self.value(value))

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return value.fen if isinstance(value, Money) else value

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        return Money.yuan(self._operand(value, spec)).fen


class Percent(Number):
    """A share; `12.5%` and `12.5` are the same."""

    key = "percent"
    label = "百分比"
    says = "百分比，例如 15%"
    takes = frozenset({"min", "max", "decimals", "default"})
    places = 4

    def _number(self, words: str) -> Decimal | None:
        return number_in(unicodedata.normalize("NFKC", words).strip().removesuffix("%"))

    def in_formula(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Any:
        return self.value(value) / 100

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{super().show(value, spec)}%"


class Rating(Integer):
    """Stars, one to five."""

    key = "rating"
    label = "星级"
    says = "1 到 5 的星级，例如 4星"
    takes = frozenset({"default"})

    def _number(self, words: str) -> Decimal | None:
        bare = unicodedata.normalize("NFKC", words).strip()
        if bare and set(bare) <= {"★", "☆", "⭐", "\ufe0f"}:
            return Decimal(sum(sign in "★⭐" for sign in bare))
        return number_in(bare.removesuffix("级").removesuffix("星").removesuffix("颗"))

    def _within(self, value: Decimal, spec: FieldSpec) -> Decimal:
        if not 1 <= value <= 5:  # noqa: PLR2004 - stars
            raise BadValue(f"「{spec.label}」要写{self.says}")
        return value

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "★" * int(value) + "☆" * (5 - int(value))

    def brief(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{int(value)}星"

    def show_operand(self, value: Scalar, spec: FieldSpec) -> str:
        return f"{self._operand(value, spec)}星"


class Score(Number):
    """A mark between 0 and 100."""

    key = "score"
    label = "评分"
    says = "0 到 100 的分数"
    takes = frozenset({"min", "max", "default"})
    places = 1

    def _number(self, words: str) -> Decimal | None:
        return number_in(unicodedata.normalize("NFKC", words).strip().removesuffix("分"))

    def _within(self, value: Decimal, spec: FieldSpec) -> Decimal:
        if not 0 <= value <= 100:  # noqa: PLR2004 - marks
            raise BadValue(f"「{spec.label}」要写{self.says}")
        return super()._within(value, spec)

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{self.value(value):f}分"


_LENGTHS: Final = {
    "d": 86400, "天": 86400, "日": 86400, "h": 3600, "小时": 3600, "个小时": 3600, "钟头": 3600, "m": 60, "分钟": 60,
    "分": 60, "s": 1, "秒": 1, "秒钟": 1, "w": 604800, "周": 604800, "星期": 604800, "个星期": 604800,
}  # fmt: skip
_LENGTH: Final = re.compile(
    r"\s*(\d{1,9}(?:\.\d{1,3})?)\s*(" + "|".join(sorted(_LENGTHS, key=len, reverse=True)) + r")"
)
_CLOCKED: Final = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?")


class Duration(Number):
    """A length of time, kept in seconds."""

    key = "duration"
    label = "时长"
    says = "时长，例如 2小时30分钟"
    takes = frozenset({"min", "max", "default"})
    places = 0

    def _number(self, words: str) -> Decimal | None:
        text = unicodedata.normalize("NFKC", words).casefold().strip()
        if clocked := _CLOCKED.fullmatch(text):
            hours, minutes, seconds = (int(part or 0) for part in clocked.groups())
            return Decimal(hours * 3600 + minutes * 60 + seconds)
        total, at = Decimal(0), 0
        while at < len(text):
            found = _LENGTH.match(text, at)
            if found is None:
                return None
            total, at = total + Decimal(found[1]) * _LENGTHS[found[2]], found.end()
        return total.quantize(Decimal(1), ROUND_HALF_UP) if at else None

    def keep(self, value: Decimal) -> Any:
        return int(value)

    def value(self, kept: Any) -> Decimal:
        return Decimal(kept // timedelta(seconds=1) if isinstance(kept, timedelta) else kept)

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        left, parts = int(self.value(value)), []
        for length, name in ((86400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒")):
            amount, left = divmod(left, length)
            if amount:
                parts.append(f"{amount}{name}")
        return "".join(parts) or "0分钟"

    def export(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Cell:
        return self.show(value, spec)

    def in_formula(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Any:
        """Return the length in hours."""
        return self.value(value) / 3600


def sorting(value: Decimal) -> str:
    """Write a number so that texts sort as the numbers do."""
    return f"{int(value * _MICRO) + _SORTED:023d}"


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
