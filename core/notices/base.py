"""What every notice is made of."""

from dataclasses import dataclass

from core.model.ids import MemberId


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something a member is told. `once` makes it unsayable twice; None says it every time."""

    to: MemberId
    once: str | None = None
