"""How often a customer wants to be heard of, by grade, and who hears of it when nobody was in touch (semantics B.7)."""

from datetime import time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, field_validator

from core.calendar import Clock
from core.model.followup import Method
from core.model.playbook.parts import Duration, Hour, Name, Part, read_duration, write_duration

WEEK: Final = "week"


def _read_every(value: Any) -> Any:
    """Read `week` as the calendar week, anything else as a length of time."""
    return WEEK if value in (WEEK, "周", "每周") else read_duration(value)


def _write_every(value: timedelta | str) -> str:
    return value if isinstance(value, str) else write_duration(value)


Every = Annotated[Literal["week"] | timedelta, BeforeValidator(_read_every), PlainSerializer(_write_every)]
"""A period that comes again: `week` from Monday to Sunday, or `14d` from the day the promise began."""


class Requirement(Part):
    """So often the customers of a grade must be heard of."""

    every: Every = Field(description="周期：week 是自然周，14d 是从归属那天起每 14 天")
    times: int = Field(default=1, ge=1, le=20, description="每个周期至少几次")
    methods: tuple[Method, ...] = Field(default=(), description="只认这些方式，例如 visit；不写则任何方式都算")

    @field_validator("every")
    @classmethod
    def _whole_days(cls, every: timedelta | str) -> timedelta | str:
        if isinstance(every, timedelta) and (every < timedelta(days=1) or every % timedelta(days=1)):
            raise ValueError("周期写成整天数，例如 14d，或者写 week")
        return every

    @property
    def is_weekly(self) -> bool:
        return self.every == WEEK


class Moment(Part):
    """A weekday and an hour; a day off is moved to the workday before, or after when the week has none before."""

    weekday: int = Field(ge=1, le=7, description="星期几，1 是周一")
    at: Hour = Field(description="几点")


def default_grades() -> dict[str, Requirement]:
    """Return the rhythm of the general kit, by grade."""
    met = (Method.VISIT, Method.MEETING, Method.DEMO)
    return {
        "A": Requirement(every=WEEK, methods=(Method.VISIT,)),
        "B": Requirement(every=timedelta(days=14)),
        "C": Requirement(every=timedelta(days=30), methods=(Method.CALL, Method.EMAIL, *met)),
    }


class Cadence(Part):
    """The rhythm: what each grade wants, when a gap is told of, and to whom."""

    grades: dict[Name, Requirement] = Field(default_factory=default_grades, description="各等级多久联系一次、怎么联系")
    warn: Moment = Field(default=Moment(weekday=3, at=time(17)), description="什么时候提醒负责人还差谁")
    escalate: Moment = Field(default=Moment(weekday=5, at=time(17)), description="什么时候告诉主管还差谁")
    digest: Moment = Field(default=Moment(weekday=1, at=time(9)), description="什么时候发上周的达成率")
    weeks_shown: int = Field(default=4, ge=1, le=26, description="达成率按最近几周算")


class Then(StrEnum):
    """What happens at a rung of the ladder."""

    TELL = "tell"
    FLAG = "flag"
    POOL = "to_pool"
    REASSIGN = "reassign_by_rule"


class Rung(Part):
    """A step of the ladder: after so long without a follow-up these people hear of it."""

    after: Duration = Field(description="多久没有跟进")
    manager: bool = Field(default=False, description="是否也告诉主管")
    then: Then = Field(
        default=Then.TELL,
        description="还做什么：tell 只提醒，flag 标高风险，to_pool 收回公海，reassign_by_rule 重新分配",
    )


class Silence(Part):
    """What happens when nobody follows up: reminded, told the manager, flagged or taken back."""

    at: Hour = Field(default=time(8, 40), description="早上几点说")
    clock: Clock = Field(default=Clock.WORKDAY, description="天数按哪种时钟算")
    rungs: tuple[Rung, ...] = Field(
        default=(
            Rung(after=timedelta(days=3)),
            Rung(after=timedelta(days=5), manager=True),
            Rung(after=timedelta(days=7), manager=True, then=Then.FLAG),
        ),
        description="一级一级往上，空着就不提醒",
    )
    accounts: dict[Name, Duration] = Field(
        default={"A": timedelta(days=3), "B": timedelta(days=14), "C": timedelta(days=30)},
        description="已成交或在谈的客户按等级用的第一级时长，其余级按同样的间隔顺延；没写的等级不提醒",
    )
    planned_is_enough: bool = Field(default=True, description="已约好以后的联系就不提醒")

    @field_validator("rungs")
    @classmethod
    def _rising(cls, rungs: tuple[Rung, ...]) -> tuple[Rung, ...]:
        if any(later.after <= earlier.after for earlier, later in pairwise(rungs)):
            raise ValueError("每一级的时长要比前一级长")
        return rungs
