"""What a file hands to an import: sheets of cells; and what the import asks of whoever reads words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from core.rules.cells import Cell, Days


@dataclass(frozen=True)
class Merge:
    """A merged area, rows and columns counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` begins anew with each call, so that a sheet may be looked over before it is read."""

    name: str
    rows: Callable[[], Iterator[Sequence[Cell]]]
    merges: tuple[Merge, ...] = ()
    height: int = 0


@dataclass(frozen=True)
class Readers:
    """How people write amounts, phones and days; the chat's own readers, handed in from above.

    `amount` gives yuan, `phone` any spelling of one valid number, `day` the days that words name, looking back when
    `past` is set. Each gives None for what it cannot read, and never guesses.
    """

    amount: Callable[[Cell], Decimal | None]
    phone: Callable[[Cell], str | None]
    day: Callable[[str, bool], Days | None]


class BadRows(Protocol):
    """Takes the rows that were not taken, each with its reason, so that they can be mended and imported again."""

    def add(self, headings: Sequence[str], cells: Sequence[str], where: str, reason: str) -> None: ...


OURS = ("原行号", "原因")
"""The two last headings of a file of bad rows; when such a file comes back they are no content."""
