"""A lead: somebody who may buy, not yet qualified, held by one member or lying in a pool."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.errors import LeadAlreadyHeld, LeadNotHeld
from core.model.identity import Identity
from core.model.ids import UNSAVED, LeadId, MemberId, Ref

MAIN_POOL = "公海"


class LeadState(StrEnum):
    """Where a lead stands (semantics B.2)."""

    NEW = "new"
    POOLED = "pooled"
    ASSIGNED = "assigned"
    WORKING = "working"
    CONVERTED = "converted"
    NURTURE = "nurture"
    INVALID = "invalid"
    MERGED = "merged"


HELD = frozenset({LeadState.ASSIGNED, LeadState.WORKING})
ENDED = frozenset({LeadState.CONVERTED, LeadState.INVALID, LeadState.MERGED})


@dataclass(eq=False, kw_only=True)
class Lead:
    """A lead. `cycle` counts its assignments, so that a clock of an earlier holder can never act on a later one.

    `graded_at` is when its grade was changed; a rhythm begins anew then.
    """

    id: LeadId = UNSAVED
    name: str
    core_name: str = ""
    contact_name: str = ""
    contact_title: str = ""
    phone: str | None = None
    email: str | None = None
    credit_code: str | None = None
    external_id: str | None = None
    source: str = ""
    region: str = ""
    industry: str = ""
    grade: str = ""
    graded_at: datetime | None = None
    need: str = ""
    tags: tuple[str, ...] = ()
    state: str = LeadState.NEW
    pool: str = MAIN_POOL
    owner_id: MemberId | None = None
    assigned_at: datetime | None = None
    pooled_at: datetime | None = None
    last_followup_at: datetime | None = None
    protected_until: datetime | None = None
    cycle: int = 0
    invalid_at: datetime | None = None
    invalid_from: str = ""
    became_kind: str | None = None
    became_id: int | None = None
    created_by: MemberId | None = None
    custom: dict[str, Any] = field(default_factory=dict)
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("lead", self.id)

    @property
    def identity(self) -> Identity:
        """By what the same company is met again."""
        return Identity(
            name=self.name,
            core=self.core_name,
            phone=self.phone,
            credit_code=self.credit_code,
            email=self.email,
            external_id=self.external_id,
        )

    @property
    def became(self) -> Ref | None:
        """What it has become, by conversion or merging: whoever asks for this is led there."""
        if self.became_kind is None or self.became_id is None:
            return None
        return Ref(self.became_kind, self.became_id)

    @property
    def is_held(self) -> bool:
        return self.state in HELD

    @property
    def is_pooled(self) -> bool:
        return self.state == LeadState.POOLED and self.owner_id is None

    def assign(self, to: MemberId, at: datetime) -> None:
        """Give the lead to a member; its clocks start now."""
        self.owner_id = to
        self.state = LeadState.ASSIGNED
        self.assigned_at = at
        self.last_followup_at = None
        self.pooled_at = None
        self.cycle += 1

    def claim(self, by: MemberId, at: datetime, *, holder: str, since: str) -> None:
        """Take the lead out of the pool; whoever comes second learns `holder` and `since`."""
        if self.state != LeadState.POOLED or self.owner_id is not None:
            raise LeadAlreadyHeld(self.name, holder, since)
        self.assign(by, at)

    def to_pool(self, at: datetime, pool: str = "") -> None:
        """Let go of the lead: nobody holds it and no clock of it runs. `pool` is where it lies, if it changes."""
        if pool and pool != self.pool:
            self.pool = pool
        self.owner_id = None
        self.state = LeadState.POOLED
        self.pooled_at = at
        self.assigned_at = None

    def give_back(self, by: MemberId, at: datetime, pool: str = "") -> None:
        """Return the lead to the pool; only its holder may."""
        if not self.is_held or self.owner_id != by:
            raise LeadNotHeld(self.name)
        self.to_pool(at, pool)

    def to_nurture(self) -> None:
        """Let the lead rest with its holder: it counts for nothing until somebody is in touch again."""
        if not self.is_held:
            raise LeadNotHeld(self.name)
        self.state = LeadState.NURTURE

    def invalidate(self, at: datetime) -> None:
        """Mark the lead as nobody who could ever buy; it may be restored for a while."""
        if self.state in ENDED:
            raise LeadNotHeld(self.name)
        self.invalid_at, self.invalid_from = at, self.state
        self.state = LeadState.INVALID

    def restore(self) -> None:
        """Let an invalid lead be again what it was."""
        if self.state != LeadState.INVALID:
            raise LeadNotHeld(self.name)
        self.state = self.invalid_from or LeadState.POOLED
        self.invalid_at, self.invalid_from = None, ""

    def hand_over(self, to: MemberId, at: datetime) -> None:
        """Give a held or resting lead to another member as it stands: its state and what was done stay.

        Nobody answers for time before theirs: who has not been in touch yet is counted from now.
        """
        if not self.is_held and self.state != LeadState.NURTURE:
            raise LeadNotHeld(self.name)
        self.owner_id = to
        self.cycle += 1
        if self.state == LeadState.ASSIGNED:
            self.assigned_at = at

    def convert(self, into: Ref) -> None:
        """The lead has become an account."""
        if not self.is_held and self.state != LeadState.NURTURE:
            raise LeadNotHeld(self.name)
        self.state = LeadState.CONVERTED
        self.became_kind, self.became_id = into.kind, into.id

    def merge(self, into: Ref) -> None:
        """The lead goes on as another record."""
        if self.state in ENDED:
            raise LeadNotHeld(self.name)
        self.state = LeadState.MERGED
        self.became_kind, self.became_id = into.kind, into.id

    def followed_up(self, at: datetime) -> None:
        """Note a valid follow-up: the first one answers the first-contact clock, and one that rests works again."""
        if self.state in (LeadState.ASSIGNED, LeadState.NURTURE):
            self.state = LeadState.WORKING
        if self.last_followup_at is None or at > self.last_followup_at:
            self.last_followup_at = at


@dataclass(eq=False, kw_only=True)
class Assignment:
    """Who held a lead, from when to when, and by which rule it began and ended.

    `pool` is the one it was claimed from, `note` what was said when it was given.
    """

    id: int = UNSAVED
    lead_id: LeadId
    member_id: MemberId
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None = None
    ended_by: str = ""
    reason: str = ""
    pool: str = ""
    note: str = ""
    deleted_at: datetime | None = None
    version: int = 1
