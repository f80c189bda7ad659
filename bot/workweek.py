"""The work calendar as the reader of times asks for it, where no list of festivals is at hand."""

from dataclasses import dataclass
from datetime import date

from core.calendar import WorkCalendar


@dataclass(frozen=True)
class WorkWeek:
    """Workdays by the company's calendar; no festival is looked up here."""

    calendar: WorkCalendar

    def is_workday(self, day: date) -> bool:
        return self.calendar.is_workday(day)

    def holiday(self, name: str, year: int) -> date | None:
        """No festival is looked up here."""
        return None
