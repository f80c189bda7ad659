"""How long a lead may wait: first contact by grade, recycling with its warnings, and extensions (semantics B.3)."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

from core.calendar import Clock
from core.model.playbook.parts import Duration, Name, Part, read_duration, read_share, write_duration


class Basis(StrEnum):
    """From when a recycle rule counts. A rule whose basis never happened does not apply (semantics B3-4)."""

    ASSIGNED_NO_CONTACT = "since_assigned_no_contact"
    LAST_VALID_FOLLOWUP = "since_last_valid_followup"


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
    """After `amount` on `clock` since `basis` the lead returns to the pool."""

    id: Name = Field(description="规则名称，卡片和「为什么」里会显示")
    basis: Basis = Field(description="从什么时候起算")
    amount: Duration = Field(description="多久")
    clock: Clock = Field(default=Clock.CALENDAR, description="按哪种时钟：自然时间、工作日或工作时间")
    warnings: tuple[Ahead, ...] = Field(default=(0.5, 0.8), description="提前提醒：走到百分之几，或还剩多久")


class FirstContact(Part):
    """How soon a fresh lead of a grade must be contacted."""

    amount: Duration = Field(description="多久之内首次联系")
    clock: Clock = Field(default=Clock.CALENDAR, description="按哪种时钟")


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
