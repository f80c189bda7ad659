"""How DingTalk proves itself: a sign for robot messages, another for card callbacks, a sealed envelope for events.

The two signs cover a time and no body. What counts against replays is therefore the event's key.
"""

import hashlib
import hmac
import secrets
from base64 import b64encode
from datetime import datetime, timedelta

from bot.channels.envelope import Envelope, Forged, Keys

FRESHNESS = timedelta(hours=1)
"""The platform's own window for robot messages; we use it for card callbacks and events too."""

LONGEST_NONCE = 64
MS = 1000
_LENGTHS = (10, 13)  # digits: seconds as the platform's oldest pages show them, milliseconds as it sends them


class Signs:
    """Checks the headers of robot messages and card callbacks."""

    def __init__(self, client_secret: str, freshness: timedelta = FRESHNESS) -> None:
        self._secret, self._card_secret, self._freshness = client_secret, card_secret(client_secret), freshness

    def check_robot(self, timestamp: str, sign: str, now: datetime) -> None:
        """Return when the app's secret signed `timestamp` lately, raise Forged otherwise."""
        check_time(timestamp, now, self._freshness)
        _check(robot_sign(self._secret, timestamp), sign)

    def check_card(self, timestamp: str, sign: str, now: datetime) -> None:
        """Return when the secret that we registered signed `timestamp` lately, raise Forged otherwise."""
        check_time(timestamp, now, self._freshness)
        _check(card_sign(self._card_secret, timestamp), sign)


class EventSeal:
    """Opens pushed events and seals the one answer to them; the owner is the app key."""

    def __init__(self, client_id: str, keys: Keys, freshness: timedelta = FRESHNESS) -> None:
        # dingtalk-sdk brings 100,000 lines along, and only installations that have events pushed over HTTP need it.
        from dingtalk.crypto import DingTalkCrypto

        self._envelope, self._freshness = Envelope(client_id, [keys]), freshness
        self._answers = DingTalkCrypto(keys.token, keys.aes_key, client_id)

    def open(self, signature: str, timestamp: str, nonce: str, sealed: str, now: datetime) -> str:
        """Return the message inside; Forged when it is stale, not for us, or anything about it is odd.

        dingtalk-sdk opens too, but compares signatures in varying time, takes any padding and looks at no clock.
        """
        check_time(timestamp, now, self._freshness)
        if not 1 <= len(nonce) <= LONGEST_NONCE:
            raise Forged
        try:
            return self._envelope.open(signature, timestamp, nonce, sealed).decode("utf-8", "strict")
        except UnicodeDecodeError:
            raise Forged from None

    def success(self, now: datetime) -> dict[str, str]:
        """Return what the platform takes for "received": the word, sealed and signed."""
        stamp = str(int(now.timestamp() * MS))
        answer: dict[str, str] = self._answers.encrypt_message("success", secrets.token_hex(8), stamp)
        return answer


def check_time(timestamp: str, now: datetime, freshness: timedelta) -> None:
    """Return when `timestamp` is within `freshness` of `now`, raise Forged for anything else."""
    if len(timestamp) not in _LENGTHS or not timestamp.isascii() or not timestamp.isdigit():
        raise Forged
    at = int(timestamp) / (MS if len(timestamp) == max(_LENGTHS) else 1)
    if abs(now.timestamp() - at) > freshness.total_seconds():
        raise Forged


def robot_sign(secret: str, timestamp: str) -> str:
    """Return what stands in the header `sign` of a robot message."""
    return _hmac(secret, f"{timestamp}\n{secret}")


def card_sign(secret: str, timestamp: str) -> str:
    """Return what stands in the header `x-ddpaas-signature` of a card callback."""
    return _hmac(secret, timestamp)


def card_secret(client_secret: str) -> str:
    """Return the apiSecret that we register for card callbacks: both halves of the channel can tell it."""
    return hmac.new(client_secret.encode(), b"card callbacks", hashlib.sha256).hexdigest()


def _hmac(secret: str, message: str) -> str:
    return b64encode(hmac.new(secret.encode(), message.encode(), hashlib.sha256).digest()).decode()


def _check(right: str, claimed: str) -> None:
    # A header may hold anything, lone surrogates included; compare_digest takes non-ASCII as bytes only.
    if not hmac.compare_digest(right.encode(), claimed.encode("utf-8", "surrogatepass")):
        raise Forged
