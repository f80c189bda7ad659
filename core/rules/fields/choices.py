"""Choices: one of some options, several of them, yes or no."""

from difflib import get_close_matches
from typing import Any, Final

from core.model.playbook.conditions import Scalar
from core.model.playbook.fields import FieldSpec
from core.rules.cells import Cell, text_of
from core.rules.fields.kind import NO_NAMES, BadValue, Compared, FieldType, Names, Plain, Reading, folded

_SHOWN: Final = 12
_CUTS: Final = str.maketrans("，,；;/|\n和及", "、、、、、、、、、")


def offered(spec: FieldSpec) -> tuple[str, ...]:
    """Return the options that may still be chosen."""
    return tuple(option.value for option in spec.options if not option.retired)


def find_option(words: str, spec: FieldSpec) -> str | None:
    """Return the option that these words mean: its value or one of its aliases, in any width and case."""
    wanted = folded(words)
    for option in spec.options:
        if not option.retired and wanted in (folded(option.value), *(folded(alias) for alias in option.aliases)):
            return option.value
    begun = [value for value in offered(spec) if wanted and folded(value).startswith(wanted)]
    return begun[0] if len(begun) == 1 else None


def no_such_option(words: str, spec: FieldSpec) -> str:
    """Say which options there are, the one that was perhaps meant first."""
    listed = offered(spec)
    near = get_close_matches(words, listed, n=1, cutoff=0.5)
    meant = f"是不是「{near[0]}」？" if near else ""
    more = f" 等 {len(listed)} 个" if len(listed) > _SHOWN else ""
    return f"「{spec.label}」没有选项「{words[:30]}」，{meant}可选：{'、'.join(listed[:_SHOWN])}{more}"


class Choice(FieldType):
    """One of some options."""

    key = "choice"
    label = "单选"
    says = "选项之一"
    compared = Compared.WORDS
    needs = frozenset({"options"})
    takes = frozenset({"options", "default"})

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        found = find_option(words, spec)
        if found is None:
            raise BadValue(no_such_option(words, spec))
        return found

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return (folded(str(value)),)

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        return folded(self._meant(value, spec))

    def show_operand(self, value: Scalar, spec: FieldSpec) -> str:
        return self._meant(value, spec)

    def _meant(self, value: Scalar, spec: FieldSpec) -> str:
        """Return the option, retired or not, that a condition names."""
        known = {folded(word): option.value for option in spec.options for word in (option.value, *option.aliases)}
        found = known.get(folded(str(value)))
        if found is None:
            raise BadValue(no_such_option(str(value), spec))
        return found


class Choices(Choice):
    """Several of some options."""

    key = "choices"
    label = "多选"
    says = "一个或多个选项，用顿号隔开"
    many = True
    takes = frozenset({"options", "max", "default"})

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        said = [word.strip() for word in words.translate(_CUTS).split("、") if word.strip()]
        whole = find_option(words, spec)
        chosen = [whole] if whole is not None else [super(Choices, self).parse(word, spec, reading) for word in said]
        kept = list(dict.fromkeys(chosen))
        if isinstance(spec.maximum, int) and len(kept) > spec.maximum:
            raise BadValue(f"「{spec.label}」最多选 {spec.maximum} 个，现在是 {len(kept)} 个，请减少后再发一次")
        return kept or None

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "、".join(value)

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return tuple(folded(one) for one in value)


class Labels(Choices):
    """Free words, such as tags; what is offered may be listed and need not be."""

    key = "labels"
    label = "标签"
    says = "几个短词，用顿号隔开"
    needs = frozenset()

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        said = [word.strip() for word in words.translate(_CUTS).split("、") if word.strip()]
        if any(len(word) > 20 for word in said) or len(said) > 20:  # noqa: PLR2004 - what a card can show
            raise BadValue(f"「{spec.label}」最多 20 个，每个不超过 20 个字，请改短后再发一次")
        return list(dict.fromkeys(said)) or None

    def _meant(self, value: Scalar, spec: FieldSpec) -> str:
        return str(value)


class YesNo(FieldType):
    """Yes or no."""

    key = "yes_no"
    label = "是否"
    says = "「是」或「否」"
    compared = Compared.FLAG
    takes = frozenset({"default"})
    result = "flag"
    _YES: Final = frozenset(
        ["是", "有", "对", "要", "需要", "yes", "y", "true", "1", "√", "✓", "✔", "是的", "可以", "已"]
    )
    _NO: Final = frozenset(
        ["否", "无", "不", "没有", "不是", "不要", "不需要", "no", "n", "false", "0", "×", "✗", "没", "未", "不可以"]
    )

    def read(self, said: Cell, spec: FieldSpec, reading: Reading) -> Any:
        if isinstance(said, bool):
            return said
        words = text_of(said)
        return self._flag(words, spec) if words else None

    def _flag(self, words: str, spec: FieldSpec) -> bool:
        wanted = folded(words)
        if wanted in self._YES or wanted in self._NO:
            return wanted in self._YES
        raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "是" if value else "否"

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return bool(value)

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        return value if isinstance(value, bool) else self._flag(str(value), spec)

    def show_operand(self, value: Scalar, spec: FieldSpec) -> str:
        return "是" if self.operand(value, spec) else "否"

    def in_formula(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Any:
        return bool(value)

    def key_of_operand(self, operand: Plain, spec: FieldSpec) -> str:
        return "1" if operand else "0"
