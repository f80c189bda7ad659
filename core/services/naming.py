"""Finding the customers that a sentence names, for whoever says it: at most a handful of questions to the index.

First everything that the own customers, and to those who lead also their people's, are called exactly; then, only where
nothing was found, what sounds alike or lacks a letter. Two that may be meant stay two.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from core.model.ids import MemberId, Ref
from core.model.naming import Hit, Named
from core.ports import UnitOfWork
from core.rules.calling import Fit, Sureness, fit, is_weak
from core.rules.hanzi import is_hanzi
from core.rules.naming import ANCHOR, LATIN_HEAD, bare, called, lacking, parts_of
from core.rules.permissions import Scope, scope_of
from core.rules.sentences import Sentence, Window, holds_common, is_common

ROWS = 400
"""Rows of the index that one question brings at most."""

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
    """The search for customers in one sentence, by one person. `alone` says that the words are a name and no more."""

    uow: UnitOfWork
    sentence: Sentence
    alone: bool = False
    me: MemberId = field(init=False)
    windows: list[Window] = field(init=False)

    def __post_init__(self) -> None:
        self.me = self.uow.actor.id
        self.windows = list(self.sentence.windows())

    def spans(self) -> list[Span]:
        """Return the stretches that name customers, in order."""
        if not self.windows:
            return []
        scope = scope_of(self.uow.actor)
        by_key: dict[str, list[Window]] = {}
        for window in self.windows:
            by_key.setdefault(window.key, []).append(window)
        hits = self.uow.names.called(by_key, Scope(self.me), ROWS)
        if scope != Scope(self.me):
            said = {self.sentence.plain[w.start : w.end] for w in self.windows}
            hits += self.uow.names.called(by_key, scope, ROWS, only=said)
        found = self._fits([(window, hit) for hit in hits for window in by_key.get(hit.key, ())], scope)
        found += self._taught(by_key, scope)
        if not any(one.fit.sureness <= Sureness.PART for one in found):
            found += self._slips(scope)
        return self._spans(found)

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
            exact = said in called(named.name, named.short_name, named.aliases)
            return exact and self.sentence.is_named_alone(found.start, found.end)
        if len(said) <= ANCHOR and self.sentence.cuts_words(found.start, found.end):
            return False
        if found.how == "part" and said == parts_of(named.name).brand[: len(said)]:
            return self.sentence.is_likely(found.start, found.end)
        return True

    def _taught(self, by_key: dict[str, list[Window]], scope: Scope) -> list[Called]:
        """Look for words that the company or this person has taught us."""
        terms = [term for term in self.uow.names.terms(by_key, self.me) if term.meaning_kind in _CUSTOMERS]
        if not terms:
            return []
        named = {one.ref: one for one in self.uow.names.customers({term.meaning for term in terms}, scope)}
        return [
            Called(one, Fit(window.start, end, "term", Sureness.EXACT), one.owner_id == self.me)
            for term in terms
            for window in by_key[term.key]
            if self.sentence.plain.startswith(term.words, window.start)
            and (end := window.start + len(term.words))
            and (one := named.get(term.meaning)) is not None
        ]

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
            if len(word) >= ANCHOR:
                head = word[:LATIN_HEAD]
                note("?" + head, Window(start, end, ""))
                for key in lacking(head, LATIN_HEAD):
                    note(key, Window(start, end, ""))
        for window in self.windows:
            said = plain[window.start : window.end]
            if not is_hanzi(said[0]) or len(said) < ANCHOR - 1:
                continue
            if len(said) == ANCHOR - 1:
                note("?" + said, window)
            else:
                for key in lacking(said, ANCHOR):
                    note(key, window)
        return keys.items()

    def _slip(self, window: Window, hit: Hit, named: Named) -> Fit | None:
        """Say whether one slip of the hand makes a name of what stands at `window`, and how far it reaches."""
        if hit.key.startswith("^"):
            meant = self.alone or self.sentence.is_likely(window.start, window.end)
            return Fit(window.start, window.end, "pinyin", Sureness.PART) if meant else None
        return slip_at(self.sentence, window, named)

    def _spans(self, found: Sequence[Called]) -> list[Span]:
        """Part the finds into stretches that do not overlap: the longest first, the surest of each, own ones first."""
        spans: list[Span] = []
        rest = sorted(found, key=lambda one: (-(one.fit.end - one.fit.start), one.fit.sureness, one.fit.start))
        while rest:
            first = rest[0].fit
            same = [one for one in rest if (one.fit.start, one.fit.end) == (first.start, first.end)]
            spans.append(Span(first.start, first.end, _best(same)))
            rest = [one for one in rest if one.fit.end <= first.start or one.fit.start >= first.end]
        return sorted(spans, key=lambda span: span.start)


def find_spans(uow: UnitOfWork, sentence: Sentence, *, alone: bool = False) -> list[Span]:
    """Return the stretches of a sentence that name customers whom the actor may see, in order."""
    return Search(uow, sentence, alone).spans()


def slip_at(sentence: Sentence, window: Window, named: Named) -> Fit | None:
    """Return the longest name of `named` that begins at `window` with one letter wrong, missing or too many."""
    from rapidfuzz.distance import OSA

    parts = parts_of(named.name)
    names = {bare(named.short_name), *map(bare, named.aliases), parts.brand + parts.trade, parts.stem, parts.brand}
    best: Fit | None = None
    for name in filter(_is_long, names):
        for length in (len(name), len(name) - 1, len(name) + 1):
            said = sentence.plain[window.start : window.start + length]
            if len(said) != length or any(sentence.gaps[window.start + n] for n in range(1, length)):
                continue
            if (best is None or length > best.end - best.start) and OSA.distance(said, name, score_cutoff=1) <= 1:
                best = Fit(window.start, window.start + length, "typo", Sureness.SLIP)
                break
    return best


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


def find_products(uow: UnitOfWork, sentence: Sentence) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return where the text of `sentence` names products that deals are about, and which."""
    by_key: dict[str, list[Window]] = {}
    for window in sentence.windows():
        by_key.setdefault("#" + window.key, []).append(window)
    found: dict[tuple[int, int], list[str]] = {}
    for hit in uow.names.of_nobody(by_key, ROWS) if by_key else ():
        for window in by_key[hit.key]:
            name = bare(hit.name)
            if sentence.plain.startswith(name, window.start) and not is_weak(name):
                found.setdefault(sentence.span(window.start, window.start + len(name)), []).append(hit.name)
    return [(start, end, tuple(dict.fromkeys(names))) for (start, end), names in found.items()]
