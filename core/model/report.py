"""What reports are measured against: targets, what campaigns cost, what a leader expects, and pivots worth keeping."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.model.ids import UNSAVED, MemberId, Ref
from core.model.money import Money


class TargetKind(StrEnum):
    """What is to be brought in: money signed or received, new customers, or visits."""

    SIGNED = "signed"
    RECEIVED = "received"
    CUSTOMERS = "customers"
    VISITS = "visits"


MONEY_KINDS = frozenset({TargetKind.SIGNED, TargetKind.RECEIVED})


@dataclass(eq=False, kw_only=True)
class Target:
    """How much a member, or else a department with all below it, is to bring in a month.

    Without either it is the whole company's. `month` is its first day, `value` is 分 for money, else a number.
    """

    id: int = UNSAVED
    kind: str = TargetKind.SIGNED
    member_id: MemberId | None = None
    department: str = ""
    month: date
    value: int
    set_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("target", self.id)


@dataclass(eq=False, kw_only=True)
class CampaignCost:
    """What was spent on a source of customers."""

    id: int = UNSAVED
    source: str
    spent_on: date
    amount: Money
    note: str = ""
    noted_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("campaign_cost", self.id)


@dataclass(eq=False, kw_only=True)
class ForecastCall:
    """What a leader says of a member's month; `was` is what the figures said then."""

    id: int = UNSAVED
    member_id: MemberId
    month: date
    amount: Money
    was: Money
    reason: str = ""
    called_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("forecast_call", self.id)


@dataclass(eq=False, kw_only=True)
class SavedReport:
    """A pivot that somebody wants to see again, as they said it."""

    id: int = UNSAVED
    member_id: MemberId
    name: str
    words: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("saved_report", self.id)
