"""The customer last spoken of: 刚才那个, 这个客户, 他们."""

import re
from datetime import timedelta
from functools import cache

from bot.context import Context
from bot.understanding.acts import Candidate, Mention
from bot.understanding.entities.words import WORDS
from core.model.ids import Ref
from core.rules.permissions import naming_scope
from core.services.customers import as_ref

REMEMBERED = timedelta(minutes=30)


def find_recent(ctx: Context, text: str) -> list[Mention]:
    """Find words that mean the customer whom the speaker has just dealt with or been asked about."""
    found = _pattern().search(text)
    if found is None or any(text.startswith(words, found.start()) for words in WORDS["not_recent"]):
        return []
    refs = _last_refs(ctx)
    named = {one.ref: one for one in ctx.uow.names.customers(refs, naming_scope(ctx.member))}
    last = next((named[ref] for ref in refs if ref in named), None)
    if last is None:
        return []
    own = last.owner_id == ctx.member.id
    choice = Candidate(f"{last.ref.kind}:{last.ref.id}", last.name, "recent", own)
    return [Mention(*found.span(), "customer", found[0], (choice,))]


def _last_refs(ctx: Context) -> list[Ref]:
    since = ctx.uow.now - REMEMBERED
    refs = ctx.uow.names.last_touched(ctx.member.id, since)
    question = ctx.uow.questions.last(ctx.member.id, ctx.uow.channel, ctx.uow.room)
    if question is not None and question.asked_at >= since:
        asked = (as_ref(str(question.slots[slot])) for slot in ("customer", "lead") if slot in question.slots)
        refs = [*filter(None, asked), *refs]
    return refs


@cache
def _pattern() -> re.Pattern[str]:
    # 没这家公司 is no pronoun: it says that there is none.
    return re.compile(f"(?<![没无不])(?:{'|'.join(sorted(WORDS['recent'], key=len, reverse=True))})")
