"""What people are told of documents they ordered."""

from dataclasses import dataclass

from core.notices.base import Notice


@dataclass(frozen=True, kw_only=True)
class DocumentReady(Notice):
    """A document was set; the file comes along.

    `draft` stands across its pages, `lost` are characters that the font has no form for.
    """

    label: str
    name: str
    edition: int
    draft: str
    lost: str


@dataclass(frozen=True, kw_only=True)
class DocumentFailed(Notice):
    """A document could not be set; `why` ends with what to do."""

    title: str
    why: str
