"""Companies that are on no record, told of in whatever words: one, several in one message, or by whom they came."""

import re
from itertools import pairwise
from typing import Final

from bot.context import Context
from bot.understanding.acts import Outcome
from bot.understanding.clauses import Clause, clauses_of
from bot.understanding.grammar import BY_NAME, Call
from bot.understanding.sentence import CONTACT, CUSTOMER, MEMBER, PHONE, Sentence
from bot.understanding.slots.draft import Draft
from bot.understanding.slots.readers import READERS
from core.errors import BadInput
from core.rules.naming import parts_of

_NO_NEWCOMER: Final = re.compile(
    r"谁|哪家|哪个|哪里|查|空号|停机|打不通|没人接|归属|换号|改号|改成|换成|提醒|会议|客服|快递|物流|我的(?:电话|手机|号)|打给|打电话给|拨|呼叫|回电|短信给|发给|存"
)
_BY_SOMEBODY: Final = re.compile(
    rf"^(?:今天|昨天|刚刚?|刚才|Ⓣ|是|我|老|的|客户|供应商|同事|，)*[{MEMBER}{CUSTOMER}{CONTACT}]+(?:那边)?(?:的?[{CONTACT}])?"
    r"(?=(?:又|刚|给我们?|帮我们?|跟我们?|帮忙)*(?:介绍|推荐|引荐|牵线|转介|推过来|推来|给我?的|带来|带过来))"
)
"""Who brought somebody new: 老客户顾总介绍了个朋友, 王强推过来的."""

_SURNAME: Final = re.compile("(?<![百同贵尊])姓[一-龥]|联系人|对接人|负责人")
_SHORTEST_NAME: Final = 4
_PARTS: Final = re.compile(
    r"[；;\n]|(?:^|(?<=[，,\s。：:]))(?:[1-9][、.)）]|另一?[个家条]|还有一?[个家条]|第二[个家条]|一[个家]是)"
)
_SAYS: Final = re.compile("[一-龥]{2}|[A-Za-z]{3}")
_HEADING: Final = re.compile(r"^[^：:\d]{2,16}[：:]")


def newcomer(ctx: Context, sentence: Sentence, clauses: list[Clause]) -> Draft | None:
    """A company that is on no record, with a number to call: whatever the story around it, a lead to be shown."""
    bare = _BY_SOMEBODY.sub("", sentence.template)
    signs = set(bare)
    if signs & {CUSTOMER, MEMBER} or _NO_NEWCOMER.search(sentence.template):
        return None
    if PHONE not in signs and _SURNAME.search(sentence.template) is None:
        return None
    if any(clause.asks or clause.supposes for clause in clauses):
        return None
    start = sentence.places[len(sentence.template) - len(bare)][0] if bare else 0
    draft = _read(ctx, sentence, clauses, start, len(sentence.text))
    has_phone = PHONE in signs and CONTACT not in signs  # 钱总 is known, and may be of the company that is not
    return draft if draft is not None and _is_somebody(draft, has_phone=has_phone) else None


def newcomer_instead(ctx: Context, sentence: Sentence, drafts: list[Draft], told: Draft | None) -> Draft | None:
    """The newcomer of whom a message speaks that sounds like a talk with whoever brought them, or like a look-up."""
    brought = told is not None and _BY_SOMEBODY.match(sentence.template) is not None
    if not brought and [draft.intent.name for draft in drafts] != ["phone.lookup"]:
        return None
    draft = newcomer(ctx, sentence, clauses_of(sentence))
    if draft is not None and brought:
        draft.put("source", "老客户" if "老客户" in sentence.text else "转介绍", "")
    return draft


def several_newcomers(ctx: Context, sentence: Sentence, clauses: list[Clause]) -> list[Draft]:
    """Two or more of them in one message, each with a name and a number of its own; else none."""
    phones = sentence.marked(PHONE)
    if len(phones) < 2 or CUSTOMER in sentence.template or _NO_NEWCOMER.search(sentence.template):  # noqa: PLR2004
        return []
    heading = _HEADING.match(sentence.text)
    begin = heading.end() - 1 if heading and heading.end() <= phones[0].start else 0
    cuts = [hit.end() for hit in _PARTS.finditer(sentence.text, begin)]
    for ends in (cuts, [piece.end for piece in phones[:-1]]):
        borders = [begin, *(place for place in ends if place > begin), len(sentence.text)]
        parts = [(a, b) for a, b in pairwise(borders) if _SAYS.search(sentence.text[a:b])]
        if len(parts) == len(phones) and all(len(sentence.marked(PHONE, a, b)) == 1 for a, b in parts):
            drafts = [_read(ctx, sentence, clauses, a, b) for a, b in parts]
            found = [draft for draft in drafts if draft is not None and _is_somebody(draft, has_phone=True)]
            names = {str(draft.slots["customer"]) for draft in found}
            if len(found) == len(names) == len(parts):
                return found
    return []


def _read(ctx: Context, sentence: Sentence, clauses: list[Clause], start: int, end: int) -> Draft | None:
    intent, head = BY_NAME["lead.create"], clauses[0]
    draft = Draft(ctx, sentence, intent, start, end, Call(intent, head, head.start, head.start, 0, {}))
    try:
        for slot in intent.slots:
            READERS[slot](draft)
    except BadInput:
        return None  # digits that are no number make no newcomer of whoever wrote them
    draft.be(Outcome.CONFIRM)
    return draft


def _is_somebody(draft: Draft, *, has_phone: bool) -> bool:
    """Say whether what was read as a name may be a company's: by a place or a trade, or a number beside a person."""
    name = str(draft.slots.get("customer", ""))
    parts = parts_of(name) if len(name) >= _SHORTEST_NAME else None
    is_shown = parts is not None and bool(parts.region or parts.trade)
    return is_shown or (parts is not None and has_phone and bool({"contact", "source"} & draft.slots.keys()))
