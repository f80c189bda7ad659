"""What reports are measured against: targets, what campaigns cost, what a leader expects, and reports worth keeping."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

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


@dataclass(frozen=True, kw_only=True)
class View:
    """A report as somebody asked for it, in words that mean the same tomorrow: which, of what, of whom, of when.

    `period` is relative where it was said so (`month:0` is the running one, see `core/rules/metrics/relative.py`),
    `where` are the names of dimensions with the values of which a record must have one, `chart` is a kind of picture.
    """

    report: str
    measures: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    member: MemberId | None = None
    period: str = ""
    chart: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "View":
        where = tuple((str(name), tuple(values)) for name, values in kept.get("where", ()))
        lists = {name: tuple(kept.get(name, ())) for name in ("measures", "by")}
        return cls(**{**kept, **lists, "where": where})


@dataclass(eq=False, kw_only=True)
class SavedReport:
    """A report that somebody gave a name to; `view` is a View, `words` say it as people do.

    `shared` names who else may open it, each with their own rights: `all`, `department:销售部/华东`, `role:manager`,
    `member:3`.
    """

    id: int = UNSAVED
    member_id: MemberId
    name: str
    words: str
    view: dict[str, Any] = field(default_factory=dict)
    shared: tuple[str, ...] = ()
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("saved_report", self.id)


@dataclass(eq=False, kw_only=True)
class Glance:
    """The report that a member looked at last: 换成上个月, 按人拆开 and 存成 区域月报 are about it."""

    member_id: MemberId
    view: dict[str, Any]
    at: datetime
