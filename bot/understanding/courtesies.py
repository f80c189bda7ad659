"""Courtesies and the bare words that say yes and no."""

import re
from functools import cache
from typing import Final

from bot.understanding.words import load_words

_LONGEST: Final = 40
"""A line of more signs is not only courteous."""

_PARTICLES: Final = "[啦呀哈哦噢呢嘛哒咯了啊呐哇滴哟]*"


def is_courtesy(bare: str) -> bool:
    """Say whether words, without signs and in small letters, are courtesies one after another: 收到收到, 辛苦啦."""
    return len(bare) <= _LONGEST and _courtesies().fullmatch(bare) is not None


@cache
def load_answers() -> tuple[frozenset[str], frozenset[str]]:
    """Words that say yes and no."""
    listed: dict[str, list[str]] = load_words("courtesies")
    return frozenset(listed["yes"]), frozenset(listed["no"])


@cache
def _courtesies() -> re.Pattern[str]:
    listed: dict[str, list[str]] = load_words("courtesies")
    words = "|".join(map(re.escape, sorted(listed["courtesies"], key=len, reverse=True)))
    whom = "|".join(map(re.escape, listed["whom"]))
    return re.compile(rf"(?:(?:{words}){_PARTICLES}(?:{whom})*{_PARTICLES})+|哈{{2,}}|嘿{{2,}}|6{{2,}}")
