"""The functions of formulas. A new one is a maker of its step, and its names here."""

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any, Final

from core.rules.formulas.operators import alike, calculate, day_of
from core.rules.formulas.tokens import FormulaRefused
from core.rules.formulas.values import LONGEST_TEXT, Kind, Step, calculated, written

Maker = Callable[[Sequence[Step], int], Step]
_NUMERIC: Final = frozenset({Kind.NUMBER, Kind.MONEY})
_MOST_PLACES: Final = 6


def _choose(given: Sequence[Step], at: int) -> Step:
    condition, one, other = _counted(given, at, "if(条件, 满足时, 不满足时)", 3)
    if condition.kind is not Kind.FLAG:
        raise FormulaRefused(f"if 的第一项要是条件，例如 金额 > 100万，现在是{condition.kind.value}", condition.at)
    kind = alike(one, other, at, "放在同一个 if 里，两个结果要是同一种")
    return Step(kind, lambda facts: one.run(facts) if condition.run(facts) else other.run(facts), at)


def _extreme(choose: Callable[[Any], Any], name: str) -> Maker:
    def make(given: Sequence[Step], at: int) -> Step:
        if not given:
            raise FormulaRefused(f"{name} 里至少写一项", at)
        kind = given[0].kind
        for step in given[1:]:
            kind = alike(Step(kind, step.run, at), step, step.at, "比较大小")
        if kind in (Kind.TEXT, Kind.FLAG):
            raise FormulaRefused(f"{kind.value}没有大小，不能用 {name}", at)

        def run(facts: Any) -> Any:
            known = [value for step in given if (value := step.run(facts)) is not None]
            return choose(known) if known else None

        return Step(kind, run, at)

    return make


def _rounding(rounding: str, usage: str) -> Maker:
    def make(given: Sequence[Step], at: int) -> Step:
        if len(given) == 1:
            given = [*given, Step(Kind.NUMBER, lambda _: Decimal(0), at)]
        value, places = _counted(given, at, usage, 2)
        if value.kind not in _NUMERIC or places.kind is not Kind.NUMBER:
            raise FormulaRefused(f"{usage} 里要写数字", at)

        def run(facts: Any) -> Any:
            number, count = value.run(facts), places.run(facts)
            if number is None or count is None:
                return None
            step = Decimal(1).scaleb(-max(-_MOST_PLACES, min(_MOST_PLACES, int(count))))
            return calculated(lambda context: (number / step).to_integral_value(rounding) * step)

        return Step(value.kind, run, at)

    return make


def _absolute(given: Sequence[Step], at: int) -> Step:
    (value,) = _counted(given, at, "abs(数字)", 1)
    if value.kind not in _NUMERIC:
        raise FormulaRefused("abs 里要写数字", at)
    return Step(value.kind, lambda facts: None if (number := value.run(facts)) is None else abs(number), at)


def _days(given: Sequence[Step], at: int) -> Step:
    one, other = (_as_day(step) for step in _counted(given, at, "days(开始, 结束)", 2))
    return calculate("-", other, one, at)


def _as_day(step: Step) -> Step:
    if step.kind is Kind.DAY:
        return step
    if step.kind is not Kind.MOMENT:
        raise FormulaRefused(f"这里要写日期，现在是{step.kind.value}", step.at)
    return Step(Kind.DAY, lambda facts: None if (at := step.run(facts)) is None else day_of(at), step.at)


def _today(given: Sequence[Step], at: int) -> Step:
    _counted(given, at, "today()", 0)
    return Step(Kind.DAY, lambda facts: day_of(facts.now), at)


def _part(name: str) -> Maker:
    def make(given: Sequence[Step], at: int) -> Step:
        day = _as_day(_counted(given, at, f"{name}(日期)", 1)[0])
        return Step(
            Kind.NUMBER, lambda facts: None if (on := day.run(facts)) is None else Decimal(getattr(on, name)), at
        )

    return make


def _is_empty(given: Sequence[Step], at: int) -> Step:
    (value,) = _counted(given, at, "empty(字段)", 1)
    return Step(Kind.FLAG, lambda facts: value.run(facts) in (None, ""), at)


def _otherwise(given: Sequence[Step], at: int) -> Step:
    one, other = _counted(given, at, "default(字段, 没填时的值)", 2)
    kind = alike(one, other, at, "放在同一个 default 里，要是同一种")
    return Step(kind, lambda facts: other.run(facts) if (value := one.run(facts)) in (None, "") else value, at)


def _joined(given: Sequence[Step], at: int) -> Step:
    if not given:
        raise FormulaRefused("join 里至少写一项", at)
    return Step(
        Kind.TEXT, lambda facts: "".join(written(step.run(facts), step.kind) for step in given)[:LONGEST_TEXT], at
    )


def _length(given: Sequence[Step], at: int) -> Step:
    (value,) = _counted(given, at, "length(文字)", 1)
    return Step(Kind.NUMBER, lambda facts: Decimal(len(written(value.run(facts), value.kind))), at)


def _contains(given: Sequence[Step], at: int) -> Step:
    text, part = _counted(given, at, "contains(文字, 要找的)", 2)
    if text.kind is not Kind.TEXT or part.kind is not Kind.TEXT:
        raise FormulaRefused("contains 里要写文字", at)
    return Step(Kind.FLAG, lambda facts: (part.run(facts) or "") in (text.run(facts) or ""), at)


def _counted(given: Sequence[Step], at: int, usage: str, count: int) -> Sequence[Step]:
    if len(given) != count:
        raise FormulaRefused(f"写法是 {usage}，要 {count} 项，现在是 {len(given)} 项", at)
    return given


FUNCTIONS: Final[dict[str, Maker]] = {
    "if": _choose,
    "min": _extreme(min, "min"),
    "max": _extreme(max, "max"),
    "round": _rounding(ROUND_HALF_UP, "round(数字, 小数位)"),
    "floor": _rounding(ROUND_FLOOR, "floor(数字, 小数位)"),
    "ceil": _rounding(ROUND_CEILING, "ceil(数字, 小数位)"),
    "abs": _absolute,
    "days": _days,
    "today": _today,
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "empty": _is_empty,
    "default": _otherwise,
    "join": _joined,
    "length": _length,
    "contains": _contains,
}

CHINESE: Final = {
    "如果": "if", "最小": "min", "最小值": "min", "最大": "max", "最大值": "max", "四舍五入": "round",
    "取整": "floor", "向上取整": "ceil", "绝对值": "abs", "天数": "days", "相差天数": "days", "今天": "today",
    "年": "year", "月": "month", "日": "day", "为空": "empty", "默认": "default", "连接": "join", "合并": "join",
    "字数": "length", "包含": "contains",
}  # fmt: skip
