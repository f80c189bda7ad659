"""Stages of deals: their order, what enters and leaves them, and when a deal stands still (semantics B.6)."""

from datetime import timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from core.calendar import Clock
from core.model.playbook.parts import Duration, Name, Part, Share


class Outcome(StrEnum):
    """What a stage means for the deal."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Need(StrEnum):
    """What a stage may ask for before a deal enters or leaves it."""

    CONTACT = "contact"
    SOURCE = "source"
    CONVERSATION = "conversation"
    NEED = "need"
    TWO_OF_BANT = "two_of_bant"
    BUDGET = "budget"
    DECISION_MAKER = "decision_maker"
    EXPECTED_CLOSE = "expected_close"
    AMOUNT = "amount"
    COMPETITOR = "competitor"
    CONTRACT_APPROVED = "contract_approved"
    SIGNED_CONTRACT = "signed_contract"
    SIGNED_FILE = "signed_file"
    QUOTE_SENT = "quote_sent"
    QUOTE_ACCEPTED = "quote_accepted"


class Stage(Part):
    """Where a deal may stand."""

    name: Name = Field(description="阶段名称")
    aliases: tuple[Name, ...] = Field(default=(), description="大家还怎么叫它")
    outcome: Outcome = Field(default=Outcome.OPEN, description="进行中、赢单还是输单")
    win: Share = Field(default=0.0, description="默认赢率")
    entry: tuple[Need, ...] = Field(default=(), description="进入前要有什么")
    exit: tuple[Need, ...] = Field(default=(), description="离开前要有什么")
    approval: bool = Field(default=False, description="进入前要走阶段审批（approvals 里 kind 是 stage 的流程）")
    stale_after: Duration | None = Field(default=None, description="多久没有人更新算停滞")
    stale_by_grade: dict[Name, Duration] = Field(
        default_factory=dict, description="客户是这些等级时另按多久算停滞，例如 A: 3d；没写的等级按 stale_after"
    )
    stale_clock: Clock = Field(default=Clock.CALENDAR, description="停滞按哪种时钟算")

    @model_validator(mode="after")
    def _is_on_the_way(self) -> Self:
        if self.approval and self.outcome is not Outcome.OPEN:
            raise ValueError("赢单和输单不走阶段审批，请在前一个阶段写 approval: true，或要求有签好的合同")
        return self

    def stale_for(self, grade: str) -> timedelta | None:
        """Return how long a deal of a customer of this grade may stand here; None where nothing is set."""
        return self.stale_by_grade.get(grade, self.stale_after)


def seed_stages() -> tuple[Stage, ...]:
    """Return the stages of the general kit, with the win rates of the seed table."""
    return (
        Stage(
            name="初步接洽",
            win=0.024,
            entry=(Need.CONTACT,),
            exit=(Need.CONVERSATION,),
            stale_after=timedelta(days=3),
            stale_clock=Clock.WORKDAY,
        ),
        Stage(
            name="需求确认",
            win=0.12,
            entry=(Need.NEED, Need.TWO_OF_BANT),
            exit=(Need.BUDGET, Need.DECISION_MAKER, Need.EXPECTED_CLOSE),
            stale_after=timedelta(days=7),
        ),
        Stage(name="方案报价", win=0.30, exit=(Need.COMPETITOR,), stale_after=timedelta(days=10)),
        Stage(
            name="商务谈判",
            win=0.60,
            entry=(Need.AMOUNT, Need.EXPECTED_CLOSE),
            exit=(Need.CONTRACT_APPROVED,),
            stale_after=timedelta(days=7),
        ),
        Stage(name="赢单", outcome=Outcome.WON, win=1.0, entry=(Need.AMOUNT, Need.SIGNED_CONTRACT)),
        Stage(name="输单", outcome=Outcome.LOST),
    )


class Pipeline(Part):
    """The stages of one kind of deal, in their order."""

    name: Name = Field(default="标准", description="商机类型")
    stages: tuple[Stage, ...] = Field(default_factory=seed_stages, min_length=3, description="阶段，按先后")
    reopen_within: Duration = Field(default=timedelta(days=90), description="输单后多久内可以重新打开")
    close_after: Duration | None = Field(default=None, description="多久没人更新就自动按输单关闭，不写就不关")
    nudge_again: Duration = Field(default=timedelta(hours=24), description="停滞提醒后多久再提醒一次")

    def stage(self, name: str) -> Stage | None:
        """Return the stage that is called so, by its name or one of its aliases."""
        return next((stage for stage in self.stages if name in (stage.name, *stage.aliases)), None)

    def place(self, name: str) -> int:
        """Return where a stage stands; one that the pipeline no longer has stands before the first."""
        return next((place for place, stage in enumerate(self.stages) if stage.name == name), -1)

    @property
    def open_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.outcome is Outcome.OPEN)

    def ending(self, outcome: Outcome) -> Stage:
        """Return the stage in which a deal is won or lost; StopIteration where the pipeline has none."""
        return next(stage for stage in self.stages if stage.outcome is outcome)
