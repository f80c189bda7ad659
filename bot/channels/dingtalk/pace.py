"""How fast we call: below the platform's limit for each API, and slower still where it says so.

A free tenant has 20 calls a second for each app and API: https://open.dingtalk.com/document/orgapp/call-frequency-limit
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

RATE, BURST = 15.0, 4.0
"""Calls a second for one API, and how many of them at once: in no second more than 19."""
SLOWEST = 1.0
RECOVERY = 0.2  # how much faster each second makes us again


@dataclass
class _Lane:
    at: float
    rate: float = RATE
    tokens: float = BURST


class Pace:
    """Token buckets by API, shared by the threads of one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._lock = Lock()

    def delay(self, api: str, longest: float) -> float | None:
        """Take a place and return after how many seconds it is ours; None, and no place, when that is `longest`."""
        with self._lock:
            lane = self._lane(api)
            wait = max(0.0, (1 - lane.tokens) / lane.rate)
            if wait > longest:
                return None
            lane.tokens -= 1
            return wait

    def slower(self, api: str) -> None:
        """Halve the speed of `api` and pause it for a second."""
        with self._lock:
            lane = self._lane(api)
            lane.rate = max(SLOWEST, lane.rate / 2)
            lane.tokens = min(lane.tokens, 1 - lane.rate)

    def _lane(self, api: str) -> _Lane:
        now = self._clock()
        lane = self._lanes.setdefault(api, _Lane(at=now))
        passed, lane.at = now - lane.at, now
        lane.tokens = min(BURST, lane.tokens + passed * lane.rate)
        lane.rate = min(RATE, lane.rate + passed * RECOVERY)
        return lane
