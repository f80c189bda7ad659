"""Outlines of guided questions: what is asked about a deal, one at a time, and what each answer fills (BANT, SPIN)."""

from typing import Self

from pydantic import Field, model_validator

from core.model.playbook.parts import Name, Part

NOTE = "note"
FILLS = ("need", "budget", "decision_maker", "expected_close", "amount", "competitor", "product", NOTE)
"""What an answer may fill: something of the deal, or only the notes of the interview."""


class Asked(Part):
    """One question of an outline."""

    key: Name = Field(description="简称，一份提纲里不重复，例如 预算")
    ask: str = Field(min_length=2, max_length=200, description="问题怎么问")
    fills: Name = Field(default=NOTE, description=f"回答填到哪里：{'、'.join(FILLS)}，或商机自定义字段的 key")
    options: tuple[Name, ...] = Field(default=(), max_length=4, description="可以点选的回答，最多四个")


class Outline(Part):
    """Questions in their order, for deals of some kinds and stages."""

    name: Name = Field(description="提纲名称，例如 BANT")
    aliases: tuple[Name, ...] = Field(default=(), description="大家还怎么叫它")
    pipelines: tuple[Name, ...] = Field(default=(), description="只用于这些商机类型，不写就是都用")
    stages: tuple[Name, ...] = Field(default=(), description="进入这些阶段时在卡片上提示，不写就不提示")
    questions: tuple[Asked, ...] = Field(min_length=1, max_length=20, description="问题，按先后")

    @model_validator(mode="after")
    def _keys_differ(self) -> Self:
        keys = [question.key for question in self.questions]
        if len(set(keys)) < len(keys):
            raise ValueError("同一份提纲里，问题的 key 不能重复")
        return self

    def suits(self, pipeline: str) -> bool:
        """Say whether it is for deals of this kind."""
        return not self.pipelines or pipeline in self.pipelines

    def is_called(self, words: str) -> bool:
        """Say whether people mean it by these words."""
        said = words.strip().lower()
        return any(said == name.lower() for name in (self.name, *self.aliases))


def seed_outlines() -> tuple[Outline, ...]:
    """Return the outlines of the general kit: BANT to qualify, SPIN to discover needs."""
    return (
        Outline(
            name="BANT",
            aliases=("四要素", "资格确认", "商机资格"),
            stages=("需求确认",),
            questions=(
                Asked(key="预算", ask="客户这次准备花多少钱？例如「80万」", fills="budget"),
                Asked(key="决策人", ask="最后谁拍板？例如「采购李总」", fills="decision_maker"),
                Asked(key="需求", ask="客户到底要解决什么问题，要多少？", fills="need"),
                Asked(key="时间", ask="打算什么时候定下来？例如「6月底」", fills="expected_close"),
            ),
        ),
        Outline(
            name="SPIN",
            aliases=("需求调研", "需求访谈", "需求挖掘", "调研提纲"),
            stages=("初步接洽",),
            questions=(
                Asked(
                    key="现状",
                    ask="这件事客户现在是怎么做的？",
                    options=("人工在做", "用老系统", "用竞品", "还没有做"),
                ),
                Asked(
                    key="难点",
                    ask="现在最头疼的是哪一点？",
                    options=("成本太高", "效率太低", "质量不稳", "交期太慢"),
                ),
                Asked(key="影响", ask="不解决会怎样？一年大概损失多少？"),
                Asked(key="期望", ask="解决以后，客户最看重得到什么？", fills="need"),
                Asked(key="竞争", ask="客户还在看谁家的？没有就说没有", fills="competitor"),
            ),
        ),
    )
