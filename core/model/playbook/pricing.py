"""Prices and quotes: who may give away how much, who sees what we earn, and what a quote says when nobody says it."""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from core.model.playbook.parts import Group, Name, Part, Share


class RoundTo(StrEnum):
    """To what the total of a quote is rounded, half up."""

    FEN = "fen"
    JIAO = "jiao"
    YUAN = "yuan"


class Authority(Group):
    """How far some members may go below the list without asking anybody."""

    discount: Share = Field(description="最多可以自己做主让多少，例如 5%")


def default_limits() -> tuple[Authority, ...]:
    """Return what the worked flow of special prices leaves to each: a rep up to 5 %, then their leaders."""
    return (
        Authority(roles=("rep",), discount=0.05),
        Authority(roles=("manager",), discount=0.10),
        Authority(roles=("director",), discount=0.20),
    )


class Pricing(Part):
    """What holds for quotes."""

    limits: tuple[Authority, ...] = Field(
        default_factory=default_limits,
        max_length=500,
        description="报价权限：谁能自己让到多少；点了名的优先，其次取最宽的",
    )
    lowest_margin: Share | None = Field(default=0.0, description="毛利率低于多少就要审批，不管让了多少；空着不查")
    margin_visible_to: tuple[Name, ...] = Field(
        default=("manager", "director", "finance", "admin"), description="哪些角色能看成本和毛利"
    )
    free_lines: tuple[Name, ...] = Field(
        default=("rep", "manager", "director"), description="哪些角色可以报目录里没有的产品"
    )
    valid_days: int = Field(default=30, ge=1, le=365, description="报价默认有效几天")
    tax_rate: Share = Field(default=0.13, description="产品没写税率时按多少")
    tax_included: bool = Field(default=True, description="报价是否含税")
    round_to: RoundTo = Field(default=RoundTo.FEN, description="总价四舍五入到分、角还是元：fen、jiao、yuan")
    warn_days: int = Field(default=3, ge=0, le=60, description="报价到期前几天提醒负责人，0 不提醒")
    payment_terms: str = Field(default="", max_length=200, description="报价单默认的付款条件")
    seller: str = Field(default="", max_length=100, description="报价单上我方的公司全称")
    seller_details: tuple[str, ...] = Field(
        default=(), max_length=8, description="报价单上我方的地址、电话、税号等，一行一条"
    )


def as_percent(share: float) -> Decimal:
    """Return a share of the playbook in percent, exactly as it is written there."""
    return Decimal(str(round(share * 100, 6))).normalize() + 0
