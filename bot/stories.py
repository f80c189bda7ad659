"""Stories without a command: whose follow-up they may be. Nothing is kept before somebody says so."""

from datetime import time, timedelta

from bot.context import Context
from core.errors import NotFound
from core.model.ids import Ref
from core.model.job import Job
from core.rules.followups import meaningful_characters
from core.rules.permissions import may_open_pool
from core.rules.sentences import Sentence
from core.services.customers import choice_label, customer
from core.services.naming import find_spans

SHORTEST, LONG = 8, 40
"""Characters from which a line that names a customer, and one that names none, may be somebody's follow-up."""

CHOICES = 4
PROPOSE = "propose"
MODEL_LONGEST, MODEL_A_DAY = 600, 30
"""Characters that are shown to a language model, and messages of one person a day."""

LATELY = timedelta(days=30)


def is_a_story(ctx: Context, text: str) -> bool:
    """Say whether a line that was not understood may be the story of a contact, told by somebody who has customers."""
    if not may_open_pool(ctx.member):
        return False
    characters = meaningful_characters(text)
    return characters >= LONG or (characters >= SHORTEST and bool(_named(ctx, text)))


def guesses(ctx: Context, text: str) -> tuple[tuple[str, str], ...]:
    """Return the own customers that a story may be about: those it names, then those that were followed up lately."""
    refs = dict.fromkeys([*_named(ctx, text), *ctx.uow.names.last_touched(ctx.member.id, ctx.uow.now - LATELY)])
    choices = []
    for ref in list(refs)[:CHOICES]:
        try:
            choices.append((choice_label(customer(ctx.uow, ref)), str(ref)))
        except NotFound:
            continue
    return tuple(choices)


def ask_model(ctx: Context, text: str) -> bool:
    """Order that a language model is asked what a line means; False for what is too short or too long, or too much."""
    today = ctx.uow.calendar.at(ctx.wall(ctx.uow.now).date(), time(0))
    if not SHORTEST <= meaningful_characters(text) <= MODEL_LONGEST or ctx.inbox_id is None:
        return False
    if ctx.uow.jobs.count(PROPOSE, ctx.member.id, today) >= MODEL_A_DAY:
        return False
    content = {"inbox_id": ctx.inbox_id}
    ctx.uow.jobs.add(Job(kind=PROPOSE, content=content, created_at=ctx.uow.now, created_by=ctx.member.id))
    return True


def _named(ctx: Context, text: str) -> list[Ref]:
    spans = find_spans(ctx.uow, Sentence.of(text))
    return [choice.named.ref for span in spans for choice in span.choices]
