"""What records have in the fields that a company has made."""

from collections.abc import Sequence
from typing import Any, Protocol

from core.rules.narrowing import Narrow
from core.rules.permissions import Scope


class FieldValues(Protocol):
    """The values of custom fields, asked by the keys of their types: no question goes through all records."""

    def reserve(self, kind: str, field: str, keys: Sequence[str]) -> None:
        """Let nobody else write one of these values until we commit."""
        ...

    def holders(self, kind: str, field: str, keys: Sequence[str], limit: int) -> list[int]:
        """Return the numbers of living records that have one of these values."""
        ...

    def rewrite(self, kind: str, *, after: int, limit: int) -> tuple[int, int | None]:
        """Write the keys of records above the number `after` anew; return how many, and the last one if more wait."""
        ...

    def find(
        self, kind: str, narrows: Sequence[Narrow], scope: Scope, *, limit: int, after: int | None = None
    ) -> list[Any]:
        """Return living records within the scope that may be meant, the newest first, below the number `after`."""
        ...
