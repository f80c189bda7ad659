"""What time will say, long work, and what keeps the house."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from core.model.deadline import Deadline
from core.model.ids import MemberId, Ref
from core.model.job import Job
from core.model.usage import ChannelUsage


class Deadlines(Protocol):
    def replace(self, subject: Ref, deadlines: Sequence[Deadline]) -> None:
        """Let exactly these stand for `subject`; what was already said stays said."""
        ...

    def clear(self, subjects: Sequence[Ref], *, but_overdue: bool = False) -> None:
        """Let nothing stand for these; `but_overdue` leaves a recycling that is due, for the sweep to settle."""
        ...

    def kinds_due(self, now: datetime) -> set[str]:
        """The kinds of which something is due, by a look that locks nothing."""
        ...

    def due(self, kind: str, now: datetime, limit: int) -> list[Deadline]:
        """Up to `limit` due ones, oldest first, locked against other sweeps until this transaction ends."""
        ...

    def settle(self, deadlines: Sequence[Deadline]) -> None: ...
    def park(self, deadline_id: int, error: str) -> None:
        """Keep a deadline that failed out of the next sweeps for a while."""
        ...

    def hand_on(self, subjects: Iterable[Ref], to: MemberId) -> None:
        """Let the promises that stand for these bind another holder; their times stay as they are."""
        ...

    def of(self, subject: Ref) -> list[Deadline]: ...
    def settled(self, subject: Ref, since: datetime, until: datetime) -> list[Deadline]:
        """What was kept about `subject` in that time, in its order."""
        ...

    def reopen(self, subject: Ref, kind: str) -> None:
        """Forget that promises of this kind were kept, so that they can stand again."""
        ...

    def held_by(self, member_id: MemberId, kind: str, until: datetime) -> list[Deadline]: ...
    def held_by_any(self, member_ids: Iterable[MemberId], kind: str, until: datetime) -> list[Deadline]: ...


class Runs(Protocol):
    def first(self, job: str, day: date) -> bool:
        """Claim a job's run of a day: True once, False ever after."""
        ...

    def ran(self, job: str, day: date) -> bool: ...


class Jobs(Protocol):
    def add(self, job: Job) -> None: ...
    def get(self, job_id: int) -> Job | None: ...
    def count(self, kind: str, by: MemberId, since: datetime) -> int: ...
    def lease(self, job_id: int, now: datetime, until: datetime) -> Job | None: ...
    def is_ordered(self, kind: str, content: dict[str, Any]) -> bool:
        """Say whether the same job waits and nobody has begun it."""
        ...


class Days(Protocol):
    def correct(self, day: date, *, is_workday: bool, note: str) -> None:
        """Say that people work on `day` or not; it wins over what was known of that day."""
        ...


class Usage(Protocol):
    def between(self, begin: datetime, end: datetime) -> list[ChannelUsage]:
        """What each channel called and was pushed from `begin` until `end`."""
        ...


class Housekeeping(Protocol):
    def forget(self) -> dict[str, int]:
        """Delete handled events, delivered messages and settled deadlines after 90 days. Return how many of each."""
        ...
