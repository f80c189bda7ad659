"""One growing version number: whoever watches the phones waits for it to move."""

import secrets
import threading
import time


class Feed:
    """Counts changes and wakes those who wait for the next one."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._version = 0
        self._closed = False
        self.epoch = secrets.token_hex(4)

    @property
    def version(self) -> int:
        """The number of the latest change."""
        return self._version

    def bump(self) -> int:
        """Count one change and return its number."""
        with self._condition:
            self._version += 1
            self._condition.notify_all()
            return self._version

    def restart(self) -> None:
        """Begin a new epoch: watchers throw away what they show and read everything anew."""
        self.epoch = secrets.token_hex(4)
        self.bump()

    def wait(self, since: int, timeout_s: float) -> int:
        """Return as soon as the version is above `since`, or after `timeout_s` real seconds."""
        until = time.monotonic() + timeout_s
        with self._condition:
            while self._version <= since and not self._closed:
                left = until - time.monotonic()
                if left <= 0:
                    break
                self._condition.wait(left)
            return self._version

    def close(self) -> None:
        """Let everybody who waits go home at once."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()
