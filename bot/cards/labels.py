"""Labels of buttons: as short as platforms show them, cut where they read well, and told apart."""

import re
from collections import Counter
from collections.abc import Sequence

from core.rules.duplicates import core_name

WIDTH = 10
"""Characters of a button; WeCom shows no more (document/path/94888)."""

LONGEST_TAIL = 6
_BRACKETED = re.compile(r"^(?P<name>.+)（(?P<what>[^（）]+)）$")
_OPEN = re.compile(r"[（(「][^）)」]*$")
_BROKEN_WORD = re.compile(r"(?<=.{2})[A-Za-z0-9:./-]+$")


def fit(text: str, width: int = WIDTH) -> str:
    """Shorten `text`, a company to what people call it, and show a cut by …; no word or bracket is left half."""
    text = " ".join(text.split())
    return text if len(text) <= width else _cut(_called(text), width)


def with_verb(verb: str, name: str) -> str:
    """Name a button for a company by what people call it: 领 汇川."""
    return f"{verb} {_cut(_called(name), WIDTH - len(verb) - 1)}"


def short_labels(labels: Sequence[str]) -> list[str]:
    """Shorten what is chosen from. Where names are the same, what is in their brackets tells them apart."""
    names = [fit(_parted(label)[0]) for label in labels]
    alike = Counter(names)
    short = [
        label if len(label) <= WIDTH else _told_apart(label) if alike[name] > 1 else name
        for label, name in zip(labels, names, strict=True)
    ]
    seen = Counter(short)
    return [f"{number} {fit(cut, WIDTH - 2)}" if seen[cut] > 1 else cut for number, cut in enumerate(short, 1)]


def _called(name: str) -> str:
    """Return the brand of a company in its own spelling; a name in Latin letters stays as it is."""
    brand = core_name(name)
    return brand if brand in name else name


def _cut(text: str, width: int) -> str:
    if len(text) <= width:
        return text
    head = _OPEN.sub("", text[: width - 1])
    if head[-1:].isascii() and text[len(head)].isascii() and text[len(head)].isalnum():
        head = _BROKEN_WORD.sub("", head)
    return (head.rstrip(" ·、，") or text[: width - 1]) + "…"


def _told_apart(label: str) -> str:
    """Keep the last word of the brackets, such as a number or the smallest department, behind what room is left."""
    name, what = _parted(label)
    tail = fit(re.split(r"[ /]", what)[-1], LONGEST_TAIL)
    return f"{fit(name, WIDTH - len(tail) - 1)} {tail}".strip()


def _parted(label: str) -> tuple[str, str]:
    bracketed = _BRACKETED.match(label)
    return (bracketed["name"], bracketed["what"]) if bracketed else (label, "")
