"""What is told of promises to customers: that their time comes, that it has gone, and that two do not agree."""

from dataclasses import dataclass
from datetime import datetime

from core.notices.base import Notice


@dataclass(frozen=True)
class PromiseLine:
    """A promise in a list; `by` is who made it, empty for the reader, `theirs` the customer's own."""

    number: int
    customer: str
    customer_ref: str
    words: str
    due_at: datetime | None = None
    theirs: bool = False
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class PromisesDue(Notice):
    """Promises whose time comes; the reader made them, or holds the customer."""

    promises: tuple[PromiseLine, ...]


@dataclass(frozen=True, kw_only=True)
class PromisesBroken(Notice):
    """Promises whose time has gone and nobody said that they were kept; their keeper and who leads them hear of it."""

    promises: tuple[PromiseLine, ...]


@dataclass(frozen=True, kw_only=True)
class PromisesClash(Notice):
    """A colleague promised the same customer something else about the same thing."""

    by: str
    customer: str
    customer_ref: str
    thing: str
    new: str
    standing: str
