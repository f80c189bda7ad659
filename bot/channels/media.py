"""Files on their way to or from a platform, and their names."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from bot.channels.words import clean

LONGEST_NAME = 80
_NOT_IN_NAMES = re.compile(r'[/\\:"*?<>|\n]')
_FILE_NAME = re.compile(r'filename="([^"]*)"')
_QUOTED_NAME = re.compile(r"filename\*=UTF-8''([^;\s]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Download:
    """A file the platform kept for us."""

    name: str
    content_type: str
    content: bytes


def file_name(name: str) -> str:
    """Return a name the platform takes: the end is kept, because it says what the file is."""
    safe = _NOT_IN_NAMES.sub("_", clean(name)).strip(" .")
    stem, dot, suffix = safe.rpartition(".")
    if len(safe) > LONGEST_NAME and dot and len(suffix) < LONGEST_NAME // 2:
        return f"{stem[: LONGEST_NAME - len(suffix) - 1]}.{suffix}"
    return safe[:LONGEST_NAME] or "file"


def name_in(disposition: str) -> str:
    """Return the file name in a Content-Disposition header: percent-encoded, or raw UTF-8 as the platform does."""
    if quoted := _QUOTED_NAME.search(disposition):
        return file_name(unquote(quoted[1], errors="replace"))
    found = _FILE_NAME.search(disposition.encode("latin-1", "ignore").decode("utf-8", "replace"))
    return file_name(found[1] if found else "")
