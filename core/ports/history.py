"""What has changed, by whom, and how it is taken back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from core.model.history import Change
from core.model.ids import MemberId, Ref


class History(Protocol):
    def making(self, subject: Ref) -> list[Change]:
        """Everything that the command changed by which `subject` came to be."""
        ...

    def ending(self, subject: Ref, about: Sequence[Ref]) -> list[Change]:
        """What the command that changed `subject` last did to it and to `about`, last one first."""
        ...

    def releases(self, subject: Ref, since: datetime) -> list[Change]:
        """Changes since then by which a record lost its holder."""
        ...

    def of_subjects(self, subjects: Iterable[Ref]) -> list[Change]:
        """Everything that these records have become, and what was taken back of it, in the order it was written."""
        ...

    def as_it_was(self, subject: Ref, at: datetime) -> Any:
        """The record as it stood at a moment, put together from its changes; None before it came to be.

        It is no part of this transaction: to change it changes nothing.
        """
        ...

    def last_command(self, actor_id: MemberId, since: datetime) -> list[Change]: ...
    def of_command(self, command: str) -> list[Change]: ...
    def was_undone(self, command: str, actor_id: MemberId) -> bool: ...
    def mark_undone(self, changes: Sequence[Change]) -> None: ...
    def restore(self, changes: Sequence[Change]) -> list[Any]:
        """Put the records back as they were before `changes`, last one first; ChangedSince when one moved on."""
        ...

    def created(
        self, kind: str, by: Iterable[MemberId], since: datetime, until: datetime
    ) -> list[tuple[MemberId, int]]:
        """Return who put which records of a kind on record, the last first, but for what was taken back."""
        ...

    def count_created(
        self, kind: str, by: Iterable[MemberId], since: datetime, until: datetime
    ) -> dict[MemberId, int]: ...
