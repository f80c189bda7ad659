"""Word to another system of the company when something was decided: one address, signed as Standard Webhooks has it.

https://www.standardwebhooks.com: the id, the second and the body are signed with HMAC-SHA256 under a shared secret.
"""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import timedelta

import httpx2

from core.errors import DeliveryFailed

SECONDS = 10.0
PREFIX = "whsec_"
LEAST_SECRET, MOST_SECRET = 24, 64
GONE = 410
BUSY = 429
ACCEPTED, REDIRECTS, CLIENT_FAULTS, SERVER_FAULTS = 200, 300, 400, 500


class Webhook:
    """Posts to one address of the operator's. No redirect is followed, no proxy is used, no answer is read.

    A secret is `whsec_` and 24 to 64 bytes in base64; anything else is a ValueError.
    """

    def __init__(
        self, url: str, secret: str, *, seconds: float = SECONDS, clock: Callable[[], float] = time.time
    ) -> None:
        self._url, self._key, self._clock = url, secret_key(secret), clock
        self._client = httpx2.Client(follow_redirects=False, trust_env=False, timeout=seconds)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def post(self, message_id: str, body: bytes) -> None:
        """Tell it once; the same `message_id` again is a repetition to whoever receives. Raises DeliveryFailed."""
        second = str(int(self._clock()))
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": second,
            "webhook-signature": signature(self._key, message_id, second, body),
        }
        try:
            answer = self._client.post(self._url, content=body, headers=headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            raise DeliveryFailed("webhook：连不上接收地址", temporary=True) from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as problem:
            raise DeliveryFailed(f"webhook：没有应答（{type(problem).__name__}）", temporary=True) from None
        _judge(answer)


def secret_key(secret: str) -> bytes:
    """Return the bytes that a secret stands for; ValueError unless it is one."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else b""
    except (binascii.Error, ValueError):
        key = b""
    if not LEAST_SECRET <= len(key) <= MOST_SECRET:
        raise ValueError("a webhook secret is whsec_ followed by 24 to 64 bytes in base64")
    return key


def signature(key: bytes, message_id: str, second: str, body: bytes) -> str:
    """Return the signature of one message, with its version."""
    digest = hmac.new(key, b".".join((message_id.encode(), second.encode(), body)), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def _judge(answer: httpx2.Response) -> None:
    """Raise DeliveryFailed unless it was taken; only what may pass is worth another try."""
    status = answer.status_code
    if ACCEPTED <= status < REDIRECTS:
        return
    wait = answer.headers.get("retry-after", "")
    later = timedelta(seconds=int(wait)) if wait.isascii() and wait.isdigit() and len(wait) < 6 else None  # noqa: PLR2004 - a day has five digits
    if status == GONE:
        raise DeliveryFailed("webhook：接收地址说不再接收", code=status)
    raise DeliveryFailed(f"webhook：接收地址答 {status}", temporary=True, retry_after=later, code=status)
