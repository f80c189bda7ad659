"""How much was used: calls and pushes by the month, calls of one API by the second."""

import time
from collections import defaultdict, deque
from datetime import timedelta, timezone

from emulator.clock import Clock
from emulator.dingtalk.errors import Trouble
from emulator.dingtalk.settings import Switches
from emulator.store import Json, Store

CHINA = timezone(timedelta(hours=8))


class Counters:
    """Counts always, refuses when the tenant's limits are switched on."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._months = store.shelf("months")
        self._clock = clock
        self.tick = time.monotonic  # what a second is; a test may bring its own
        self._recent: dict[str, deque[float]] = defaultdict(deque)

    def call(self, api: str, switches: Switches) -> None:
        """Count one API call; Trouble qps or quota, which are not counted."""
        recent, now = self._recent[api], self.tick()
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if switches.qps_per_api and len(recent) >= switches.qps_per_api:
            raise Trouble("qps")
        if switches.quota and self.this_month()["calls"] >= switches.api_per_month:
            raise Trouble("quota")
        recent.append(now)
        self._count("calls")

    def push(self, switches: Switches) -> bool:
        """Count one push; False when the month has none left."""
        if switches.quota and self.this_month()["pushes"] >= switches.pushes_per_month:
            return False
        self._count("pushes")
        return True

    def this_month(self) -> Json:
        """Return calls and pushes of the month that the platform's clock shows."""
        return {"month": self._month(), "calls": 0, "pushes": 0, **self._months.get(self._month(), {})}

    def clear(self) -> None:
        """Begin at zero."""
        self._months.clear()
        self._recent.clear()

    def _count(self, name: str) -> None:
        used = self.this_month()
        self._months.put(self._month(), {**used, name: used[name] + 1})

    def _month(self) -> str:
        return self._clock.now().astimezone(CHINA).strftime("%Y-%m")
