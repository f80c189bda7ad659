"""One request to the service: sealed, sent within a deadline, recorded."""

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator import xml
from emulator.outgoing import Answer, Outgoing
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What goes over the line, and what it says in plain."""

    query: dict[str, str]
    body: bytes
    plain: str
    content_type: str = "text/xml"


class Post:
    """Seals, sends and records."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._line = Outgoing("Mozilla/4.0")

    def open(self) -> None:
        """Allow sending."""
        self._line.open()

    def close(self) -> None:
        """Close the connections and send nothing more."""
        self._line.close()

    def envelope(self, plain: str) -> Sent:
        """Seal an event with the machine's time, a fresh nonce and fresh random bytes."""
        return self.wrap(self._platform.crypto.seal(plain.encode()), plain)

    def wrap(self, sealed: str, plain: str, *, timestamp: int | None = None) -> Sent:
        """Sign a ciphertext and put it into the outer XML."""
        stamp = str(int(self._platform.clock.real().timestamp()) if timestamp is None else timestamp)
        nonce = str(secrets.randbelow(2**31))
        settings = self._platform.settings
        outer = {"ToUserName": settings.corp_id, "AgentID": str(settings.agent_id), "Encrypt": sealed}
        signature = self._platform.crypto.sign(stamp, nonce, sealed)
        query = {"msg_signature": signature, "timestamp": stamp, "nonce": nonce}
        return Sent(query=query, body=xml.document(outer).encode(), plain=plain)

    def send(self, sent: Sent, limit_s: float, *, method: str = "POST", url: str | None = None) -> Answer:
        """Send and read the whole answer within `limit_s` real seconds; never raises."""
        headers = {"Content-Type": sent.content_type}
        address = url or self._platform.callbacks.url
        return self._line.send(method, address, body=sent.body, headers=headers, limit_s=limit_s, query=sent.query)

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
