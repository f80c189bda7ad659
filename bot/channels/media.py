"""Files on their way to or from a platform, and their names."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import unquote

from bot.channels.base import Tokens
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


@dataclass(frozen=True)
class Uploads:
    """Media ids of what was uploaded, shared by every process, until they expire; one forgotten costs an upload.

    `owner` names the company and app that the ids are good for.
    """

    tokens: Tokens
    owner: str
    lives: timedelta

    def media_id(self, kind: str, name: str, content: bytes, upload: Callable[[], str]) -> tuple[str, bool]:
        """Return the id of a file, uploaded now unless it is there; and whether it was."""
        key = self._key(kind, name, content)
        if (known := self.tokens.get(key)) is not None:
            return known, True
        made = upload()
        self.tokens.put(key, made, self.lives)
        return made, False

    def forget(self, kind: str, name: str, content: bytes, media_id: str) -> None:
        """Let go of an id that the platform no longer knows."""
        self.tokens.drop(self._key(kind, name, content), media_id)

    def _key(self, kind: str, name: str, content: bytes) -> str:
        digest = hashlib.sha256(f"{kind}|{name}|".encode() + hashlib.sha256(content).digest()).hexdigest()
        return f"{self.owner}:media:{digest[:40]}"


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
