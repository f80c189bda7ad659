"""Codes that join two accounts: how they are made, kept and recognised."""

import hashlib
import hmac
import re
import secrets
from datetime import timedelta

DIGITS = 6
LIVES = timedelta(minutes=10)
WRONG_TRIES = 5
PAUSE = timedelta(minutes=15)

_WORK = 1024
"""scrypt's cost: some milliseconds a guess, while a code lives for minutes."""

_ASKS = re.compile(r"(绑定|关联)(一下|我的|我|账号|帐号|账户|钉钉|企业微信|企微|绑定码|验证码|码|[\s:：,，是])*")


def new_code() -> tuple[str, str]:
    """Return a code and its salt."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", secrets.token_hex(16)


def digest_of(code: str, salt: str) -> str:
    """Return what is kept of a code."""
    return hashlib.scrypt(code.encode(), salt=bytes.fromhex(salt), n=_WORK, r=8, p=1, dklen=32).hex()


def is_code(code: str, salt: str, digest: str) -> bool:
    """Say whether `code` is the one of which `digest` was kept."""
    return hmac.compare_digest(digest_of(code, salt), digest)


def said_code(text: str) -> str | None:
    """Read 「绑定 123 456」: its digits, empty when none were said; None when it is about something else."""
    begun = _ASKS.match(text)
    if begun is None:
        return None
    rest = re.sub(r"[\s\-。.!！]", "", text[begun.end() :])
    return rest if not rest or (rest.isascii() and rest.isdigit()) else None
