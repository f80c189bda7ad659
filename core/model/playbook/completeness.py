"""How complete a record is: which of its fields count, how much, and when (semantics B.11)."""

from datetime import time

from pydantic import Field

from core.model.playbook.fields import ObjectKey
from core.model.playbook.parts import Hour, Name, Part


class Weighed(Part):
    """A field that counts. `states` are those of a lead, or stages of a deal, in which it is of any use."""

    field: Name = Field(description="字段，名称或标识")
    weight: int = Field(default=1, ge=0, le=100, description="权重，0 是不算")
    states: tuple[Name, ...] = Field(default=(), description="只在这些状态才算，例如 跟进中；不写就一直算")


def _weighed(*fields: str) -> tuple[Weighed, ...]:
    return tuple(Weighed(field=field) for field in fields)


def default_fields() -> dict[ObjectKey, tuple[Weighed, ...]]:
    """Return what counts in the general kit: what a sales person needs to know of a customer."""
    worked = ("跟进中", "培育中", "已转客户")
    return {
        "lead": (
            *_weighed("contact_name", "phone", "source", "region", "industry", "grade"),
            Weighed(field="contact_title", states=worked),
            Weighed(field="need", weight=2, states=worked),
        ),
        "account": _weighed("phone", "industry", "region", "size", "address", "grade", "source"),
    }


class Completeness(Part):
    """Which fields count, and how the missing ones are asked for."""

    fields: dict[ObjectKey, tuple[Weighed, ...]] = Field(
        default_factory=default_fields, description="哪些字段算，各占多少"
    )
    custom: int = Field(default=1, ge=0, le=100, description="没列出的自定义字段各占多少，0 是不算")
    ask: bool = Field(default=True, description="记跟进时顺便问一项还缺的资料，每个客户每天最多一次")
    measured_at: Hour = Field(default=time(2, 50), description="每周一几点记下各人的完整度")
