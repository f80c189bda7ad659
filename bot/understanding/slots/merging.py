"""Records that are merged, and leads that are restored: numbers and names that need not be found."""

import re
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.sentence import CONTACT, CUSTOMER, QUOTE
from bot.understanding.slots.basics import read_customer
from bot.understanding.slots.draft import SEPARATORS, Draft, mentioned

_A_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[LlAa][1-9][0-9]{0,8}(?![0-9A-Za-z])")
"""A lead or an account by its number, as it stands on cards."""


_ANY_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z])[LlAaDdQqPp][1-9][0-9]{0,8}(?![0-9A-Za-z])")
"""A record of any kind that can be deleted, by its number."""

_PART: Final = re.compile(r"商机|报价|联系人")


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
        draft.put("customer", words.upper() if _ANY_NUMBER.fullmatch(words) else words, words)


def read_deleted(draft: Draft) -> None:
    """What shall go: by number, a quote, a person; else a customer, or the one deal, quote or person of theirs."""
    number = _ANY_NUMBER.search(draft.sentence.text, draft.start, draft.end)
    quotes, people = draft.marked(QUOTE), draft.marked(CONTACT)
    if number is not None:
        draft.put("customer", number[0].upper(), number[0])
        draft.used.append(number.span())
    elif quotes:
        mentioned(draft, "customer", quotes[0])
    elif people:
        found = people[0].value.candidates
        if len(found) == 1:
            draft.put("customer", found[0].name, people[0], _numbered(found[0].ref))
        else:
            draft.choices.setdefault("customer", tuple((one.name, _numbered(one.ref)) for one in found))
            draft.be(Outcome.CHOOSE)
    else:
        read_customer(draft)
        if part := _PART.search(draft.sentence.text, draft.start, draft.end):
            draft.put("what", part[0], part[0])


def _numbered(ref: str) -> str:
    """Write the number of a person as it stands on cards: contact:5 is P5."""
    return ref.replace("contact:", "P")
