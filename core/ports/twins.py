"""Who may be the same company."""

from collections.abc import Iterable
from typing import Protocol

from core.model.identity import Identity, Key, Mark, Twin
from core.model.ids import Ref
from core.model.naming import Hit


class Twins(Protocol):
    """Records that may be the same, asked for by exact keys: nothing scans, however many there are."""

    def reserve(self, wanted: Identity) -> None:
        """Let nobody else put the same company on record until we commit."""
        ...

    def reserve_all(self) -> None:
        """Let nobody else put anybody on record until we commit, for the few moments of a batch."""
        ...

    def met(self, wanted: Identity) -> dict[Ref, frozenset[Key]]:
        """Whatever is alive with the same phone, credit code, mail address or external id, a few a key."""
        ...

    def marked(self, marks: Iterable[Mark]) -> list[tuple[Mark, Ref, str]]:
        """Whatever is alive with one of these marks, with its name, asked for hundreds of rows at once."""
        ...

    def of_core(self, cores: Iterable[str]) -> list[tuple[Ref, str]]:
        """The names of all that have one of these core names, ended ones too."""
        ...

    def calls(self, keys: Iterable[str], limit: int) -> list[str]:
        """What customers are called under these keys of the index of names, each once."""
        ...

    def called(self, keys: Iterable[str], brand: str, limit: int) -> list[Hit]:
        """Customers under these keys of the index of names: some called exactly `brand`, up to `limit` others."""
        ...

    def of(self, refs: Iterable[Ref]) -> list[Twin]:
        """Those of `refs` that are alive."""
        ...
