"""The clock process: it leads as soon as it can, and one sweep every second does what is due, daily jobs included."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scheduler import main
from scheduler.main import Clock
from tests.world import World


def until(true: Callable[[], bool], seconds: float = 15) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)


def test_a_database_that_is_locked_when_the_clock_starts_does_not_keep_it_from_leading(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "RENEW_S", 0.05)
    locks, tries, passes = world.program.locks, [0], [0]

    class Stubborn:
        def hold(self, name: str, *, lives: timedelta, wait: timedelta) -> Any:
            tries[0] += 1
            if tries[0] == 1:
                raise RuntimeError("database is locked")
            return locks.hold(name, lives=lives, wait=wait)

    world.program.__dict__["locks"] = Stubborn()

    def count() -> None:
        passes[0] += 1

    clock = Clock(world.program, count)
    clock.start()
    try:
        until(lambda: passes[0] > 0)
    finally:
        clock.stop()


def test_the_sweep_alone_drives_everything_that_is_due(world: World) -> None:
    clock = Clock(world.program)
    assert [job.id for job in clock._scheduler.get_jobs()] == ["sweep"]
