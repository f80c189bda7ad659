"""Conditions, judged and explained: 金额 125万 ≥ 100万 ✓，区域 江苏 ∉ 广东 ✗.

A condition is made ready once for a catalogue and then asked of as many records as there are. Where a field is empty,
only 为空, and whatever says no (≠, ∉, 不含), holds. A field that answers to several words (tags, regions with what they
lie in, members by name and number) is equal to each of them.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from core.model.playbook.conditions import Condition, Op
from core.rules.comparing import Holds, Trial, spoken_span, trial_of
from core.rules.fields.catalogue import Catalogue, Facts
from core.rules.fields.field import Field
from core.rules.fields.kind import BadValue

_SIGNS: Final = {
    Op.IS: ("=", "≠"), Op.IS_NOT: ("≠", "="), Op.IN: ("∈", "∉"), Op.NOT_IN: ("∉", "∈"), Op.MORE: (">", "≤"),
    Op.LEAST: ("≥", "<"), Op.LESS: ("<", "≥"), Op.MOST: ("≤", ">"), Op.BETWEEN: ("介于", "不介于"),
    Op.CONTAINS: ("含", "不含"), Op.LACKS: ("不含", "含"), Op.BEGINS: ("开头是", "开头不是"),
    Op.ENDS: ("结尾是", "结尾不是"), Op.BEFORE: ("早于", "不早于"), Op.AFTER: ("晚于", "不晚于"),
    Op.WITHIN: ("在", "不在"), Op.EMPTY: ("", ""), Op.FILLED: ("", ""),
}  # fmt: skip
_EMPTY: Final = "为空"
_MOST_SHOWN: Final = 6


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds, and why. `str()` says it in one line, each test with ✓ or ✗."""

    holds: bool
    says: str = ""
    join: str = ""
    parts: tuple["Verdict", ...] = ()

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        return self._said(top=True)

    @property
    def tests(self) -> tuple["Verdict", ...]:
        """The single tests, in their order."""
        return tuple(test for part in self.parts for test in part.tests) if self.parts else (self,)

    @property
    def failed(self) -> tuple["Verdict", ...]:
        """The single tests that do not hold."""
        return tuple(test for test in self.tests if not test.holds)

    def _said(self, *, top: bool = False) -> str:
        mark = "✓" if self.holds else "✗"
        if not self.parts:
            return f"{self.says} {mark}"
        if self.join == "not":
            inner = self.parts[0]._said()
            return f"非（{inner.removeprefix('（').removesuffix('）')}）{mark}"
        joined = ("，" if self.join == "all" else " 或 ").join(part._said() for part in self.parts)
        return joined if top or len(self.parts) == 1 else f"（{joined}）"

    def as_json(self) -> dict[str, Any]:
        """Return what an act keeps of its why."""
        if not self.parts:
            return {"holds": self.holds, "says": self.says}
        return {"holds": self.holds, "join": self.join, "parts": [part.as_json() for part in self.parts]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Verdict":
        parts = tuple(cls.from_json(part) for part in kept.get("parts", ()))
        return cls(kept["holds"], kept.get("says", ""), kept.get("join", ""), parts)


@dataclass(frozen=True)
class Ready:
    """A condition made ready: `holds` says yes or no quickly, `explain` says why.

    `requires` are the fields of which one value out of a set is needed for the condition to hold at all: whoever keeps
    many rules finds those that may hold by them. `fields` are all that it looks at.
    """

    holds: Holds
    explain: Callable[[Facts], Verdict]
    requires: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()


def judge(condition: Condition, facts: Facts) -> Verdict:
    """Say whether `condition` holds for a record, and why."""
    return ready(condition, facts.catalogue).explain(facts)


_READY: OrderedDict[tuple[int, int], tuple[Condition, Catalogue, Ready]] = OrderedDict()
_REMEMBERED: Final = 4096


def ready(condition: Condition, catalogue: Catalogue) -> Ready:
    """Make a condition ready for a catalogue; the last few thousand are remembered.

    A checked condition holds no surprises. In one that was not, a test of an unknown field or value never holds.
    """
    key = (id(condition), id(catalogue))
    known = _READY.get(key)
    if known is not None and known[0] is condition and known[1] is catalogue:
        return known[2]
    made = _ready(condition, catalogue)
    _READY[key] = (condition, catalogue, made)
    if len(_READY) > _REMEMBERED:
        _READY.popitem(last=False)
    return made


def _ready(condition: Condition, catalogue: Catalogue) -> Ready:
    if condition.field is not None:
        return _single(condition, catalogue)
    parts = [_ready(child, catalogue) for child in condition.children]
    fields = frozenset(name for part in parts for name in part.fields)
    if condition.no is not None:
        return _negated(parts[0], fields)
    if condition.some is not None:
        return Ready(_any([part.holds for part in parts]), _explained("any", parts), _either(parts), fields)
    return Ready(_all([part.holds for part in parts]), _explained("all", parts), _both(parts), fields)


def _negated(part: Ready, fields: frozenset[str]) -> Ready:
    inner = part.holds

    def explain(facts: Facts) -> Verdict:
        verdict = part.explain(facts)
        return Verdict(not verdict.holds, join="not", parts=(verdict,))

    return Ready(lambda facts: not inner(facts), explain, {}, fields)


def _explained(join: str, parts: Sequence[Ready]) -> Callable[[Facts], Verdict]:
    together = all if join == "all" else any

    def explain(facts: Facts) -> Verdict:
        verdicts = tuple(part.explain(facts) for part in parts)
        if not verdicts:
            return Verdict(join == "all", "没有条件")
        return Verdict(together(verdict.holds for verdict in verdicts), join=join, parts=verdicts)

    return explain


def _single(condition: Condition, catalogue: Catalogue) -> Ready:
    known = catalogue.find(condition.field or "")
    try:
        test = trial_of(known, condition.op, condition.values) if known is not None else None
    except BadValue:
        test = None
    if known is None or test is None:
        lost = Verdict(False, f"「{condition.field}」不能判断")
        return Ready(lambda _: False, lambda _: lost)
    return _tested(known, condition, test)


def _tested(known: Field, condition: Condition, test: Trial) -> Ready:
    key, label = known.key, known.label
    yes, no = _SIGNS[condition.op]
    shown = _operands(known, condition)

    def explain(facts: Facts) -> Verdict:
        holds = test.holds(facts)
        actual = facts.show(key) or _EMPTY
        if condition.op in (Op.EMPTY, Op.FILLED):
            return Verdict(holds, f"{label} {actual}")
        if actual == _EMPTY and not holds:
            return Verdict(holds, f"{label} {_EMPTY}（要{yes} {shown}）")
        return Verdict(holds, f"{label} {actual} {yes if holds else no} {shown}")

    requires = {key: test.requires} if test.requires is not None else {}
    return Ready(test.holds, explain, requires, frozenset({key}))


def _operands(known: Field, condition: Condition) -> str:
    said = [known.type.show_operand(value, known.spec) for value in condition.values]
    if condition.op is Op.BETWEEN:
        return " 到 ".join(said)
    if condition.op is Op.WITHIN:
        return spoken_span(str(condition.value))
    return "/".join(said[:_MOST_SHOWN]) + ("/…" if len(said) > _MOST_SHOWN else "")


def _both(parts: Iterable[Ready]) -> dict[str, frozenset[Any]]:
    """What is required where every part must hold: of a field that several name, the smaller set will do."""
    found: dict[str, frozenset[Any]] = {}
    for part in parts:
        for name, values in part.requires.items():
            if name not in found or len(values) < len(found[name]):
                found[name] = values
    return found


def _either(parts: Sequence[Ready]) -> dict[str, frozenset[Any]]:
    """What is required where one part is enough: only fields that each of them requires."""
    if not parts:
        return {}
    common = set(parts[0].requires).intersection(*(part.requires for part in parts[1:]))
    return {name: frozenset().union(*(part.requires[name] for part in parts)) for name in common}


def _all(tests: Sequence[Holds]) -> Holds:
    """Join tests of which each must hold; the usual few without a loop."""
    match tests:
        case []:
            return lambda _: True
        case [one]:
            return one
        case [one, two]:
            return lambda facts: one(facts) and two(facts)
        case [one, two, three]:
            return lambda facts: one(facts) and two(facts) and three(facts)
        case [one, two, three, four]:
            return lambda facts: one(facts) and two(facts) and three(facts) and four(facts)
    several = tuple(tests)

    def holds(facts: Facts) -> bool:
        for test in several:  # noqa: SIM110 - a generator costs as much as the tests
            if not test(facts):
                return False
        return True

    return holds


def _any(tests: Sequence[Holds]) -> Holds:
    """Join tests of which one is enough."""
    match tests:
        case []:
            return lambda _: False
        case [one]:
            return one
        case [one, two]:
            return lambda facts: one(facts) or two(facts)
    several = tuple(tests)

    def holds(facts: Facts) -> bool:
        for test in several:  # noqa: SIM110 - a generator costs as much as the tests
            if test(facts):
                return True
        return False

    return holds


def spoken(condition: Condition, catalogue: Catalogue, *, top: bool = True) -> str:
    """Say a condition in one line, without judging anything: 地区 ∈ 江苏/浙江，金额 ≥ 100万."""
    if condition.field is not None:
        known = catalogue.find(condition.field)
        label = known.label if known is not None else condition.field
        if condition.op in (Op.EMPTY, Op.FILLED):
            return f"{label}{'为空' if condition.op is Op.EMPTY else '不为空'}"
        shown = _operands(known, condition) if known is not None else "/".join(map(str, condition.values))
        return f"{label} {_SIGNS[condition.op][0]} {shown}"
    parts = [spoken(child, catalogue, top=False) for child in condition.children]
    if condition.no is not None:
        return f"非（{parts[0]}）"
    if not parts:
        return "任何情况"
    joined = (" 或 " if condition.some is not None else "，").join(parts)
    return joined if top or len(parts) == 1 else f"（{joined}）"
