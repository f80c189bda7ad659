"""The record of all traffic: calls the service made, and deliveries the platform tried."""

import itertools
import threading
from collections import deque
from typing import Any

from emulator.store import Json


class Journal:
    """Keeps the latest `size` entries of one kind, numbered from 1; any thread may write."""

    def __init__(self, size: int = 2000) -> None:
        self._entries: deque[Json] = deque(maxlen=size)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self.last = 0

    def add(self, **fields: Any) -> Json:
        """Record an entry and return it; its owner may complete it later through `update`."""
        with self._lock:
            self.last = next(self._numbers)
            entry: Json = {"id": self.last, **fields}
            self._entries.append(entry)
            return entry

    def since(self, number: int = 0, limit: int = 2000) -> list[Json]:
        """Return copies of the latest `limit` entries numbered above `number`, oldest first."""
        with self._lock:
            chosen = [dict(entry) for entry in self._entries if entry["id"] > number]
        return chosen[-limit:]

    def clear(self) -> None:
        """Forget the entries; numbers go on."""
        with self._lock:
            self._entries.clear()
