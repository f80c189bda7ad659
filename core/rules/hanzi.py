"""Chinese characters as they are compared: simplified, and by how they sound.

People type by sound, so 华唯 stands for 华为 and 宏答 for 宏达. A key is the toneless pinyin of some characters, with
the pairs that half of China does not tell apart made one (zh/z, ch/c, sh/s, ng/n, n/l). What is typed in Latin letters
passes the same folds, so `huawei` has the key of 华为. Our own readings take 28 KB and 2 ms, a library 60 MB and 0.2 s.
"""

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any

TRADITIONAL: str = json.loads(Path(__file__).with_name("traditional.json").read_text(encoding="utf-8"))["pairs"]
"""A traditional character and its simplified one, and so on."""

_SIMPLE = dict(zip(map(ord, TRADITIONAL[::2]), TRADITIONAL[1::2], strict=True))
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"))
VARIANTS = 4


def simplified(text: str) -> str:
    """Write traditional characters in their simplified form, one for one."""
    return text.translate(_SIMPLE)


def is_hanzi(character: str) -> bool:
    """Say whether this is a Chinese character."""
    return "一" <= character <= "鿿"


def reading(character: str) -> str:
    """Return the usual toneless reading of a character; whatever has none stands for itself."""
    return _table()[0].get(character, character)


def readings(character: str) -> tuple[str, ...]:
    """Return the readings of a character that names are written with, the usual one first: 长 → chang, zhang."""
    usual, more = _table()[:2]
    return (usual.get(character, character), *more.get(character, ()))


def surname_reading(surname: str) -> str:
    """Return how a surname sounds: 单 is shan, 曾 is zeng."""
    return _table()[2].get(surname) or "".join(map(reading, surname))


def sound(text: str) -> str:
    """Return the key of `text`."""
    return fold_sound("".join(map(reading, text)))


def sounds(text: str) -> list[str]:
    """Return the keys of `text` in all its likely readings, at most VARIANTS, the usual one first."""
    usual, more, _ = _table()
    if more.keys().isdisjoint(text):
        return [fold_sound("".join([usual.get(character, character) for character in text]))]
    spoken = islice(product(*map(readings, text)), VARIANTS)
    return list(dict.fromkeys(fold_sound("".join(syllables)) for syllables in spoken))


def fold_sound(spelled: str) -> str:
    """Make one of what many people do not tell apart."""
    for written, folded in _ALIKE:
        spelled = spelled.replace(written, folded)
    return spelled


def same_sound(one: str, other: str) -> bool:
    """Say whether two characters share a reading, tones aside."""
    return one == other or not set(readings(one)).isdisjoint(readings(other))


def initials(text: str) -> str:
    """Return the first letters: 华为 → hw."""
    return "".join(reading(character)[:1] for character in text)


def spellings(text: str) -> Iterator[str]:
    """Yield `text` as it is spelled in pinyin, in its likely readings."""
    return ("".join(syllables) for syllables in islice(product(*map(readings, text)), VARIANTS))


@cache
def _table() -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, str]]:
    listed: dict[str, Any] = json.loads(Path(__file__).with_name("readings.json").read_text(encoding="utf-8"))
    usual = {character: spelled for spelled, characters in listed["readings"].items() for character in characters}
    return usual, {one: tuple(also.split()) for one, also in listed["also"].items()}, listed["surnames"]
