"""What was deleted, and the records themselves, which no other repository returns any more."""

from collections.abc import Iterable
from typing import Any, Protocol

from core.model.deletion import Deletion
from core.model.ids import Ref
from core.rules.permissions import Scope


class Deletions(Protocol):
    def add(self, deletion: Deletion) -> None: ...
    def get(self, deletion_id: int) -> Deletion | None:
        """Locked until we commit."""
        ...

    def last_of(self, subject: Ref) -> Deletion | None:
        """What was asked for last about a record, whatever became of it. Locked until we commit."""
        ...

    def standing(self, scope: Scope, limit: int) -> list[Deletion]:
        """What may still be restored, of records that were held in `scope` or that its member wanted gone; the last
        first.
        """
        ...

    def records(self, refs: Iterable[Ref]) -> list[Any]:
        """The records of these numbers, gone or not."""
        ...

    def erase(self, refs: Iterable[Ref]) -> None:
        """Blank what these records say of people, also in their history: who did what and when is kept there."""
        ...
