"""What makes a deal look better than it is: the evidence that is looked for, and how much of it names a deal."""

from datetime import timedelta

from pydantic import Field

from core.model.playbook.parts import Duration, Name, Part, Share


class Substance(Part):
    """Thresholds by which what is claimed of a deal is held against what was done for it (M41)."""

    least_signs: int = Field(default=2, ge=1, le=10, description="至少几条证据才列出来")
    expects_quotes: bool = Field(default=True, description="报价在聊单里做；不在这里做就关掉，少一条证据")
    expects_contracts: bool = Field(default=True, description="合同在聊单里做；不在这里做就关掉，少一条证据")
    quote_from: Name = Field(default="方案报价", description="从哪个阶段起应该有报价")
    contract_from: Name = Field(default="商务谈判", description="从哪个阶段起应该有合同草稿")
    visited_from: Name = Field(default="需求确认", description="从哪个阶段起应该见过面")
    visited_within: Duration = Field(default=timedelta(days=30), description="多久没有拜访、会议或演示算没见面")
    decider_from: Name = Field(default="方案报价", description="从哪个阶段起应该接触过决策人")
    decider_within: Duration = Field(default=timedelta(days=30), description="多久的跟进里没提到决策人算没接触")
    postponed: int = Field(default=2, ge=1, le=20, description="预计签约日推迟几次算一条证据")
    amount_up: Share = Field(default=0.3, description="金额涨了多少算一条证据")
    amount_within: Duration = Field(default=timedelta(days=30), description="看多久之内的金额变化")
    closing_soon: Duration = Field(default=timedelta(days=14), description="离预计签约日多近算快签了")
    closing_win: Share = Field(default=0.3, description="快签了而阶段赢率低于多少算一条证据")
