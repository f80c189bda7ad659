"""Text in its kinds."""

from typing import Any, ClassVar, Final

from core.model.playbook.fields import FieldSpec
from core.rules.cells import one_line
from core.rules.fields.kind import BadValue, FieldType, Reading, folded

_ANY_LENGTH: Final = frozenset({"min", "max", "default"})


class Text(FieldType):
    """A line of text."""

    key = "text"
    label = "文本"
    says = "一行文字"
    takes = _ANY_LENGTH
    longest: ClassVar[int] = 200

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        return self._measured(one_line(words), spec)

    def _measured(self, text: str, spec: FieldSpec) -> str:
        shortest, longest = _whole(spec.minimum, 0), min(_whole(spec.maximum, self.longest), self.longest)
        if not shortest <= len(text) <= longest:
            allowed = f"{shortest} 到 {longest} 个字" if shortest else f"最多 {longest} 个字"
            raise BadValue(f"「{spec.label}」{allowed}，现在是 {len(text)} 个字，请改一下再发")
        return text

    def check(self, spec: FieldSpec) -> str:
        for name, bound in (("min", spec.minimum), ("max", spec.maximum)):
            if bound is not None and (not isinstance(bound, int) or isinstance(bound, bool) or bound < 0):
                return f"「{spec.label}」的 {name} 是字数，请写成整数，例如 max: 50"
        return ""


class LongText(Text):
    """Text of several lines."""

    key = "long_text"
    label = "多行文本"
    says = "一段文字"
    longest = 5000

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        return self._measured(words, spec)

    def key_of(self, value: Any, spec: FieldSpec) -> tuple[str, ...]:
        return (folded(str(value))[:200],)


def _whole(bound: Any, otherwise: int) -> int:
    return bound if isinstance(bound, int) and not isinstance(bound, bool) else otherwise
