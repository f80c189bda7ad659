"""The follow-ups of a story: one for each customer that was met, with the words that speak of it."""

import re
from dataclasses import replace
from typing import Final

from bot.context import Context
from bot.understanding.acts import Outcome
from bot.understanding.clauses import Clause, stretch_of
from bot.understanding.grammar import BY_NAME
from bot.understanding.sentence import CONTACT, CUSTOMER, MEMBER, Piece, Sentence
from bot.understanding.slots.draft import Draft, mentioned
from bot.understanding.slots.followup import read_followup
from bot.understanding.talk import Talk, may_be_told, talk_in
from bot.understanding.text import meaningful_characters
from bot.understanding.turns import turns_of

FOLLOWUP: Final = "followup.log"

_SHARED: Final = re.compile(
    r"[和与跟、及，,]|以及|还有|两家|(?:出来|离开|[了完过，,])?(?:上午|下午|中午|晚上|早上|然后|接着|顺路|顺便|又|再|后来|之后|后|拐|转|直接|赶)(?:我|又|再|去|到|跑|见|赶到?|拐到?|奔|拜访|走访|了|趟|一趟)*"
)


_WENT_ON: Final = re.compile(
    r"^(?:Ⓣ|然后|接着|后来|又|再|顺路)+(?:我|又|再|拐|跑|赶|转)*(?:去|到|见|拜访|走访|奔)(?:了|的|趟|一趟)*[ⒸⓅ]"
)
"""How a story that has begun goes on to the next customer."""


def told_followups(ctx: Context, sentence: Sentence, clauses: list[Clause], talk: Talk, until: int) -> list[Draft]:
    """A follow-up for every customer that was talked with, up to `until`; each takes the clauses that speak of it."""
    intent = BY_NAME[FOLLOWUP]
    joint = joint_customers(sentence, talk.clause)
    if not joint:
        named = next(
            (c for c in clauses if talk.clause.span[0] < c.span[0] < until and joint_customers(sentence, c)), None
        )
        if named is not None and len(joint_customers(sentence, named)) > 1:
            talk, joint = replace(talk, clause=named), joint_customers(sentence, named)
    if len(joint) < 2:  # noqa: PLR2004
        row = next((c for c in clauses if len(joint_customers(sentence, c)) > 1 and c.span[0] < until), None)
        if row is not None and (any(_OF_A_ROW.match(c.words) for c in clauses) or _comes_back(sentence, clauses, row)):
            talk, joint = replace(talk, clause=row), joint_customers(sentence, row)
    if len(joint) < 2 and (turns := _turns(sentence, clauses, until)):  # noqa: PLR2004
        return [_told_of(ctx, sentence, talk, start, end) for start, end, talk in turns]
    if len(joint) < 2:  # noqa: PLR2004
        draft = Draft(ctx, sentence, intent, stretch_of(clauses)[0], until)
        read_followup(draft, talk.clause)
        _soften(draft, talk)
        return [draft]
    found = []
    shared = talk.clause.span
    for piece in joint:
        own = [
            c
            for c in clauses
            if c.span[0] >= shared[1] and c.span[1] <= until and _speaks_of(sentence, c, piece, joint)
        ]
        start, end = (own[0].span[0], _until(sentence, clauses, own[0], joint, until)) if own else shared
        draft = Draft(ctx, sentence, intent, start, end)
        mentioned(draft, "customer", piece)
        method = [m for m in sentence.methods if shared[0] <= m.start < shared[1]]
        if method:
            draft.put("method", method[0].method, method[0].words)
        read_followup(draft, talk.clause, shared)
        _soften(draft, talk)
        found.append(draft)
    return found


def noted(ctx: Context, sentence: Sentence, clauses: list[Clause]) -> list[Draft]:
    """What is said at some length of customers and calls nothing: shown as follow-ups, which only 确认 writes."""
    named = [p for p in sentence.pieces if p.mark in (CUSTOMER, CONTACT)]
    about_us = any(p.mark == MEMBER for p in sentence.pieces) or not may_be_told(sentence, clauses)
    parts = max(len(clauses), len(sentence.text.split()))
    if not named or about_us or parts < 2 or meaningful_characters(sentence.text) < _A_STORY:  # noqa: PLR2004
        return []
    drafts = []
    for part in turns_of(sentence, clauses):
        draft = Draft(ctx, sentence, BY_NAME[FOLLOWUP], *stretch_of(part))
        read_followup(draft, part[0])
        draft.hinted = True
        draft.be(Outcome.CONFIRM)
        drafts.append(draft)
    return drafts


_A_STORY: Final = 10
"""Characters from which on words about a customer may be worth keeping."""


