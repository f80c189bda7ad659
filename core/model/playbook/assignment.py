"""Who gets a lead (semantics B.5): rules by priority, how one of the candidates is picked, and whose region it is."""

from datetime import time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from core.model.playbook.conditions import ALWAYS, Condition
from core.model.playbook.parts import Duration, Group, Name, Part, Share, read_hour

MOST_RULES: Final = 5000
HEAVIEST: Final = 1000


class Picker(StrEnum):
    """How one of several candidates is picked."""

    ROUND_ROBIN = "round_robin"
    WEIGHTED = "weighted"
    LEAST_LOAD = "least_load"
    BEST_CONVERTER = "best_converter"


_SAID: Final = {
    "轮流": Picker.ROUND_ROBIN,
    "平均": Picker.ROUND_ROBIN,
    "按权重": Picker.WEIGHTED,
    "权重": Picker.WEIGHTED,
    "最空闲": Picker.LEAST_LOAD,
    "谁闲给谁": Picker.LEAST_LOAD,
    "按转化率": Picker.BEST_CONVERTER,
    "转化率最高": Picker.BEST_CONVERTER,
}


def _read_picker(said: Any) -> Any:
    return _SAID.get(said.strip(), said) if isinstance(said, str) else said


class Hours(Part):
    """A part of the day in which somebody takes leads; it may run over midnight."""

    begins: time
    ends: time

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"

    def cover(self, wall: time) -> bool:
        """Say whether the wall clock lies inside."""
        if self.begins <= self.ends:
            return self.begins <= wall < self.ends
        return wall >= self.begins or wall < self.ends


def read_hours(said: Any) -> Any:
    """Read `9:00-18:00`. Raise ValueError with what is allowed."""
    if not isinstance(said, str):
        return said
    begins, dash, ends = said.replace("—", "-").replace("~", "-").replace("到", "-").partition("-")
    if not dash:
        raise ValueError("值班时间写成 9:00-18:00 这样")
    return {"begins": read_hour(begins), "ends": read_hour(ends)}


DutyHours = Annotated[Hours, BeforeValidator(read_hours), PlainSerializer(str)]
"""Hours of the day, written `9:00-18:00`."""

Weight = Annotated[int, Field(ge=0, le=HEAVIEST)]


class Person(Part):
    """What a colleague can do. What is set in chat or by import is added to it, and wins over it."""

    name: Name = Field(description="成员姓名")
    regions: tuple[Name, ...] = Field(default=(), description="负责的地区")
    skills: tuple[Name, ...] = Field(default=(), description="会什么，例如 英语、伺服")
    weight: Weight | None = Field(default=None, description="按权重分配时占几份；0 表示暂不分配")
    duty: DutyHours | None = Field(default=None, description="每天什么时间接线索，例如 9:00-18:00")


class AssignmentRule(Part):
    """Leads for which `when` holds go to one of `to`; of several rules the first that fits is taken."""

    id: Name = Field(description="规则名称，卡片和「为什么」里会显示")
    when: Condition = Field(default=ALWAYS, description="什么样的线索；不写就是所有线索")
    to: Group = Field(description="分给谁：members、departments 或 roles")
    picker: Annotated[Picker, BeforeValidator(_read_picker)] = Field(
        default=Picker.ROUND_ROBIN, description="几个人之间怎么选：轮流、按权重、最空闲、按转化率"
    )
    weights: dict[Name, Weight] = Field(default_factory=dict, description="按权重时各占几份；没写的按成员自己的权重")
    skills: tuple[Name, ...] = Field(default=(), description="要会什么，全部满足才分")
    own_region: bool = Field(default=False, description="只分给负责线索所在地区的人")
    on_roster: bool = Field(default=False, description="只分给当天排了值班的人")
    fair: bool = Field(default=False, description="公平护栏：一周内分到的线索价值相差过大时，先给分到最少的人")
    reserve: tuple[Group, ...] = Field(default=(), max_length=10, description="都不能接时，依次换这些人")
    manager: Name | None = Field(default=None, description="都不能接时交给哪位主管分配；不写就是他们共同的上级")
    otherwise: Annotated[str, Field(pattern="^(queue|next|pool)$")] = Field(
        default="queue", description="都不能接时：queue 交给主管分配，next 看下一条规则，pool 进公海"
    )
    enabled: bool = Field(default=True, description="是否启用")

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        for group in (self.to, *self.reserve):
            if group.is_everybody:
                raise ValueError(f"规则「{self.id}」要写分给谁：members、departments 或 roles 至少一样")
        return self


class Region(Part):
    """Regions that are somebody's: others neither get nor claim their leads, and are asked to work together."""

    id: Name = Field(description="名称，例如 华东保护")
    regions: tuple[Name, ...] = Field(min_length=1, description="哪些地区，含它们下面的省市")
    team: Group = Field(description="归谁")

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.team.is_everybody:
            raise ValueError(f"区域「{self.id}」要写归谁：members、departments 或 roles 至少一样")
        return self


class Conversion(Part):
    """How well somebody turns leads into customers, for the best converter."""

    within: Duration = Field(default=timedelta(days=180), description="看最近多久有结果的线索")
    smoothing: int = Field(default=10, ge=1, le=1000, description="平滑：当作先有这么多条平均水平的线索")
    most: Share = Field(default=0.4, gt=0, description="一周内一个人最多占多少")


class Fairness(Part):
    """What counts as fair within a week."""

    spread: Share = Field(default=0.15, description="最多与最少相差平均的多少以内算公平")
    values: dict[Name, int] = Field(
        default_factory=lambda: {"A": 5, "B": 3, "C": 1}, description="各等级的线索值多少分"
    )
    value: int = Field(default=1, ge=0, description="没有等级的线索值多少分")
    field: Name | None = Field(default=None, description="线索有金额类字段时，用哪个字段的值当价值")


class AssignmentSection(Part):
    """Everything about who gets a lead."""

    rules: tuple[AssignmentRule, ...] = Field(default=(), max_length=MOST_RULES, description="分配规则，先写的先看")
    own_leads: bool = Field(default=False, description="销售自己录的线索也按规则分；默认归自己")
    imported: bool = Field(default=True, description="导入时没写负责人的线索按规则分；关掉就进公海")
    same_customer: bool = Field(default=True, description="同一家公司或同一电话已有人负责时，归那个人")
    cooldown: Duration = Field(default=timedelta(hours=72), description="放掉一条线索的人，多久之内不再自动分到它")
    people: tuple[Person, ...] = Field(default=(), max_length=5000, description="成员的地区、技能、权重、值班时间")
    regions: tuple[Region, ...] = Field(default=(), max_length=1000, description="区域保护")
    conversion: Conversion = Field(default_factory=Conversion, description="转化率怎么算")
    fairness: Fairness = Field(default_factory=Fairness, description="公平护栏怎么算")

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        for of, ids in (
            ("分配规则", [rule.id for rule in self.rules]),
            ("成员", [person.name for person in self.people]),
            ("区域", [region.id for region in self.regions]),
        ):
            seen: set[str] = set()
            for one in ids:
                if one in seen:
                    raise ValueError(f"{of}「{one}」写了两次，请改成不同的名称")
                seen.add(one)
        return self
