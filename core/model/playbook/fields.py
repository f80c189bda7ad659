"""Fields of leads, accounts, contacts, deals and further objects. What a type can do is in `core/rules/fields/`."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, field_validator, model_validator

from core.model.member import Role
from core.model.playbook.conditions import Condition, Scalar
from core.model.playbook.parts import Name, Part

ObjectKey = Literal["lead", "account", "contact", "deal"]
OBJECTS: Final[dict[str, str]] = {"lead": "线索", "account": "客户", "contact": "联系人", "deal": "商机"}
"""The objects that carry fields, and what people call them."""

MOST_FIELDS: Final = 200
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[^\s:：，,。；;=<>≥≤≠()（）\[\]{}\"'|/\\]+$")]


class Option(Part):
    """One thing that may be chosen. A retired one stays readable on old records, and is offered no more."""

    value: Name = Field(description="选项")
    aliases: tuple[Name, ...] = Field(default=(), description="大家还怎么说它")
    retired: bool = Field(default=False, description="停用：旧记录保留，不再提供")


def _read_option(said: Any) -> Any:
    return {"value": str(said)} if isinstance(said, str | int | float) and not isinstance(said, bool) else said


Options = tuple[Annotated[Option, BeforeValidator(_read_option)], ...]


class FieldSpec(Part):
    """A field that a company has made. `key` names it for ever; everything else may change."""

    key: Key = Field(description="标识，小写英文，定了就不改")
    label: Label = Field(description="名称，卡片、对话、表头里都用它")
    type: str = Field(default="text", description="类型")
    aliases: tuple[Label, ...] = Field(default=(), description="大家还怎么叫它")
    help: str = Field(default="", max_length=200, description="填写说明，追问时会显示")
    required: bool = Field(default=False, description="必填：新建时没说会追问")
    unique: bool = Field(default=False, description="不能重复")
    default: Scalar | None = Field(default=None, description="没说时的值")
    options: Options = Field(default=(), max_length=500, description="选项，单选和多选用")
    minimum: Scalar | None = Field(default=None, alias="min", description="最小值")
    maximum: Scalar | None = Field(default=None, alias="max", description="最大值")
    decimals: int | None = Field(default=None, ge=0, le=6, description="小数位数")
    unit: str = Field(default="", max_length=10, description="单位，显示在数字后面")
    masked: bool = Field(default=False, description="打码：负责人和主管以外的人只看到一部分，群里也打码")
    visible_to: tuple[Role, ...] = Field(default=(), description="谁能看：角色；不写就是能看到记录的人都能看")
    editable_by: tuple[Role, ...] = Field(default=(), description="谁能改：角色；不写就是能改记录的人都能改")
    shown_when: Condition | None = Field(default=None, description="什么情况下才显示和追问")
    target: str = Field(default="", max_length=40, description="关联到哪种对象，关联字段用")
    formula: str = Field(default="", max_length=1000, description="公式，公式字段用")
    columns: tuple["FieldSpec", ...] = Field(default=(), max_length=30, description="明细表的列")
    retired: bool = Field(default=False, description="停用：旧值保留，不再显示和追问")

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        values = [option.value for option in self.options]
        if twice := _twice(values):
            raise ValueError(f"「{self.label}」的选项「{twice}」写了两次，请删掉一个")
        said = [alias for option in self.options for alias in (option.value, *option.aliases)]
        if twice := _twice(said):
            raise ValueError(f"「{self.label}」里「{twice}」同时指两个选项，请只留在一个选项下")
        if any(column.columns for column in self.columns):
            raise ValueError(f"「{self.label}」的列里不能再套明细表")
        if twice := _twice(column.key for column in self.columns) or _twice(column.label for column in self.columns):
            raise ValueError(f"「{self.label}」的列「{twice}」写了两次，请删掉一个")
        return self


class ObjectSpec(Part):
    """A further kind of record that a company keeps."""

    key: Key = Field(description="标识")
    label: Label = Field(description="名称")
    fields: tuple[FieldSpec, ...] = Field(default=(), max_length=MOST_FIELDS, description="字段")

    @field_validator("key")
    @classmethod
    def _is_new(cls, key: str) -> str:
        if key in OBJECTS:
            raise ValueError(f"「{key}」已经有了，它的字段写在 fields.{key} 下面")
        return key


def _twice(words: Any) -> str:
    seen: set[str] = set()
    for word in words:
        if word in seen:
            return str(word)
        seen.add(word)
    return ""
