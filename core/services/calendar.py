"""Days on which people work or not, as an administrator says; running clocks follow."""

from collections.abc import Mapping
from datetime import date, timedelta

from core.errors import BadInput
from core.model.job import Job
from core.ports import UnitOfWork
from core.services.playbook.applying import RECALCULATE, require_administrator

MOST = 60
LEARNT_AFTER = timedelta(seconds=90)
"""By then every process has read the days anew."""


def set_days(uow: UnitOfWork, days: Mapping[date, bool], note: str) -> None:
    """Note which days are workdays, and let running clocks be calculated anew once everybody knows."""
    require_administrator(uow)
    if not 0 < len(days) <= MOST:
        raise BadInput(f"一次可以登记 1 到 {MOST} 天，请分几次说")
    for day, is_workday in days.items():
        uow.days.correct(day, is_workday=is_workday, note=note[:80])
    uow.does("calendar.set")
    uow.jobs.add(Job(kind=RECALCULATE, content={"after": 0}, created_at=uow.now, not_before=uow.now + LEARNT_AFTER))
