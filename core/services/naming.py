"""Finding the customers that a sentence names, for whoever says it: at most a handful of questions to the index.

First everything that the own customers, and to those who lead also their people's, are called exactly; then, only where
nothing was found, what sounds alike or lacks a letter. Two that may be meant stay two.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.model.ids import MemberId, Ref
from core.model.naming import Hit, Named, Term
from core.ports import UnitOfWork
from core.rules.calling import NEAR, Fit, Sureness, fit, is_weak, sounds_alike, word_goes_on
from core.rules.hanzi import fold_sound, is_hanzi, sound
from core.rules.naming import (
    ANCHOR,
    LATIN_HEAD,
    bare,
    called,
    lacking,
    parts_of,
    region_before,
    trade_ahead,
    without_form,
)
from core.rules.permissions import NOTHING, Scope, naming_scope, scope_of
from core.rules.sentences import Sentence, Window, holds_common, is_common

ROWS = 400
"""Rows of the index that one question brings at most."""

LONGEST_TRADE = 8

ROUNDS = 3
"""Times the index is asked when names that many have fill an answer."""

CANDIDATES = 60
"""Customers looked at more closely."""

SHOWN = 8
_CERTAIN_SYLLABLES = 3
_ABBREVIATION = range(2, 5)
_CUSTOMERS = ("lead", "account")


@dataclass(frozen=True, slots=True)
class Called:
    """A customer that a stretch of a sentence may mean. `own` says that whoever spoke holds it."""

    named: Named
    fit: Fit
    own: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of `Sentence.plain` that names a customer: one, or several of which one must be chosen."""

    start: int
    end: int
    choices: tuple[Called, ...]


