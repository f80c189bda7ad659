"""The company's own words: grades, sources, tags and reasons."""

from pydantic import Field

from core.model.playbook.parts import Name, Part


class Reasons(Part):
    """What may be chosen when something ends."""

    returning: tuple[Name, ...] = Field(
        default=("无需求", "联系不上", "预算不符", "不在负责区域", "其他"), min_length=1, description="退回公海的原因"
    )
    invalid: tuple[Name, ...] = Field(
        default=("空号", "重复", "同行或广告", "不是目标客户", "其他"), min_length=1, description="作废的原因"
    )
    won: tuple[Name, ...] = Field(
        default=("产品", "价格", "服务", "关系", "交期", "其他"), min_length=1, description="赢单的原因"
    )
    lost: tuple[Name, ...] = Field(
        default=("价格", "功能不符", "选了竞争对手", "预算取消", "联系不上", "其他"),
        min_length=1,
        description="输单的原因",
    )
