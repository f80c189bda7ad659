"""What a formula calculates with: kinds of values, and one step of a calculation."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException
from enum import StrEnum
from typing import Any, Final, Protocol


class Kind(StrEnum):
    """The kinds of values, as an administrator knows them."""

    NUMBER = "数字"
    MONEY = "金额"
    TEXT = "文字"
    DAY = "日期"
    MOMENT = "时间"
    FLAG = "是否"
    NONE = "空"


class Known(Protocol):
    """What a formula may ask of a record: its values as they are kept, and the instant."""

    now: datetime

    def value(self, key: str) -> Any: ...


@dataclass(frozen=True)
class Step:
    """One step: what kind of value it makes, how, and where it stands. Money is in yuan, whole 分; None is no value."""

    kind: Kind
    run: Callable[["Known"], Any]
    at: int


LARGEST: Final = Decimal(10) ** 18
LONGEST_TEXT: Final = 2000
CENT: Final = Decimal("0.01")
_CONTEXT: Final = Context(prec=40, rounding=ROUND_HALF_UP)


def calculated(work: Callable[[Context], Decimal]) -> Decimal | None:
    """Do a calculation with forty digits; what cannot be done, or grows beyond all bounds, is no value."""
    try:
        made = work(_CONTEXT)
    except (DecimalException, ZeroDivisionError):
        return None
    return made if made.is_finite() and abs(made) < LARGEST else None


def rounded(value: Decimal | None, step: Decimal = CENT) -> Decimal | None:
    """Round half up to the 分."""
    return None if value is None else calculated(lambda context: value.quantize(step, ROUND_HALF_UP, context))


def written(value: Any, kind: Kind) -> str:
    """Say a value within a text."""
    if value is None:
        return ""
    if kind in (Kind.NUMBER, Kind.MONEY):
        return f"{value.normalize() if value else Decimal(0):f}"
    if kind is Kind.FLAG:
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)
