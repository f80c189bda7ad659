"""Hand-overs: how soon they are confirmed, and when a customer counts as kept."""

from datetime import timedelta

from pydantic import Field

from core.calendar import Clock
from core.model.playbook.parts import Duration, Part


class HandoverPolicy(Part):
    """What is expected after a book has changed hands."""

    confirm_within: Duration = Field(default=timedelta(hours=24), description="接手人多久之内要确认收到，过了告诉主管")
    clock: Clock = Field(default=Clock.WORKDAY, description="确认时限按哪种时钟")
    followed_within: Duration = Field(default=timedelta(days=14), description="接手后多久之内要联系客户，没联系算流失")
    silent_after: Duration = Field(default=timedelta(days=30), description="多久没联系过的客户算有流失风险")
    at_once: int = Field(default=1500, ge=1, le=100_000, description="超过多少条记录就放到后台交接")
