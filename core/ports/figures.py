"""Figures by week, kept so that they can be plotted."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from core.model.ids import MemberId
from core.rules.completeness import Figure, Mean


class Figures(Protocol):
    def put(self, kind: str, week: date, means: Mapping[MemberId, Mean]) -> None:
        """Keep what each member's mean is in a week; a later one takes its place."""
        ...

    def of(self, kind: str, member_ids: Iterable[MemberId], since: date) -> list[Figure]:
        """The weeks since then, in their order."""
        ...

    def has(self, kind: str, week: date) -> bool: ...
