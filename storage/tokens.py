"""REST tokens: shown once, kept as digests only."""

import hashlib
import secrets
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select

from core.model.ids import MemberId
from storage import tables

PREFIX = "ld_"


def create_token(engine: Engine, member_id: MemberId) -> str:
    """Make a token with a member's rights; this is the only time it can be read."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = {"digest": _digest(token), "member_id": member_id, "created_at": datetime.now(UTC)}
    with engine.begin() as connection:
        connection.execute(insert(tables.api_tokens), [row])
    return token


def member_of(engine: Engine, token: str) -> MemberId | None:
    """Return whose rights a token carries; None for one that is unknown, expired or revoked."""
    rows = tables.api_tokens.c
    alive = (rows.revoked_at.is_(None)) & (rows.expires_at.is_(None) | (rows.expires_at > datetime.now(UTC)))
    with engine.connect() as connection:
        found: MemberId | None = connection.scalar(select(rows.member_id).where(rows.digest == _digest(token), alive))
        return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
