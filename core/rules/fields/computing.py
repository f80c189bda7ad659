"""Fields that are formulas: what they read, what type their result has, and what is wrong with them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from core.rules.fields.field import NOTHING, Field
from core.rules.fields.kind import folded
from core.rules.fields.types import TYPES
from core.rules.formulas.parsing import Formula, parse
from core.rules.formulas.tokens import FormulaRefused
from core.rules.formulas.values import Kind, Known, Step

FORMULA: Final = "formula"
DEEPEST: Final = 5
"""Formulas that may stand upon each other."""

_KINDS: Final = {
    "text": Kind.TEXT, "number": Kind.NUMBER, "money": Kind.MONEY, "day": Kind.DAY, "moment": Kind.MOMENT,
    "flag": Kind.FLAG,
}  # fmt: skip
_TYPE_OF: Final = {
    Kind.TEXT: "text", Kind.NUMBER: "number", Kind.MONEY: "money", Kind.DAY: "date", Kind.MOMENT: "moment",
    Kind.FLAG: "yes_no",
}  # fmt: skip
_KEPT: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.NUMBER: lambda value: f"{value.normalize():f}" if value else "0",
    Kind.MONEY: lambda value: int(value * 100),
    Kind.DAY: lambda value: value.isoformat(),
    Kind.MOMENT: lambda value: value.isoformat(timespec="seconds"),
    Kind.TEXT: lambda value: value,
    Kind.FLAG: lambda value: value,
}


def with_computed(fields: Sequence[Field]) -> list[Field]:
    """Return the fields with their formulas in place; one whose formula is broken has no value."""
    workshop = _Workshop(fields)
    return [workshop.made(field) if field.spec.type == FORMULA else field for field in fields]


def formula_flaw(key: str, fields: Iterable[Field]) -> str:
    """Say what is wrong with the formula of a field; empty when nothing is."""
    workshop = _Workshop(fields)
    try:
        workshop.formula(workshop.by_key[key])
    except FormulaRefused as refused:
        return refused.shown(workshop.by_key[key].spec.formula)
    return ""


class _Workshop:
    """Makes formulas, each after those it stands upon."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self.by_key = {field.key: field for field in fields}
        self._by_words: dict[str, Field] = {}
        for rank in range(3):
            for field in self.by_key.values():
                words = ((field.key,), (field.label,), field.spec.aliases)[rank]
                for word in words:
                    self._by_words.setdefault(folded(word), field)
        self._done: dict[str, tuple[Formula, frozenset[str]]] = {}
        self._open: list[str] = []

    def made(self, field: Field) -> Field:
        """Return a field with its formula in place."""
        try:
            formula, reads = self.formula(field)
        except FormulaRefused:
            return replace(field, compute=lambda _: None)
        keep = _KEPT[formula.kind]

        def compute(known: Known) -> Any:
            value = formula.run(known)
            return None if value is None else keep(value)

        return replace(field, type=TYPES[_TYPE_OF[formula.kind]], compute=compute, reads=reads)

    def formula(self, field: Field) -> tuple[Formula, frozenset[str]]:
        """Return a field's formula with what it reads. Raise FormulaRefused when it cannot be meant."""
        if field.key in self._done:
            return self._done[field.key]
        if field.key in self._open:
            circle = " → ".join(self.by_key[key].label for key in [*self._open, field.key])
            raise FormulaRefused(f"公式绕成了圈：{circle}，请去掉其中一处")
        if len(self._open) >= DEEPEST:
            raise FormulaRefused(f"公式最多一层套一层 {DEEPEST} 次，请把中间的公式合并")
        self._open.append(field.key)
        reads: set[str] = set()
        try:
            formula = parse(field.spec.formula, lambda words, at: self._step(words, at, reads))
        finally:
            self._open.pop()
        self._done[field.key] = (formula, frozenset(reads))
        return self._done[field.key]

    def _step(self, words: str, at: int, reads: set[str]) -> Step:
        """Return the step that takes a field's value."""
        field = self._by_words.get(folded(words))
        if field is None:
            near = get_close_matches(folded(words), self._by_words, n=1, cutoff=0.5)
            meant = f"是不是「{self._by_words[near[0]].label}」？" if near else "字段名含空格或符号时写成 [字段名]"
            raise FormulaRefused(f"没有字段「{words}」，{meant}", at)
        reads.add(field.key)
        if field.spec.type == FORMULA:
            return self._stand_upon(field, at, reads)
        kind = _KINDS.get(field.type.result)
        if kind is None:
            raise FormulaRefused(f"「{field.label}」是{field.type.label}，不能用在公式里", at)
        key, spec, take = field.key, field.spec, field.type.in_formula

        def run(known: Known) -> Any:
            value = known.value(key)
            return None if value in NOTHING else take(value, spec)

        return Step(kind, run, at)

    def _stand_upon(self, field: Field, at: int, reads: set[str]) -> Step:
        try:
            formula, further = self.formula(field)
        except FormulaRefused as refused:
            raise FormulaRefused(str(refused), at) from refused
        reads |= further
        return Step(formula.kind, formula.run, at)
