"""Who of several colleagues gets which of several customers: 奇睿归张伟 兰亭归陈晨, 分别给张伟和陈晨."""

import re
from typing import Final

from bot.understanding.sentence import CUSTOMER, MEMBER, Piece
from bot.understanding.slots.draft import Draft, mentioned

_BY_TURNS: Final = re.compile(r"分别|依次|按顺序|各自|(?:一人|各|每人)一[个条家]|一[个条家](?:给|归|派给|分给)")
_UNCLEAR: Final = "哪个客户给哪位同事？请一家一家说，例如「汇川给小陈」"
_BESIDE: Final = 8
_NOT_TO: Final = re.compile(r"(?:不要|(?<!分)别|不用|不)(?:再)?(?:给|派给|分给|让|归|转给)\s?$|从\s?$")


def read_taker(draft: Draft) -> None:
    """The colleague who gets the customer of this act; where it stays unclear which of several does, it is asked."""
    people = [p for p in draft.marked(MEMBER) if not _NOT_TO.search(draft.sentence.text[draft.start : p.start])]
    several = {piece.words for piece in people}
    if len(several) < 2:  # noqa: PLR2004
        if people:
            mentioned(draft, "member", people[-1])
        return
    customers = draft.marked(CUSTOMER)
    mine = [p for p in customers if any(one.ref == draft.refs.get("customer") for one in p.value.candidates)]
    if len({piece.value.candidates[0].ref for piece in customers if piece.value.candidates}) < 2:  # noqa: PLR2004
        mentioned(draft, "member", people[-1])
        return
    taker = _beside(draft, mine, customers, people) or _in_turn(draft, customers, people)
    if taker is None:
        draft.ask("member", _UNCLEAR)
        return
    mentioned(draft, "member", taker)
    draft.used += [(piece.start, piece.end) for piece in (*customers, *people)]


def _beside(draft: Draft, mine: list[Piece], customers: list[Piece], people: list[Piece]) -> Piece | None:
    """Return whoever stands beside a mention of the customer, each with one of their own."""
    row = sorted([*customers, *people], key=lambda piece: piece.start)
    first = row.index(min(people, key=lambda piece: piece.start))
    row = row[first - (len(row) - first) % 2 :]  # the customers named before them are named again beside them
    pairs = list(zip(row[::2], row[1::2], strict=False))
    if len(row) % 2 or not all(a.mark != b.mark and b.start - a.end <= _BESIDE for a, b in pairs):
        return None
    found = [b if a in mine else a for a, b in pairs if a in mine or b in mine]
    return found[0] if len(found) == 1 else None


def _in_turn(draft: Draft, customers: list[Piece], people: list[Piece]) -> Piece | None:
    """Return whoever has the same place in the row of colleagues as the customer has in theirs, where that is said."""
    names = list({piece.value.candidates[0].ref: piece for piece in customers if piece.value.candidates})
    takers = list({piece.words: piece for piece in people}.values())
    ref = draft.refs.get("customer")
    if not _BY_TURNS.search(draft.text) or len(names) != len(takers) or ref not in names:
        return None
    return takers[names.index(ref)]
