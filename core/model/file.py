"""A file that belongs to a record: what it is called, what kind it is, and which bytes it has."""

from dataclasses import dataclass
from datetime import datetime

from core.model.ids import UNSAVED, FileId, MemberId, Ref

LARGEST = 20 * 2**20
"""Bytes; more than that neither platform takes."""

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "typ": "text/plain; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "mp4": "video/mp4",
}
"""What may be kept, by the end of its name; what a browser would run is not among it."""


def suffix_of(name: str) -> str:
    """Return the end of a file's name in lower case, which says what it is."""
    return name.rpartition(".")[2].lower() if "." in name else ""


@dataclass(eq=False, kw_only=True)
class File:
    """What is known of a file; its bytes are asked for apart.

    `purpose` says what it is to its owner (a quote's document, a signed contract, a material), `edition` counts the
    files of one purpose from 1.
    """

    id: FileId = UNSAVED
    owner_kind: str
    owner_id: int
    purpose: str
    edition: int
    name: str
    media_type: str
    size: int
    sha256: str
    created_by: MemberId | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = UNSAVED

    @property
    def ref(self) -> Ref:
        return Ref("file", self.id)

    @property
    def owner(self) -> Ref:
        """The record it belongs to; whoever may see that may have the file."""
        return Ref(self.owner_kind, self.owner_id)
