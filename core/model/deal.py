"""A deal: a qualified chance with an amount, and the stages through which it has gone."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from core.model.ids import UNSAVED, AccountId, DealId, MemberId, Ref
from core.model.money import Money

STANDARD = "标准"
"""The pipeline of a deal that names none."""


@dataclass(eq=False, kw_only=True)
class Deal:
    """A deal of an account. `stage` is a stage's name in its `pipeline`; `outcome` says open, won or lost.

    `stage_since` is when it entered its stage, `touched_at` when a person last did something for it: what the system
    writes never counts. `wanted_stage` is where it goes once somebody agrees.
    `external_id` is the number it had in the file it came from.
    """

    id: DealId = UNSAVED
    name: str
    account_id: AccountId | None = None
    owner_id: MemberId | None = None
    pipeline: str = STANDARD
    stage: str
    outcome: str = "open"
    wanted_stage: str = ""
    stage_since: datetime | None = None
    touched_at: datetime | None = None
    amount: Money | None = None
    product: str = ""
    need: str = ""
    budget: Money | None = None
    decision_maker: str = ""
    competitor: str = ""
    reason: str = ""
    note: str = ""
    begun_on: date | None = None
    expected_close_on: date | None = None
    closed_on: date | None = None
    forecast: str = "pipeline"
    external_id: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("deal", self.id)

    @property
    def is_open(self) -> bool:
        return self.outcome == "open"

    def touch(self, at: datetime) -> None:
        """Note that a person did something for the deal."""
        if self.touched_at is None or at > self.touched_at:
            self.touched_at = at

    def enter(self, stage: str, outcome: str, at: datetime) -> None:
        """Stand in another stage from `at` on."""
        self.stage, self.outcome, self.stage_since = stage, outcome, at
        self.touch(at)

    def close(self, reason: str, note: str, on: date) -> None:
        """Note why and when the deal was won or lost."""
        self.reason, self.note, self.closed_on = reason, note, on

    def reopen(self) -> None:
        """Forget how the deal ended; it keeps its number."""
        self.reason, self.closed_on = "", None


@dataclass(eq=False, kw_only=True)
class StageStay:
    """How long a deal stood in a stage, who moved it on and whereto.

    The transaction that moves a deal closes the stay, so no report ever has to work out when it ended.
    """

    id: int = UNSAVED
    deal_id: DealId
    stage: str
    entered_at: datetime
    entered_by: MemberId | None = None
    left_at: datetime | None = None
    next_stage: str = ""
    reason: str = ""
    deleted_at: datetime | None = None
    version: int = 1


class ShareState(StrEnum):
    """What a colleague has said to a share. `ENDED`: it was taken back or changed."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(eq=False, kw_only=True)
class DealShare:
    """A colleague's part of the credit for a deal, in percent; what nobody else has is the holder's.

    It counts from `answered_at` on, until `ended_at`. What is over keeps its row, so that credit can be told later.
    """

    id: int = UNSAVED
    deal_id: DealId
    member_id: MemberId
    share: int
    state: str = ShareState.ASKED
    asked_by: MemberId | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("deal_share", self.id)

    @property
    def stands(self) -> bool:
        """Whether it is asked for or agreed upon."""
        return self.state in (ShareState.ASKED, ShareState.AGREED) and self.deleted_at is None


class InterviewState(StrEnum):
    """How far guided questions have come."""

    RUNNING = "running"
    DONE = "done"


@dataclass(eq=False, kw_only=True)
class Interview:
    """A deal taken through the questions of an outline, one at a time; `answers` by the questions' keys.

    An empty answer was skipped. It runs on whenever somebody comes back to it.
    """

    id: int = UNSAVED
    deal_id: DealId
    outline: str
    answers: dict[str, str] = field(default_factory=dict)
    state: str = InterviewState.RUNNING
    begun_by: MemberId | None = None
    done_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("interview", self.id)
