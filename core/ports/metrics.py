"""Figures asked of the rows, each only of what the asker may see."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from core.model.ids import MemberId
from core.model.report import CampaignCost, ForecastCall, Glance, SavedReport, Target
from core.rules.metrics.declared import Base, Dimension
from core.rules.metrics.forecast import Standing
from core.rules.metrics.periods import Span
from core.rules.permissions import Scope

Filters = Sequence[tuple[Dimension, Sequence[Any]]]
"""A dimension and the values of which a record must have one."""


class Yardsticks(Protocol):
    """Targets, costs of campaigns, what leaders expect, and reports worth keeping."""

    def add(self, made: Target | CampaignCost | ForecastCall | SavedReport) -> None: ...
    def targets(self, first: date, last: date) -> list[Target]:
        """Return the targets of the months that begin between two days."""
        ...

    def costs(self, source: str = "") -> list[CampaignCost]: ...
    def calls(self, month: date) -> list[ForecastCall]:
        """Return what leaders say of a month, the newest first."""
        ...

    def saved(self, name: str = "") -> list[SavedReport]:
        """Return every saved report, or those of a name, in small letters and without blanks; who may open which is
        the service's to say.
        """
        ...

    def glance(self, member_id: MemberId) -> Glance | None: ...
    def look(self, glance: Glance) -> None:
        """Keep what a member looked at last in place of what they looked at before."""
        ...


class Takings(Protocol):
    """Figures of contracts and payments, counted for whoever looks after the customer now."""

    def totals(
        self,
        bases: Sequence[Base],
        by: Sequence[Dimension],
        span: Span | None,
        where: Filters,
        scope: Scope,
        *,
        fiscal_begins: int = 1,
    ) -> dict[tuple[Any, ...], dict[str, float]]:
        """See `Metrics.totals`."""
        ...

    def records(
        self, base: Base, span: Span | None, where: Filters, scope: Scope, *, limit: int, offset: int = 0
    ) -> list[int]:
        """Return the numbers of the contracts or payments behind a base, the largest first."""
        ...


class Metrics(Protocol):
    def totals(
        self,
        bases: Sequence[Base],
        by: Sequence[Dimension],
        span: Span | None,
        where: Filters,
        scope: Scope,
        *,
        fiscal_begins: int = 1,
    ) -> dict[tuple[Any, ...], dict[str, float]]:
        """Add bases up by dimensions, each over its own days in `span`: key of the cell to what each comes to.

        A period is named as `periods.named` names it, a member or customer is its number.
        """
        ...

    def records(
        self, base: Base, span: Span | None, where: Filters, scope: Scope, *, limit: int, offset: int = 0
    ) -> list[int]:
        """Return the numbers of the records behind a base, what weighs most first; of passages their deals."""
        ...

    def standing(self, where: Filters, scope: Scope, by: Sequence[Dimension] = ()) -> list[Standing]:
        """Return the open deals, those alike added up, apart by these dimensions."""
        ...

    def closed(
        self, by: Sequence[Dimension], span: Span, where: Filters, scope: Scope, *, limit: int
    ) -> list[tuple[bool, int | None, tuple[Any, ...]]]:
        """Return the deals that were closed in some days, the last first: won or not, amount, and what they are."""
        ...

    def fresh(self, since: date, span: Span, where: Filters, scope: Scope) -> dict[MemberId | None, int]:
        """Return what deals brought in some days that were begun since one of them, by who holds them; in 分."""
        ...

    def responses(self, span: Span, where: Filters, scope: Scope) -> list[tuple[MemberId, float | None]]:
        """Return of every lead that came to somebody in some days how many seconds it waited to be followed up."""
        ...

    def rebuild(self, *, after: int, limit: int) -> int | None:
        """Write the passages of the next deals anew; return after which to go on, None at the end."""
        ...

    def add_up(self) -> None:
        """Make the sums by month anew from all passages."""
        ...

    def snapshot(self, taken_on: date, rows: Sequence[dict[str, Any]]) -> None:
        """Keep a forecast; a later one of the same day takes its place."""
        ...

    def snapshots(self, month: date, scope: Scope) -> list[dict[str, Any]]:
        """Return what was kept of a month, added up by the day on which it was taken, the oldest first."""
        ...
