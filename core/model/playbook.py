"""What makes a company different, as values: the defaults here are the general kit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum

from core.calendar import Clock, QuietHours
from core.model.member import CHANNELS
from core.model.usage import MonthlyBudget


class Basis(StrEnum):
    """From when a recycle rule counts. A rule whose basis never happened does not apply (semantics B3-4)."""

    ASSIGNED_NO_CONTACT = "since_assigned_no_contact"
    LAST_VALID_FOLLOWUP = "since_last_valid_followup"


@dataclass(frozen=True, kw_only=True)
class RecycleRule:
    """After `amount` on `clock` since `basis` the lead returns to the pool; `warnings` are shares of the way there."""

    id: str
    basis: Basis
    amount: timedelta
    clock: Clock = Clock.CALENDAR
    warnings: tuple[float, ...] = (0.5, 0.8)


@dataclass(frozen=True, kw_only=True)
class FirstContact:
    """How soon a fresh lead of a grade must be contacted."""

    amount: timedelta
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class Playbook:
    """The company's configuration. `channels` are the platforms that are switched on."""

    channels: tuple[str, ...] = tuple(CHANNELS)
    recycle: tuple[RecycleRule, ...] = (
        RecycleRule(id="首次跟进24小时", basis=Basis.ASSIGNED_NO_CONTACT, amount=timedelta(hours=24)),
        RecycleRule(id="30天未跟进", basis=Basis.LAST_VALID_FOLLOWUP, amount=timedelta(days=30), warnings=(0.8,)),
    )
    first_contact: dict[str, FirstContact] = field(
        default_factory=lambda: {
            "A": FirstContact(amount=timedelta(hours=2), clock=Clock.WORKTIME),
            "B": FirstContact(amount=timedelta(hours=24), clock=Clock.CALENDAR),
            "C": FirstContact(amount=timedelta(hours=72), clock=Clock.WORKDAY),
        }
    )
    quiet: QuietHours = QuietHours()
    default_hour: int = 9
    reminder_lead: timedelta = timedelta(minutes=30)
    daily_plan_at: time = time(8, 30)
    digest_at: time = time(18)
    plan_size: int = 10
    pool_page: int = 10
    min_followup_characters: int = 5
    same_text_within: timedelta = timedelta(hours=24)
    undo_within: timedelta = timedelta(minutes=10)
    question_lives: timedelta = timedelta(minutes=30)
    return_reasons: tuple[str, ...] = ("无需求", "联系不上", "预算不符", "不在负责区域", "其他")
    invalid_reasons: tuple[str, ...] = ("空号", "重复", "同行或广告", "不是目标客户", "其他")
    show_holder: bool = True
    monthly: Mapping[str, MonthlyBudget] = field(default_factory=dict)
    """What each channel allows by the month; the operator's settings say so."""
