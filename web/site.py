"""What the web's second face needs of the program, handed in by bootstrap."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.model.ids import MemberId
from core.ports import OpenWork


@dataclass(frozen=True, kw_only=True)
class Site:
    """`member_of` reads a REST token, `readiness` says what is wrong, `gauges` counts what waits."""

    open_work: OpenWork
    member_of: Callable[[str], MemberId | None]
    browse: Any
    readiness: Callable[[], dict[str, str]]
    gauges: Callable[[], dict[str, float]]
