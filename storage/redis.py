"""Redis: tokens, locks, budgets and wake-ups shared by many machines. It makes us faster, it makes nothing true.

Each port has a twin over the database (`storage.shared`); while Redis is out of reach the twin does the work, slower.
"""

import logging
import time
from datetime import timedelta
from types import TracebackType
from typing import Self

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import LockError, RedisError
from redis.lock import Lock
from redis.retry import Retry

from storage.seal import Seal
from storage.shared import OutboxBudgets, SharedHold, SharedLocks, SharedTokens

log = logging.getLogger(__name__)

PREFIX = "liaodan:"
WAKE = PREFIX + "wake"

_DROP_IF_SAME = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"


def open_redis(url: str) -> Redis:
    """Return Redis at `url`; it is connected to when it is first asked.

    A connection that was lost is made anew once. The client's own ten tries with pauses between them would let every
    callback wait for seconds while Redis is down, and the database can do the work at once.
    """
    return Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 1))


class RedisTokens:
    """Access tokens, sealed; see `bot.channels.base.Tokens`."""

    def __init__(self, redis: Redis, seal: Seal, twin: SharedTokens) -> None:
        self._redis, self._seal, self._twin = redis, seal, twin

    def get(self, name: str) -> str | None:
        try:
            value = self._redis.get(f"{PREFIX}token:{name}")
        except RedisError as error:
            _missing(error)
            return self._twin.get(name)
        return self._seal.open(value.decode()) if isinstance(value, bytes) else None

    def put(self, name: str, token: str, lives: timedelta) -> None:
        try:
            self._redis.set(f"{PREFIX}token:{name}", self._seal.close(token), ex=lives)
        except RedisError as error:
            _missing(error)
            self._twin.put(name, token, lives)

    def drop(self, name: str, token: str) -> None:
        self._twin.drop(name, token)
        try:
            value = self._redis.get(f"{PREFIX}token:{name}")
            if isinstance(value, bytes) and self._seal.open(value.decode()) == token:
                self._redis.eval(_DROP_IF_SAME, 1, f"{PREFIX}token:{name}", value)
        except RedisError as error:
            _missing(error)


class RedisLocks:
    """Locks; see `bot.channels.base.Locks`."""

    def __init__(self, redis: Redis, twin: SharedLocks) -> None:
        self._redis, self._twin = redis, twin

    def hold(self, name: str, *, lives: timedelta, wait: timedelta) -> "RedisHold":
        lock = self._redis.lock(
            f"{PREFIX}lock:{name}",
            timeout=lives.total_seconds(),
            blocking_timeout=wait.total_seconds(),
            thread_local=False,
        )
        return RedisHold(lock, lives, self._twin.hold(name, lives=lives, wait=wait))


class RedisHold:
    """See `bot.channels.base.Hold`. Whoever works under a lock also bears that two hold it for a moment."""

    def __init__(self, lock: Lock, lives: timedelta, twin: SharedHold) -> None:
        self._lock, self._lives, self._twin = lock, lives, twin
        self.acquired = False

    def __enter__(self) -> Self:
        try:
            self.acquired = bool(self._lock.acquire())
        except RedisError as error:
            _missing(error)
            self.acquired = self._twin.__enter__().acquired
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._twin.acquired:
            self._twin.__exit__(kind, error, trace)
        try:
            if self._lock.local.token is not None:
                self._lock.release()
        except RedisError:  # it outlived its life and is somebody else's now, or Redis is gone
            self.acquired = False

    def extend(self) -> bool:
        """Take the lock if it is free, or prolong it if it is ours."""
        try:
            if self._lock.owned():
                return bool(self._lock.extend(self._lives.total_seconds(), replace_ttl=True))
            return bool(self._lock.acquire(blocking=False))
        except LockError:
            return False
        except RedisError as error:
            _missing(error)
            return self._twin.extend()


class RedisBudgets:
    """Moving windows per person; see `storage.shared.OutboxBudgets`, which counts what was sent while Redis is gone."""

    def __init__(self, redis: Redis, per_minute: int, per_hour: int, twin: OutboxBudgets) -> None:
        storage = RedisStorage("redis://", connection_pool=redis.connection_pool, key_prefix=PREFIX + "budget")
        self._limiter, self._twin = MovingWindowRateLimiter(storage), twin
        self._items = (RateLimitItemPerMinute(per_minute), RateLimitItemPerHour(per_hour))

    def left(self, channel: str, user_id: str) -> int:
        """Return how many messages may leave now, over the last minute and the last hour."""
        try:
            return int(min(self._limiter.get_window_stats(item, channel, user_id).remaining for item in self._items))
        except RedisError as error:
            _missing(error)
            return self._twin.left(channel, user_id)

    def spend(self, channel: str, user_id: str, parts: int) -> None:
        """Count messages."""
        try:
            for item in self._items:
                for _ in range(parts):  # a hit that does not fit counts nothing, so what fits must be hit by itself
                    self._limiter.hit(item, channel, user_id)
        except RedisError as error:
            _missing(error)


class RedisNotes:
    """Keys on their way to whichever process takes them; what was lost on the way is forgotten after `LIVES`."""

    LIVES = timedelta(seconds=6)

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def add(self, kind: str, key: tuple[str, ...]) -> bool:
        """Note a key; False when it is noted already. Raises RedisError."""
        return bool(self._redis.set(_note(kind, key), b"1", nx=True, ex=self.LIVES))

    def drop(self, kind: str, key: tuple[str, ...]) -> None:
        """Forget a key: it was taken."""
        try:
            self._redis.delete(_note(kind, key))
        except RedisError as error:
            _missing(error)


def _note(kind: str, key: tuple[str, ...]) -> str:
    return ":".join((f"{PREFIX}sent", kind, *key))


class RedisWake:
    """Tells waiting workers that rows have come; a lost call costs a moment, because they also look by themselves."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def call(self) -> None:
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                pipe.lpush(WAKE, b"1")
                pipe.ltrim(WAKE, 0, 15)
                pipe.expire(WAKE, 5)
                pipe.execute()
        except RedisError as error:
            _missing(error)

    def wait(self, timeout: float) -> None:
        try:
            self._redis.brpop([WAKE], timeout=timeout)
        except RedisError as error:
            _missing(error)
            time.sleep(timeout)


def _missing(error: RedisError) -> None:
    log.warning("Redis is out of reach, the database does its work: %s", type(error).__name__)
