"""Requests to the service: sent within a deadline, whatever happens told as an answer."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

LARGEST_ANSWER = 2**20
OK = 200


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: status None when nothing did, then `reason` says why."""

    status: int | None
    body: bytes = b""
    reason: str = ""
    ms: float = 0.0

    @property
    def timed_out(self) -> bool:
        """Whether the deadline passed."""
        return self.reason == "超时"


class Outgoing:
    """Sends over one connection pool for http and one for https; between `open` and `close` only."""

    def __init__(self, agent: str) -> None:
        """`agent` is how the platform calls itself in User-Agent."""
        self._agent = agent
        self._clients: dict[str, httpx2.Client] = {}
        self._lock = threading.Lock()
        self._open = False

    def open(self) -> None:
        """Allow sending."""
        self._open = True

    def close(self) -> None:
        """Close the connections and send nothing more."""
        with self._lock:
            self._open = False
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def send(
        self,
        method: str,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str],
        limit_s: float,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send and read the whole answer within `limit_s` real seconds; never raises."""
        started = time.perf_counter()
        try:
            status, answer = self._exchange(method, url, body, headers, limit_s, query)
        except (httpx2.TimeoutException, TimeoutError):
            return Answer(status=None, reason="超时", ms=_since(started))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            reason = "连接不上" if isinstance(error, httpx2.ConnectError | httpx2.InvalidURL) else "连接中断"
            return Answer(status=None, reason=reason, ms=_since(started))
        return Answer(status=status, body=answer, reason="" if status == OK else str(status), ms=_since(started))

    def _exchange(
        self,
        method: str,
        url: str,
        content: bytes,
        headers: Mapping[str, str],
        limit_s: float,
        query: Mapping[str, str] | None,
    ) -> tuple[int, bytes]:
        until, body = time.monotonic() + limit_s, b""
        asking = self._client(url).stream(
            method, url, content=content or None, headers=dict(headers), params=dict(query or {}), timeout=limit_s
        )
        with asking as response:
            for chunk in response.iter_bytes():
                body += chunk
                if time.monotonic() > until:
                    raise TimeoutError
                if len(body) > LARGEST_ANSWER:
                    raise OSError("answer too large")
            return response.status_code, body

    def _client(self, url: str) -> httpx2.Client:
        """Return the pool for this address; reading certificates takes 50 ms, so only https waits for it."""
        scheme = url.partition(":")[0]
        with self._lock:
            if not self._open:
                raise OSError("the sender is not running")
            if scheme not in self._clients:
                limits = httpx2.Limits(max_connections=128, max_keepalive_connections=32, keepalive_expiry=2.0)
                agent, secure = {"User-Agent": self._agent}, scheme == "https"
                self._clients[scheme] = httpx2.Client(trust_env=False, verify=secure, limits=limits, headers=agent)
            return self._clients[scheme]


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
