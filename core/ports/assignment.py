"""Who got which lead and why, what rules remember, who is on duty, and who works along on a customer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from core.model.ids import LeadId, MemberId, Ref
from core.model.routing import Collaboration, Routing, Shift


@dataclass(frozen=True)
class Record:
    """How many of somebody's leads have an outcome, and how many of them became customers."""

    settled: int
    won: int


@dataclass(frozen=True)
class Received:
    """What somebody was given by rules: how many leads, and what they count."""

    leads: int
    value: int


@dataclass(frozen=True)
class Waits:
    """How long leads waited for their first holder, in seconds, and how many still wait."""

    seconds: Sequence[float]
    waiting: int


class Routings(Protocol):
    def reserve(self) -> None:
        """Let nobody else give leads by rules until we commit, so that turns and limits hold."""
        ...

    def memory(self, rule: str) -> dict[str, Any]: ...
    def memories(self) -> dict[str, dict[str, Any]]:
        """What every rule remembers."""
        ...

    def remember(self, memories: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep what these rules remember now."""
        ...

    def add(self, routing: Routing) -> None: ...
    def last(self, lead_id: LeadId) -> Routing | None: ...
    def last_to(self, member_id: MemberId) -> Routing | None:
        """The last decision by which somebody got a lead."""
        ...

    def received(self, since: datetime, until: datetime) -> dict[MemberId, Received]:
        """What each was given by rules in that time; leads that were taken back do not count."""
        ...

    def waits(self, since: datetime, until: datetime) -> Waits:
        """How long the leads that came in that time waited."""
        ...

    def last_given(self, member_ids: Iterable[MemberId]) -> dict[MemberId, datetime]:
        """When each was last given a lead."""
        ...

    def records(self, member_ids: Iterable[MemberId], since: datetime) -> dict[MemberId, Record]: ...
    def let_go(self, lead_ids: Iterable[LeadId], since: datetime) -> dict[LeadId, dict[MemberId, datetime]]:
        """Who has given up or lost each lead since then, and when."""
        ...


class Shifts(Protocol):
    def on(self, day: date) -> list[Shift]: ...
    def add(self, shift: Shift) -> None: ...


class Collaborations(Protocol):
    def add(self, collaboration: Collaboration) -> None: ...
    def get(self, collaboration_id: int) -> Collaboration | None: ...
    def running(self, customer: Ref) -> list[Collaboration]:
        """Those that nobody has ended, the oldest first; some may be past their day."""
        ...

    def of_any(self, customers: Iterable[Ref]) -> list[Collaboration]:
        """Every one there is or was, for credit."""
        ...

    def running_for(self, member_id: MemberId) -> list[Collaboration]: ...
