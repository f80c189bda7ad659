"""The platform's clock: real time plus an offset one can move forward, never back."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """Return the machine's time, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Time as the emulated platform sees it; tokens, codes and media age by it."""

    def __init__(self, offset: timedelta = timedelta(0), *, source: Callable[[], datetime] = real_now) -> None:
        """`source` gives real time; a test may pass its own, which then stands still between moves."""
        self._source = source
        self._offset = offset
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of real time."""
        return self._offset

    def now(self) -> datetime:
        """Return the present as an aware UTC instant."""
        return self._source() + self._offset

    def timestamp(self) -> int:
        """Return the present in whole unix seconds, as callbacks carry it."""
        return int(self.now().timestamp())

    def real(self) -> datetime:
        """Return the machine's time, by which requests are signed: a move changes what happens, not the wire."""
        return self._source()

    def advance(self, by: timedelta) -> datetime:
        """Move forward and tell the listeners; a negative move raises ValueError."""
        if by < timedelta(0):
            raise ValueError("the clock only moves forward")
        return self.set_offset(self._offset + by)

    def set_offset(self, offset: timedelta) -> datetime:
        """Put the clock at `offset` from real time, as a restart or a reset does, and tell the listeners."""
        with self._lock:
            self._offset = offset
        for listener in list(self._listeners):
            listener()
        return self.now()

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each move, in the thread that moved the clock."""
        self._listeners.append(listener)
