"""A sentence as names are sought in it: letters, digits and characters only, and what stands around each stretch.

`plain` is the text in one case, script and width without anything else; `places` leads back to the text. Nothing is
asked of it that grows faster than its length, and only its first LONGEST characters are looked at.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from core.rules.hanzi import fold_sound, is_hanzi, reading, simplified
from core.rules.naming import ANCHOR, SHORTEST, is_region

LONGEST = 400
_JOINING = frozenset(" ()（）[]【】-.·&'’_/")
_JOINS = frozenset("和跟与及")
_ALL = ("都", "全", "我都", "我全")
_LONGEST_WORD = 4
_LONGEST_PINYIN = 24
_WORDS_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a sentence that may be a name or begin one, with the key it would have."""

    start: int
    end: int
    key: str


@dataclass(slots=True)
class Sentence:
    """See the module. `joins` says of each character whether it follows the one before it at once."""

    text: str
    plain: str = ""
    places: list[int] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    _windows: list[Window] | None = None

    @classmethod
    def of(cls, text: str) -> "Sentence":
        made = cls(text)
        letters: list[str] = []
        between = ""
        for place, written in enumerate(text[:LONGEST]):
            folded = unicodedata.normalize("NFKC", simplified(written)).lower()
            if len(folded) == 1 and folded.isalnum():
                letters.append(folded)
                made.places.append(place)
                made.gaps.append(between)
                between = ""
            else:
                between += written
        made.plain = "".join(letters)
        made.gaps.append(between or "。")
        return made

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `plain[start:end]` stands in the text."""
        return self.places[start], self.places[end - 1] + 1

    def follows_at_once(self, place: int) -> bool:
        """Say whether nothing stands between this character and the one before it."""
        return 0 < place < len(self.plain) and not self.gaps[place]

    def may_go_on(self, place: int) -> bool:
        """Say whether a name may go on with this character: behind a bracket, or between words a blank."""
        if not 0 < place < len(self.plain):
            return False
        gap = self.gaps[place]
        if gap == " ":
            return not (is_hanzi(self.plain[place - 1]) and is_hanzi(self.plain[place]))
        return all(sign in _JOINING for sign in gap)

    def windows(self) -> list[Window]:
        """Return every stretch that may begin a name."""
        if self._windows is None:
            self._windows = list(self._all_windows())
        return self._windows

    def _all_windows(self) -> Iterator[Window]:
        sounds = [reading(character) for character in self.plain]
        for start, character in enumerate(self.plain):
            if is_hanzi(character) or self._begins_short_word(start):
                for end in range(start + 1, min(start + ANCHOR, len(self.plain)) + 1):
                    if end > start + 1 and not self.follows_at_once(end - 1):
                        break
                    if end >= start + SHORTEST:
                        yield Window(start, end, fold_sound("".join(sounds[start:end])))
        yield from self._latin_windows()

    def words(self) -> list[tuple[int, int]]:
        """Return the Latin words and numbers, `a8` as one."""
        found: list[tuple[int, int]] = []
        start = None
        for place, character in enumerate(self.plain):
            if is_hanzi(character):
                if start is not None:
                    found.append((start, place))
                start = None
            elif start is None:
                start = place
            elif self.gaps[place]:
                found.append((start, place))
                start = place
        if start is not None:
            found.append((start, len(self.plain)))
        return found

    def _latin_windows(self) -> Iterator[Window]:
        words = self.words()
        for number, (start, end) in enumerate(words):
            if end - start >= SHORTEST:
                yield Window(start, end, fold_sound(self.plain[start:end]))
            if (split := self._letters_end(start, end)) is not None:
                yield Window(start, split, fold_sound(self.plain[start:split]))
            for last in range(number + 1, min(number + _WORDS_TOGETHER, len(words))):
                (_, before), (after, stop) = words[last - 1], words[last]
                if before != after or set(self.gaps[after]) - _JOINING or stop - start > _LONGEST_PINYIN:
                    break
                yield Window(start, stop, fold_sound(self.plain[start:stop]))

    def _letters_end(self, start: int, end: int) -> int | None:
        """Return where the letters of `hw80` end."""
        word = self.plain[start:end]
        letters = len(word) - len(word.lstrip("abcdefghijklmnopqrstuvwxyz"))
        return start + letters if SHORTEST <= letters < len(word) else None

    def _begins_short_word(self, start: int) -> bool:
        """Say whether a single letter before Chinese begins here: e签宝."""
        return (
            not (start and not is_hanzi(self.plain[start - 1]) and not self.gaps[start])
            and start + 1 < len(self.plain)
            and is_hanzi(self.plain[start + 1])
        )

    # What stands around a stretch, and what that says.

    def stands_free_before(self, start: int) -> bool:
        """Say whether the sentence or a part of it begins here."""
        return start == 0 or bool(self.gaps[start])

    def stands_free_behind(self, end: int) -> bool:
        return end >= len(self.plain) or bool(self.gaps[end])

    def is_asked_for(self, start: int) -> bool:
        """Say whether a word stands before this that a customer follows: 跟进, 给, 拜访."""
        return any(
            start >= length and self.plain[start - length : start] in _words("before")
            for length in range(1, _LONGEST_WORD + 1)
        )

    def goes_on(self, end: int) -> bool:
        """Say whether a word stands behind this that follows a customer: 那边, 退回, 的."""
        return any(self.plain[end : end + length] in _words("after") for length in range(1, _LONGEST_WORD + 1))

    def is_likely(self, start: int, end: int) -> bool:
        """Say whether a customer may well stand here."""
        before = self.stands_free_before(start) or self.is_asked_for(start)
        return before and (self.stands_free_behind(end) or self.goes_on(end))

    def is_named_alone(self, start: int, end: int) -> bool:
        """Say whether nothing but a name can stand here: behind a word that asks for one, and then a pause."""
        return (self.is_asked_for(start) or start == 0) and self.stands_free_behind(end)

    def is_told_of(self, start: int, end: int) -> bool:
        """Say whether a part of the sentence begins with this, and goes on as about a customer: 连云港退回公海."""
        return self.stands_free_before(start) and self.goes_on(end)

    def is_joined(self, start: int, end: int) -> bool:
        """Say whether this is joined to another name, and all of them are spoken of behind: 百优和新港都退了."""
        before = self.gaps[start] == "、" or self.plain[start - 1 : start] in _JOINS
        return start > 1 and before and (self.plain.startswith(_ALL, end) or self.goes_on(end))

    def cuts_words(self, start: int, end: int) -> bool:
        """Say whether a word begins before this stretch and ends in it, or the other way round: 其中|通知."""
        plain = self.plain
        before = self.follows_at_once(start) and _is_word(plain[start - 1 : start + 1])
        behind = self.follows_at_once(end) and _is_word(plain[end - 1 : end + 1])
        return before and behind

    def touches_words(self, start: int, end: int) -> bool:
        """Say whether a common word lies partly in this stretch and partly outside."""
        plain = self.plain
        return (self.follows_at_once(start) and _is_word(plain[start - 1 : start + 1])) or (
            self.follows_at_once(end) and _is_word(plain[end - 1 : end + 1])
        )


def is_common(words: str) -> bool:
    """Say whether this is a word of everyday talk."""
    return words in _words("common")


def _is_word(words: str) -> bool:
    return is_common(words) or is_region(words)


def holds_common(words: str) -> bool:
    """Say whether a word of everyday talk is in here."""
    return any(one + other in _words("common") for one, other in pairwise(words))


@cache
def _words(of: str) -> frozenset[str]:
    listed = json.loads(Path(__file__).with_name("common_words.json").read_text(encoding="utf-8"))
    return frozenset(" ".join(listed[of]).split())
