"""Finds where a lead came from: `find_source("官网来的 要100台")` is 官网."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from bot.understanding.text import fold
from bot.understanding.words import load_words

_ASKED: Final = r"(?P<asked>(?:线索|客户)?来源(?:于|是|为|[:：])?\s?|(?:是)?(?:从|通过|经)\s?)?"
_PLACE: Final = r"(?:上|那边|那里|里)?"
_CAME: Final = (
    r"(?P<came>\s?(?:主动)?(?:找?过?来|得到|获取|注册|咨询|留资|留言|加|看到|认识|拿到|收到|带来|介绍过?来|转过?来|推过?来)的(?:线索|客户)?"
    r"|渠道(?:来的)?|(?:的)?(?:线索|客资))?"
)


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A lead source under its own name, and all the words that said it (官网来的)."""

    start: int
    end: int
    words: str
    source: str


def find_source(text: str) -> SourceSpan | None:
    """Find the lead source that is named first.

    A word that may as well be a customer or a topic (百度, 广告, 老客户) counts only after 来源 or 从, before 来的 and
    the like, or when it stands alone between blanks or punctuation.
    """
    folded = fold(text)
    pattern, sources = _table()
    for match in pattern.finditer(folded):
        name, is_doubtful = sources[match["word"].lower()]
        if is_doubtful and not (match["asked"] or match["came"] or _stands_alone(folded, match)):
            continue
        start, end = match.span()
        return SourceSpan(start, end, text[start:end], name)
    return None


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Say whether blanks or punctuation stand on both sides, and it is not the first of several words."""
    before, behind = text[: match.start()].rstrip(" "), text[match.end() : match.end() + 1]
    if not before:
        return not text[match.end() :].strip()
    return not text[match.start() - 1].isalnum() and not behind.isalnum()


@cache
def _table() -> tuple[re.Pattern[str], dict[str, tuple[str, bool]]]:
    """Build one pattern of all words, the longest first, and the source of each word with whether it is doubtful."""
    listed: dict[str, dict[str, list[str]]] = load_words("sources")
    sources: dict[str, tuple[str, bool]] = {}
    for name, kinds in listed.items():
        sources.update({word.lower(): (name, False) for word in kinds["words"]})
        sources.update({word.lower(): (name, True) for word in kinds.get("doubtful", ())})
    words = "|".join(re.escape(word) for word in sorted(sources, key=len, reverse=True))
    return re.compile(f"{_ASKED}(?P<word>{words}){_PLACE}{_CAME}", re.IGNORECASE), sources
