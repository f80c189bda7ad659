"""Records that are merged, and leads that are restored: numbers and names that need not be found."""

import re
from typing import Final

from bot.understanding.sentence import CUSTOMER
from bot.understanding.slots.draft import SEPARATORS, Draft, mentioned

_A_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[LlAa][1-9][0-9]{0,8}(?![0-9A-Za-z])")
"""A lead or an account by its number, as it stands on cards."""


def read_merged(draft: Draft) -> None:
    """The two customers that may be one; a number that names nobody whom the speaker sees is kept as it was said."""
    found = draft.marked(CUSTOMER)
    numbers = [
        hit
        for hit in _A_NUMBER.finditer(draft.sentence.text, draft.start, draft.end)
        if not any(piece.start <= hit.start() < piece.end for piece in found)
    ]
    slots = ["with", "customer"]
    for piece in found[:2]:
        mentioned(draft, slots.pop(), piece)
    for hit in numbers[: len(slots)]:
        draft.put(slots.pop(), hit[0].upper(), hit[0])


def read_restored(draft: Draft) -> None:
    """The lead that shall be somebody again; nothing finds an invalid one, so it is kept as it was said."""
    group = draft.group("customer")
    if group is not None:
        words = draft.said(*group).strip(SEPARATORS)
        draft.put("customer", words.upper() if _A_NUMBER.fullmatch(words) else words, words)
