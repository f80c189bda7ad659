"""Looks whether something that was said would be lost without a word: then what would be done is shown first."""

import re
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.sentence import (
    AMOUNT,
    CUSTOMER,
    DISCOUNT,
    EMAIL,
    MEMBER,
    PHONE,
    QUANTITY,
    TIME,
    Piece,
    Sentence,
)
from bot.understanding.slots.draft import Draft
from bot.understanding.slots.moments import names_no_day
from bot.understanding.times import TimeSpan

_WATCHED: Final = (
    "followup.log", "plan.", "reminder.", "tag.", "contact.", "undo", "lead.claim", "lead.return", "lead.assign",
    "lead.nurture", "lead.invalidate", "lead.convert", "lead.extend", "deal.", "payment.", "contract.", "invoice.",
    "grade.", "optout", "field.",
)  # fmt: skip
"""Intents that are done to the customers who are named and to nobody else."""

_ASIDE: Final = re.compile(
    r"(?:比|像|用|买|选|竞|被|从|是|找|换|换成|代理|抢|供|属于|叫|输给|给|和|跟|与|卖给|转投)(?:的|了|过)?(?:还是|就是|那家)?$"
)
"""What stands in front of a name that is only spoken of: 他们之前用中兴的设备, 比华为便宜."""


_A_STRANGER: Final = re.compile(
    r"(?:这[个家条])?(?:和|跟|与|、|还有)(?P<name>(?![他她我你咱它这那])[一-龥A-Za-z]{2,8}?)(?:这[两几]?[个家条]|俩|两[个家条])?(?:都|全|一起|一块)"
)
"""Somebody beside a customer who is on no record: 百优和新岗都退公海."""


def show_what_is_lost(sentence: Sentence, drafts: list[Draft]) -> None:
    """Show acts first when something that was said is in none of them: a customer, a day, a sum, a number, a person."""
    for draft in drafts:
        if draft.intent.writes and (left := _left_out(sentence, draft, drafts)):
            _show(draft, left)
    if not all(draft.intent.name.startswith(_WATCHED) for draft in drafts):
        return
    named = sentence.marked(CUSTOMER)
    beside = [hit for piece in named if (hit := _A_STRANGER.match(sentence.text, piece.end))]
    strangers = [hit["name"] for hit in beside if all(piece.start != hit.start("name") for piece in named)]
    taken = {str(one) for draft in drafts for value in draft.refs.values() for one in _listed(value)}
    taken |= {str(draft.slots.get("customer")) for draft in drafts}
    chosen = {ref for draft in drafts for choices in draft.choices.values() for _, ref in choices}
    lost = [piece for piece in named if not _refs(piece) & (taken | chosen)]
    for draft in drafts:
        if draft.intent.writes and strangers and not draft.intent.name.startswith("followup."):
            _show(draft, strangers)
        if draft.intent.writes and (left := [p.words for p in lost if not _is_aside(sentence, p)]):
            _show(draft, left)
        if _drops_a_day(draft):
            draft.be(Outcome.CONFIRM)


def _show(draft: Draft, words: list[str]) -> None:
    """Show an act that would be done or shown, and say which words are in it nowhere."""
    asks = draft.outcome not in (Outcome.DO, Outcome.CONFIRM)
    draft.be(Outcome.CONFIRM, "" if asks else f"这句里的「{'」「'.join(dict.fromkeys(words))}」没有用上")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _refs(piece: Piece) -> set[str]:
    return {said for one in piece.value.candidates for said in (one.ref, one.name)}


def _is_aside(sentence: Sentence, piece: Piece) -> bool:
    return _ASIDE.search(sentence.text, 0, piece.start) is not None


def _drops_a_day(draft: Draft) -> bool:
    """Say whether a plan was made out of one of several days."""
    if draft.intent.name != "plan.create":
        return False
    spans = [p.value for p in draft.marked(TIME) if p.value.from_ == p.value.to and not names_no_day(p.words)]
    return len({span.from_ for span in spans if span.from_ >= draft.sentence.now.date()}) > 1


_FACTS: Final = (TIME, AMOUNT, DISCOUNT, QUANTITY, PHONE, EMAIL, MEMBER)
"""What nobody names without meaning something by it."""


def _left_out(sentence: Sentence, draft: Draft, drafts: list[Draft]) -> list[str]:
    """Return the facts among an act's words that are in no slot of any act and in no text that is kept."""
    used = [stretch for one in drafts for stretch in one.used]
    values = [str(value) for one in drafts for value in one.slots.values()]
    kept = " ".join([*values, *(words for one in drafts for words, _ in one.evidence)])
    vague = [] if "amount" in draft.slots or "amount" not in draft.intent.slots else _VAGUE_SUM.findall(draft.text)
    return [words for words in vague if words not in kept] + [
        piece.words
        for mark in _FACTS
        for piece in sentence.marked(mark, draft.start, draft.end)
        if not any(start < piece.end and piece.start < end for start, end in used)
        and piece.words not in kept
        and not (piece.mark == TIME and (_is_over(sentence, piece) or _is_within(piece, values)))
        and not (piece.mark in (AMOUNT, DISCOUNT) and _COMPARED.search(sentence.text, 0, piece.start))
    ]


def _is_over(sentence: Sentence, piece: Piece) -> bool:
    """Say whether a time is today or past, as 今天 in 今天签了 is."""
    span: TimeSpan = piece.value
    return span.at <= sentence.now if span.at is not None else span.from_ <= sentence.now.date()


def _is_within(piece: Piece, values: list[str]) -> bool:
    """Say whether a time only says more coarsely what a slot says: 下周 in 下周出差，12号到14号."""
    days = [hit[0] for value in values if (hit := _DAY.match(value))]
    return any(piece.value.from_.isoformat() <= day <= piece.value.to.isoformat() for day in days)


_VAGUE_SUM: Final = re.compile(
    r"(?:[几数]|大几|好几|[一二两三四五六七八九]{2}(?=[十百千万])|十[一二三四五六七八九]{2})[十百千]*[万亿]"
)
"""A sum of which nobody can say how much it is: 八九万, 大几十万."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_COMPARED: Final = re.compile(
    r"(?:还剩|剩下?|余下|余款|合同额?|订单|总共|一共|总价|总额|总款|还欠|还差|原来|原先|之前|原价|目录价|列表价|不含税|未税|不是|报价|从|比|由)(?:是|为|了|的)?$"
)
"""What stands in front of a sum that another one is only measured by: 合同50万，回了20万."""
