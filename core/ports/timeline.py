"""A customer's timeline, asked for page by page."""

from collections.abc import Collection, Sequence
from typing import Protocol

from core.model.ids import Ref
from core.model.timeline import Mark, Moment


class Timeline(Protocol):
    def before(
        self, customer: Ref, gone: Sequence[Ref], kinds: Collection[str], mark: Mark | None, limit: int
    ) -> list[Moment]:
        """The last `limit` things before `mark` that happened with a customer and those that became it, newest first.

        `kinds` are the kinds of records that the reader may see.
        """
        ...

    def kinds(self) -> tuple[str, ...]:
        """Every kind of record that a timeline may hold."""
        ...

    def became(self, customer: Ref) -> list[Ref]:
        """The leads and accounts that were converted or merged into a customer, over any number of steps."""
        ...
