"""Reads quantities of things out of a text: 100台, 十套, 2万只. Money, people and times are not things."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from bot.understanding.numerals import ARABIC, CHINESE_DIGIT, read_numeral
from bot.understanding.text import fold
from bot.understanding.words import load_words

_NUMBER: Final = (
    rf"(?:{ARABIC}\s?[多来余]?(?:[百千万亿]{{1,2}}|[wWkK](?![A-Za-z]))?"
    rf"|[{CHINESE_DIGIT}十拾][{CHINESE_DIGIT}十拾百佰千仟万亿]*)[多来余]?"
)


@dataclass(frozen=True, slots=True)
class QuantitySpan:
    """So many of something, and the words that said it."""

    start: int
    end: int
    words: str
    value: Decimal
    unit: str


def find_quantities(text: str) -> list[QuantitySpan]:
    """Find how many of a thing are meant; 一个, 一份 and their like are articles and count nothing."""
    pattern, articles = _pattern()
    found = []
    for match in pattern.finditer(fold(text)):
        value = read_numeral(match["number"])
        if value is None or value <= 0 or (match["number"] == "一" and match["unit"] in articles):
            continue
        start, end = match.span()
        found.append(QuantitySpan(start, end, text[start:end], value, match["unit"]))
    return found


@cache
def _pattern() -> tuple[re.Pattern[str], frozenset[str]]:
    listed = load_words("units")
    unwanted: dict[str, list[str]] = listed["not_followed_by"]
    units = "|".join(
        re.escape(unit) + (f"(?!{'|'.join(unwanted[unit])})" if unit in unwanted else "")
        for unit in sorted(listed["things"], key=len, reverse=True)
    )
    before = rf"(?<![\d.A-Za-z第几{CHINESE_DIGIT}十百千万])"
    return re.compile(rf"{before}(?P<number>{_NUMBER})\s?(?P<unit>{units})"), frozenset(
        listed["one_is_no_number_before"]
    )
