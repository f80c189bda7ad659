"""Versions of the playbook: what was in force when, who made it so and why; and drafts that wait for a decision."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.model.ids import UNSAVED, MemberId

BUILT_IN = 0
"""The number of what is in force before any version is on record: the built-in defaults."""


class VersionKind(StrEnum):
    """How a version came about."""

    INITIAL = "initial"
    APPLY = "apply"
    ROLLBACK = "rollback"


class Treatment(StrEnum):
    """What becomes of clocks that run already when their rules change (semantics B3-8).

    FROM_NOW lets them run out under the rule under which they began, RECALCULATE moves all of them.
    """

    FROM_NOW = "from_now"
    RECALCULATE = "recalculate"


@dataclass(eq=False, kw_only=True)
class PlaybookVersion:
    """One version, never changed afterwards. The one with the highest number is in force.

    `document` is what was handed in, letter by letter; `content` the plain data that it holds. `base` is the version
    it was made from, `restores` the one that a rollback brought back. `treatment` is empty unless clock rules changed.
    `by` is None for the command line, whose user `by_name` names; `confirmed_by` is the second administrator.
    """

    number: int
    document: str
    content: dict[str, Any]
    digest: str
    base: int
    kind: str
    restores: int | None = None
    treatment: str = ""
    why: str
    at: datetime
    by: MemberId | None = None
    by_name: str
    confirmed_by: MemberId | None = None
    confirmed_name: str = ""
    remark: str = ""


class DraftState(StrEnum):
    """A draft is OPEN to its author, PROPOSED to a second administrator, then APPLIED or DROPPED."""

    OPEN = "open"
    PROPOSED = "proposed"
    APPLIED = "applied"
    DROPPED = "dropped"


@dataclass(eq=False, kw_only=True)
class PlaybookDraft:
    """A changed document on its way into force, made from version `base`."""

    id: int = UNSAVED
    document: str
    base: int
    restores: int | None = None
    treatment: str = ""
    why: str
    state: str = DraftState.OPEN
    drafted_at: datetime
    drafted_by: MemberId
    proposed_at: datetime | None = None
    settled_at: datetime | None = None
    settled_by: MemberId | None = None
    number: int | None = None

    def settle(self, state: DraftState, at: datetime, by: MemberId | None, number: int | None = None) -> None:
        """The draft has become version `number`, or nothing."""
        self.state, self.settled_at, self.settled_by, self.number = state, at, by, number
