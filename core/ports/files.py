"""Files in the database, so that every process sees them, and pictures painted from charts."""

from collections.abc import Iterable
from typing import Protocol

from core.model.chart import Chart
from core.model.file import File
from core.model.ids import FileId, Ref


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
