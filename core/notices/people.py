"""What we tell people about their own accounts."""

from dataclasses import dataclass

from core.notices.base import Notice


@dataclass(frozen=True, kw_only=True)
class NamesakeFound(Notice):
    """The directory of `channel` lists somebody of the reader's name and no mobile that tells; only they know."""

    channel: str
    name: str
    department: str
