"""Finder: the mentions of a sentence, out of what is on record."""

import re
from collections.abc import Iterable

from bot.context import Context
from bot.understanding.acts import Candidate, Mention
from bot.understanding.entities.people import find_people
from bot.understanding.entities.recent import find_recent
from bot.understanding.phones import find_phones
from core.model.ids import KINDS, Ref
from core.model.naming import Named
from core.rules.duplicates import plain_phone
from core.rules.permissions import scope_of
from core.rules.sentences import Sentence
from core.services.naming import Span, find_products, find_spans

_NUMBERED = re.compile(r"(?<![A-Za-z0-9])#?([LAla])([1-9][0-9]{0,8})(?![A-Za-z0-9])")
_DIGITS_OF_A_PHONE = re.compile(r"(?:\d[ -]?){7}")


class Finder:
    """Finds what a text names; see `bot.understanding.acts.Entities`. What is on no record is no mention."""

    def __call__(self, ctx: Context, text: str) -> tuple[Mention, ...]:
        sentence = Sentence.of(text)
        spans = find_spans(ctx.uow, sentence)
        customers = [_customer(sentence, text, span) for span in spans]
        mentions = [*_numbered(ctx, text), *_phones(ctx, text), *customers]
        named = [choice.named for span in spans for choice in span.choices]
        mentions += find_people(ctx, sentence, text, [*named, *_known(ctx, mentions[: -len(customers) or None])])
        if not any(mention.kind == "customer" for mention in mentions):
            mentions += find_recent(ctx, text)
        mentions += [
            Mention(start, end, "product", text[start:end], tuple(Candidate(f"product:{n}", n, "full") for n in names))
            for start, end, names in find_products(ctx.uow, sentence)
        ]
        return _apart(mentions)


def _customer(sentence: Sentence, text: str, span: Span) -> Mention:
    start, end = sentence.span(span.start, span.end)
    candidates = tuple(candidate(choice.named, choice.fit.how, own=choice.own) for choice in span.choices)
    return Mention(start, end, "customer", text[start:end], candidates)


def candidate(named: Named, how: str, *, own: bool) -> Candidate:
    """Make a candidate of a customer."""
    return Candidate(f"{named.ref.kind}:{named.ref.id}", named.name, how, own)


def _numbered(ctx: Context, text: str) -> list[Mention]:
    """Find `L99` and `A3`, as they stand on cards; whoever may not see it finds nothing."""
    found = {
        match.span(): Ref(KINDS[match[1].upper()], int(match[2])) for match in _NUMBERED.finditer(text[:LOOKED_AT])
    }
    if not found:
        return []
    named = {one.ref: one for one in ctx.uow.names.customers(set(found.values()), scope_of(ctx.member))}
    return [
        Mention(*span, "customer", text[slice(*span)], (candidate(one, "id", own=one.owner_id == ctx.member.id),))
        for span, ref in found.items()
        if (one := named.get(ref)) is not None
    ]


LOOKED_AT = 400
"""Characters in which names are sought; what comes after is a story."""


def _phones(ctx: Context, text: str) -> list[Mention]:
    """Find customers by their number or that of one of their people."""
    if _DIGITS_OF_A_PHONE.search(text[:LOOKED_AT]) is None:
        return []
    numbers = {(span.start, span.end): plain_phone(span.number) for span in find_phones(text[:LOOKED_AT])}
    scope = scope_of(ctx.member)
    reached = ctx.uow.names.reached_by({phone for phone in numbers.values() if phone}, scope) if numbers else []
    if not reached:
        return []
    named = {one.ref: one for one in ctx.uow.names.customers({ref for _, ref in reached}, scope)}
    mentions = []
    for span, phone in numbers.items():
        theirs = [named[ref] for number, ref in reached if number == phone and ref in named]
        own = [one for one in theirs if one.owner_id == ctx.member.id]
        if theirs:
            choices = tuple(candidate(one, "phone", own=one in own) for one in own or theirs)
            mentions.append(Mention(*span, "customer", text[slice(*span)], choices))
    return mentions


def _known(ctx: Context, mentions: Iterable[Mention]) -> list[Named]:
    refs = {
        Ref(kind, int(number)) for m in mentions for c in m.candidates for kind, _, number in [c.ref.partition(":")]
    }
    return ctx.uow.names.customers(refs, scope_of(ctx.member)) if refs else []


def _apart(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep the longest of mentions that overlap, the first found of equals."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: -(one.end - one.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return tuple(sorted(kept, key=lambda one: one.start))
