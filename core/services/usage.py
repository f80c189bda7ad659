"""The month's usage of each platform: looked at, and told to administrators before it runs out."""

from datetime import date, datetime, time, timedelta

from core.calendar import WorkCalendar
from core.model.usage import ChannelUsage, MonthlyBudget
from core.notices import UsageHigh
from core.ports import UnitOfWork
from core.services.members import administrators

LEVELS = (90, 70)
"""Shares of a month's budget, in percent, at which administrators are told, once each."""


def month_around(calendar: WorkCalendar, day: date) -> tuple[datetime, datetime]:
    """Return the instants between which the business' month of `day` lies."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return calendar.at(first, time(0)), calendar.at(following, time(0))


def usage_of(uow: UnitOfWork, day: date) -> list[ChannelUsage]:
    """Return what each channel has used in the month of `day`; one with a budget is listed even when idle."""
    used = {usage.channel: usage for usage in uow.usage.between(*month_around(uow.calendar, day))}
    idle = {channel: ChannelUsage(channel=channel) for channel in uow.playbook.monthly}
    return [usage for _, usage in sorted((idle | used).items())]


def tell_of_usage(uow: UnitOfWork, day: date) -> None:
    """Tell administrators which budget has reached a level, once for each level, month and person."""
    for usage in usage_of(uow, day):
        budget = uow.playbook.monthly.get(usage.channel, MonthlyBudget())
        for what, used, allowed in (("calls", usage.calls, budget.calls), ("pushes", usage.pushes, budget.pushes)):
            level = next((level for level in LEVELS if allowed and used * 100 >= allowed * level), 0)
            if level:
                _tell(uow, usage.channel, what, used, allowed, level, day)


def _tell(uow: UnitOfWork, channel: str, what: str, used: int, allowed: int, level: int, day: date) -> None:
    about = f"usage:{channel}:{what}:{day:%Y-%m}:{level}"
    for member in administrators(uow):
        uow.tell(
            UsageHigh(
                to=member.id,
                channel=channel,
                what=what,
                used=used,
                allowed=allowed,
                level=level,
                month=day.replace(day=1),
                once=f"{about}:{member.id}",
            )
        )
