"""A past to live through: each deed at its instant, by its member, with the clock's promises kept in between."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from itertools import count

from core.model.member import Member, Sender
from core.notices import Notice
from core.ports import OpenWork, UnitOfWork
from core.services.deadlines import sweep

Deed = Callable[[UnitOfWork], None]
CLOCK = ""
"""Who keeps promises: it sorts before everybody, so at one instant time speaks first."""


@dataclass(frozen=True)
class Past:
    """Opens units of work in which everything is true but no phone rings: what was said long ago was read long ago."""

    open_work: OpenWork

    @contextmanager
    def __call__(
        self, actor: Member, *, now: datetime | None = None, channel: str = "", reading: bool = False
    ) -> Iterator[UnitOfWork]:
        with self.open_work(actor, now=now, channel=channel, reading=reading) as uow:
            uow.tell = _say_nothing  # type: ignore[method-assign]  # silence is the one thing that differs
            yield uow


class Timeline:
    """Deeds waiting for their instant, oldest first. What lies after `until` has not happened and is dropped."""

    def __init__(self, past: Past, members: Mapping[str, Member], until: datetime) -> None:
        self._past, self._members, self._until = past, members, until
        self._steps: list[tuple[datetime, str, int, Deed]] = []
        self._numbers = count()

    def at(self, moment: datetime, who: str, deed: Deed) -> None:
        """Let `who`, a user id, do something at `moment`; deeds of one person and instant are one transaction."""
        if moment <= self._until:
            heappush(self._steps, (moment, who, next(self._numbers), deed))

    def sweep_at(self, moment: datetime) -> None:
        """Let every promise that is due at `moment` be kept then."""
        self.at(moment, CLOCK, _nothing)

    def run(self) -> None:
        """Live through everything; a deed may arrange later ones."""
        while self._steps:
            moment, who, _, _ = self._steps[0]
            if who == CLOCK:
                while self._is_next(moment, who):
                    heappop(self._steps)
                sweep(self._past, moment)
                continue
            with self._past(self._members[who], now=moment, channel="wecom") as uow:
                while self._is_next(moment, who):
                    heappop(self._steps)[-1](uow)

    def _is_next(self, moment: datetime, who: str) -> bool:
        return bool(self._steps) and self._steps[0][:2] == (moment, who)


def _say_nothing(notice: Notice, at: Sender | None = None) -> None:
    """Keep a notice of the past to oneself."""


def _nothing(uow: UnitOfWork) -> None:
    """Do nothing; the step only marks an instant."""
