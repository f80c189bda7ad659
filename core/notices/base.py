"""What every notice is made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.model.enclosure import Enclosure
from core.model.ids import MemberId
from core.model.money import Money


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something a member is told. `once` makes it unsayable twice; None says it every time.

    A card that lives on names what it is about in `screen` (`approval:12`): it is shown anew wherever it stands.
    What it `encloses`, files and pictures, follows as messages of their own.
    """

    to: MemberId
    once: str | None = None
    screen: str | None = None
    encloses: tuple[Enclosure, ...] = ()
    wanted: ClassVar[bool] = False
    """The receiver has asked for it at that very time, so it is never kept back."""

    @property
    def worth(self) -> Money | None:
        """The money it is about: whoever wants to be left in peace may let great sums through."""
        return None


@dataclass(frozen=True)
class LeadLine:
    """A lead in a list: its reference, name, and the instant the list is about."""

    ref: str
    name: str
    at: datetime
