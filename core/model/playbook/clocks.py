"""How long a record may wait: first contact, recycling and its warnings, extensions, appeals (semantics B.3)."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

from core.calendar import Clock
from core.model.playbook.conditions import ALWAYS, Condition
from core.model.playbook.parts import Duration, Name, Part, read_duration, read_share, write_duration


class Basis(StrEnum):
    """From when a recycle rule counts. A rule whose basis never happened does not apply (semantics B3-4).

    `OWNED_NO_DEAL` and `OWNED_NOT_WON` count from when the record came to its holder, as long as it has no deal, or
    none that is won; `CONTRACT_END` from the end of the day on which an account's contract ends.
    """

    ASSIGNED_NO_CONTACT = "since_assigned_no_contact"
    LAST_VALID_FOLLOWUP = "since_last_valid_followup"
    OWNED_NO_DEAL = "since_owned_no_deal"
    OWNED_NOT_WON = "since_owned_not_won"
    CONTRACT_END = "since_contract_end"


class Exempt(StrEnum):
    """What may keep a record with its holder although a rule's time is up."""

    OPEN_DEAL = "open_deal"
    CONTRACT = "contract_in_force"
    RECEIVABLE = "receivable_open"
    APPROVAL = "pending_approval"
    PROTECTED = "protected"
    LEAVE = "owner_on_leave"
    VIP = "vip"


class Action(StrEnum):
    """What becomes of a record whose time is up."""

    TO_POOL = "to_pool"
    REASSIGN = "reassign_by_rule"
    TO_MANAGER = "to_manager"


def _read_warning(value: Any) -> Any:
    """Read `50%` as a share of the way and `2h` as the time that is left."""
    if isinstance(value, str) and not value.strip().endswith("%"):
        return read_duration(value)
    share = read_share(value)
    if isinstance(share, float) and not 0 < share < 1:
        raise ValueError("提醒写成走到百分之几（1% 到 99%），或还剩多久（2h）")
    return share


def _write_warning(value: float | timedelta) -> str:
    return write_duration(value) if isinstance(value, timedelta) else f"{value * 100:g}%"


Ahead = Annotated[
    Annotated[float, Field(gt=0, lt=1)] | timedelta, BeforeValidator(_read_warning), PlainSerializer(_write_warning)
]
"""When to warn: `80%` of the way, or `2h` before the end."""


class RecycleRule(Part):
    """After `amount` on `clock` since `basis` the record leaves its holder."""

    id: Name = Field(description="规则名称，卡片和「为什么」里会显示")
    pool: str = Field(default="", max_length=60, description="回到哪个公海；不写就按各公海的收取条件")
    when: Condition = Field(default=ALWAYS, description="对哪些线索或客户，不写就是全部")
    basis: Basis = Field(description="从什么时候起算")
    amount: Duration = Field(description="多久")
    clock: Clock = Field(default=Clock.CALENDAR, description="按哪种时钟：自然时间、工作日或工作时间")
    warnings: tuple[Ahead, ...] = Field(default=(0.5, 0.8), description="提前提醒：走到百分之几，或还剩多久")
    exempt: tuple[Exempt, ...] = Field(default=tuple(Exempt), description="哪些情况下不回收；休假是冻结时钟")
    open_deal_from: str = Field(
        default="", max_length=60, description="商机到了哪个阶段起不回收；不写就是任何进行中的商机"
    )
    action: Action = Field(default=Action.TO_POOL, description="到期怎么办：回公海、按规则重新分配或交给主管")
    cooldown: Duration | None = Field(default=None, description="原负责人多久之内不能再领；不写就按公海的冷却期")
    max_cycles: int = Field(default=3, ge=1, le=100, description="回收几次之后不再回公海，交主管决定转培育还是作废")


class FirstContact(Part):
    """How soon a fresh lead of a grade must be contacted."""

    amount: Duration = Field(description="多久之内首次联系")
    clock: Clock = Field(default=Clock.CALENDAR, description="按哪种时钟")


class Extensions(Part):
    """How much longer a holder may ask to keep a record: `times` times at most `each`."""

    each: Duration = Field(default=timedelta(hours=48), description="一次最多延多久")
    times: int = Field(default=2, ge=0, le=20, description="同一人手上最多批几次")
    waits: Duration = Field(default=timedelta(hours=24), description="等主管批的时候，最多保留多久不回收")
    warn: Duration = Field(default=timedelta(hours=2), description="延期快到时提前多久再提醒")
    reasons: tuple[Name, ...] = Field(
        default=("客户出差", "等对方内部流程", "等技术答复", "其他"), min_length=1, description="申请延期的原因"
    )
    refusals: tuple[Name, ...] = Field(
        default=("已经给过时间", "应该先联系客户", "让给其他同事", "其他"), min_length=1, description="不同意的原因"
    )


class Appeals(Part):
    """Whoever lost a record to the clock may say that it was unjust."""

    within: Duration = Field(default=timedelta(days=7), description="回收之后多久之内可以申诉")
    protects: Duration = Field(default=timedelta(hours=24), description="还给原负责人后，多久之内不再回收")
    refusals: tuple[Name, ...] = Field(
        default=("提醒过了没有跟进", "没有联系记录", "已有同事在跟", "其他"), min_length=1, description="维持回收的原因"
    )


def default_recycle() -> tuple[RecycleRule, ...]:
    """Return the rules of the general kit."""
    return (
        RecycleRule(id="首次跟进24小时", basis=Basis.ASSIGNED_NO_CONTACT, amount=timedelta(hours=24)),
        RecycleRule(id="30天未跟进", basis=Basis.LAST_VALID_FOLLOWUP, amount=timedelta(days=30), warnings=(0.8,)),
    )


def default_first_contact() -> dict[str, FirstContact]:
    """Return the first-contact times of the general kit, by grade."""
    return {
        "A": FirstContact(amount=timedelta(hours=2), clock=Clock.WORKTIME),
        "B": FirstContact(amount=timedelta(hours=24), clock=Clock.CALENDAR),
        "C": FirstContact(amount=timedelta(hours=72), clock=Clock.WORKDAY),
    }
