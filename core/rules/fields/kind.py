"""What every type of field does: reads words, keeps a value as JSON, shows, masks, compares and exports it.

A kept value is JSON. A record's built-in attribute may also hold the Python value (money, an instant): types take both.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Final

from core.calendar import WorkCalendar
from core.model.playbook.conditions import Op, Scalar
from core.model.playbook.fields import FieldSpec
from core.rules.cells import Cell, Days, clean, text_of

Names = Mapping[str, str]
"""What references are called: `M3` → 张伟."""

NO_NAMES: Final[Names] = MappingProxyType({})
Plain = Any
"""The form in which values are compared: folded text, a number, a day, an instant, or the words a value answers to."""


class BadValue(ValueError):
    """Words that are no value of the field; `str()` is a Chinese sentence that says what to write instead."""


class Compared(StrEnum):
    """How values of a type are compared."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    WORDS = "words"
    NOTHING = "nothing"


_ALWAYS = {Op.EMPTY, Op.FILLED}
_SAME = {Op.IS, Op.IS_NOT, Op.IN, Op.NOT_IN}
_ORDER = {Op.MORE, Op.LEAST, Op.LESS, Op.MOST, Op.BETWEEN}
OPS: Final[Mapping[Compared, frozenset[Op]]] = {
    Compared.TEXT: frozenset(_ALWAYS | _SAME | {Op.CONTAINS, Op.LACKS, Op.BEGINS, Op.ENDS}),
    Compared.NUMBER: frozenset(_ALWAYS | _SAME | _ORDER),
    Compared.DAY: frozenset(_ALWAYS | _SAME | _ORDER | {Op.BEFORE, Op.AFTER, Op.WITHIN}),
    Compared.MOMENT: frozenset(_ALWAYS | _ORDER | {Op.IS, Op.IS_NOT, Op.BEFORE, Op.AFTER, Op.WITHIN}),
    Compared.FLAG: frozenset(_ALWAYS | {Op.IS, Op.IS_NOT}),
    Compared.WORDS: frozenset(_ALWAYS | _SAME | {Op.CONTAINS, Op.LACKS}),
    Compared.NOTHING: frozenset(_ALWAYS),
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Who reads: the instant, the calendar, and the chat's own readers where somebody above has lent them.

    `amount` gives yuan, `number` a plain number, `phone` one valid number, `day` and `moment` what time words mean;
    `named` finds a record of a kind by its name and gives its number (`M3`). Each gives None for what it cannot read.
    """

    now: datetime
    calendar: WorkCalendar
    amount: Callable[[str], Decimal | None] = field(default=lambda _: None)
    number: Callable[[str], Decimal | None] = field(default=lambda _: None)
    phone: Callable[[str], str | None] = field(default=lambda _: None)
    day: Callable[[str], Days | None] = field(default=lambda _: None)
    moment: Callable[[str], datetime | None] = field(default=lambda _: None)
    named: Callable[[str, str], str | None] = field(default=lambda _, __: None)


class FieldType:
    """One type of field. `key` names it in the playbook, `label` in Chinese; `says` tells what one may write."""

    key: ClassVar[str]
    label: ClassVar[str]
    says: ClassVar[str] = ""
    compared: ClassVar[Compared] = Compared.TEXT
    many: ClassVar[bool] = False
    needs: ClassVar[frozenset[str]] = frozenset()
    takes: ClassVar[frozenset[str]] = frozenset()
    result: ClassVar[str] = "text"
    """What it is in a formula: text, number, money, day, moment, flag or nothing."""
    sensitive: ClassVar[bool] = False
    """Whether it is masked in the pool and in groups without being told to."""

    def read(self, said: Cell, spec: FieldSpec, reading: Reading) -> Any:
        """Return the value that a cell or words mean, as JSON; None for nothing. Raise BadValue with what to write."""
        words = text_of(said)
        return self.parse(words, spec, reading) if words else None

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        """Read words that are not empty."""
        raise NotImplementedError

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        """Say a value as a card and a table do."""
        return str(value)

    def brief(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        """Say a value in a few characters, for explanations."""
        return shortened(self.show(value, spec, names))

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        """Show so much of a value that one knows there is one."""
        shown = self.show(value, spec, names)
        return f"{shown[:1]}***" if len(shown) > 3 else "***"  # noqa: PLR2004 - of fewer, one would say most of it

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        """Return the form in which a value is compared."""
        return folded(str(value))

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        """Read what a condition compares with. Raise BadValue with what to write."""
        return folded(str(value))

    def show_operand(self, value: Scalar, spec: FieldSpec) -> str:
        """Say what a condition compares with."""
        return shortened(str(value))

    def export(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Cell:
        """Return what stands in a cell of a table."""
        return self.show(value, spec, names)

    def as_json(self, value: Any, spec: FieldSpec) -> Any:
        """Return the value as other programs read it; one that was kept is JSON already."""
        return value

    def in_formula(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Any:
        """Return the value as formulas calculate with it."""
        return self.show(value, spec, names)

    def key_of(self, value: Any, spec: FieldSpec) -> Sequence[str]:
        """Return the keys under which the index finds a value; those of values in order sort likewise."""
        plain = self.plain(value, spec)
        each = plain if isinstance(plain, tuple) else (plain,)
        return tuple(self.key_of_operand(one, spec) for one in each)

    def key_of_operand(self, operand: Plain, spec: FieldSpec) -> str:
        """Return the key of what a condition compares with."""
        return str(operand)

    def check(self, spec: FieldSpec) -> str:
        """Say what is wrong with a definition beyond missing and needless settings; empty when nothing is."""
        return ""


_BRIEF: Final = 24


def shortened(text: str, limit: int = _BRIEF) -> str:
    """Cut a text that is too long for a line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """Fold width, case and blanks, so that spellings of one text compare equal."""
    return " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


_UNITS: Final = {"d": "天", "h": "小时", "w": "周", "m": "分钟"}


@dataclass(frozen=True)
class Ago:
    """A time that is counted from now: `-7d`, `+24h`; whole days when `in_days`."""

    span: timedelta
    in_days: bool = True

    def __str__(self) -> str:
        if not self.span:
            return "今天" if self.in_days else "现在"
        length = abs(self.span)
        amount = f"{length.days}天" if not length % timedelta(days=1) else f"{length // timedelta(minutes=1)}分钟"
        if length % timedelta(days=1) and not length % timedelta(hours=1):
            amount = f"{length // timedelta(hours=1)}小时"
        return f"{amount}{'前' if self.span < timedelta() else '后'}"
