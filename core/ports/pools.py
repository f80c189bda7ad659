"""What fairness asks: requests and their decisions, days off, what one holds and has claimed, what was looked at."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from core.model.ids import MemberId, Ref, RequestId
from core.model.load import Claims, Holding
from core.model.request import Absence, Request


class Requests(Protocol):
    def add(self, request: Request) -> None: ...
    def get(self, request_id: RequestId) -> Request:
        """Locked until we commit; raise NotFound when there is none."""
        ...

    def open_about(self, subjects: Iterable[Ref]) -> list[Request]: ...
    def about(self, subject: Ref, kind: str) -> list[Request]: ...
    def open_of(self, member_id: MemberId, kind: str) -> list[Request]:
        """What somebody has asked for and nobody has decided, the last first."""
        ...


class Absences(Protocol):
    def add(self, absence: Absence) -> None: ...
    def get(self, absence_id: int) -> Absence | None: ...
    def of(self, member_ids: Iterable[MemberId]) -> list[Absence]: ...
    def away_on(self, day: date) -> list[MemberId]:
        """Who is away on a day."""
        ...

    def spans(self, member_ids: Iterable[MemberId]) -> list[tuple[MemberId, date, date]]:
        """From when to when these are away, as it has been written."""
        ...


class Pools(Protocol):
    def reserve(self, member_id: MemberId) -> None:
        """Let the member claim and be given nothing else until we commit."""
        ...

    def holding(self, member_ids: Iterable[MemberId], now: datetime) -> dict[MemberId, Holding]:
        """What each of these holds; nobody is missing."""
        ...

    def claims(self, member_id: MemberId, pool: str, since: datetime, back: datetime, begun_by: str) -> Claims:
        """How often the member claimed from `pool` since then, and when last since `back`; undone ones count too."""
        ...

    def seen(self, member_id: MemberId, day: date, refs: Sequence[Ref], limit: int | None) -> frozenset[Ref]:
        """Note that the member sees these today; return those that lie within the day's limit."""
        ...
