"""REST tokens: shown once, kept as digests only, dead at once when revoked or when their member leaves."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert, select, update

from core.model.ids import MemberId
from storage import tables
from storage.engine import reading

PREFIX = "ld_"
_FORM = re.compile(r"ld_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class TokenLine:
    """A token as its operator sees it: everything but the token."""

    id: int
    member_id: MemberId
    member: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def create_token(engine: Engine, member_id: MemberId, *, lives: timedelta | None = None) -> str:
    """Make a token with a member's rights, for ever unless it `lives` shorter; nobody can read it again."""
    token = PREFIX + secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    expires_at = now + lives if lives is not None else None
    row = {"digest": _digest(token), "member_id": member_id, "created_at": now, "expires_at": expires_at}
    with engine.begin() as connection:
        connection.execute(insert(tables.api_tokens), [row])
    return token


def member_of(engine: Engine, token: str) -> MemberId | None:
    """Return whose rights a token carries; None when it is unknown, expired or revoked, or its member has left."""
    if _FORM.fullmatch(token) is None:
        return None
    rows, members = tables.api_tokens.c, tables.members.c
    query = (
        select(rows.member_id)
        .join(tables.members, members.id == rows.member_id)
        .where(rows.digest == _digest(token), rows.revoked_at.is_(None))
        .where(rows.expires_at.is_(None) | (rows.expires_at > datetime.now(UTC)))
        .where(members.active, members.deleted_at.is_(None))
    )
    with reading(engine).connect() as connection:
        found: MemberId | None = connection.scalar(query)
        return found


def list_tokens(engine: Engine) -> list[TokenLine]:
    """Return every token ever made, the newest first."""
    rows, members = tables.api_tokens.c, tables.members.c
    query = (
        select(rows.id, rows.member_id, members.name, rows.created_at, rows.expires_at, rows.revoked_at)
        .join(tables.members, members.id == rows.member_id)
        .order_by(rows.id.desc())
    )
    with reading(engine).connect() as connection:
        return [TokenLine(*row) for row in connection.execute(query)]


def revoke_token(engine: Engine, token_id: int) -> bool:
    """Stop a token at once; False when there is none of that number or it was stopped before."""
    rows = tables.api_tokens.c
    with engine.begin() as connection:
        done = connection.execute(
            update(tables.api_tokens)
            .where(rows.id == token_id, rows.revoked_at.is_(None))
            .values(revoked_at=datetime.now(UTC))
        )
    return bool(done.rowcount)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