def _comes_back(sentence: Sentence, clauses: list[Clause], row: Clause) -> bool:
    """Say whether each customer of a row heads a later clause: 上午锡通下午海昌，锡通图纸过了，海昌还卡付款."""
    heads = [sentence.marked(CUSTOMER, *c.span)[:1] for c in clauses if c.start > row.start]
    named = {piece.words for head in heads for piece in head}
    return all(piece.words in named for piece in joint_customers(sentence, row))


def _turns(sentence: Sentence, clauses: list[Clause], until: int) -> list[tuple[int, int, Talk]]:
    """Where the story turns to another customer that was met too: 上午见完甲，下午又去了乙."""
    heads: list[tuple[Clause, Talk]] = []
    seen: set[str] = set()
    for clause in clauses:
        named = {piece.words for piece in sentence.marked(CUSTOMER, *clause.span)}
        if not named or named & seen or clause.span[0] >= until:
            continue
        talk = talk_in(sentence, [clause])
        if heads and (talk is None or not talk.strong) and _WENT_ON.match(clause.words):
            talk = Talk(strong=True, clause=clause)
        if talk is None or not talk.strong:
            continue
        heads.append((clause, talk))
        seen |= named
    if len(heads) < 2:  # noqa: PLR2004
        return []
    starts = [stretch_of(clauses)[0], *(clause.span[0] for clause, _ in heads[1:])]
    return [(start, end, talk) for start, end, (_, talk) in zip(starts, [*starts[1:], until], heads, strict=True)]


def _told_of(ctx: Context, sentence: Sentence, talk: Talk, start: int, end: int) -> Draft:
    draft = Draft(ctx, sentence, BY_NAME[FOLLOWUP], start, end)
    read_followup(draft, talk.clause)
    return draft


def _soften(draft: Draft, talk: Talk) -> None:
    """What was only hinted at is shown first."""
    if not talk.strong:
        draft.hinted = True
        draft.be(Outcome.CONFIRM)


def joint_customers(sentence: Sentence, clause: Clause) -> list[Piece]:
    """Customers that a clause names side by side: 华为和中兴."""
    named = sentence.marked(CUSTOMER, *clause.span)
    if len(named) < 2:  # noqa: PLR2004
        return named
    row = [named[0]]
    for piece in named[1:]:
        between = sentence.text[row[-1].end : piece.start].strip()
        if piece.words in {one.words for one in row}:
            continue
        if not between or _SHARED.fullmatch(between):
            row.append(piece)
    return row


_OF_A_ROW: Final = re.compile(
    r"^(?:但是?|不过|而|，)*(?:(?P<first>前面|前|第一|头)|(?P<last>后面|后|第二|另))(?:那|这|一)?(?:家|个|者|边)"
)
"""One of several customers by its place: 前面那家占线，后面那家说月底给答复."""


def _speaks_of(sentence: Sentence, clause: Clause, piece: Piece, joint: list[Piece]) -> bool:
    place = _OF_A_ROW.match(clause.words)
    if place is not None and len(joint) == 2:  # noqa: PLR2004
        return piece is (joint[0] if place["first"] else joint[1])
    first = sentence.marked(CUSTOMER, *clause.span)
    return _is_same(first[0], piece) if first else _is_with(sentence, clause, piece)


def _is_with(sentence: Sentence, clause: Clause, piece: Piece) -> bool:
    """Say whether a clause is about somebody of a customer's: 泉城和明珠都打了，姜厂长再看看，万总让发资料."""
    people = sentence.marked(CONTACT, *clause.span)[:1]
    return any(one.of in {c.ref for c in piece.value.candidates} for p in people for one in p.value.candidates)


def _is_same(one: Piece, other: Piece) -> bool:
    """Say whether two names are of one customer: 凤凰印务, and later only 凤凰."""
    refs = {candidate.ref for candidate in one.value.candidates}
    return one.words == other.words or refs == {candidate.ref for candidate in other.value.candidates}


def _until(sentence: Sentence, clauses: list[Clause], own: Clause, joint: list[Piece], until: int) -> int:
    """Where the words about one of several customers end: at the next clause about another of them."""
    for clause in clauses:
        if own.start < clause.start and clause.span[0] < until:
            named = sentence.marked(CUSTOMER, *clause.span)
            others = [p for p in joint if not _speaks_of(sentence, own, p, joint)]
            turns = (named and any(_is_same(named[0], p) for p in joint)) or _OF_A_ROW.match(clause.words)
            if turns or (not named and any(_is_with(sentence, clause, p) for p in others)):
                return clause.span[0]
    return until
