"""Access tokens and Stream tickets: one token while it lives, asking again renews it; a ticket opens one socket."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from emulator.clock import Clock
from emulator.dingtalk.errors import Trouble
from emulator.dingtalk.settings import TICKET_LIFE, TOKEN_LIFE, Settings
from emulator.store import Json


class Tokens:
    """Issues and checks the app's token; it lives in memory only, so a restarted platform knows none."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._text = ""
        self._expires_at = clock.now()

    def knows(self, client_id: object, secret: object) -> bool:
        """Say whether these are the app's credentials."""
        return (client_id, secret) == (self._settings.client_id, self._settings.client_secret)

    def issue(self) -> str:
        """Return the living token with its life renewed, or a new one."""
        now = self._clock.now()
        if not self._text or self._expires_at <= now:
            self._text = secrets.token_hex(16)
        self._expires_at = now + TOKEN_LIFE
        return self._text

    def check(self, text: str) -> None:
        """Pass a living token; Trouble no_token or bad_token."""
        if not text:
            raise Trouble("no_token")
        if text != self._text or self._expires_at <= self._clock.now():
            raise Trouble("bad_token")

    def revoke(self) -> None:
        """End the token early: it is unknown from now on."""
        self._text = ""


@dataclass(kw_only=True)
class Ticket:
    """The right to open one Stream socket."""

    subscriptions: list[Json]
    expires_at: datetime
    used: bool = False


class Tickets:
    """Tickets by their text."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tickets: dict[str, Ticket] = {}

    def issue(self, text: str, subscriptions: list[Json], *, expired: bool = False, used: bool = False) -> str:
        """Make a ticket; a fault may spoil it from the start."""
        now = self._clock.now()
        expires_at = now if expired else now + TICKET_LIFE
        self._tickets[text] = Ticket(subscriptions=subscriptions, expires_at=expires_at, used=used)
        return text

    def use(self, text: str) -> Ticket | None:
        """Use a ticket up; None when it is unknown, too old or used before."""
        ticket = self._tickets.get(text)
        if ticket is None or ticket.used or ticket.expires_at <= self._clock.now():
            return None
        ticket.used = True
        return ticket

    def clear(self) -> None:
        """Forget all tickets."""
        self._tickets.clear()
