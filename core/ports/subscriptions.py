"""What members want to be told by the clock, and what is kept back from them meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from core.model.ids import MemberId
from core.model.subscription import QuietRule, Subscription
from core.notices import Notice


class Subscriptions(Protocol):
    """Who wants which report when."""

    def add(self, wanted: Subscription) -> None: ...
    def find(self, ids: Iterable[int]) -> list[Subscription]: ...
    def of(self, member_id: MemberId) -> list[Subscription]: ...
    def holders(self, report: str) -> frozenset[MemberId]:
        """Whoever has said how they want the report, those who do not want it among them."""
        ...


class Peace(Protocol):
    """Who is not disturbed when, and what is kept back for them."""

    def add(self, rule: QuietRule) -> None: ...
    def rules(self, member_ids: Iterable[MemberId]) -> dict[MemberId, QuietRule]: ...
    def keep_back(self, notices: Sequence[tuple[Notice, datetime]]) -> None:
        """Keep notices until their instants; what has been said once is not said twice."""
        ...

    def release(self, member_ids: Iterable[MemberId], now: datetime) -> list[Notice]:
        """Take out what these were not to be told until now, oldest first."""
        ...
