"""The company's configuration: its versions on record, and the documents that people write."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from core.model.playbook import Playbook
from core.model.version import PlaybookDraft, PlaybookVersion


@dataclass(frozen=True, kw_only=True)
class Document:
    """A playbook as somebody wrote it, read and found sound: its text, the plain data in it, and what that means."""

    text: str
    content: Mapping[str, Any]
    playbook: Playbook


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One setting put in its place: `path` leads from the root by keys, list positions, or (key, value) of an item."""

    path: tuple[str | int | tuple[str, str], ...]
    value: Any


class PlaybookFiles(Protocol):
    """Documents as people write them. What is wrong with one is a `PlaybookInvalid` with every problem by its line."""

    def read(self, given: str | bytes) -> Document: ...
    def kit(self, name: str) -> str:
        """Return the text of a kit that is shipped with the product, by its name."""
        ...

    def kits(self) -> Sequence[str]: ...
    def edited(self, text: str, edits: Sequence[Edit]) -> str:
        """Return the document with some settings changed; comments and the order of things stay."""
        ...


class Newest(NamedTuple):
    """What matters of a version beside its content."""

    number: int
    digest: str
    treatment: str
    at: datetime


class Versions(Protocol):
    """Every version of the playbook there was; rows are only ever added."""

    def newest(self) -> Newest | None:
        """The version in force; None when there is none yet."""
        ...

    def mark(self) -> Hashable:
        """What tells the version in force from every other one, None when there is none; a cheap question.

        It is more than the number, which may be given again when a transaction or the whole database goes back.
        """
        ...

    def reserve(self) -> None:
        """Let nobody else add a version until this transaction ends."""
        ...

    def get(self, number: int) -> PlaybookVersion | None: ...
    def at(self, moment: datetime) -> PlaybookVersion | None:
        """The version that was in force at `moment`."""
        ...

    def latest(self, limit: int) -> list[PlaybookVersion]: ...
    def since(self, number: int) -> list[PlaybookVersion]:
        """Every version after `number`, oldest first."""
        ...

    def treatments(self, until: int) -> list[Newest]:
        """Those versions up to `until` that changed clock rules, newest first."""
        ...

    def add(self, version: PlaybookVersion) -> None: ...
    def add_draft(self, draft: PlaybookDraft) -> None: ...
    def draft(self, draft_id: int) -> PlaybookDraft | None:
        """A draft, locked until this transaction ends."""
        ...


class PlaybookSource(Protocol):
    """How a unit of work comes by its playbook: documents are read by `files`, what is in force is kept at hand."""

    files: PlaybookFiles

    def in_force(self, versions: Versions) -> Playbook: ...
