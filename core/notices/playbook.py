"""What administrators are told of the playbook."""

from dataclasses import dataclass
from datetime import datetime

from core.notices.base import Notice


@dataclass(frozen=True, kw_only=True)
class PlaybookChanged(Notice):
    """Another version of the playbook is in force; `lines` say what is otherwise."""

    number: int
    by: str
    confirmed_by: str
    why: str
    lines: tuple[str, ...]
    remark: str
    treatment: str
    restores: int | None


@dataclass(frozen=True, kw_only=True)
class PlaybookProposed(Notice):
    """A colleague proposes a change of the playbook that weighs so much that a second administrator decides."""

    draft: int
    by: str
    why: str
    lines: tuple[str, ...]
    weighty: tuple[str, ...]
    treatment: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class PlaybookDeclined(Notice):
    """The second administrator did not agree; to whoever proposed it."""

    by: str
    why: str
