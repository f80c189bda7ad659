"""The receiving half: verify, decrypt, normalise. Everything that is not genuine gets the same answer."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.channels.base import REFUSED, Reading, Request
from bot.channels.envelope import Envelope, Forged, Keys
from bot.channels.wecom.events import App, event_of
from bot.channels.wecom.nodes import Malformed, read_nodes

LARGEST_BODY = 64 * 1024
LONGEST_NONCE = 64
TIMESTAMP_DIGITS = 10
FRESHNESS = timedelta(minutes=10)


_WORD = re.compile(rb"[0-9A-Za-z_-]{1,64}")
"""What the platform asks us to say back: a short plain word, in practice some twenty digits."""


class WeComCallback:
    """Reads the callbacks of one self-built app of one company.

    A timestamp outside ± `freshness` is refused. Ten minutes, because nobody documents whether a repeated delivery
    gets a new one. The signature covers a concatenation, so one that holds may hold for other borders too; what counts
    against replays is therefore the event's key, which comes from the decrypted message alone.
    """

    def __init__(
        self,
        corp_id: str,
        agent_id: int | str,
        keys: Sequence[Keys],
        now: Callable[[], datetime],
        freshness: timedelta = FRESHNESS,
        machine: Callable[[], datetime] | None = None,
    ) -> None:
        self._app = App(corp_id, str(agent_id))
        self._envelope = Envelope(corp_id, keys)
        self._now, self._machine = now, machine or now
        self._freshness = freshness.total_seconds()

    def read(self, request: Request) -> Reading:
        """Answer the address check with its word, an event with itself, anything else with REFUSED."""
        try:
            if request.method == "POST":
                return self._event(request)
            if request.method == "GET":
                # Some proxies turn the plus of Base64 into a space.
                word = self._opened(request, request.args.get("echostr", "").replace(" ", "+"))
                # A captured message under its own signature must not be read out to whoever asks.
                return Reading(body=word) if _WORD.fullmatch(word) else REFUSED
        except (Forged, Malformed):
            pass
        return REFUSED

    def _event(self, request: Request) -> Reading:
        body = request.body
        if len(body) > LARGEST_BODY or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
            return REFUSED
        sealed = read_nodes(body).get("Encrypt")
        if not isinstance(sealed, str):
            return REFUSED
        message = self._opened(request, sealed)
        return Reading(events=(event_of(read_nodes(message), message, self._app, self._now()),))

    def _opened(self, request: Request, sealed: str) -> bytes:
        arg = request.args.get
        timestamp, nonce = arg("timestamp", ""), arg("nonce", "")
        if len(timestamp) != TIMESTAMP_DIGITS or not timestamp.isascii() or not timestamp.isdigit():
            raise Forged
        if not 1 <= len(nonce) <= LONGEST_NONCE or not sealed:
            raise Forged
        if abs(self._machine().timestamp() - int(timestamp)) > self._freshness:
            raise Forged
        return self._envelope.open(arg("msg_signature", ""), timestamp, nonce, sealed)
