"""Looks whether something that was said would be lost without a word: then what would be done is shown first."""

import re
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.sentence import CUSTOMER, TIME, Piece, Sentence
from bot.understanding.slots.draft import Draft
from bot.understanding.slots.moments import names_no_day

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


def show_what_is_lost(sentence: Sentence, drafts: list[Draft]) -> None:
    """Show acts first when a customer who was named is in none of them, or a plan names a day that it does not keep."""
    if not all(draft.intent.name.startswith(_WATCHED) for draft in drafts):
        return
    taken = {str(one) for draft in drafts for value in draft.refs.values() for one in _listed(value)}
    taken |= {str(draft.slots.get("customer")) for draft in drafts}
    chosen = {ref for draft in drafts for choices in draft.choices.values() for _, ref in choices}
    lost = [piece for piece in sentence.marked(CUSTOMER) if not _refs(piece) & (taken | chosen)]
    for draft in drafts:
        if (lost and draft.intent.writes and not all(_is_aside(sentence, p) for p in lost)) or _drops_a_day(draft):
            draft.be(Outcome.CONFIRM)


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
