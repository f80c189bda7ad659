"""Members, departments and other records."""

from typing import Any, Final

from core.model.playbook.conditions import Scalar
from core.model.playbook.fields import FieldSpec
from core.rules.cells import Cell, text_of
from core.rules.fields.kind import NO_NAMES, BadValue, Compared, FieldType, Names, Plain, Reading, folded, shortened

_CUTS: Final = str.maketrans("，,；;/|\n和", "、、、、、、、、")
_NOBODY: Final = "（已不在）"


class MemberField(FieldType):
    """A colleague, kept by number: `M3`."""

    key = "member"
    label = "成员"
    says = "同事的姓名"
    compared = Compared.WORDS
    result = "nothing"

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        found = reading.named("member", words.removeprefix("@").strip())
        if found is None:
            raise BadValue(f"「{spec.label}」要写{self.says}，没有找到「{words[:30]}」")
        return found

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return names.get(_written(value), _NOBODY)

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        ref = _written(value)
        return (folded(ref), folded(names[ref])) if ref in names else (folded(ref),)

    def key_of(self, value: Any, spec: FieldSpec) -> tuple[str, ...]:
        return (folded(_written(value)),)


class MembersField(MemberField):
    """Several colleagues."""

    key = "members"
    label = "多个成员"
    says = "同事的姓名，用顿号隔开"
    many = True

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        said = [word.strip() for word in words.translate(_CUTS).split("、") if word.strip()]
        return list(dict.fromkeys(super(MembersField, self).parse(word, spec, reading) for word in said)) or None

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "、".join(names.get(_written(one), _NOBODY) for one in value)

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return tuple(word for one in value for word in super(MembersField, self).plain(one, spec, names))

    def key_of(self, value: Any, spec: FieldSpec) -> tuple[str, ...]:
        return tuple(folded(_written(one)) for one in value)


class Department(FieldType):
    """A department, a path such as 销售部/华东; it answers to each department above it."""

    key = "department"
    label = "部门"
    says = "部门，例如 销售部/华东"
    compared = Compared.WORDS

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        parts = [part.strip() for part in words.replace("／", "/").split("/") if part.strip()]
        if not parts or len("/".join(parts)) > 200:  # noqa: PLR2004 - as long as a department's column
            raise BadValue(f"「{spec.label}」要写{self.says}")
        return "/".join(parts)

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        parts = str(value).split("/")
        return tuple(folded("/".join(parts[:count])) for count in range(len(parts), 0, -1)) + (
            (folded(parts[-1]),) if len(parts) > 1 else ()
        )


class Reference(FieldType):
    """Another record: a customer, a contact, a deal; kept by number."""

    key = "reference"
    label = "关联"
    says = "名称或编号"
    compared = Compared.WORDS
    result = "nothing"
    needs = frozenset({"target"})
    takes = frozenset({"target"})

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        found = reading.named(spec.target, words.strip())
        if found is None:
            raise BadValue(f"「{spec.label}」要写{self.says}，没有找到「{words[:30]}」")
        return found

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return names.get(str(value), _NOBODY)

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        ref = str(value)
        return (folded(ref), folded(names[ref])) if ref in names else (folded(ref),)

    def key_of(self, value: Any, spec: FieldSpec) -> tuple[str, ...]:
        return (folded(str(value)),)


class Table(FieldType):
    """Rows of a few columns, written a row to a line, its values parted by commas."""

    key = "table"
    label = "明细表"
    says = "一行一条，各列用逗号隔开"
    compared = Compared.NOTHING
    many = True
    needs = frozenset({"columns"})
    takes = frozenset({"columns", "max"})
    result = "nothing"

    def read(self, said: Cell, spec: FieldSpec, reading: Reading) -> Any:
        from core.rules.fields.types import type_of

        rows: list[dict[str, Any]] = []
        for line in text_of(said).splitlines():
            if not line.strip():
                continue
            cells = [cell.strip() for cell in line.replace("，", ",").replace("\t", ",").split(",")]
            if len(cells) > len(spec.columns):
                listed = "、".join(column.label for column in spec.columns)
                raise BadValue(f"「{spec.label}」一行最多 {len(spec.columns)} 列：{listed}")
            values = {
                column.key: type_of(column).read(cell, column, reading)
                for column, cell in zip(spec.columns, cells, strict=False)
            }
            rows.append({key: value for key, value in values.items() if value is not None})
        most = spec.maximum if isinstance(spec.maximum, int) else 200
        if len(rows) > most:
            raise BadValue(f"「{spec.label}」最多 {most} 行，现在是 {len(rows)} 行，请减少后再发一次")
        return rows or None

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "\n".join(self._row(row, spec, names) for row in value)

    def brief(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{len(value)} 行"

    def show_operand(self, value: Scalar, spec: FieldSpec) -> str:
        return shortened(str(value))

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return bool(value)

    def key_of(self, value: Any, spec: FieldSpec) -> tuple[str, ...]:
        return ()

    @staticmethod
    def _row(row: dict[str, Any], spec: FieldSpec, names: Names) -> str:
        from core.rules.fields.types import type_of

        shown = [
            type_of(column).show(row[column.key], column, names).replace(",", "") if column.key in row else ""
            for column in spec.columns
        ]
        return ", ".join(shown).rstrip(", ")


def _written(value: Any) -> str:
    return f"M{value}" if isinstance(value, int) else str(value)
