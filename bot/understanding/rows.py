"""Customers who stand side by side: what is done with one of them is done with each."""

import re
from typing import Final

from bot.context import Context
from bot.understanding.sentence import CUSTOMER, QUANTITY, Piece, Sentence
from bot.understanding.slots.draft import Draft, mentioned
from bot.understanding.slots.readers import READERS

EACH: Final = frozenset({
    "tag.add", "tag.remove", "account.show", "lead.return", "lead.claim", "plan.create", "lead.assign", "record.delete",
    "receivable.show", "followup.last", "optout",
})  # fmt: skip
"""Intents that, said of two customers, mean one act for each."""

_WHOLE: Final = EACH | {"lead.extend", "lead.nurture", "lead.invalidate", "lead.convert", "grade.set"}
_AND: Final = re.compile(r"\s*(?:[和与跟同、及]|以及|还有)\s*")
_LOOSELY: Final = re.compile(r"[\s，,；;]*")
_ALL: Final = re.compile(
    r"[\s，,]*(?:这|那|[两三四五六七八九十俩仨几\d]{1,2}[个家条位]?|线索|客户|[个家条位]|我们?|你|也|，)*(?:都|全|统统|一起|一并|一块)"
)
"""What stands behind names that only blanks and commas part, when all of them are meant: 汇川 长江机械 都给我."""


def each_of_a_row(ctx: Context, sentence: Sentence, drafts: list[Draft]) -> list[Draft]:
    """Read an act that names one customer of a row for each of the row, when nothing else was read."""
    if len(drafts) != 1 or drafts[0].intent.name not in _WHOLE or "customer" not in drafts[0].slots:
        return drafts
    draft = drafts[0]
    row = next((row for row in _rows(sentence) if any(_is_of(draft, piece) for piece in row)), [])
    if len(row) < 2 or sum(_is_of(draft, piece) for piece in row) != 1:  # noqa: PLR2004
        return drafts
    counted = [(p.start, p.end) for p in sentence.marked(QUANTITY) if p.value.value == len(row)]
    found = []
    for piece in row:
        one = Draft(ctx, sentence, draft.intent, min(draft.start, row[0].start), draft.end, draft.call)
        mentioned(one, "customer", piece)
        one.used += [*((p.start, p.end) for p in row), *counted]
        for slot in draft.intent.slots:
            READERS[slot](one)
        one.be(draft.outcome)
        found.append(one)
    return found


def _rows(sentence: Sentence) -> list[list[Piece]]:
    """Customers side by side, parted by words that join them, or by less where all of them are spoken of behind."""
    rows: list[list[Piece]] = []
    loose: list[bool] = []
    for piece in sentence.marked(CUSTOMER):
        between = sentence.text[rows[-1][-1].end : piece.start] if rows else "。"
        if _AND.fullmatch(between) or _LOOSELY.fullmatch(between):
            rows[-1].append(piece)
            loose[-1] = loose[-1] or _AND.fullmatch(between) is None
        else:
            rows.append([piece])
            loose.append(False)
    return [
        row for row, parted in zip(rows, loose, strict=True) if not parted or _ALL.match(sentence.text, row[-1].end)
    ]


def _is_of(draft: Draft, piece: Piece) -> bool:
    return any(one.name == draft.slots["customer"] for one in piece.value.candidates)
