"""Fields that are calculated from others."""

from typing import Any

from core.model.playbook.fields import FieldSpec
from core.rules.cells import Cell
from core.rules.fields.kind import BadValue, FieldType, Reading


class Computed(FieldType):
    """A formula. Nobody writes its value, and nothing is kept: it is what its fields make it now.

    The catalogue shows and compares it as the type of its result.
    """

    key = "formula"
    label = "公式"
    says = "不用填，自动计算"
    needs = frozenset({"formula"})
    takes = frozenset({"formula", "decimals", "unit"})

    def read(self, said: Cell, spec: FieldSpec, reading: Reading) -> Any:
        raise BadValue(f"「{spec.label}」是自动计算的，不能直接改。请改它用到的字段")
