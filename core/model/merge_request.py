"""A wish that two records become one, put to whoever holds the other, who alone sees it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.model.ids import UNSAVED, MemberId, Ref


class RequestState(StrEnum):
    """What became of a wish."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"


@dataclass(eq=False, kw_only=True)
class MergeRequest:
    """Somebody wishes that their record and somebody else's become one."""

    id: int = UNSAVED
    asked_by: MemberId
    asked_at: datetime
    own_kind: str
    own_id: int
    other_kind: str
    other_id: int
    state: str = RequestState.OPEN
    answered_by: MemberId | None = None
    answered_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("merge_request", self.id)

    @property
    def own(self) -> Ref:
        return Ref(self.own_kind, self.own_id)

    @property
    def other(self) -> Ref:
        return Ref(self.other_kind, self.other_id)

    def answer(self, state: RequestState, by: MemberId, at: datetime) -> None:
        self.state, self.answered_by, self.answered_at = state, by, at
