"""Conditions as data: `{field, op, value}`, joined by `all`, `any` and `not`; `core/rules/conditions.py` judges."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from core.model.playbook.parts import Name, Part

DEEPEST: Final = 8
MOST_TESTS: Final = 200
MOST_VALUES: Final = 500


class Op(StrEnum):
    """How a field is compared."""

    IS = "="
    IS_NOT = "!="
    IN = "in"
    NOT_IN = "not in"
    MORE = ">"
    LEAST = ">="
    LESS = "<"
    MOST = "<="
    BETWEEN = "between"
    CONTAINS = "contains"
    LACKS = "not contains"
    BEGINS = "starts with"
    ENDS = "ends with"
    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"
    EMPTY = "empty"
    FILLED = "not empty"


WITHOUT_VALUE: Final = frozenset({Op.EMPTY, Op.FILLED})
WITH_SEVERAL: Final = frozenset({Op.IN, Op.NOT_IN, Op.BETWEEN})

_SAID: Final = {
    "==": Op.IS, "是": Op.IS, "等于": Op.IS, "为": Op.IS, "<>": Op.IS_NOT, "≠": Op.IS_NOT, "不是": Op.IS_NOT,
    "不等于": Op.IS_NOT, "属于": Op.IN, "在": Op.IN, "∈": Op.IN, "之一": Op.IN, "不属于": Op.NOT_IN, "不在": Op.NOT_IN,
    "∉": Op.NOT_IN, "大于": Op.MORE, "超过": Op.MORE, "高于": Op.MORE, "多于": Op.MORE, "≥": Op.LEAST, "至少": Op.LEAST,
    "不低于": Op.LEAST, "不少于": Op.LEAST, "大于等于": Op.LEAST, "小于": Op.LESS, "低于": Op.LESS, "少于": Op.LESS,
    "≤": Op.MOST, "至多": Op.MOST, "不超过": Op.MOST, "不高于": Op.MOST, "小于等于": Op.MOST, "介于": Op.BETWEEN,
    "之间": Op.BETWEEN, "包含": Op.CONTAINS, "含": Op.CONTAINS, "有": Op.CONTAINS, "不包含": Op.LACKS, "不含": Op.LACKS,
    "没有": Op.LACKS, "开头是": Op.BEGINS, "以…开头": Op.BEGINS, "结尾是": Op.ENDS, "以…结尾": Op.ENDS,
    "早于": Op.BEFORE, "之前": Op.BEFORE, "晚于": Op.AFTER, "之后": Op.AFTER, "最近": Op.WITHIN, "以内": Op.WITHIN,
    "为空": Op.EMPTY, "没填": Op.EMPTY, "空": Op.EMPTY, "不为空": Op.FILLED, "非空": Op.FILLED, "有值": Op.FILLED,
    "填了": Op.FILLED,
}  # fmt: skip


def read_op(said: Any) -> Any:
    """Read an operator in any of its spellings; what is none is left to be refused."""
    return _SAID.get(said.strip(), said.strip()) if isinstance(said, str) else said


def _read_value(said: Any) -> Any:
    """Write days as text, so that the document and its JSON read alike."""
    if isinstance(said, datetime):
        return said.isoformat(" ", "minutes")
    if isinstance(said, date):
        return said.isoformat()
    return tuple(_read_value(one) for one in said) if isinstance(said, list | tuple | set | frozenset) else said


Scalar = bool | int | float | str
Value = Annotated[Scalar | tuple[Scalar, ...] | None, BeforeValidator(_read_value)]


class Condition(Part):
    """One test of a field, or `all`, `any` or `not` of further conditions. Without any of these it always holds."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    every: tuple["Condition", ...] | None = Field(default=None, alias="all", description="都要满足")
    some: tuple["Condition", ...] | None = Field(default=None, alias="any", description="满足一个就行")
    no: "Condition | None" = Field(default=None, alias="not", description="不能满足")
    field: Name | None = Field(default=None, description="字段，写名称或标识")
    op: Annotated[Op, BeforeValidator(read_op)] = Field(default=Op.IS, description="怎么比较")
    value: Value = Field(default=None, description="比较的值；「属于」「介于」写成列表")

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        named = [name for name, part in self._parts() if part is not None]
        if len(named) > 1:
            raise ValueError(f"一个条件里只能写 {'、'.join(named)} 其中一样，请分成几个条件放进 all 或 any")
        if self.field is None:
            if self.value is not None or self.op is not Op.IS:
                raise ValueError("写了 op 或 value，还要写 field：比较哪个字段")
        elif self.op in WITHOUT_VALUE:
            if self.value is not None:
                raise ValueError(f"「{self.op}」不用写 value，请删掉它")
        elif self.value is None or self.value == ():
            raise ValueError(f"「{self.op}」要写 value：和什么比较")
        if self.depth > DEEPEST:
            raise ValueError(f"条件最多套 {DEEPEST} 层，请拆成几条规则")
        if self.size > MOST_TESTS:
            raise ValueError(f"一个条件最多 {MOST_TESTS} 项，请用 in 把同一字段的值合在一起")
        if isinstance(self.value, tuple) and len(self.value) > MOST_VALUES:
            raise ValueError(f"一个条件最多列 {MOST_VALUES} 个值，请分成几条规则")
        return self

    @property
    def is_always(self) -> bool:
        """Say whether it holds for everything."""
        return self.field is None and self.every is None and self.some is None and self.no is None

    @property
    def children(self) -> tuple["Condition", ...]:
        """The conditions it is joined from."""
        if self.no is not None:
            return (self.no,)
        return self.every if self.every is not None else self.some or ()

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The value as a list."""
        if self.value is None:
            return ()
        return self.value if isinstance(self.value, tuple) else (self.value,)

    @property
    def depth(self) -> int:
        """How deep conditions stand within each other."""
        return 1 + max((child.depth for child in self.children), default=0)

    @property
    def size(self) -> int:
        """How many tests there are."""
        return 1 if self.field is not None else sum(child.size for child in self.children)

    def _parts(self) -> tuple[tuple[str, Any], ...]:
        return (("all", self.every), ("any", self.some), ("not", self.no), ("field", self.field))


ALWAYS: Final = Condition()
