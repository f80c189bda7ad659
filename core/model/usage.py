"""How much of what a platform allows by the month is used."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MonthlyBudget:
    """What a company may call and be pushed in a month; 0 means as much as it likes."""

    calls: int = 0
    pushes: int = 0


@dataclass(frozen=True, kw_only=True)
class ChannelUsage:
    """What one channel has used of a month: our calls of its API, and what it pushed to us."""

    channel: str
    calls: int = 0
    pushes: int = 0
