"""What every notice is made of."""

from dataclasses import dataclass
from datetime import datetime

from core.model.enclosure import Enclosure
from core.model.ids import MemberId


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


@dataclass(frozen=True)
class LeadLine:
    """A lead in a list: its reference, name, and the instant the list is about."""

    ref: str
    name: str
    at: datetime
