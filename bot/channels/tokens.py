"""One access token for all processes: fetched by whoever comes first, early, and forgotten by whoever it fails."""

from collections.abc import Callable
from datetime import timedelta

from bot.channels.base import Locks, Tokens
from core.errors import DeliveryFailed

MARGIN = timedelta(minutes=5)
SHORTEST = timedelta(minutes=1)
REFRESH_LIVES, REFRESH_WAIT = timedelta(seconds=30), timedelta(seconds=15)
BUSY_PAUSE = timedelta(seconds=5)


class SharedToken:
    """The token of one secret. `fetch` asks the platform, and returns the token and the seconds it lives."""

    def __init__(self, name: str, tokens: Tokens, locks: Locks, fetch: Callable[[], tuple[str, object]]) -> None:
        self._name, self._tokens, self._locks, self._fetch = name, tokens, locks, fetch

    def get(self) -> str:
        """Return the token, fetched when there is none: by one of us, while the others wait for it."""
        if token := self._tokens.get(self._name):
            return token
        with self._locks.hold(f"{self._name}:refresh", lives=REFRESH_LIVES, wait=REFRESH_WAIT) as hold:
            if token := self._tokens.get(self._name):
                return token
            if not hold.acquired:
                raise DeliveryFailed("另一个进程正在取令牌", temporary=True, retry_after=BUSY_PAUSE)
            token, seconds = self._fetch()
            lives = timedelta(seconds=seconds) - MARGIN if isinstance(seconds, int) else SHORTEST
            self._tokens.put(self._name, token, max(lives, SHORTEST))
            return token

    def drop(self, token: str) -> None:
        """Forget `token` if nobody has fetched a newer one."""
        self._tokens.drop(self._name, token)
