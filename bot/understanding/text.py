"""The one form in which text is compared, and the way back to what was really typed."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.rules.hanzi import TRADITIONAL

# One character for one character, so a span found in the folded text is the same span in the original.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDS = {
    **_FULL_WIDTH,
    **dict(zip(map(ord, TRADITIONAL[::2]), TRADITIONAL[1::2], strict=True)),
    0x3000: " ",
    0xA0: " ",
    ord("￥"): "¥",
    ord("—"): "-",
    ord("–"): "-",
    ord("～"): "~",
}
# NFKC would turn these into ASCII, but in a Chinese sentence they are what separates its parts.
_KEPT_AS_TYPED = frozenset("，；！？（）【】、。")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf"})
_BLANK_CONTROLS = frozenset("\t\n\v\f\r\x85")
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in its normal form, with the original and the place each character came from."""

    text: str
    original: str
    positions: tuple[int, ...]

    def said(self, start: int, end: int) -> str:
        """Cut the original words that stand under `text[start:end]`."""
        if start >= end:
            return ""
        after = self.positions[end] if end < len(self.positions) else len(self.original)
        return self.original[self.positions[start] : after].rstrip()


def normalise(text: str) -> str:
    """Write full-width letters, digits and blanks in their plain form, drop what cannot be seen, fold blanks, trim.

    Chinese punctuation and line breaks stay, because they separate thoughts; a lone surrogate becomes U+FFFD.
    """
    return normalised(text).text


def normalised(text: str) -> Normalised:
    """Normalise `text` and keep the way back to it."""
    characters: list[str] = []
    positions: list[int] = []
    for position, character in _plain_characters(text):
        if not character.isspace():
            characters.append(character)
        elif not characters:
            continue
        elif not characters[-1].isspace():
            characters.append("\n" if character == "\n" else " ")
        else:
            characters[-1] = "\n" if "\n" in (character, characters[-1]) else " "
            continue
        positions.append(position)
    while characters and characters[-1].isspace():
        characters.pop()
        positions.pop()
    return Normalised("".join(characters), text, tuple(positions))


def fold(text: str) -> str:
    """Make full-width signs plain and traditional characters simplified, one for one, so that places stay the same."""
    return text.translate(_FOLDS)


def meaningful_characters(text: str) -> int:
    """Count letters, digits and Chinese characters; emoji, punctuation and blanks say nothing."""
    return sum(1 for character in text if unicodedata.category(character)[0] in "LN")


def _plain_characters(text: str) -> Iterator[tuple[int, str]]:
    """Yield each visible character in its normal form with the place it came from; every blank is one of ' ' and LF."""
    for position, written in _clusters(text):
        if written in _KEPT_AS_TYPED and not _between_full_width_digits(text, position):
            yield position, written
            continue
        for character in unicodedata.normalize("NFKC", written):
            if character.isspace():
                yield position, "\n" if character in "\n\v\f\r\x85\u2028\u2029" else " "
            else:
                yield position, character


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Yield each visible character together with the marks that combine with it."""
    start, cluster = 0, ""
    for position, written in enumerate(text):
        if _is_invisible(written):
            continue
        character = _REPLACEMENT if "\ud800" <= written <= "\udfff" else written
        if cluster and unicodedata.combining(character):
            cluster += character
            continue
        if cluster:
            yield start, cluster
        start, cluster = position, character
    if cluster:
        yield start, cluster


def _is_invisible(character: str) -> bool:
    if character in _BLANK_CONTROLS:
        return False
    return unicodedata.category(character) in _DROPPED_CATEGORIES or ord(character) in _VARIATION_SELECTORS


def _between_full_width_digits(text: str, position: int) -> bool:
    """Say whether a comma was typed with the keyboard in full-width mode, inside a number such as １，２００."""
    around = text[max(position - 1, 0) : position] + text[position + 1 : position + 2]
    return text[position] == "，" and len(around) == 2 and all("０" <= sign <= "９" for sign in around)  # noqa: PLR2004
