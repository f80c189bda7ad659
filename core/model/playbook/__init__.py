"""What makes a company different, as values: the defaults are the general kit. One file a section.

Outside it is a YAML document with these names (docs/playbook.md); `core/services/playbook.py` puts one in force.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, SkipValidation

from core.model.member import CHANNELS
from core.model.playbook.approvals import ApprovalsSection
from core.model.playbook.assignment import AssignmentSection
from core.model.playbook.cadence import Cadence, Silence
from core.model.playbook.clocks import (
    Action,
    Appeals,
    Basis,
    Exempt,
    Extensions,
    FirstContact,
    RecycleRule,
    default_first_contact,
    default_recycle,
)
from core.model.playbook.completeness import Completeness
from core.model.playbook.conditions import Condition, Op
from core.model.playbook.contracts import ContractRules
from core.model.playbook.day import Chat, Day, FollowUps, Quiet
from core.model.playbook.duplicates import Duplicates
from core.model.playbook.exports import Exports
from core.model.playbook.fields import MOST_FIELDS, FieldSpec, ObjectKey, ObjectSpec, Option
from core.model.playbook.handover import HandoverPolicy
from core.model.playbook.outlines import Asked, Outline, seed_outlines
from core.model.playbook.parts import Duration, Group, Hour, Name, Part, Share
from core.model.playbook.pipelines import Need, Outcome, Pipeline, Stage
from core.model.playbook.pools import Capacity, Hideable, Holds, Pool, Room
from core.model.playbook.pricing import Authority, Pricing, RoundTo
from core.model.playbook.promises import Promises
from core.model.playbook.reports import Reports, Returns
from core.model.playbook.substance import Substance
from core.model.playbook.vocabulary import Reason, Reasons, Tags, Vocabulary, default_grades, default_tags
from core.model.usage import MonthlyBudget

__all__ = [
    "Action",
    "Appeals",
    "ApprovalsSection",
    "Asked",
    "Authority",
    "Basis",
    "Cadence",
    "Capacity",
    "Chat",
    "Completeness",
    "Condition",
    "ContractRules",
    "Day",
    "Duplicates",
    "Duration",
    "Exempt",
    "Exports",
    "Extensions",
    "FieldSpec",
    "FirstContact",
    "FollowUps",
    "Group",
    "HandoverPolicy",
    "Hideable",
    "Holds",
    "Hour",
    "Name",
    "Need",
    "ObjectKey",
    "ObjectSpec",
    "Op",
    "Option",
    "Outcome",
    "Outline",
    "Part",
    "Pipeline",
    "Playbook",
    "Pool",
    "Pricing",
    "Promises",
    "Quiet",
    "Reason",
    "Reasons",
    "RecycleRule",
    "Reports",
    "Returns",
    "Room",
    "RoundTo",
    "Share",
    "Silence",
    "Stage",
    "Substance",
    "Tags",
    "Vocabulary",
]


class Playbook(Part):
    """The company's configuration.

    `channels`, `monthly`, `webhook` and `todos` are no part of the document: the operator's settings say which
    platforms are on, what each allows by the month, whether another system is told of decisions, and whether to-dos are
    kept. Neither is `earlier`: what was in force before clock rules were changed for new clocks only, each with the
    instant until which it was, newest first (semantics B3-8).
    """

    name: Name = Field(default="通用", description="这份规则叫什么")
    day: Day = Field(default_factory=Day, description="每天的计划、日报与免打扰")
    followups: FollowUps = Field(default_factory=FollowUps, description="跟进")
    chat: Chat = Field(default_factory=Chat, description="对话")
    cadence: Cadence = Field(default_factory=Cadence, description="跟进节奏：各等级多久联系一次")
    silence: Silence = Field(default_factory=Silence, description="久未跟进：几天提醒谁")
    handover: HandoverPolicy = Field(default_factory=HandoverPolicy, description="交接客户")
    grades: Vocabulary = Field(default_factory=default_grades, description="客户等级，从高到低")
    tags: Tags = Field(default_factory=default_tags, description="标签")
    sources: Vocabulary = Field(default_factory=Vocabulary, description="来源")
    reasons: Reasons = Field(default_factory=Reasons, description="原因选项")
    first_contact: dict[Name, FirstContact] = Field(
        default_factory=default_first_contact, description="各等级多久之内首次联系"
    )
    duplicates: Duplicates = Field(default_factory=Duplicates, description="查重")
    recycle: tuple[RecycleRule, ...] = Field(default_factory=default_recycle, description="回收规则，先到期的先生效")
    fields: dict[ObjectKey, Annotated[tuple[FieldSpec, ...], Field(max_length=MOST_FIELDS)]] = Field(
        default_factory=dict, description="自定义字段，按线索、客户、联系人、商机"
    )
    objects: tuple[ObjectSpec, ...] = Field(default=(), max_length=50, description="更多种类的记录")
    extensions: Extensions = Field(default_factory=Extensions, description="延期")
    appeals: Appeals = Field(default_factory=Appeals, description="申诉")
    pools: tuple[Pool, ...] = Field(default=(Pool(),), min_length=1, description="公海")
    capacity: Capacity = Field(default_factory=Capacity, description="库容：每人最多手上多少")
    assignment: AssignmentSection = Field(default_factory=AssignmentSection, description="线索分配给谁")
    exports: Exports = Field(default_factory=Exports, description="导出：多少条以上、带号码的要审批")
    approvals: ApprovalsSection = Field(default_factory=ApprovalsSection, description="审批：谁批、怎么批、多久")
    completeness: Completeness = Field(default_factory=Completeness, description="资料完整度")
    pipelines: tuple[Pipeline, ...] = Field(default=(Pipeline(),), min_length=1, description="商机类型与阶段")
    webhook: SkipValidation[bool] = Field(default=False, exclude=True)
    todos: SkipValidation[bool] = Field(default=False, exclude=True)
    pricing: Pricing = Field(default_factory=Pricing, description="价格与报价")
    contracts: ContractRules = Field(default_factory=ContractRules, description="合同与回款")
    reports: Reports = Field(default_factory=Reports, description="报表")
    outlines: tuple[Outline, ...] = Field(
        default_factory=seed_outlines, max_length=20, description="提纲：一个一个问的问题，回答填进商机"
    )
    substance: Substance = Field(default_factory=Substance, description="商机的水分：报的进展和做的事对不上")
    promises: Promises = Field(default_factory=Promises, description="承诺账本")
    channels: SkipValidation[tuple[str, ...]] = Field(default=tuple(CHANNELS), exclude=True)
    monthly: SkipValidation[Mapping[str, MonthlyBudget]] = Field(default_factory=dict, exclude=True)
    earlier: SkipValidation[tuple[tuple[datetime, Self], ...]] = Field(default=(), exclude=True)

    def under(self, began: datetime) -> Self:
        """Return the playbook whose rules a clock that began then runs by."""
        found = self
        for until, earlier in self.earlier:
            if began >= until:
                break
            found = earlier
        return found

    def eras(self) -> Iterator[Self]:
        """Yield every playbook by which some clock may still run, newest first."""
        yield self
        yield from (earlier for _, earlier in self.earlier)

    def pipeline(self, name: str) -> Pipeline:
        """Return the pipeline of a kind of deal; the first one stands in for a kind that is no longer there."""
        return next((pipeline for pipeline in self.pipelines if pipeline.name == name), self.pipelines[0])
