"""Stages of deals (semantics B.6). Gates and stalled-deal rules join here with the deals themselves."""

from pydantic import Field

from core.model.playbook.parts import Duration, Name, Part, Share, read_duration


class Stage(Part):
    """Where a deal may stand."""

    name: Name = Field(description="阶段名称")
    aliases: tuple[Name, ...] = Field(default=(), description="大家还怎么叫它")
    win: Share = Field(default=0.0, description="默认赢率")
    stale_after: Duration | None = Field(default=None, description="多久没有人更新算停滞")


def seed_stages() -> tuple[Stage, ...]:
    """Return the stages of the general kit with the win rates of the seed table."""
    return (
        Stage(name="初步接洽", win=0.024, stale_after=read_duration("3d")),
        Stage(name="需求确认", win=0.12, stale_after=read_duration("7d")),
        Stage(name="方案报价", win=0.30, stale_after=read_duration("10d")),
        Stage(name="商务谈判", win=0.60, stale_after=read_duration("7d")),
        Stage(name="赢单", win=1.0),
        Stage(name="输单"),
    )


class Pipeline(Part):
    """The stages of one kind of deal, in their order."""

    name: Name = Field(default="标准", description="商机类型")
    stages: tuple[Stage, ...] = Field(default_factory=seed_stages, min_length=2, description="阶段，按先后")
