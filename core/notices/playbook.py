"""What administrators are told of the playbook."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class ShareLine:
    """What one member would lose: before, and under the changed rule."""

    name: str
    held: int
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class RuleRehearsed(Notice):
    """A changed rule was replayed over history; to whoever asked for it. Pairs are before and under the change.

    `trouble` says why there is no outcome.
    """

    draft: int
    lines: tuple[str, ...]
    days: int = 0
    tenures: int = 0
    recycled: tuple[int, int] = (0, 0)
    cards: tuple[int, int] = (0, 0)
    lost: int = 0
    kept: int = 0
    moved: int = 0
    lost_names: tuple[str, ...] = ()
    kept_names: tuple[str, ...] = ()
    shares: tuple[ShareLine, ...] = ()
    deals_won: int = 0
    deals_open: int = 0
    deals_amount: str = ""
    approvals: tuple[str, ...] = ()
    trouble: str = ""
