"""Cursors: where a list goes on, sealed with the caller's own token, so that nobody can make one up or pass one on."""

import base64
import binascii
import hashlib
import hmac

_NUMBER, _SEAL = 8, 12
_LONGEST = 40


class BadCursor(ValueError):
    """The cursor was not made by us for this caller and this list."""


def seal(number: int, *, token: str, of: str) -> str:
    """Return the cursor that stands behind record `number` of the list `of`."""
    body = number.to_bytes(_NUMBER, "big")
    return base64.urlsafe_b64encode(body + _mac(body, token, of)).rstrip(b"=").decode()


def unseal(cursor: str, *, token: str, of: str) -> int:
    """Read a cursor back; raise BadCursor for one that is not exactly what `seal` made."""
    if len(cursor) > _LONGEST:
        raise BadCursor
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadCursor from None
    body, given = raw[:_NUMBER], raw[_NUMBER:]
    if len(body) != _NUMBER or not hmac.compare_digest(given, _mac(body, token, of)):
        raise BadCursor
    number = int.from_bytes(body, "big")
    if seal(number, token=token, of=of) != cursor:  # another spelling of the same bytes
        raise BadCursor
    return number


def _mac(body: bytes, token: str, of: str) -> bytes:
    return hmac.digest(token.encode(), body + of.encode(), hashlib.sha256)[:_SEAL]
