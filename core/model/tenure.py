"""A tenure: how long one member held a lead, and what happened meanwhile; history as a rehearsal replays it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.model.ids import AccountId, LeadId, MemberId


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that moved the clocks of a tenure, in the order in which we came to know it.

    `touched_at` is when a valid follow-up was made, `protected_until` until when a leader granted more time, `waits`
    whether a wish for more time waits for a leader from then on; None leaves that as it was.
    """

    known_at: datetime
    touched_at: datetime | None = None
    protected_until: datetime | None = None
    waits: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """`member_id` held the lead from `begun_at` until `ended_at`, or holds it still; `ended_by` is how it ended.

    `known` are the lead's own values as they are now: a rehearsal judges by them. `became` is the account that the
    lead has become.
    """

    lead_id: LeadId
    lead_name: str
    member_id: MemberId
    begun_at: datetime
    ended_at: datetime | None
    ended_by: str
    known: Mapping[str, Any]
    became: AccountId | None = None
    happened: tuple[Happened, ...] = ()


@dataclass(frozen=True, slots=True)
class Won:
    """A deal that came of a lead: open, or won; `owner_id` is whose it is."""

    account_id: AccountId
    owner_id: MemberId | None
    outcome: str
    fen: int
