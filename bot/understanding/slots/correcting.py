"""What was written down wrongly of a follow-up, and what is right: the customer, the person, the way."""

import re
from typing import Final

from bot.understanding.methods import find_methods
from bot.understanding.people import find_people, is_full_name
from bot.understanding.sentence import CONTACT, CUSTOMER, Piece
from bot.understanding.slots.draft import Draft, mentioned

_WRONG: Final = re.compile(
    r"(?:不是|不应该是|而不是|别记|(?<![该应要改得])(?:写|记|选|填|录|挂|打|存|弄|搞|错|发|当)(?:成|到|错成|串到|串成)|错记|别是|(?:别|不要|不能|不该|不应该?|甭)(?:再)?(?:算|记|挂|放|写|归|录|落|存|安)(?:到|成|进)?)(?:了|在|跟|和|给)?$"
)
_OF_A_PERSON: Final = re.compile("联系人|对接人|方式|错人(?!家)")
"""What shows that the customer who is named is the right one already."""

_NAMED: Final = re.compile(
    r"(?:改成|换成|改为|记成|是|成|为|换|改)(?P<name>[一-龥]{2,3})(?=$|[\s，,。;；]|不是|而不是|跟我|说的)"
)


def read_to_customer(draft: Draft) -> None:
    """The right customer of a follow-up that was put down wrongly: 是中兴不是华为."""
    found = draft.marked(CUSTOMER)
    if found and _OF_A_PERSON.search(draft.text):
        mentioned(draft, "customer", found[0])
        return
    wrong = [piece for piece in found if _is_wrong(draft, piece, found[-1])]
    right = [piece for piece in found if piece not in wrong]
    if right:
        mentioned(draft, "to", right[-1])
    if wrong and right:
        mentioned(draft, "customer", wrong[0])


def _is_wrong(draft: Draft, piece: Piece, last: Piece) -> bool:
    """Say whether a customer is the one under whom it stands so far: 天源那条，其实是启明的."""
    text = draft.sentence.text
    stands = piece is not last and _THAT_ONE.match(text, piece.end) is not None
    return stands or _WRONG.search(text[draft.start : piece.start]) is not None


_THAT_ONE: Final = re.compile("(?:那边|这边)?的?(?:那|这)[条个]")


def read_corrected(draft: Draft) -> None:
    """With whom or how it was, where no other customer is named; what is neither is asked for."""
    if "to" in draft.slots or draft.choices:
        return
    text = draft.sentence.text
    people = [(piece.start, piece.words) for piece in draft.marked(CONTACT)]
    taken = [(piece.start, piece.end) for piece in draft.sentence.pieces]
    people += [
        (person.start, person.name)
        for person in find_people(text)
        if draft.start <= person.start < draft.end and not any(s < person.end and person.start < e for s, e in taken)
    ]
    if not people and "方式" not in draft.text:
        people = [(hit.start("name"), hit["name"]) for hit in _NAMED.finditer(draft.text) if is_full_name(hit["name"])]
    right, wrong = _apart(text, people)
    way, wrong_way = _apart(text, [(span.start, span.method) for span in find_methods(text)])
    if not (way and wrong_way) or wrong:  # 是我给李总打的，不是见面 is about the way
        draft.put("contact", right, right)
        draft.put("wrong", wrong if right else "", wrong)
    draft.put("method", "" if "contact" in draft.slots else way, way)
    if not {"contact", "method"} & draft.slots.keys():
        draft.ask("to", "应该记在哪个客户上？请回复客户名；改联系人请说「联系人改成王工」，改方式请说「方式改成微信」")


def _apart(text: str, named: list[tuple[int, str]]) -> tuple[str, str]:
    """Return what is right and what is wrong of the things named."""
    wrong = [words for place, words in named if _WRONG.search(text[:place])]
    right = [words for _, words in named if words not in wrong]
    return (right[-1] if right else ""), (wrong[0] if wrong else "")
