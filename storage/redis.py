"""Redis: tokens, locks, budgets and wake-ups shared by many machines. It makes us faster, it makes nothing true."""

from datetime import timedelta
from types import TracebackType
from typing import Self

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import Redis
from redis.exceptions import LockError
from redis.lock import Lock

from storage.seal import Seal

PREFIX = "liaodan:"
WAKE = PREFIX + "wake"

_DROP_IF_SAME = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"


class RedisTokens:
    """Access tokens, sealed; see `bot.channels.base.Tokens`."""

    def __init__(self, redis: "Redis", seal: Seal) -> None:
        self._redis, self._seal = redis, seal

    def get(self, name: str) -> str | None:
        value = self._redis.get(f"{PREFIX}token:{name}")
        return self._seal.open(value.decode()) if isinstance(value, bytes) else None

    def put(self, name: str, token: str, lives: timedelta) -> None:
        self._redis.set(f"{PREFIX}token:{name}", self._seal.close(token), ex=lives)

    def drop(self, name: str, token: str) -> None:
        value = self._redis.get(f"{PREFIX}token:{name}")
        if isinstance(value, bytes) and self._seal.open(value.decode()) == token:
            self._redis.eval(_DROP_IF_SAME, 1, f"{PREFIX}token:{name}", value)


class RedisLocks:
    """Locks; see `bot.channels.base.Locks`."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def hold(self, name: str, *, lives: timedelta, wait: timedelta) -> "RedisHold":
        lock = self._redis.lock(
            f"{PREFIX}lock:{name}",
            timeout=lives.total_seconds(),
            blocking_timeout=wait.total_seconds(),
            thread_local=False,
        )
        return RedisHold(lock, lives)


class RedisHold:
    """See `bot.channels.base.Hold`."""

    def __init__(self, lock: Lock, lives: timedelta) -> None:
        self._lock, self._lives = lock, lives
        self.acquired = False

    def __enter__(self) -> Self:
        self.acquired = bool(self._lock.acquire())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.acquired:
            try:
                self._lock.release()
            except LockError:  # it outlived its life and is somebody else's now
                self.acquired = False

    def extend(self) -> bool:
        """Take the lock if it is free, or prolong it if it is ours."""
        try:
            if self._lock.owned():
                return bool(self._lock.extend(self._lives.total_seconds(), replace_ttl=True))
            return bool(self._lock.acquire(blocking=False))
        except LockError:
            return False


class RedisBudgets:
    """Moving windows per person; see `storage.shared.OutboxBudgets`."""

    def __init__(self, url: str, per_minute: int, per_hour: int) -> None:
        self._limiter = MovingWindowRateLimiter(RedisStorage(url, key_prefix=PREFIX + "budget"))
        self._items = (RateLimitItemPerMinute(per_minute), RateLimitItemPerHour(per_hour))

    def left(self, channel: str, user_id: str) -> int:
        """Return how many messages may leave now, over the last minute and the last hour."""
        return int(min(self._limiter.get_window_stats(item, channel, user_id).remaining for item in self._items))

    def spend(self, channel: str, user_id: str, parts: int) -> None:
        """Count messages."""
        for item in self._items:
            self._limiter.hit(item, channel, user_id, cost=parts)


class RedisWake:
    """Tells waiting workers that rows have come; a lost call costs a second, because they also look by themselves."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    def call(self) -> None:
        with self._redis.pipeline(transaction=False) as pipe:
            pipe.lpush(WAKE, b"1")
            pipe.ltrim(WAKE, 0, 15)
            pipe.expire(WAKE, 5)
            pipe.execute()

    def wait(self, timeout: float) -> None:
        self._redis.brpop([WAKE], timeout=timeout)
