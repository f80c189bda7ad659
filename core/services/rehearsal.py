"""Doing something once to see what would happen: everything is done, nothing is kept."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from core.model.member import SYSTEM
from core.ports import OpenWork, UnitOfWork


class _Rehearsed(Exception):
    """Ends a rehearsal."""


@contextmanager
def work_or_rehearsal(open_work: OpenWork, *, dry_run: bool, channel: str = "") -> Iterator[UnitOfWork]:
    """Open the system's unit of work; with `dry_run` it is rolled back at the end, as if nothing had been."""
    with suppress(_Rehearsed), open_work(SYSTEM, channel=channel) as uow:
        yield uow
        if dry_run:
            uow.flush()
            raise _Rehearsed
