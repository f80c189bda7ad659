"""What two values make of each other."""

import operator
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from typing import Any, Final

from core.rules.fields.times import ZONE
from core.rules.formulas.tokens import FormulaRefused
from core.rules.formulas.values import LONGEST_TEXT, Kind, Step, calculated, rounded, written

_NUMERIC: Final = frozenset({Kind.NUMBER, Kind.MONEY})
_TIMES: Final = frozenset({Kind.DAY, Kind.MOMENT})
_SECONDS: Final = Decimal(86400)
_DO: Final[dict[str, Callable[[Context, Decimal, Decimal], Decimal]]] = {
    "+": lambda context, one, other: context.add(one, other),
    "-": lambda context, one, other: context.subtract(one, other),
    "*": lambda context, one, other: context.multiply(one, other),
    "/": lambda context, one, other: context.divide(one, other),
}
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORDERED: Final = frozenset({"<", "<=", ">", ">="})
_SAID: Final = {"+": "相加", "-": "相减", "*": "相乘", "/": "相除", "&": "连接"}


def calculate(sign: str, one: Step, other: Step, at: int) -> Step:
    """Return the step for + - * /. Raise FormulaRefused for kinds that cannot be calculated with each other."""
    kinds = (one.kind, other.kind)
    if one.kind in _NUMERIC and other.kind in _NUMERIC:
        return _numeric(sign, one, other, at)
    if sign == "-" and one.kind in _TIMES and one.kind is other.kind:
        return Step(Kind.NUMBER, _both(one, other, _days_between), at)
    if sign in "+-" and one.kind in _TIMES and other.kind is Kind.NUMBER:
        return Step(one.kind, _both(one, other, lambda day, count: _moved(day, count if sign == "+" else -count)), at)
    if sign == "+" and one.kind is Kind.NUMBER and other.kind in _TIMES:
        return Step(other.kind, _both(one, other, lambda count, day: _moved(day, count)), at)
    if sign == "+" and Kind.TEXT in kinds:
        raise FormulaRefused('连接文字请用 &，例如 姓名 & "先生"', at)
    raise FormulaRefused(f"{one.kind.value}和{other.kind.value}不能{_SAID[sign]}", at)


def _numeric(sign: str, one: Step, other: Step, at: int) -> Step:
    """Money times a number is money, money by money a number; a number beside money is in yuan."""
    moneys = [one.kind, other.kind].count(Kind.MONEY)
    if sign == "*" and moneys == 2:  # noqa: PLR2004 - both
        raise FormulaRefused("金额不能乘金额，请把其中一个写成数字", at)
    if sign == "/" and one.kind is Kind.NUMBER and other.kind is Kind.MONEY:
        raise FormulaRefused("数字不能除以金额", at)
    is_money = moneys > 0 and not (sign == "/" and moneys == 2)  # noqa: PLR2004 - both
    do = _DO[sign]

    def work(left: Decimal, right: Decimal) -> Decimal | None:
        made = calculated(lambda context: do(context, left, right))
        return rounded(made) if is_money else made

    return Step(Kind.MONEY if is_money else Kind.NUMBER, _both(one, other, work), at)


def compare(sign: str, one: Step, other: Step, at: int) -> Step:
    """Return the step that compares. What has no value is equal to what has none, and neither more nor less."""
    kind = alike(one, other, at, "比较")
    if sign in _ORDERED and kind in (Kind.FLAG, Kind.TEXT):
        raise FormulaRefused(f"{kind.value}没有大小，只能用 = 或 !=", at)
    does = _COMPARE[sign]

    def run(facts: Any) -> bool:
        left, right = one.run(facts), other.run(facts)
        if left is None or right is None:
            return sign not in _ORDERED and (left is right) is (sign == "=")
        return does(left, right)

    return Step(Kind.FLAG, run, at)


def join(one: Step, other: Step, at: int) -> Step:
    """Return the step that writes two values one behind the other; no value is written as nothing."""

    def run(facts: Any) -> str:
        return (written(one.run(facts), one.kind) + written(other.run(facts), other.kind))[:LONGEST_TEXT]

    return Step(Kind.TEXT, run, at)


def alike(one: Step, other: Step, at: int, deed: str) -> Kind:
    """Return the kind in which both can be taken. Raise FormulaRefused when there is none."""
    if one.kind is other.kind or other.kind is Kind.NONE:
        return one.kind
    if one.kind is Kind.NONE:
        return other.kind
    if one.kind in _NUMERIC and other.kind in _NUMERIC:
        return Kind.MONEY
    raise FormulaRefused(f"{one.kind.value}和{other.kind.value}不能{deed}", at)


def _both(one: Step, other: Step, work: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """Do something with two values where there are two."""

    def run(facts: Any) -> Any:
        left, right = one.run(facts), other.run(facts)
        return None if left is None or right is None else work(left, right)

    return run


def _days_between(later: Any, earlier: Any) -> Decimal | None:
    if isinstance(later, datetime):
        seconds = Decimal((later - earlier) // timedelta(seconds=1))
        return calculated(lambda context: context.divide(seconds, _SECONDS))
    return Decimal((later - earlier).days)


def _moved(day: Any, count: Decimal) -> date | datetime | None:
    try:
        if isinstance(day, datetime):
            return day + timedelta(seconds=float(count * _SECONDS))
        moved: date = day + timedelta(days=int(count))
        return moved
    except (OverflowError, ValueError, ArithmeticError):
        return None


def day_of(moment: datetime) -> date:
    """Return the business day of an instant."""
    return moment.astimezone(ZONE).date()
