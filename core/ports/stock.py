"""What is in stock and when more comes: asked of whatever keeps it (an ERP), through a connector."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Availability:
    """How much of a product may be promised now, and when the next lot comes; `at` is when the source said so."""

    on_hand: Decimal
    at: datetime
    next_on: date | None = None
    next_quantity: Decimal | None = None


class Stock(Protocol):
    """Answers from what it has at hand, at once: a connector that must ask far away keeps its last answers near."""

    name: str
    """What people call the source: 用友 U8."""

    def availability(self, codes: Sequence[str]) -> Mapping[str, Availability]:
        """Return what is known of these product codes; what is not known is left out."""
        ...
