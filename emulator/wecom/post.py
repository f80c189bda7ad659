"""One request to the service: sealed, sent within a deadline, recorded."""

import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2

from emulator import xml
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

LARGEST_ANSWER = 2**20


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What goes over the line, and what it says in plain."""

    query: dict[str, str]
    body: bytes
    plain: str
    content_type: str = "text/xml"


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


class Post:
    """Seals and sends; one connection pool for http, one for https."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
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

    def envelope(self, plain: str) -> Sent:
        """Seal an event with the present time, a fresh nonce and fresh random bytes."""
        return self.wrap(self._platform.crypto.seal(plain.encode()), plain)

    def wrap(self, sealed: str, plain: str, *, timestamp: int | None = None) -> Sent:
        """Sign a ciphertext and put it into the outer XML."""
        stamp = str(self._platform.clock.timestamp() if timestamp is None else timestamp)
        nonce = str(secrets.randbelow(2**31))
        settings = self._platform.settings
        outer = {"ToUserName": settings.corp_id, "AgentID": str(settings.agent_id), "Encrypt": sealed}
        signature = self._platform.crypto.sign(stamp, nonce, sealed)
        query = {"msg_signature": signature, "timestamp": stamp, "nonce": nonce}
        return Sent(query=query, body=xml.document(outer).encode(), plain=plain)

    def send(self, sent: Sent, limit_s: float, *, method: str = "POST", url: str | None = None) -> Answer:
        """Send and read the whole answer within `limit_s` real seconds; never raises."""
        started = time.perf_counter()
        try:
            status, body = self._exchange(sent, limit_s, method, url or self._platform.callbacks.url)
        except (httpx2.TimeoutException, TimeoutError):
            return Answer(status=None, reason="超时", ms=_since(started))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            reason = "连接不上" if isinstance(error, httpx2.ConnectError | httpx2.InvalidURL) else "连接中断"
            return Answer(status=None, reason=reason, ms=_since(started))
        reason = "" if status == 200 else str(status)  # noqa: PLR2004 - HTTP's own number
        return Answer(status=status, body=body, reason=reason, ms=_since(started))

    def record(
        self,
        event_id: int,
        plain: str,
        sent: Sent,
        answer: Answer,
        *,
        attempt: int,
        outcome: str,
        note: str = "",
        reply: Json | None = None,
    ) -> None:
        """Write one try into the journal of deliveries."""
        self._platform.deliveries.add(
            event_id=event_id,
            attempt=attempt,
            at=self._platform.clock.now().isoformat(),
            url=self._platform.callbacks.url,
            query=sent.query,
            body=sent.body[:4096].decode("utf-8", "replace"),
            plaintext=plain,
            status=answer.status,
            ms=answer.ms,
            outcome=outcome,
            note=note,
            answer=answer.body[:4096].decode("utf-8", "replace"),
            reply=reply,
        )
        self._platform.feed.bump()

    def _exchange(self, sent: Sent, limit_s: float, method: str, url: str) -> tuple[int, bytes]:
        until, body = time.monotonic() + limit_s, b""
        arguments = {"params": sent.query, "timeout": limit_s, "headers": {"Content-Type": sent.content_type}}
        with self._client(url).stream(method, url, content=sent.body or None, **arguments) as response:  # type: ignore[arg-type]
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
                raise OSError("the callback sender is not running")
            if scheme not in self._clients:
                limits = httpx2.Limits(max_connections=128, max_keepalive_connections=32, keepalive_expiry=2.0)
                agent = {"User-Agent": "Mozilla/4.0"}
                secure = scheme == "https"
                self._clients[scheme] = httpx2.Client(trust_env=False, verify=secure, limits=limits, headers=agent)
            return self._clients[scheme]


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)
