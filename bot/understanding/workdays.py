"""What the reader of times asks of a work calendar; `connectors.workdays` answers it for China."""

from datetime import date
from typing import Protocol


class Workdays(Protocol):
    """A work calendar."""

    def is_workday(self, day: date) -> bool:
        """Say whether people work on `day`."""

    def holiday(self, name: str, year: int) -> date | None:
        """Find the day of 元旦, 春节, 清明, 劳动节, 端午, 中秋 or 国庆 in `year`, not the first day off around it."""
