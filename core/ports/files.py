"""Files in the database, so that every process sees them, and pictures painted from charts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from core.model.chart import Chart
from core.model.file import File
from core.model.ids import FileId, MaterialId, Ref
from core.model.material import Material
from core.model.template import Template
from core.rules.cells import Cell


class Files(Protocol):
    def get(self, file_id: FileId) -> File:
        """Return a file; NotFound when there is none, or it was deleted."""
        ...

    def of(self, owner: Ref, purpose: str = "") -> list[File]:
        """The files of a record, newest first."""
        ...

    def find(self, file_ids: Iterable[FileId]) -> list[File]: ...

    def content(self, file: File) -> bytes:
        """Return the bytes, as they were kept."""
        ...

    def add(self, file: File, content: bytes) -> None:
        """Keep a file; the same bytes are kept once, whoever else has them."""
        ...


class Painter(Protocol):
    """Makes pictures out of charts. Not part of a transaction: painting takes its time."""

    def paint(self, chart: Chart) -> bytes:
        """Return the chart as PNG; PaintFailed when it cannot be drawn."""
        ...


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A document to be set: the template's text, what it reads as `data.json`, and the instant written into the file.

    The same setting gives the same bytes.
    """

    template: str
    data: Mapping[str, Any]
    at: datetime


class Typesetter(Protocol):
    """Sets documents, in a process of their own with limits. Not part of a transaction."""

    def shipped(self, kind: str) -> str:
        """Return the template that comes with the product."""
        ...

    def document(self, setting: Setting) -> bytes:
        """Return the PDF; TemplateBroken says in which line of the template what is to be mended."""
        ...

    def pages(self, setting: Setting) -> list[bytes]:
        """Return the pages as PNG."""
        ...

    def missing(self, data: Mapping[str, Any]) -> str:
        """Return the characters in `data` that would come out as empty boxes."""
        ...


class Templates(Protocol):
    """A company's own templates for documents, by kind and number."""

    def newest(self, kind: str) -> Template | None: ...
    def get(self, kind: str, number: int) -> Template | None: ...
    def versions(self, kind: str) -> list[Template]:
        """Return them, newest first."""
        ...

    def add(self, template: Template) -> None: ...


class Materials(Protocol):
    """The library of materials."""

    def add(self, material: Material) -> None: ...
    def get(self, material_id: MaterialId) -> Material:
        """Return a material; NoSuchMaterial when there is none."""
        ...

    def all(self) -> list[Material]:
        """Everything in the library, the newest first."""
        ...


class Intake(Protocol):
    """Fetches what somebody sent on a platform."""

    def fetch(self, channel: str, fields: Mapping[str, Any]) -> tuple[str, bytes]:
        """Return a file's name and bytes by what its event said of it; DeliveryFailed when it is not to be had."""
        ...


class Sheets(Protocol):
    """Makes tables for spreadsheets; `connectors/sheet_writer.py` writes them."""

    def sheet(
        self, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], mark: str
    ) -> tuple[bytes, int]:
        """Return an xlsx with one table, `mark` below it and on every printed page, and how many rows it has."""
        ...
