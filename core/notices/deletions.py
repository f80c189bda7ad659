"""What people are told of records that are deleted and come back."""

from dataclasses import dataclass
from datetime import datetime

from core.notices.base import Notice


@dataclass(frozen=True, kw_only=True)
class RecordDeleted(Notice):
    """A record that somebody holds is gone; until `until` it may be restored as `ref`."""

    kind: str
    name: str
    by: str
    reason: str
    ref: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class RecordRestored(Notice):
    """A deleted record is back with whoever holds it."""

    kind: str
    name: str
    by: str
    ref: str
