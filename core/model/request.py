"""Requests: more time, days off, or a lead that the clock took; whoever leads the asker decides."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.errors import RequestSettled
from core.model.ids import UNSAVED, MemberId, Ref, RequestId


class RequestKind(StrEnum):
    """What is asked for."""

    EXTENSION = "extension"
    ABSENCE = "absence"
    APPEAL = "appeal"


class RequestState(StrEnum):
    """OPEN until it is decided; LAPSED when what it was about is over."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"


DECIDED = {RequestState.GRANTED: "同意", RequestState.REFUSED: "驳回", RequestState.LAPSED: "撤销"}


@dataclass(eq=False, kw_only=True)
class Request:
    """What `member_id` asks of `decider_id`.

    An extension is about a record in its `cycle` and runs until `until`; an absence runs from `begins_on` to `ends_on`,
    both included, and may change the absence `about_id`; an appeal is about the assignment `about_id`.
    """

    id: RequestId = UNSAVED
    kind: str
    member_id: MemberId
    decider_id: MemberId | None
    subject_kind: str | None = None
    subject_id: int | None = None
    cycle: int = 0
    about_id: int | None = None
    until: datetime | None = None
    begins_on: date | None = None
    ends_on: date | None = None
    reason: str = ""
    state: str = RequestState.OPEN
    settled_at: datetime | None = None
    settled_by: MemberId | None = None
    settled_name: str = ""
    answer: str = ""
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("request", self.id)

    @property
    def customer(self) -> Ref | None:
        return Ref(self.subject_kind, self.subject_id) if self.subject_kind and self.subject_id else None

    def overlaps(self, begins_on: date, ends_on: date) -> bool:
        """Say whether some of the days that are asked for lie among these."""
        if self.begins_on is None or self.ends_on is None:
            return False
        return self.begins_on <= ends_on and begins_on <= self.ends_on

    @property
    def is_open(self) -> bool:
        return self.state == RequestState.OPEN and self.deleted_at is None

    def settle(self, state: RequestState, by: MemberId | None, name: str, at: datetime, answer: str = "") -> None:
        """Decide once; whoever comes second learns who did, and how."""
        if not self.is_open:
            raise RequestSettled(self.settled_name or "申请人", DECIDED.get(RequestState(self.state), "撤销"))
        self.state, self.settled_by, self.settled_name, self.settled_at = state, by, name, at
        self.answer = answer[:200]


@dataclass(eq=False, kw_only=True)
class Absence:
    """Days on which a member is away, both ends included; no clock of theirs runs then."""

    id: int = UNSAVED
    member_id: MemberId
    begins_on: date
    ends_on: date
    reason: str = ""
    approved_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("absence", self.id)

    def covers(self, day: date) -> bool:
        """Say whether the member is away on `day`."""
        return self.deleted_at is None and self.begins_on <= day <= self.ends_on
