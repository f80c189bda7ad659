"""What a search must find at least: so much of a condition as an index can answer."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.model.playbook.conditions import WITHOUT_VALUE, Condition, Op
from core.rules.fields.catalogue import Catalogue
from core.rules.fields.field import Field
from core.rules.fields.kind import Ago, BadValue, Compared

KEY_LENGTH = 120


@dataclass(frozen=True)
class Narrow:
    """A custom field must have one of `keys`, a key from `low` to `high` (both included), any, or none (`empty`)."""

    field: str
    keys: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    empty: bool = False


def narrows_of(condition: Condition, catalogue: Catalogue) -> tuple[Narrow, ...]:
    """Return what each record that fulfils the condition has; what is found by it is still judged."""
    return tuple(_narrows(condition, catalogue))


def _narrows(condition: Condition, catalogue: Catalogue) -> Iterator[Narrow]:
    if condition.every is not None:
        for child in condition.every:
            yield from _narrows(child, catalogue)
    if condition.field is None:
        return
    field = catalogue.find(condition.field)
    if field is None or not field.is_custom or field.compute is not None:
        return
    try:
        found = _narrow(field, condition)
    except BadValue:
        return
    if found is not None:
        yield found


def _narrow(field: Field, condition: Condition) -> Narrow | None:
    if condition.op in WITHOUT_VALUE:
        has_keys = field.type.compared is not Compared.NOTHING
        return Narrow(field.key, empty=condition.op is Op.EMPTY) if has_keys else None
    operands = [field.type.operand(value, field.spec) for value in condition.values]
    if any(isinstance(operand, Ago) for operand in operands):
        return None
    compared, op = field.type.compared, condition.op
    if op in (Op.IS, Op.IN) or (op is Op.CONTAINS and compared is Compared.WORDS):
        if compared is Compared.MOMENT or field.type.key in _NAMED:
            return None
        return Narrow(field.key, keys=tuple(field.type.key_of_operand(operand, field.spec) for operand in operands))
    if compared in (Compared.NUMBER, Compared.DAY) and op in _RANGES:
        keys = [field.type.key_of_operand(operand, field.spec) for operand in operands]
        return _RANGES[op](field.key, keys)
    return None


_NAMED = frozenset({"member", "members", "reference"})
"""Types whose values have the key of a number and answer to a name as well."""

_RANGES = {
    Op.MORE: lambda field, keys: Narrow(field, low=keys[0]),
    Op.LEAST: lambda field, keys: Narrow(field, low=keys[0]),
    Op.AFTER: lambda field, keys: Narrow(field, low=keys[0]),
    Op.LESS: lambda field, keys: Narrow(field, high=keys[0]),
    Op.MOST: lambda field, keys: Narrow(field, high=keys[0]),
    Op.BEFORE: lambda field, keys: Narrow(field, high=keys[0]),
    Op.BETWEEN: lambda field, keys: Narrow(field, low=keys[0], high=keys[1]),
}