@dataclass
class Search:
    """The search for customers in one sentence, by one person, among those in `scope`, else those they may see.

    `alone` says that the words are a name and no more.
    """

    uow: UnitOfWork
    sentence: Sentence
    alone: bool = False
    scope: Scope | None = None
    me: MemberId = field(init=False)
    windows: list[Window] = field(init=False)

    def __post_init__(self) -> None:
        self.me = self.uow.actor.id
        self.windows = self.sentence.windows()

    def run(self) -> "Found":
        """Ask the index, and say what the sentence names."""
        if not self.windows:
            return Found()
        scope = self.scope or scope_of(self.uow.actor)
        by_key: dict[str, list[Window]] = {}
        for window in self.windows:
            by_key.setdefault(window.key, []).append(window)
        shared = {mark + key: windows for mark in "#!" for key, windows in by_key.items()}
        hits = self.uow.names.called(by_key, Scope(self.me), ROWS, shared=shared)
        if scope != Scope(self.me):
            hits += self._of_others(by_key, scope)
        terms = self._taught([hit for hit in hits if hit.kind == "term"], shared)
        found = self._fits([(window, hit) for hit in hits for window in by_key.get(hit.key, ())], scope)
        found += self._meant(terms, scope)
        if not any(one.fit.sureness <= Sureness.PART for one in found):
            found += self._slips(scope)
        return Found(
            tuple(self._spans(found)),
            tuple(self._products([hit for hit in hits if hit.kind == "product"], shared)),
            tuple(taught for taught in terms if taught.term.meaning_kind not in _CUSTOMERS),
        )

    def _of_others(self, by_key: Mapping[str, Sequence[Window]], scope: Scope) -> list[Hit]:
        """Ask for what others in `scope` hold under exactly these names.

        Of a name that many have come those whose full name goes on as the sentence does, and a few for the choice.
        """
        said = {self.sentence.plain[w.start : w.end] for w in self.windows}
        found: dict[tuple[str, str], list[Hit]] = {}
        keys = dict.fromkeys(by_key)
        for _ in range(ROUNDS):
            hits = self.uow.names.called(keys, scope, ROWS // 2, only=said)
            for hit in hits:
                found.setdefault((hit.key, hit.name), []).append(hit)
            for key, name in found:
                keys.pop(key, None)
                said.discard(name)
            if len(hits) < ROWS // 2 or not keys or not said:
                break
        chosen: list[Hit] = []
        for (key, name), several in found.items():
            for near in self._around(by_key[key], name) if len(several) > SHOWN else ():
                if like := self.uow.names.called_like(key, name, near, scope, CANDIDATES // 3):
                    chosen += like
                    break
            chosen += several[: SHOWN + 1]
        return chosen

    def _around(self, windows: Sequence[Window], name: str) -> list[list[str]]:
        """Return `name` with the place before and the trade behind it, as far as they are said; then with either."""
        plain = self.sentence.plain
        both: set[str] = set()
        either: set[str] = set()
        for start in (window.start for window in windows if plain.startswith(name, window.start)):
            end = start + len(name)
            place = plain[max(start - 2, 0) : start] if region_before(plain[:start]) else ""
            trade = plain[end : end + 2] if trade_ahead(plain[end : end + LONGEST_TRADE]) else ""
            both.add(place + name + trade)
            either |= {place + name, name + trade}
        return [sorted(near) for near in (both - {name}, either - {name} - both) if near]

    def _fits(self, pairs: Iterable[tuple[Window, Hit]], scope: Scope) -> list[Called]:
        """Look at the customers that fit at first sight."""
        likely = [(window, hit) for window, hit in pairs if hit.kind in _CUSTOMERS and self._is_likely(window, hit)]
        likely.sort(key=lambda pair: (not self._is_exact(*pair), -len(pair[1].name)))
        refs = list(dict.fromkeys(Ref(hit.kind, hit.id) for _, hit in likely))[:CANDIDATES]
        named = {one.ref: one for one in self.uow.names.customers(refs, scope)}
        return [
            Called(one, found, one.owner_id == self.me)
            for window, hit in likely
            if (one := named.get(Ref(hit.kind, hit.id))) is not None
            and (found := fit(self.sentence, window.start, window.end, one)) is not None
            and self._holds(found, one)
        ]

    def _is_exact(self, window: Window, hit: Hit) -> bool:
        return self.sentence.plain.startswith(hit.name, window.start)

    def _is_likely(self, window: Window, hit: Hit) -> bool:
        """Say whether it is worth while to look at the customer: words of everyday talk sound like many names."""
        if self.alone or self._is_exact(window, hit):
            return True
        said = self.sentence.plain[window.start : window.end]
        if not is_hanzi(said[0]):
            return not is_common(said)
        if len(said) != min(len(hit.name), ANCHOR) or holds_common(said) or is_weak(said):
            return False
        if len(said) >= _CERTAIN_SYLLABLES:
            return True
        return not self.sentence.touches_words(window.start, window.end) and self.sentence.is_likely(
            window.start, window.end
        )

    def _holds(self, found: Fit, named: Named) -> bool:
        """Say whether what fits is meant: alone a word of everyday talk is not, unless nothing else can stand there."""
        said = self.sentence.plain[found.start : found.end]
        if self.alone:
            return True
        if is_weak(said):
            if said not in called(named.name, named.short_name, named.aliases):
                return False
            place = not is_common(said) and self.sentence.is_told_of(found.start, found.end)
            beside = not is_common(said) and self.sentence.is_joined(found.start, found.end)
            return place or beside or self.sentence.is_named_alone(found.start, found.end)
        if len(said) <= ANCHOR and self.sentence.cuts_words(found.start, found.end):
            return False
        if found.how == "part" and said == parts_of(named.name).brand[: len(said)]:
            begins = self.sentence.stands_free_before(found.start) and not self.sentence.touches_words(
                found.start, found.end
            )
            joined = self.sentence.is_joined(found.start, found.end)
            return begins or joined or self.sentence.is_likely(found.start, found.end)
        return True

    def _taught(self, hits: Sequence[Hit], shared: Mapping[str, Sequence[Window]]) -> list["Taught"]:
        """Look for words that the company or this person has taught us."""
        if not hits:
            return []
        terms = {term.id: term for term in self.uow.names.terms({hit.id for hit in hits}, self.me)}
        return [
            Taught(window.start, window.start + len(term.words), term)
            for hit in hits
            if (term := terms.get(hit.id)) is not None
            for window in shared[hit.key]
            if self.sentence.plain.startswith(term.words, window.start)
            and not self.sentence.cuts_words(window.start, window.start + len(term.words))
        ]

    def _meant(self, taught: Sequence["Taught"], scope: Scope) -> list[Called]:
        """Return the customers whom taught words mean."""
        refs = {one.term.meaning for one in taught if one.term.meaning_kind in _CUSTOMERS}
        named = {one.ref: one for one in self.uow.names.customers(refs, scope)} if refs else {}
        return [
            Called(meant, Fit(one.start, one.end, "term", Sureness.EXACT), meant.owner_id == self.me)
            for one in taught
            if (meant := named.get(one.term.meaning)) is not None
        ]

    def _products(self, hits: Sequence[Hit], shared: Mapping[str, Sequence[Window]]) -> Iterator[tuple[int, int, str]]:
        """Yield where products are named that deals are about."""
        for hit in hits:
            name = bare(hit.name)
            for window in shared[hit.key]:
                if self.sentence.plain.startswith(name, window.start) and not is_weak(name):
                    yield window.start, window.start + len(name), hit.name

    def _slips(self, scope: Scope) -> list[Called]:
        """Look for names that sound alike, lack a letter or have one too many, and for initials."""
        keys = dict(self._slip_keys())
        if not keys:
            return []
        hits = self.uow.names.called(keys, Scope(self.me), ROWS)
        if scope != Scope(self.me):
            hits += self.uow.names.called(keys, scope, ROWS // 4)
        starts = [(window, hit) for hit in hits if hit.kind in _CUSTOMERS for window in keys[hit.key]]
        named = {
            one.ref: one
            for one in self.uow.names.customers(
                list(dict.fromkeys(Ref(hit.kind, hit.id) for _, hit in starts))[:CANDIDATES], scope
            )
        }
        found: list[Called] = []
        for window, hit in starts:
            one = named.get(Ref(hit.kind, hit.id))
            if one is not None and (slip := self._slip(window, hit, one)) is not None:
                found.append(Called(one, slip, one.owner_id == self.me))
        initials = [one for one in found if one.fit.how == "pinyin" and one.fit.sureness is Sureness.PART]
        several = {(one.fit.start, one.named.ref) for one in initials}
        return [one for one in found if one not in initials or len(several) == 1]

    def _slip_keys(self) -> Iterable[tuple[str, list[Window]]]:
        keys: dict[str, list[Window]] = {}

        def note(key: str, window: Window) -> None:
            keys.setdefault(key, []).append(window)

        plain = self.sentence.plain
        for start, end in self.sentence.words():
            word = plain[start:end]
            if len(word) in _ABBREVIATION and word.isalpha() and not is_common(word):
                note("^" + word, Window(start, end, ""))
            if len(word) >= ANCHOR and not is_common(word):
                head = word[:LATIN_HEAD]
                note("?" + head, Window(start, end, ""))
                for key in lacking(head, LATIN_HEAD):
                    note(key, Window(start, end, ""))
                    note(fold_sound(key[1:]), Window(start, end, ""))
        for window in self.windows:
            said = plain[window.start : window.end]
            if not is_hanzi(said[0]) or len(said) < ANCHOR - 1:
                continue
            if len(said) == ANCHOR - 1:
                note("?" + said, window)
                note(sound(said[0] + said[-1]), window)
            else:
                for key in lacking(said, ANCHOR):
                    note(key, window)
        return keys.items()

    def _slip(self, window: Window, hit: Hit, named: Named) -> Fit | None:
        """Say whether one slip of the hand makes a name of what stands at `window`, and how far it reaches."""
        if hit.key.startswith("^"):
            meant = self.alone or self.sentence.is_likely(window.start, window.end)
            return Fit(window.start, window.end, "pinyin", Sureness.PART) if meant else None
        slip = slip_at(self.sentence, window, named)
        if slip is None or self.alone:
            return slip
        likely = self.sentence.is_likely(slip.start, slip.end)
        return slip if likely and not is_weak(self.sentence.plain[slip.start : slip.start + 2]) else None

    def _spans(self, found: Sequence[Called]) -> list[Span]:
        """Part the finds into stretches that do not overlap: the longest first, the surest of each, own ones first."""
        spans: list[Span] = []
        rest = sorted(found, key=lambda one: (-_weight(one.fit), one.fit.sureness, one.fit.start))
        while rest:
            first = rest[0].fit
            same = [one for one in rest if (one.fit.start, one.fit.end) == (first.start, first.end)]
            spans.append(Span(first.start, first.end, _best(same)))
            rest = [one for one in rest if one.fit.end <= first.start or one.fit.start >= first.end]
        return sorted(spans, key=lambda span: span.start)


@dataclass(frozen=True, slots=True)
class Taught:
    """A stretch of a sentence that is a word we were taught."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True, slots=True)
class Found:
    """What a sentence names: customers, products by name, and whatever else taught words mean."""

    customers: tuple[Span, ...] = ()
    products: tuple[tuple[int, int, str], ...] = ()
    taught: tuple[Taught, ...] = ()


def find_named(uow: UnitOfWork, sentence: Sentence) -> Found:
    """Return what a sentence names that the actor may name, which for some is more than they may see."""
    return Search(uow, sentence, scope=naming_scope(uow.actor)).run()


def find_spans(uow: UnitOfWork, sentence: Sentence, *, alone: bool = False) -> tuple[Span, ...]:
    """Return the stretches of a sentence that name customers whom the actor may see, in order."""
    return Search(uow, sentence, alone).run().customers


def slip_at(sentence: Sentence, window: Window, named: Named) -> Fit | None:
    """Return the longest name of `named` that begins at `window` with one letter wrong, missing or too many.

    Another character in the brand that does not sound alike makes another company of it: 绿洲光伏 beside 绿源光伏.
    """
    from rapidfuzz.distance import OSA

    parts = parts_of(named.name)
    calls = (without_form(call) for call in (named.short_name, *named.aliases))
    names = {*calls, parts.brand + parts.trade, parts.brand}
    best: Fit | None = None
    for name in filter(_is_long, names):
        for length in (len(name), len(name) - 1, len(name) + 1):
            said = sentence.plain[window.start : window.start + length]
            if len(said) != length or not all(sentence.may_go_on(window.start + n) for n in range(1, length)):
                continue
            if word_goes_on(sentence, window.start + length) and not is_hanzi(said[-1]):
                continue
            if (best is None or length > best.end - best.start) and OSA.distance(said, name, score_cutoff=1) <= 1:
                how = NEAR if _is_another(said, name, len(parts.brand)) else "typo"
                best = Fit(window.start, window.start + length, how, Sureness.SLIP)
                break
    return best


def _is_another(said: str, name: str, brand: int) -> bool:
    """Say whether one character of the first `brand` ones is a different one, and not one that is mistyped for it."""
    apart = [place for place, (one, other) in enumerate(zip(said, name, strict=False)) if one != other]
    if len(said) != len(name) or len(apart) != 1 or apart[0] >= brand:
        return False
    one, other = said[apart[0]], name[apart[0]]
    return is_hanzi(one) and is_hanzi(other) and not sounds_alike(one, other)


def _weight(found: Fit) -> float:
    """Return how much a fit may push others aside: what only sounds alike must be longer than what was said right."""
    return found.end - found.start - (1.5 if found.how in ("pinyin", "typo", NEAR) else 0)


def _is_long(name: str) -> bool:
    return len(name) >= ANCHOR


def _best(found: Sequence[Called]) -> tuple[Called, ...]:
    """Keep what is surest: an exact name beats a brand, a brand a part of one; own customers those of colleagues."""
    once: dict[Ref, Called] = {}
    for one in sorted(found, key=lambda one: one.fit.sureness):
        once.setdefault(one.named.ref, one)
    kept = list(once.values())
    narrow: tuple[Callable[[Called], bool], ...] = (
        lambda one: one.own and one.fit.sureness <= Sureness.BRAND,
        lambda one: one.fit.sureness is Sureness.EXACT,
        lambda one: one.fit.sureness <= Sureness.BRAND,
        lambda one: one.own,
    )
    for wanted in narrow:
        kept = [one for one in kept if wanted(one)] or kept
    return tuple(sorted(kept, key=lambda one: (one.fit.sureness, one.fit.how == "pinyin", one.named.ref.kind))[:SHOWN])


def find_pooled(uow: UnitOfWork, words: str) -> list[Ref]:
    """Return the leads of the pool that `words` name in full: whoever may open the pool may ask for them."""
    sentence = Sentence.of(words)
    by_key: dict[str, list[Window]] = {}
    for window in sentence.windows():
        by_key.setdefault(window.key, []).append(window)
    hits = uow.names.pooled(by_key, ROWS) if by_key else []
    named = {one.ref: one for one in uow.names.customers({Ref("lead", hit.id) for hit in hits}, NOTHING, pool=True)}
    found = [
        Called(one, fitting, own=False)
        for hit in hits
        for window in by_key[hit.key]
        if (one := named.get(Ref("lead", hit.id))) is not None
        and (fitting := fit(sentence, window.start, window.end, one)) is not None
        and fitting.how != NEAR
        and (fitting.start, fitting.end) == (0, len(sentence.plain))
    ]
    return [one.named.ref for one in _best(found)]
