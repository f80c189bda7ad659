"""What is told of records that are one: that they were joined, that somebody asks for it, and what was answered."""

from dataclasses import dataclass

from core.notices.base import Notice


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Notice):
    """Two records became one. Who holds it reads its name and number; the others read their own record's name only."""

    by: str
    kept_ref: str
    kept: str
    gone: str
    holder: str


@dataclass(frozen=True, kw_only=True)
class MergeAsked(Notice):
    """A colleague holds what may be the same as the reader's `name`; of theirs no more is told than by what it met."""

    request_id: int
    by: str
    ref: str
    name: str
    matched: str
    holder: str
    after: str


@dataclass(frozen=True, kw_only=True)
class MergeAnswered(Notice):
    """To whoever wished it: what the other holder said."""

    by: str
    ref: str
    name: str
    agreed: bool
    holder: str
