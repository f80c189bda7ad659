"""Finds leads of the pool by their names, where somebody wants to take one or give it to a colleague."""

import re
from typing import Final

from bot.context import Context
from bot.understanding.acts import Candidate, Mention
from bot.understanding.entities.described import find_described_in_pool
from core.model.ids import Ref
from core.rules.calling import NEAR, fit
from core.rules.permissions import may_open_pool, scope_of
from core.rules.sentences import Sentence

ROWS: Final = 200
_TAKING: Final = re.compile(
    r"公海|领|负责|[一-龥]{2}跟(?!进)|要了|都要|捞|抢|我要|我来|我拿|我收|我接|我跟|归我|给|转|派|分|交|让|停|退订|别再|不想收|作废|收|还|归|划|拨|拿|谁|申诉|冤|一人一|分别|各自|有没人|没人"
)
_SHORTEST: Final = 2


def find_pooled(ctx: Context, text: str) -> tuple[Mention, ...]:
    """Return mentions of leads that nobody holds, the longest names first; nothing where no lead changes hands."""
    if not may_open_pool(ctx.member) or _TAKING.search(text) is None:
        return ()
    if described := find_described_in_pool(ctx, text):
        return tuple(described)
    sentence = Sentence.of(text)
    windows: dict[str, list[int]] = {}
    for window in sentence.windows():
        windows.setdefault(window.key, []).append(window.start)
    if not windows:
        return ()
    found: dict[tuple[int, int], list[Ref]] = {}
    for hit in ctx.uow.names.pooled(windows, ROWS):
        for start in windows.get(hit.key, ()):
            name = hit.name
            if len(name) >= _SHORTEST and sentence.plain.startswith(name, start):
                refs = found.setdefault((start, start + len(name)), [])
                refs.append(Ref(hit.kind, hit.id))
    return _apart(ctx, sentence, found)


def _apart(ctx: Context, sentence: Sentence, found: dict[tuple[int, int], list[Ref]]) -> tuple[Mention, ...]:
    """Keep the longest of what overlaps, as mentions; 南湖啤酒 is not 南湖酒业, though it begins alike."""
    refs = {ref for several in found.values() for ref in several}
    named = {one.ref: one for one in ctx.uow.names.customers(refs, scope_of(ctx.member), pool=True)} if refs else {}
    kept: list[tuple[int, int]] = []
    mentions = []
    for (start, end), several in sorted(found.items(), key=lambda item: item[0][0] - item[0][1]):
        fits = {ref: fit(sentence, start, end, named[ref]) for ref in dict.fromkeys(several) if ref in named}
        known = {named[ref]: found for ref, found in fits.items() if found is not None and found.how != NEAR}
        if not known or any(start < other[1] and other[0] < end for other in kept):
            continue
        kept.append((start, end))
        place = sentence.span(start, max(found.end for found in known.values()))
        candidates = tuple(Candidate(f"lead:{one.ref.id}", one.name, "full") for one in [*known][:8])
        mentions.append(Mention(*place, "customer", sentence.text[slice(*place)], candidates))
    return tuple(sorted(mentions, key=lambda mention: mention.start))
