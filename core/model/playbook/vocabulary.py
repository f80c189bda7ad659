"""The company's own words: grades, sources, tags and reasons."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from core.model.playbook.parts import Name, Part


class Reason(Part):
    """A reason that may be chosen, and words by which it is known in a sentence."""

    name: Name = Field(description="原因")
    words: tuple[Name, ...] = Field(default=(), description="话里出现哪些词就是它")

    def is_meant_by(self, text: str) -> bool:
        """Say whether a sentence names the reason."""
        return any(word in text for word in (self.name, *self.words))


def _read_reason(value: Any) -> Any:
    """Read a bare word as the reason of that name."""
    return {"name": value} if isinstance(value, str) else value


Reasoned = Annotated[Reason, BeforeValidator(_read_reason)]


def _won() -> tuple[Reason, ...]:
    return (
        Reason(name="产品", words=("功能", "性能", "质量")),
        Reason(name="价格", words=("便宜", "性价比")),
        Reason(name="服务", words=("售后", "响应")),
        Reason(name="关系", words=("老客户", "介绍")),
        Reason(name="交期", words=("现货", "交货")),
        Reason(name="其他"),
    )


def _lost() -> tuple[Reason, ...]:
    return (
        Reason(name="价格", words=("太贵", "贵了", "价低", "便宜")),
        Reason(name="功能不符", words=("功能", "参数", "不满足", "性能")),
        Reason(name="选了竞争对手", words=("友商", "对手", "竞品", "别家", "别人", "同行")),
        Reason(name="预算取消", words=("预算", "项目取消", "不采购", "不做了")),
        Reason(name="联系不上", words=("失联", "不接电话", "不回")),
        Reason(name="其他"),
    )


class Reasons(Part):
    """What may be chosen when something ends."""

    returning: tuple[Name, ...] = Field(
        default=("无需求", "联系不上", "预算不符", "不在负责区域", "其他"), min_length=1, description="退回公海的原因"
    )
    invalid: tuple[Name, ...] = Field(
        default=("空号", "重复", "同行或广告", "不是目标客户", "其他"), min_length=1, description="作废的原因"
    )
    won: tuple[Reasoned, ...] = Field(default_factory=_won, min_length=1, description="赢单的原因")
    lost: tuple[Reasoned, ...] = Field(default_factory=_lost, min_length=1, description="输单的原因")
