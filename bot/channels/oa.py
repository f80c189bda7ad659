"""What the forms of platforms' own approvals have in common: each control is filled by the name it has there."""

import re
from collections.abc import Iterable
from typing import Any

from core.errors import DeliveryFailed
from core.ports.mirrors import Entry

MISMATCH = "form"
_LOOSE = re.compile(r"[\s:：*＊()（）\[\]【】/、_-]")
_UNITS = re.compile(r"[(（](元|万元|%|％|天|人民币)[)）]")


def mismatched(platform: str, why: str) -> DeliveryFailed:
    """The form asks for something that cannot be filled; an administrator changes the template or the names."""
    return DeliveryFailed(reason=f"{platform}审批模板：{why}", code=MISMATCH)


def entry_for(label: str, entries: Iterable[Entry]) -> Entry | None:
    """Return what a control of this name asks for: units and punctuation in the name do not matter."""
    wanted = _plain(label)
    known = list(entries)
    exact = (entry for entry in known if any(_plain(one) == wanted for one in entry.labels))
    return next((entry for entry in exact if entry.text or entry.number is not None or entry.user_id), None)


def _plain(label: str) -> str:
    return _LOOSE.sub("", _UNITS.sub("", label)).casefold()


def names(application: str, words: str) -> bool:
    """Say whether somewhere in `words` stands the number of an application of ours, and not of a longer one."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(application)}(?![0-9])", words) is not None


def words_in(value: Any) -> str:
    """Return everything that is written in a value of JSON."""
    if isinstance(value, dict):
        value = list(value.values())
    return "\n".join(map(words_in, value)) if isinstance(value, list) else str(value or "")
