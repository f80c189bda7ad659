"""What reports are told: the fiscal year, and what the system is held against."""

from datetime import date, time

from pydantic import Field

from core.model.playbook.cadence import Moment
from core.model.playbook.parts import Hour, Part, Share


class Returns(Part):
    """What is known of the business before the system, and what the system costs; what is not given is not guessed.

    Amounts are yuan, as people write them.
    """

    began_on: date | None = Field(default=None, description="哪天上线，之前的数据就是基线")
    cost: float = Field(default=0, ge=0, description="一年花费，元")
    margin: Share | None = Field(default=None, description="毛利率")
    hours_saved: float | None = Field(default=None, ge=0, description="每人每天省多少小时")
    wage: float | None = Field(default=None, ge=0, description="时薪，元")
    people: int | None = Field(default=None, ge=0, description="多少人用")
    conversion_before: Share | None = Field(default=None, description="上线前线索成交率")
    conversion_after: Share | None = Field(default=None, description="上线后线索成交率")
    signing_before: float | None = Field(default=None, ge=0, description="上线前合同从拟定到签约一般几天")
    leads_a_year: int | None = Field(default=None, ge=0, description="一年多少条线索")
    average: float | None = Field(default=None, ge=0, description="平均成交金额，元")
    ltv_before: float | None = Field(default=None, ge=0, description="上线前客户终身价值，元")
    ltv_after: float | None = Field(default=None, ge=0, description="上线后客户终身价值，元")
    customers: int | None = Field(default=None, ge=0, description="活跃客户数")
    ramp_before: float | None = Field(default=None, ge=0, description="上线前新人上手天数")
    ramp_after: float | None = Field(default=None, ge=0, description="上线后新人上手天数")
    hires: int | None = Field(default=None, ge=0, description="一年新人数")
    day_worth: float | None = Field(default=None, ge=0, description="新人早上手一天值多少元")
    labour_saved: float | None = Field(default=None, ge=0, description="简版模型：节省人工，元")
    more_sold: float | None = Field(default=None, ge=0, description="简版模型：多成交，元")
    less_lost: float | None = Field(default=None, ge=0, description="简版模型：少流失，元")


class Reports(Part):
    """Settings of reports."""

    fiscal_begins: int = Field(default=1, ge=1, le=12, description="财年从几月开始")
    coach: Moment = Field(default=Moment(weekday=1, at=time(9)), description="什么时候发漏斗教练给主管")
    month_at: Hour = Field(default=time(17, 30), description="每月最后一个工作日几点发月度小结给主管")
    returns: Returns = Field(default_factory=Returns, description="系统回报的口径")
