"""How often is too often: fixed windows on the virtual clock (§4.1)."""

from collections import Counter, deque
from datetime import datetime, timedelta
from itertools import takewhile

from emulator.clock import Clock
from emulator.wecom.errors import ApiError

API_PER_MINUTE, API_PER_HOUR = 10_000, 150_000
WEBHOOK_PER_MINUTE = 20
FAILED_LOGINS_PER_HOUR = 2_000
MINUTE, HOUR, DAY = 60, 3600, 86400
BUSINESS_ZONE_S = 8 * HOUR  # days begin at midnight in China
UNCOUNTED = frozenset({"message/send"})


class Limits:
    """Counts calls per API, person-times per day and messages per member."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: Counter[tuple[str, int, int]] = Counter()
        self._members: dict[str, deque[datetime]] = {}

    def call(self, api: str) -> None:
        """Count one call; 45009 when its minute or hour is full."""
        if api in UNCOUNTED:
            return
        self.count(f"api:{api}", MINUTE, API_PER_MINUTE)
        self.count(f"api:{api}", HOUR, API_PER_HOUR)

    def count(self, what: str, window_s: int, most: int, by: int = 1) -> None:
        """Add `by` to the current window of `what`; raises 45009, and counts nothing, when that exceeds `most`."""
        number = (self._clock.timestamp() + BUSINESS_ZONE_S) // window_s
        key = (what, window_s, number)
        if self._windows[key] + by > most:
            raise ApiError(45009)
        if self._windows[key] == 0:
            self._forget_before(what, window_s, number)
        self._windows[key] += by

    def may_reach(self, userid: str, per_minute: int, per_hour: int) -> bool:
        """Say whether one more message may reach this member now, and count it when it may."""
        now = self._clock.now()
        sent = self._members.setdefault(userid, deque())
        while sent and sent[0] <= now - timedelta(hours=1):
            sent.popleft()
        last_minute = sum(1 for _ in takewhile(lambda at: at > now - timedelta(minutes=1), reversed(sent)))
        if len(sent) >= per_hour or last_minute >= per_minute:
            return False
        sent.append(now)
        return True

    def _forget_before(self, what: str, window_s: int, number: int) -> None:
        old = [key for key in self._windows if key[0] == what and key[1] == window_s and key[2] < number]
        for key in old:
            del self._windows[key]
