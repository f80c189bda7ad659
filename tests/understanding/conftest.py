"""What every test of the readers shares: the fixture's now and China's calendar."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.times import TimeSpan, find_times
from connectors.workdays import ChinaWorkdays

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="session")
def now() -> datetime:
    """The Thursday on which the phrases of the product's examples are said."""
    return datetime(2026, 3, 5, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="session")
def workdays() -> ChinaWorkdays:
    return ChinaWorkdays()


@pytest.fixture(scope="session")
def times(now: datetime, workdays: ChinaWorkdays) -> Callable[..., list[TimeSpan]]:
    """Read times at the fixture's now, or at another one."""

    def read(text: str, at: datetime = now, **options: str) -> list[TimeSpan]:
        return find_times(text, at, workdays=workdays, **options)

    return read


@pytest.fixture(scope="session")
def told(times: Callable[..., list[TimeSpan]]) -> Callable[..., list[str]]:
    """Read times and tell each in one line, the way the tables of these tests write them."""
    return lambda text, *at, **options: [tell(span) for span in times(text, *at, **options)]


def tell(span: TimeSpan) -> str:
    """Write `kind days [clock]`: day 03-05, range 03-09..03-15, moment 03-11 15:00, deadline ..03-06 18:00."""
    year = "" if span.from_.year == span.to.year == 2026 else f"{span.to.year}-"
    days = f"{year}{span.to:%m-%d}"
    if span.kind == "range" and span.from_ != span.to:
        days = f"{span.from_:%Y-%m-%d}..{span.to:%Y-%m-%d}" if year else f"{span.from_:%m-%d}..{days}"
    elif span.kind == "deadline":
        days = f"..{days}"
    every = f" every {span.every}" if span.every else ""
    clock = f" {span.at:%H:%M}" if span.at else f" ({span.hour} h)" if span.hour is not None else ""
    return f"{span.kind}{every} {days}{clock}{f'-{span.until:%H:%M}' if span.until else ''}"
