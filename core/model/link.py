"""Joining one person's two accounts by a code: said in one chat, repeated in the other."""

from dataclasses import dataclass
from datetime import datetime

from core.model.ids import UNSAVED, MemberId


@dataclass(eq=False, kw_only=True)
class LinkCode:
    """A code that `member_id` was given on `channel`, kept as a salted digest.

    It is `used_at` once, by the account `taken_by`. When that account has customers of its own, joining waits for its
    word until `expires_at`; `settled_at` is when it was given.
    """

    id: int = UNSAVED
    member_id: MemberId
    channel: str
    salt: str
    digest: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    taken_by: str = ""
    settled_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class LinkTries:
    """How often an account said wrong codes in a row, and until when it may say none."""

    id: int = UNSAVED
    channel: str
    user_id: str
    wrong: int = 0
    paused_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """How much a member holds."""

    leads: int = 0
    accounts: int = 0
    deals: int = 0
    plans: int = 0

    @property
    def customers(self) -> int:
        return self.leads + self.accounts

    def __bool__(self) -> bool:
        return any((self.leads, self.accounts, self.deals, self.plans))
