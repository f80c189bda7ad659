"""One field of the catalogue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from core.model.playbook.fields import FieldSpec
from core.rules.fields.kind import NO_NAMES, FieldType, Names
from core.rules.formulas.values import Known

NOTHING: Final[tuple[Any, ...]] = (None, "", (), [])
"""Values that are none."""


@dataclass(frozen=True)
class Field:
    """One field of an object: its definition, its type, and how its value is taken off a record."""

    spec: FieldSpec
    type: FieldType
    of: Callable[[Any], Any]
    is_custom: bool
    compute: Callable[[Known], Any] | None = None
    reads: frozenset[str] = frozenset()
    """The keys of the fields that a formula calculates with, directly or through another formula."""

    @property
    def key(self) -> str:
        return self.spec.key

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def words(self) -> tuple[str, ...]:
        """Everything the field may be called."""
        return (self.spec.label, self.spec.key, *self.spec.aliases)

    def show(self, value: Any, names: Names = NO_NAMES) -> str:
        """Say a value as a card does; nothing for none."""
        return "" if value in NOTHING else self.type.show(value, self.spec, names)
