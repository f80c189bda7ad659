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


@dataclass(frozen=True, kw_only=True)
class FileReceived(Notice):
    """A file that a member sent is kept; where shall it go? `contracts` wait for a signed copy, `approvals` run."""

    file: int
    name: str
    size: int
    contracts: tuple[tuple[int, str], ...]
    library: bool
    template: bool
    approvals: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileNotReceived(Notice):
    """What a member sent could not be kept; `why` ends with what to do."""

    why: str


@dataclass(frozen=True, kw_only=True)
class TemplateChecked(Notice):
    """A template that an administrator sent is in use, with a preview; or is not, for what stands in `trouble`."""

    title: str
    number: int
    trouble: str
