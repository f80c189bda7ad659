"""Finds how somebody was contacted: `find_method("上门见了王总")` is a visit."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, cast

from bot.understanding.text import fold
from bot.understanding.words import load_words

Method = Literal["call", "visit", "wechat", "email", "meeting", "sms", "demo", "other"]


@dataclass(frozen=True, slots=True)
class MethodSpan:
    """A way of contact and the words that said it."""

    start: int
    end: int
    words: str
    method: Method


def find_method(text: str) -> MethodSpan | None:
    """Find the method that is named first; where two begin, the longer words win: 电话会议 is a meeting."""
    found = find_methods(text)
    return found[0] if found else None


def find_methods(text: str) -> list[MethodSpan]:
    """Find every method that is named, in order, none overlapping."""
    folded = fold(text)
    hits = sorted(
        (match.start(), -match.end(), method) for method, words in _patterns() for match in words.finditer(folded)
    )
    found: list[MethodSpan] = []
    for start, minus_end, method in hits:
        if (not found or start >= found[-1].end) and not _is_money_paid(folded, start, -minus_end):
            found.append(MethodSpan(start, -minus_end, text[start:-minus_end], method))
    return found


_PAID: Final = re.compile("打(?:了)?(?:过|进)?(?:来|去|给)")
_MONEY: Final = re.compile(
    r"(?:钱|[货尾余全首]款|(?<![催要问讨追收贷提])款|定金|押金|首付|保证金)(?!的|方式|条件|比例|电话)[^，,。；;！!？?\s催电]{0,8}$"
)
"""What is paid, in front of the words that pay it: 钱周五打过来 is no call."""


def _is_money_paid(text: str, start: int, end: int) -> bool:
    return _PAID.match(text, start, end) is not None and _MONEY.search(text, 0, start) is not None


@cache
def _patterns() -> tuple[tuple[Method, re.Pattern[str]], ...]:
    """Compile the lists: the earlier entry of a list counts, and an entry may say what must not follow it."""
    listed: dict[str, list[str]] = load_words("methods")
    return tuple(
        (cast("Method", method), re.compile("|".join(words), re.IGNORECASE)) for method, words in listed.items()
    )
