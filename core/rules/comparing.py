"""Single tests of a field: one operator, its operands read once, ready to be asked of any record."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from core.model.playbook.conditions import WITHOUT_VALUE, Op, Scalar
from core.rules.fields.catalogue import Facts
from core.rules.fields.field import Field
from core.rules.fields.kind import OPS, Ago, BadValue, Compared
from core.rules.fields.times import ZONE, ago_in

Holds = Callable[[Facts], bool]


@dataclass(frozen=True)
class Trial:
    """`holds` asks a record. `requires` are the values of which it must have one, where there are such."""

    holds: Holds
    requires: frozenset[Any] | None = None


def trial_of(field: Field, op: Op, values: Sequence[Scalar]) -> Trial:
    """Return the test. Raise BadValue when the operator does not fit the field, or a value is none of it."""
    if not fits(field, op):
        raise BadValue(misfit(field, op))
    key = field.key
    if op in WITHOUT_VALUE:
        return _emptiness(key, op)
    if op is Op.BETWEEN and len(values) != 2:  # noqa: PLR2004 - a low and a high end
        raise BadValue("「between」要写两个值：从多少到多少，例如 [10, 20]")
    if op not in (Op.IN, Op.NOT_IN, Op.BETWEEN) and len(values) != 1:
        raise BadValue(f"「{op.value}」只能和一个值比较，要列几个值请用 in 或 not in")
    if op is Op.WITHIN:
        return _within(field, values[0])
    return _TRIALS[field.type.compared](key, op, [field.type.operand(value, field.spec) for value in values])


def fits(field: Field, op: Op) -> bool:
    """Say whether a field can be compared so."""
    return op in OPS[field.type.compared]


def misfit(field: Field, op: Op) -> str:
    """Say how a field can be compared, where it was to be compared otherwise."""
    fitting = "、".join(one.value for one in Op if fits(field, one))
    return f"「{field.label}」是{field.type.label}，不能用「{op.value}」比较。可以用：{fitting}"


def _emptiness(key: str, op: Op) -> Trial:
    if op is Op.EMPTY:
        return Trial(lambda facts: facts[key] is None)
    return Trial(lambda facts: facts[key] is not None)


_ORDER: Final[dict[Op, Callable[[str, Any], Holds]]] = {
    Op.MORE: lambda key, end: lambda facts: (value := facts[key]) is not None and value > end,
    Op.LEAST: lambda key, end: lambda facts: (value := facts[key]) is not None and value >= end,
    Op.LESS: lambda key, end: lambda facts: (value := facts[key]) is not None and value < end,
    Op.MOST: lambda key, end: lambda facts: (value := facts[key]) is not None and value <= end,
    Op.AFTER: lambda key, end: lambda facts: (value := facts[key]) is not None and value > end,
    Op.BEFORE: lambda key, end: lambda facts: (value := facts[key]) is not None and value < end,
}


def _plainly(key: str, op: Op, read: Sequence[Any]) -> Trial:
    """Tests of numbers and flags, and whatever else is equal to one value only."""
    wanted, first = frozenset(read), read[0]
    if op is Op.BETWEEN:
        return _between(key, first, read[1])
    if op in _ORDER:
        return Trial(_ORDER[op](key, first))
    if op is Op.IS or (op is Op.IN and len(wanted) == 1):
        return Trial(lambda facts: facts[key] == first, wanted)
    if op is Op.IN:
        return Trial(lambda facts: facts[key] in wanted, wanted)
    return Trial(lambda facts: facts[key] not in wanted)


def _between(key: str, low: Any, high: Any) -> Trial:
    if low > high:
        raise BadValue("「between」的两个值写反了，请先写小的，再写大的")
    return Trial(lambda facts: (value := facts[key]) is not None and low <= value <= high)


def _text(key: str, op: Op, read: Sequence[str]) -> Trial:
    first = read[0]
    match op:
        case Op.CONTAINS:
            return Trial(lambda facts: (value := facts[key]) is not None and first in value)
        case Op.LACKS:
            return Trial(lambda facts: (value := facts[key]) is None or first not in value)
        case Op.BEGINS:
            return Trial(lambda facts: (value := facts[key]) is not None and value.startswith(first))
        case Op.ENDS:
            return Trial(lambda facts: (value := facts[key]) is not None and value.endswith(first))
    return _plainly(key, op, read)


def _words(key: str, op: Op, read: Sequence[str]) -> Trial:
    """Tests of fields that answer to several words."""
    wanted = frozenset(read)
    if len(wanted) == 1:
        (only,) = wanted
        if op in (Op.IS, Op.IN, Op.CONTAINS):
            return Trial(lambda facts: (value := facts[key]) is not None and only in value, wanted)
        return Trial(lambda facts: (value := facts[key]) is None or only not in value)
    if op in (Op.IS, Op.IN, Op.CONTAINS):
        return Trial(lambda facts: (value := facts[key]) is not None and not wanted.isdisjoint(value), wanted)
    return Trial(lambda facts: (value := facts[key]) is None or wanted.isdisjoint(value))


def _days(key: str, op: Op, read: Sequence[Any]) -> Trial:
    if not any(isinstance(one, Ago) for one in read):
        return _plainly(key, op, read)
    return _at_the_time(key, op, read, _day_of)


def _day_of(value: Any, facts: Facts) -> Any:
    return (facts.now.astimezone(ZONE) + value.span).date() if isinstance(value, Ago) else value


def _moments(key: str, op: Op, read: Sequence[Any]) -> Trial:
    """Tests of instants. A day stands for all of it: after 3月17日 is from the 18th on."""
    if all(isinstance(one, datetime) for one in read):
        return _plainly(key, op, read)
    if all(isinstance(one, date) and not isinstance(one, datetime) for one in read):
        by_day = _plainly(key, op, read)
        return Trial(_on_the_wall(key, by_day.holds))
    return _at_the_time(key, op, read, _moment_of)


def _moment_of(value: Any, facts: Facts) -> Any:
    if isinstance(value, Ago):
        return facts.now + value.span
    return value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time(), ZONE)


def _on_the_wall(key: str, by_day: Holds) -> Holds:
    """Ask a test of days about the local day of an instant."""

    def holds(facts: Facts) -> bool:
        value = facts[key]
        return by_day({key: None if value is None else value.astimezone(ZONE).date()})  # type: ignore[arg-type]  # one fact is all it reads

    return holds


def _at_the_time(key: str, op: Op, read: Sequence[Any], resolved: Callable[[Any, Facts], Any]) -> Trial:
    """Compare with times that are counted from now; they are counted anew with each record."""

    def holds(facts: Facts) -> bool:
        value = facts[key]
        if value is None:
            return op in (Op.IS_NOT, Op.NOT_IN)
        ends = [resolved(one, facts) for one in read]
        return _ordered(op, value, ends)

    return Trial(holds)


_COMPARES: Final[dict[Op, Callable[[Any, Any], bool]]] = {
    Op.MORE: operator.gt,
    Op.AFTER: operator.gt,
    Op.LEAST: operator.ge,
    Op.LESS: operator.lt,
    Op.BEFORE: operator.lt,
    Op.MOST: operator.le,
}


def _ordered(op: Op, value: Any, ends: Sequence[Any]) -> bool:
    if op in _COMPARES:
        return _COMPARES[op](value, ends[0])
    if op is Op.BETWEEN:
        return bool(ends[0] <= value <= ends[1])
    return (value in ends) is (op in (Op.IS, Op.IN))


def _span(said: str) -> tuple[timedelta, bool] | None:
    """Read how long, and whether it lies ahead: `7d` and `-7d` are the last seven days, `+7d` the next seven."""
    ago, words = ago_in(said), said.strip()
    if ago is None or not ago.span:
        return None
    return abs(ago.span), words.startswith(("+", "未来", "今后")) or words.endswith("后")


def spoken_span(said: str) -> str:
    """Say a span: 最近7天, 未来7天."""
    read = _span(said)
    if read is None:
        return said
    return f"{'未来' if read[1] else '最近'}{str(Ago(-read[0])).removesuffix('前')}"


def _within(field: Field, said: Scalar) -> Trial:
    read = _span(str(said))
    if read is None:
        raise BadValue(f"「{field.label}」的 within 要写时长，例如 -7d（最近 7 天）或 +7d（未来 7 天）")
    (span, ahead), key = read, field.key
    by_day = field.type.compared is Compared.DAY

    def holds(facts: Facts) -> bool:
        value = facts[key]
        if value is None:
            return False
        now: Any = facts.now.astimezone(ZONE).date() if by_day else facts.now
        return bool(now <= value <= now + span) if ahead else bool(now - span <= value <= now)

    return Trial(holds)


_TRIALS: Final[dict[Compared, Callable[[str, Op, Sequence[Any]], Trial]]] = {
    Compared.TEXT: _text,
    Compared.WORDS: _words,
    Compared.DAY: _days,
    Compared.MOMENT: _moments,
    Compared.NUMBER: _plainly,
    Compared.FLAG: _plainly,
}
