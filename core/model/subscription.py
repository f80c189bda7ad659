"""What a member wants to be told by the clock, and when they want to be left in peace."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from core.calendar import QuietHours
from core.model.ids import UNSAVED, MemberId, Ref
from core.model.money import Money


class Rhythm(StrEnum):
    """How often a report comes: WEEKLY on a weekday, MONTHLY on a day of the month."""

    WORKDAYS = "workdays"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


LAST_DAY = 0
"""As the day of a month: its last workday."""


@dataclass(eq=False, kw_only=True)
class Subscription:
    """How one member wants one report. `day` is the weekday (1 is Monday) or the day of the month (`LAST_DAY`).

    A subscription takes the place of the hour at which the playbook sends the report; one that is `off` sends nothing.
    """

    id: int = UNSAVED
    member_id: MemberId
    report: str
    rhythm: str = Rhythm.WORKDAYS
    day: int = 0
    at: time
    off: bool = False
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("subscription", self.id)


@dataclass(eq=False, kw_only=True)
class QuietRule:
    """When one member is not disturbed: between two hours, and with `days_off` on days off.

    What is worth at least `above` gets through. It takes nothing away from what the member asks for themselves.
    """

    id: int = UNSAVED
    member_id: MemberId
    begins: time
    ends: time
    days_off: bool = False
    above: Money | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("quiet_rule", self.id)

    @property
    def hours(self) -> QuietHours:
        """The same as the calendar counts with it."""
        return QuietHours(begins=self.begins, ends=self.ends)
