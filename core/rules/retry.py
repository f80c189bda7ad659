"""When to try again: pauses that never shrink, with jitter, and the moment to give up."""

from datetime import timedelta

EVENT_ATTEMPTS = 5
DELIVERY_ATTEMPTS = 12
OVERTAKEN_AFTER = 3
"""So often a message may fail and still hold back the person's later ones; then it steps aside for its pause."""
LONG_PAUSE = timedelta(minutes=30)
EVENT_PAUSES = (0.3, 1.0, 4.0, 15.0)
DELIVERY_PAUSES = (1.0, 4.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 14400.0)


def event_pause(attempts: int, jitter: float) -> timedelta | None:
    """Return the pause after the n-th failed attempt to handle an event, or None when it is to be set aside."""
    return _pause(EVENT_PAUSES, attempts, jitter) if attempts < EVENT_ATTEMPTS else None


def delivery_pause(attempts: int, jitter: float, asked: timedelta | None = None) -> timedelta | None:
    """Return the pause after the n-th failed delivery, at least what the platform `asked` for; None gives up."""
    if attempts >= DELIVERY_ATTEMPTS:
        return None
    pause = _pause(DELIVERY_PAUSES, attempts, jitter)
    return max(pause, asked) if asked is not None else pause


def failed_attempts(attempts: int, asked: timedelta | None) -> int:
    """Count one more failed delivery; one that is asked to wait long steps aside for the later ones at once."""
    return max(attempts + 1, OVERTAKEN_AFTER if waits_long(asked) else 0)


def waits_long(asked: timedelta | None) -> bool:
    """Say whether the platform asks us to hold a message so long that it should go another way if it can."""
    return asked is not None and asked > LONG_PAUSE


def _pause(pauses: tuple[float, ...], attempts: int, jitter: float) -> timedelta:
    """Stretch the pause by up to a quarter; `jitter` lies in 0 … 1."""
    return timedelta(seconds=pauses[min(max(attempts, 1), len(pauses)) - 1] * (1 + jitter / 4))
