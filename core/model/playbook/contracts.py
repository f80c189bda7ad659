"""Contracts and what is paid under them: how they are numbered, and who hears when of what falls due."""

from datetime import time, timedelta
from typing import Annotated

from pydantic import Field

from core.model.playbook.parts import Duration, Hour, Name, Part

Days = Annotated[tuple[Duration, ...], Field(max_length=5)]


class ContractRules(Part):
    """What holds for every contract of the company."""

    our_name: Annotated[str, Field(max_length=200)] = Field(default="", description="我方公司全称，写进合同乙方")
    prefix: Name = Field(default="HT", description="合同编号的开头")
    payment_days: int = Field(default=30, ge=0, le=720, description="标准账期，天；没说付款计划时按它算")
    longest_payment_days: int | None = Field(
        default=90,
        ge=0,
        le=720,
        description="账期超过多少天要另走账期审批（kind 是 payment_terms 的流程）；写 null 不限",
    )
    expiry_reminders: Days = Field(
        default=(timedelta(days=30), timedelta(days=7)), description="合同到期前多久提醒负责人"
    )
    due_reminders: Days = Field(default=(timedelta(days=3),), description="回款到期前多久提醒负责人")
    overdue_again: Duration = Field(default=timedelta(days=7), description="逾期后多久再提醒一次负责人和财务")
    remind_at: Hour = Field(default=time(9), description="这些提醒在几点发")
