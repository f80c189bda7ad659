"""Access tokens: one per secret, the same string while it lives, a new one after (§3.1)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from emulator.clock import Clock
from emulator.wecom.errors import ApiError
from emulator.wecom.settings import TOKEN_LIFE, Settings


@dataclass(kw_only=True)
class Token:
    """A token, whose it is ("app" or "contacts"), and until when it is good."""

    text: str
    holder: str
    expires_at: datetime


class Tokens:
    """Issues and checks tokens; they live in memory only, so a restarted platform knows none."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._corp_id = settings.corp_id
        self._holders = {settings.secret: "app"}
        if settings.contact_secret:
            self._holders[settings.contact_secret] = "contacts"
        self._clock = clock
        self._tokens: dict[str, Token] = {}

    def issue(self, corp_id: str | None, secret: str | None) -> Token:
        """Return the secret's living token or a new one; raises 41002, 41004, 40013 or 40001."""
        if not corp_id:
            raise ApiError(41002)
        if not secret:
            raise ApiError(41004)
        if corp_id != self._corp_id:
            raise ApiError(40013)
        if secret not in self._holders:
            raise ApiError(40001)
        holder, now = self._holders[secret], self._clock.now()
        living = [one for one in self._tokens.values() if one.holder == holder and one.expires_at > now]
        return living[0] if living else self._mint(holder, now)

    def holder(self, text: str | None) -> str:
        """Return whose token this is; raises 41001 missing, 40014 unknown, 42001 expired."""
        if not text:
            raise ApiError(41001)
        token = self._tokens.get(text)
        if token is None:
            raise ApiError(40014)
        if token.expires_at <= self._clock.now():
            raise ApiError(42001)
        return token.holder

    def revoke(self) -> None:
        """End every token early, as the platform may: they become unknown."""
        self._tokens.clear()

    def expire(self) -> None:
        """Let every token be too old from now on."""
        for token in self._tokens.values():
            token.expires_at = self._clock.now()

    def _mint(self, holder: str, now: datetime) -> Token:
        token = Token(text=secrets.token_urlsafe(160)[:214], holder=holder, expires_at=now + TOKEN_LIFE)
        self._tokens[token.text] = token
        return token
