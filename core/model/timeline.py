"""A customer's timeline: everything that happened, of every kind, in one order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, order=True)
class Mark:
    """Where a page of a timeline ended: what lies before it comes next. Kind and number part those of one instant."""

    at: datetime
    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}|{self.kind}|{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Mark | None":
        """Read what `str` wrote; None for anything else."""
        at, _, rest = text.partition("|")
        kind, _, number = rest.partition("|")
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            return None
        if moment.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):  # noqa: PLR2004 - a database's whole number
            return None
        return cls(moment, kind, int(number))


@dataclass(frozen=True)
class Moment:
    """One thing that happened: the record of it, where it stands in the order."""

    mark: Mark
    record: Any
