"""Slots of what is asked of figures: what is counted, by what it is cut, and of which part."""

import re
from typing import Final

from bot.understanding.slots.basics import read_campaign, read_industry, read_member, read_region, trimmed
from bot.understanding.slots.draft import Draft
from core.rules.metrics.declared import MEASURES, find_dimension
from core.services.reports.pivot import dimensions_of

_AND: Final = re.compile(r"[、,，/×x*+]|和|与|跟|及|再按|还有")
_PART: Final = re.compile(r"(?:在|的)$")
CATEGORY: Final = ("不计入", "进行中", "承诺", "力争")


def read_pivot(draft: Draft) -> None:
    """Measures by their labels and aliases wherever they stand, dimensions from the words behind 按."""
    group = draft.group("by")
    said = draft.said(*group) if group is not None else ""
    words = [one for part in _AND.split(said) if (one := trimmed(part))]
    known = [found.label for word in words if (found := find_dimension(word, dimensions_of(draft.ctx.uow))) is not None]
    rest = draft.text.replace(said, " ", 1) if said else draft.text
    measures = _measures(rest)
    if not measures and group is not None and len(known) < len(words):
        measures = _measures(said)
    draft.put("by", known or words, said)
    draft.put("measures", measures, "、".join(measures))
    for read in (read_region, read_industry, read_member):
        read(draft)
    if "来源" not in known and "渠道" not in said:
        read_campaign(draft)


def _measures(text: str) -> list[str]:
    """Return the measures that words name, the longest names first, in the order in which they stand."""
    found: list[tuple[int, str]] = []
    names = sorted(
        ((word, one.label) for one in MEASURES for word in (one.label, *one.aliases)), key=lambda p: -len(p[0])
    )
    for word, label in names:
        place = text.find(word)
        if place >= 0:
            found.append((place, label))
            text = text.replace(word, " " * len(word), 1)
    return list(dict.fromkeys(label for _, label in sorted(found)))


def read_category(draft: Draft) -> None:
    """As how sure a deal is to count."""
    said = next((one for one in CATEGORY if one in draft.text), "")
    draft.put("what", said, said)


def read_called_reason(draft: Draft) -> None:
    """Why a leader expects something else: the words behind the amount."""
    last = max((end for _, end in draft.used), default=draft.end)
    words = trimmed(draft.said(last, draft.end)) if last < draft.end else ""
    draft.put("reason", words, words)
