"""What we tell about quotes."""

from dataclasses import dataclass
from datetime import date

from core.notices.base import Notice


@dataclass(frozen=True, kw_only=True)
class QuoteEnding(Notice):
    """To whoever made a quote: `last_day` is the last one on which the customer may accept it."""

    quote: str
    label: str
    buyer: str
    total: str
    last_day: date


@dataclass(frozen=True, kw_only=True)
class QuoteExpired(Notice):
    """To whoever made a quote: its last day has passed."""

    quote: str
    label: str
    buyer: str
    total: str
