"""From what was typed or spoken to the line that the grammar reads: fillers gone, mistyped and borrowed words mended.

Names are data and are never mended here; every character knows where it came from, so contents keep what was written.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from bot.understanding.text import Normalised, fold, normalised
from bot.understanding.words import load_words

_DIGITS: Final = re.compile(r"\s+")
_SPACED: Final = re.compile(r"(?<![\d.A-Za-z])\d(?:\s\d){6,17}(?![\d.])")
"""A number that was dictated digit by digit: 1 3 9 8 8 8 8 7 7 7 7."""

_SPOKEN: Final = re.compile(
    r"(?<![零〇一二三四五六七八九幺十百])[一幺]\s?[三四五六七八九](?:\s?[零〇一二三四五六七八九幺]){9}(?![零〇一二三四五六七八九幺十百千万])"
)
"""The same in words: 幺三九八八八八七七七七."""

_SIGNS: Final = str.maketrans("零〇一幺二三四五六七八九", "001123456789")


def cleaned(text: str) -> Normalised:
    """Return the plain form of `text` with the way back: without fillers, command words as they are meant."""
    said = normalised(text)
    folded = Normalised(fold(said.text), said.original, said.positions)
    marks, fillers, typos = _table()
    line = _edited(folded, ((*hit.span(), "") for hit in marks.finditer(folded.text)))
    line = _edited(line, ((*hit.span(), "") for hit in fillers.finditer(line.text)))
    line = _edited(line, ((*hit.span(), "一下 ") for hit in re.finditer(r"一下(?=下[周个礼星])", line.text)))
    line = _edited(line, ((*hit.span(), _DIGITS.sub("", hit[0])) for hit in _SPACED.finditer(line.text)))
    line = _edited(line, ((*hit.span(), _as_digits(hit[0])) for hit in _SPOKEN.finditer(line.text)))
    pattern, meant = typos
    return _edited(line, ((*hit.span(), meant[(hit.lastindex or 1) - 1]) for hit in pattern.finditer(line.text)))


def _as_digits(words: str) -> str:
    return _DIGITS.sub("", words).translate(_SIGNS)


def without_fillers(words: str) -> str:
    """Drop what a speaker says while thinking, from words that are kept as they were said."""
    return re.sub(r"^[\s，,。…、.]+|[\s，,、…]+$", "", re.sub(r"[…]{2,}", "…", _table()[1].sub("", words))).strip()


def _edited(said: Normalised, edits: Iterator[tuple[int, int, str]]) -> Normalised:
    """Replace stretches of a text; what takes their place comes from where they began."""
    characters: list[str] = []
    positions: list[int] = []
    place = 0
    for start, end, words in edits:
        if start == end or start < place:
            continue
        characters.append(said.text[place:start] + words)
        positions += [*said.positions[place:start], *[said.positions[start]] * len(words)]
        place = end
    if not place:
        return said
    characters.append(said.text[place:])
    positions += said.positions[place:]
    joined = "".join(characters)
    blank = len(joined) - len(joined.lstrip(" ，,、…"))
    return Normalised(joined[blank:], said.original, tuple(positions[blank:]))


@cache
def _table() -> tuple[re.Pattern[str], re.Pattern[str], tuple[re.Pattern[str], list[str]]]:
    listed = load_words("typos")
    words: list[tuple[str, list[str]]] = [*listed["words"].items(), *load_words("loanwords").items()]
    typed = "|".join(f"({'|'.join(several)})" for _, several in words)
    fillers = "|".join(listed["fillers"])
    return (
        re.compile("|".join(listed["marks"])),
        re.compile(rf"(?:(?:{fillers})[…，,。.、]*)+", re.IGNORECASE),
        (re.compile(typed, re.IGNORECASE), [meant for meant, _ in words]),
    )
