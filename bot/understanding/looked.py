"""What a line says of the report on the screen (换成上个月, 按人拆开, 前三个单子), or of a saved one by its name.

Such words mean nothing without that report, so they are heard only where there is one.
"""

import re
from typing import Final

from bot.context import Context
from bot.understanding.grammar import BY_NAME
from bot.understanding.intents.looked import DEALS, EXPORT, MEASURED, REFINES, SAVED
from bot.understanding.sentence import Sentence
from bot.understanding.slots.draft import SEPARATORS, Draft
from bot.understanding.slots.figures import read_refinement
from core.rules.metrics.declared import find_measure
from core.services.saved_reports import is_saved, last_look

_LONGEST: Final = 40
_OFTEN: Final = re.compile(r"^(?:\d|[一二三四五六七八九十点半分早上晚下午:：\s，,])*(?:把|将)?")


def about_reports(ctx: Context, sentence: Sentence) -> list[Draft]:
    """Return what a line says of the report on the screen or of a saved one; nothing where it is about neither."""
    text = sentence.text.strip(SEPARATORS)
    if len(text) > _LONGEST or not ctx.member.id:
        return []
    return _of_the_last(ctx, sentence, text) or _of_a_saved(ctx, sentence, text)


def _of_the_last(ctx: Context, sentence: Sentence, text: str) -> list[Draft]:
    template = sentence.template.strip(SEPARATORS)
    name = ""
    if EXPORT.match(text.lower()):
        name = "report.export"
    elif (deals := DEALS.match(text)) is not None:
        name = "report.deals"
    elif any(cue.match(template) for cue in REFINES) or _measures_only(text):
        name = "report.refine"
    if not name or last_look(ctx.uow) is None:
        return []
    draft = _draft(ctx, sentence, name)
    if name == "report.refine":
        read_refinement(draft)
    elif name == "report.deals" and deals is not None and deals["n"]:
        draft.put("count", deals["n"], deals["n"])
    return [draft]


def _of_a_saved(ctx: Context, sentence: Sentence, text: str) -> list[Draft]:
    for intent, pattern in SAVED:
        hit = pattern.search(text)
        if hit is None:
            continue
        said = hit["name"] or hit.groupdict().get("name_") or ""
        named = next((one for one in (said, _OFTEN.sub("", said)) if one and is_saved(ctx.uow, one)), "")
        if not named:
            continue
        draft = _draft(ctx, sentence, intent)
        if intent == "digest.set":
            draft.put("text", sentence.line.original.strip(), text)
        draft.put("name", named, named)
        if hit.groupdict().get("to"):
            draft.put("to" if intent == "report.rename" else "whom", hit["to"], hit["to"])
        if hit.groupdict().get("off"):
            draft.put("what", "off", hit["off"])
        return [draft]
    return []


def _measures_only(text: str) -> bool:
    hit = MEASURED.match(text)
    return hit is not None and find_measure(hit["what"]) is not None


def _draft(ctx: Context, sentence: Sentence, name: str) -> Draft:
    return Draft(ctx, sentence, BY_NAME[name], 0, len(sentence.text))
