"""Finder: the mentions of a sentence, out of what is on record."""

import re
from collections.abc import Iterable

from bot.context import Context
from bot.understanding.acts import Candidate, Mention
from bot.understanding.entities.described import find_described
from bot.understanding.entities.people import Places, find_people
from bot.understanding.entities.recent import find_recent
from bot.understanding.phones import MAY_HOLD_A_PHONE, find_phones
from core.model.ids import KINDS, DealId, Ref
from core.model.naming import Named
from core.rules.duplicates import plain_phone
from core.rules.permissions import naming_scope, scope_of
from core.rules.sentences import Sentence
from core.services.deals import may_see_deal
from core.services.naming import Span, Taught, find_named

_NUMBERED = re.compile(r"(?<![A-Za-z0-9])#?([LADlad])([1-9][0-9]{0,8})(?![A-Za-z0-9])")
_QUOTE = re.compile(
    r"(?<![A-Za-z0-9])(?:BJ-?[0-9]{8}-?[0-9]{1,9}(?:-?[vV][0-9]{1,4})?|Q[1-9][0-9]{0,8})(?![A-Za-z0-9-])", re.IGNORECASE
)


class Finder:
    """Finds what a text names; see `bot.understanding.acts.Entities`. What is on no record is no mention."""

    def __call__(self, ctx: Context, text: str) -> tuple[Mention, ...]:
        sentence = Sentence.of(text)
        found = find_named(ctx.uow, sentence)
        customers = [_customer(sentence, text, span) for span in found.customers]
        pointed = [*_numbered(ctx, text), *_phones(ctx, text)]
        named = _seen(ctx, [choice.named for span in found.customers for choice in span.choices])
        places = Places(
            {span.end for span in found.customers}, min((span.start for span in found.customers), default=0)
        )
        people = find_people(ctx, sentence, text, [*named, *_known(ctx, pointed)], places)
        mentions = [*_taught(ctx, sentence, text, found.taught), *pointed, *customers, *people]
        mentions += _products(sentence, text, found.products)
        mentions += _quotes(text)
        if not any(mention.kind == "customer" for mention in mentions):
            mentions += find_described(ctx, text) or find_recent(ctx, text)
        return _apart(mentions)


def _customer(sentence: Sentence, text: str, span: Span) -> Mention:
    start, end = sentence.span(span.start, span.end)
    candidates = tuple(candidate(choice.named, choice.fit.how, own=choice.own) for choice in span.choices)
    return Mention(start, end, "customer", text[start:end], candidates)


def candidate(named: Named, how: str, *, own: bool) -> Candidate:
    """Make a candidate of a customer."""
    return Candidate(f"{named.ref.kind}:{named.ref.id}", named.name, how, own)


def _numbered(ctx: Context, text: str) -> list[Mention]:
    """Find `L99`, `A3` and `D5`, as they stand on cards; whoever may not name it finds nothing."""
    found = {
        match.span(): Ref(KINDS[match[1].upper()], int(match[2])) for match in _NUMBERED.finditer(text[:LOOKED_AT])
    }
    if not found:
        return []
    found = {span: ctx.uow.customers.standing(ref) for span, ref in found.items()}
    customers = {ref for ref in found.values() if ref.kind != "deal"}
    named = {one.ref: one for one in ctx.uow.names.customers(customers, naming_scope(ctx.member))} if customers else {}
    meant = {ref: candidate(one, "id", own=one.owner_id == ctx.member.id) for ref, one in named.items()}
    for deal in ctx.uow.deals.find(DealId(ref.id) for ref in found.values() if ref.kind == "deal"):
        if may_see_deal(ctx.uow, deal):
            meant[deal.ref] = Candidate(f"deal:{deal.id}", deal.name, "id", own=deal.owner_id == ctx.member.id)
    return [
        Mention(*span, "customer", text[slice(*span)], (meant[ref],)) for span, ref in found.items() if ref in meant
    ]


LOOKED_AT = 400
"""Characters in which names are sought; what comes after is a story."""


def _phones(ctx: Context, text: str) -> list[Mention]:
    """Find customers by their number or that of one of their people."""
    if MAY_HOLD_A_PHONE.search(text[:LOOKED_AT]) is None:
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


def _seen(ctx: Context, named: list[Named]) -> list[Named]:
    """Keep the customers whose people one may see too, not only name the company."""
    if not named or naming_scope(ctx.member) == scope_of(ctx.member):
        return named
    return ctx.uow.names.customers({one.ref for one in named}, scope_of(ctx.member))


def _known(ctx: Context, mentions: Iterable[Mention]) -> list[Named]:
    refs = {
        Ref(kind, int(number)) for m in mentions for c in m.candidates for kind, _, number in [c.ref.partition(":")]
    }
    refs = {ref for ref in refs if ref.kind != "deal"}
    return ctx.uow.names.customers(refs, scope_of(ctx.member)) if refs else []


def _products(sentence: Sentence, text: str, found: Iterable[tuple[int, int, str]]) -> list[Mention]:
    by_span: dict[tuple[int, int], dict[str, None]] = {}
    for start, end, name in found:
        by_span.setdefault(sentence.span(start, end), {})[name] = None
    return [
        Mention(*span, "product", text[slice(*span)], tuple(Candidate(f"product:{n}", n, "full") for n in names))
        for span, names in by_span.items()
    ]


def _quotes(text: str) -> list[Mention]:
    """Find numbers of quotes; whether there is one of that number, and for whom, is asked where it is needed."""
    return [
        Mention(*hit.span(), "quote", hit[0], (Candidate(hit[0].upper(), hit[0].upper(), "id"),))
        for hit in _QUOTE.finditer(text[:LOOKED_AT])
    ]


def _taught(ctx: Context, sentence: Sentence, text: str, found: Iterable[Taught]) -> list[Mention]:
    """Make mentions of taught words that mean a person or a product; whom one may not see is not there."""
    terms = [(sentence.span(one.start, one.end), one.term) for one in found]
    contacts = {term.meaning_id for _, term in terms if term.meaning_kind == "contact"}
    people = {one.ref: one for one in ctx.uow.names.people(contacts, (), scope_of(ctx.member))} if contacts else {}
    mentions = []
    for span, term in terms:
        of = ""
        if term.meaning_kind == "contact":
            if (person := people.get(term.meaning)) is None:
                continue
            of = f"{person.customer.kind}:{person.customer.id}"
        ref = (
            f"product:{term.meaning_name}"
            if term.meaning_kind == "product"
            else f"{term.meaning_kind}:{term.meaning_id}"
        )
        choice = Candidate(ref, term.meaning_name, "term", bool(of), of)
        mentions.append(Mention(*span, term.meaning_kind, text[slice(*span)], (choice,)))
    return mentions


def _apart(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Keep the longest of mentions that overlap, the first found of equals."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: -(one.end - one.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return tuple(sorted(kept, key=lambda one: one.start))
