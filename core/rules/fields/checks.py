"""What is wrong with a company's fields, said where it stands: before they are in force."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from core.calendar import WorkCalendar
from core.model.playbook import Playbook
from core.model.playbook.fields import OBJECTS, FieldSpec
from core.rules.condition_checks import Flaw, Path, condition_flaws
from core.rules.fields.builtin import BUILTIN
from core.rules.fields.catalogue import Catalogue, catalogue_of
from core.rules.fields.computing import FORMULA, formula_flaw
from core.rules.fields.kind import BadValue, Reading, folded
from core.rules.fields.types import TYPES, no_such_type, type_of

_SETTINGS: Final[Mapping[str, str]] = {
    "options": "options",
    "minimum": "min",
    "maximum": "max",
    "decimals": "decimals",
    "unit": "unit",
    "target": "target",
    "formula": "formula",
    "columns": "columns",
    "default": "default",
}
_IN_WORDS: Final = {
    "options": "选项 options",
    "target": "关联到什么 target",
    "formula": "公式 formula",
    "columns": "列 columns",
}
_SOME_DAY: Final = datetime(2026, 1, 5, 2, tzinfo=UTC)


def field_flaws(playbook: Playbook) -> Iterator[Flaw]:
    """Yield what is wrong with the fields of all objects."""
    further = [one.key for one in playbook.objects]
    for number, spec in enumerate(playbook.objects):
        if further.index(spec.key) != number:
            yield Flaw(("objects", number, "key"), f"「{spec.key}」写了两次，请给其中一个换个标识")
        elif spec.label in OBJECTS.values():
            yield Flaw(("objects", number, "label"), f"「{spec.label}」已经有了，请换个名称")
        yield from _of_object(playbook, spec.key, spec.fields, ("objects", number, "fields"))
    for key, specs in playbook.fields.items():
        yield from _of_object(playbook, key, specs, ("fields", key))


def _of_object(playbook: Playbook, object_key: str, specs: Sequence[FieldSpec], path: Path) -> Iterator[Flaw]:
    catalogue = catalogue_of(playbook, object_key)
    own = {spec.key for spec in BUILTIN.get(object_key, ())}
    labels = {folded(word): spec.label for spec in BUILTIN.get(object_key, ()) for word in (spec.label, spec.key)}
    keys: set[str] = set()
    for number, spec in enumerate(specs):
        here = (*path, number)
        if spec.key in own:
            yield Flaw((*here, "key"), f"「{spec.key}」是系统自带的字段，请换一个标识")
        elif spec.key in keys:
            yield Flaw((*here, "key"), f"「{spec.key}」写了两次，请给其中一个换个标识")
        keys.add(spec.key)
        for name, word in (("label", spec.label), *(("aliases", alias) for alias in spec.aliases)):
            taken = labels.get(folded(word))
            if taken is not None and taken != spec.label:
                yield Flaw((*here, name), f"「{word}」已经是「{taken}」的名称或叫法，请换一个")
            elif name == "label" and taken is not None:
                yield Flaw((*here, name), f"已经有一个字段叫「{word}」，请换一个名称")
        labels |= {folded(word): spec.label for word in (spec.label, *spec.aliases)}
        yield from _of_field(spec, catalogue, playbook, here)


def _of_field(spec: FieldSpec, catalogue: Catalogue, playbook: Playbook, path: Path) -> Iterator[Flaw]:
    if spec.type not in TYPES:
        yield Flaw((*path, "type"), no_such_type(spec.type))
        return
    kind = type_of(spec)
    yield from _odd_settings(spec, path)
    if says := kind.check(spec) or _odd_target(spec, playbook):
        yield Flaw(path, says)
        return
    if spec.unique and kind.many:
        yield Flaw((*path, "unique"), f"「{spec.label}」可以有几个值，不能要求不重复，请去掉 unique")
    if spec.type == FORMULA:
        yield from _odd_formula(spec, catalogue, path)
    if spec.default is not None and "default" in kind.takes:
        yield from _odd_default(spec, path)
    if spec.shown_when is not None:
        yield from condition_flaws(spec.shown_when, catalogue, (*path, "shown_when"))
    for number, column in enumerate(spec.columns):
        if column.type in ("table", FORMULA, "attachment", "picture"):
            yield Flaw((*path, "columns", number, "type"), f"明细表的列不能是{TYPES[column.type].label}，请换一种类型")
        else:
            yield from _of_field(column, catalogue, playbook, (*path, "columns", number))


def _odd_settings(spec: FieldSpec, path: Path) -> Iterator[Flaw]:
    kind = type_of(spec)
    for attribute, name in _SETTINGS.items():
        is_set = getattr(spec, attribute) not in (None, "", ())
        if is_set and name not in kind.takes:
            yield Flaw((*path, name), f"「{spec.label}」是{kind.label}，用不上 {name}，请去掉")
        if not is_set and name in kind.needs:
            yield Flaw(path, f"「{spec.label}」是{kind.label}，要写{_IN_WORDS.get(name, name)}")


def _odd_formula(spec: FieldSpec, catalogue: Catalogue, path: Path) -> Iterator[Flaw]:
    if spec.required or spec.unique:
        yield Flaw(path, f"「{spec.label}」是自动计算的，不能要求必填或不重复")
    if spec.formula and (says := formula_flaw(spec.key, catalogue)):
        yield Flaw((*path, "formula"), says)


def _odd_target(spec: FieldSpec, playbook: Playbook) -> str:
    if not spec.target or spec.target in OBJECTS or spec.target in {one.key for one in playbook.objects}:
        return ""
    return f"「{spec.label}」的 target 要写 {'、'.join(OBJECTS)} 之一"


def _odd_default(spec: FieldSpec, path: Path) -> Iterator[Flaw]:
    try:
        default_of(spec, Reading(now=_SOME_DAY, calendar=WorkCalendar(is_workday=lambda _: True)))
    except BadValue as bad:
        yield Flaw((*path, "default"), f"默认值不对：{bad}")


def default_of(spec: FieldSpec, reading: Reading) -> Any:
    """Return the value of a field of which nothing was said. Raise BadValue for a default that is none."""
    if spec.default is None:
        return None
    return type_of(spec).read(spec.default if isinstance(spec.default, bool) else str(spec.default), spec, reading)
