"""The grammar of formulas: words to one step that calculates, its kind known and checked on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from core.rules.formulas.functions import CHINESE, FUNCTIONS
from core.rules.formulas.operators import calculate, compare, join
from core.rules.formulas.tokens import FormulaRefused, Token, tokens_of
from core.rules.formulas.values import Kind, Known, Step, rounded

DEEPEST: Final = 24
_SCALES: Final = {"千万": 10**7, "百万": 10**6, "万": 10**4, "亿": 10**8}
_COMPARING: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})

Lookup = Callable[[str, int], Step]
"""Returns the step that takes a field's value. Raises FormulaRefused where there is no such field."""


@dataclass(frozen=True)
class Formula:
    """A checked formula: the kind of its value, and how it is calculated."""

    kind: Kind
    run: Callable[[Known], Any]


def parse(text: str, lookup: Lookup) -> Formula:
    """Read a formula. Raise FormulaRefused with the place of what cannot be meant."""
    if not text.strip():
        raise FormulaRefused("公式是空的，请写一个，例如 单价 * 数量")
    parser = _Parser(tokens_of(text), lookup)
    step = parser.whole()
    return Formula(step.kind, step.run)


class _Parser:
    """Reads by precedence: or, and, not, comparison, &, + -, * /, sign."""

    def __init__(self, tokens: list[Token], lookup: Lookup) -> None:
        self._tokens, self._lookup, self._at, self._depth = tokens, lookup, 0, 0

    def whole(self) -> Step:
        step = self._either()
        if self._next.kind != "end":
            raise FormulaRefused("这里缺一个运算符，例如 + - * / & =", self._next.at)
        if step.kind is Kind.NONE:
            raise FormulaRefused("公式的结果总是空的，请写上要算的内容", step.at)
        return step

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += token.kind != "end"
        return token

    def _is(self, kind: str, *words: str) -> bool:
        return self._next.kind == kind and self._next.words in words

    def _either(self) -> Step:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaRefused(f"括号最多套 {DEEPEST} 层，请拆成几个公式字段", self._next.at)
        step = self._all()
        while self._is("word", "or"):
            at, other = self._take().at, self._all()
            step = _flags(step, other, at, "or")
        self._depth -= 1
        return step

    def _all(self) -> Step:
        step = self._not()
        while self._is("word", "and"):
            at, other = self._take().at, self._not()
            step = _flags(step, other, at, "and")
        return step

    def _not(self) -> Step:
        turns = []
        while self._is("word", "not"):
            turns.append(self._take().at)
        step = self._comparison()
        for at in turns:
            step = _negated(step, at)
        return step

    def _comparison(self) -> Step:
        step = self._joined()
        if self._next.kind == "sign" and self._next.words in _COMPARING:
            token = self._take()
            step = compare(token.words, step, self._joined(), token.at)
            if self._next.kind == "sign" and self._next.words in _COMPARING:
                raise FormulaRefused("一次只能比较两样，请用 and 连起来，例如 a > 1 and a < 9", self._next.at)
        return step

    def _joined(self) -> Step:
        step = self._sum()
        while self._is("sign", "&"):
            at = self._take().at
            step = join(step, self._sum(), at)
        return step

    def _sum(self) -> Step:
        step = self._product()
        while self._is("sign", "+", "-"):
            token = self._take()
            step = calculate(token.words, step, self._product(), token.at)
        return step

    def _product(self) -> Step:
        step = self._signed()
        while self._is("sign", "*", "/"):
            token = self._take()
            step = calculate(token.words, step, self._signed(), token.at)
        return step

    def _signed(self) -> Step:
        turns = []
        while self._is("sign", "-", "+"):
            token = self._take()
            turns += [token.at] if token.words == "-" else []
        step = self._atom()
        for at in turns:
            step = calculate("-", Step(Kind.NUMBER, lambda _: Decimal(0), at), step, at)
        return step

    def _atom(self) -> Step:
        token = self._take()
        if token.kind in _WRITTEN:
            return _WRITTEN[token.kind](token)
        if token.kind == "field":
            return self._lookup(token.words[1:-1].strip(), token.at)
        if token.kind == "name":
            return self._call(token) if self._is("sign", "(") else self._lookup(token.words, token.at)
        if token.kind == "sign" and token.words == "(":
            step = self._either()
            self._close()
            return step
        if token.kind == "end":
            raise FormulaRefused("公式没写完，请补上", token.at)
        raise FormulaRefused(f"这里要写字段、数字或括号，现在是「{token.words}」", token.at)

    def _call(self, name: Token) -> Step:
        self._take()
        given: list[Step] = []
        while not self._is("sign", ")"):
            given.append(self._either())
            if not self._is("sign", ","):
                break
            self._take()
        self._close()
        key = CHINESE.get(name.words, name.words.casefold())
        make = FUNCTIONS.get(key)
        if make is None:
            near = get_close_matches(name.words, [*FUNCTIONS, *CHINESE], n=1, cutoff=0.5)
            meant = f"是不是 {near[0]}？" if near else f"可用：{'、'.join(FUNCTIONS)}"
            raise FormulaRefused(f"没有函数「{name.words}」，{meant}", name.at)
        return make(given, name.at)

    def _close(self) -> None:
        if not self._is("sign", ")"):
            raise FormulaRefused("括号没有配对，请补上右括号", self._next.at)
        self._take()


def _word(token: Token) -> Step:
    if token.words == "none":
        return _constant(Kind.NONE, None, token.at)
    if token.words not in ("true", "false"):
        raise FormulaRefused(f"{token.words} 两边都要写条件", token.at)
    return _constant(Kind.FLAG, token.words == "true", token.at)


def _number(token: Token) -> Step:
    words = token.words
    is_share, words = words.endswith("%"), words.removesuffix("%")
    is_money, words = words.endswith("元"), words.removesuffix("元")
    scale = next((unit for unit in _SCALES if words.endswith(unit)), "")
    value = Decimal(words.removesuffix(scale)) * _SCALES.get(scale, 1) / (100 if is_share else 1)
    if len(words) > 24:  # noqa: PLR2004 - as many digits as anything is counted with
        raise FormulaRefused("数字太长了，请改短", token.at)
    return _constant(Kind.MONEY, rounded(value), token.at) if is_money else _constant(Kind.NUMBER, value, token.at)


def _constant(kind: Kind, value: Any, at: int) -> Step:
    return Step(kind, lambda _: value, at)


def _flags(one: Step, other: Step, at: int, word: str) -> Step:
    for step in (one, other):
        if step.kind is not Kind.FLAG:
            raise FormulaRefused(f"{word} 两边要是条件，现在有{step.kind.value}", step.at)
    if word == "and":
        return Step(Kind.FLAG, lambda facts: bool(one.run(facts)) and bool(other.run(facts)), at)
    return Step(Kind.FLAG, lambda facts: bool(one.run(facts)) or bool(other.run(facts)), at)


def _negated(step: Step, at: int) -> Step:
    if step.kind is not Kind.FLAG:
        raise FormulaRefused(f"not 后面要是条件，现在是{step.kind.value}", at)
    return Step(Kind.FLAG, lambda facts: not step.run(facts), at)


_WRITTEN: Final[dict[str, Callable[[Token], Step]]] = {
    "number": _number,
    "text": lambda token: _constant(Kind.TEXT, token.words, token.at),
    "word": _word,
}
