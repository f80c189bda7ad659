"""Pools: who sees and takes what from where, how much in a day, and how much one may hold (semantics B.4)."""

from enum import StrEnum

from pydantic import Field

from core.model.playbook.conditions import Condition
from core.model.playbook.parts import Duration, Group, Name, Part


class Holds(StrEnum):
    """What lies in a pool."""

    LEAD = "lead"
    ACCOUNT = "account"


class Hideable(StrEnum):
    """What of a record in a pool may be hidden until somebody has claimed it."""

    NAME = "name"
    CONTACT = "contact"
    PHONE = "phone"
    NEED = "need"
    SOURCE = "source"


class Pool(Part):
    """Records that nobody holds, and what may be done with them.

    `hidden` are fields that members see masked; admins of the pool see everything and give records away.
    """

    name: Name = Field(default="公海", description="公海名称")
    holds: Holds = Field(default=Holds.LEAD, description="放线索还是客户")
    takes: Condition | None = Field(
        default=None, description="收哪些：新来的、退回的、没写去向的；先写的公海先看，都不符合就回原来的"
    )
    members: Group = Field(default_factory=Group, description="谁能看、能领；都不写就是所有销售")
    admins: Group = Field(default_factory=Group, description="谁管理：看全部资料、分给别人")
    hidden: tuple[Hideable, ...] = Field(default=(Hideable.CONTACT, Hideable.PHONE), description="领取前打码的资料")
    views_per_day: int | None = Field(default=200, ge=1, description="每人每天看多少条，超过的连公司名也打码")
    claims_per_day: int | None = Field(default=20, ge=1, description="每人每天领多少次，退回、撤销也算一次")
    interval: Duration | None = Field(default=None, description="两次领取至少隔多久")
    wait: Duration | None = Field(default=None, description="进公海多久之后才能领")
    cooldown: Duration | None = Field(default=None, description="退回或被回收的人多久之内不能再领，任何一任都算")
    all_or_nothing: bool = Field(default=False, description="一次领几条时，有一条领不了就都不领")


class Room(Part):
    """How much some members may hold."""

    who: Group = Field(default_factory=Group, description="哪些人")
    most: int = Field(ge=0, le=100_000, description="最多")


class Capacity(Part):
    """How much one may hold: the weights of what one has, added up, stay within `most`."""

    most: int = Field(default=200, ge=0, le=100_000, description="每人最多")
    rooms: tuple[Room, ...] = Field(default=(), description="哪些人不一样，先写的先算")
    states: dict[Name, float] = Field(
        default_factory=lambda: {"assigned": 1.0, "working": 1.0, "nurture": 0.0}, description="线索按状态算多少"
    )
    stages: dict[Name, float] = Field(
        default_factory=lambda: {"商务谈判": 1.0}, description="进行中的商机按阶段算多少，没写的算 0"
    )
    vip: float = Field(default=0.0, ge=0, description="受保护的大客户算多少")
    vip_tags: tuple[Name, ...] = Field(default=("VIP", "大客户"), description="哪些标签算大客户")
    reasons: tuple[Name, ...] = Field(
        default=("客户指定", "熟悉这个客户", "其他人都满了", "其他"), min_length=1, description="超出上限仍然分配的原因"
    )
