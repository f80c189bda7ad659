"""What counts as a follow-up (semantics B.2): a few real characters, not yesterday's text again, a known method."""

import unicodedata
from dataclasses import dataclass

EMPTY_PHRASES = frozenset(
    {"已跟进", "跟进了", "已联系", "联系了", "跟进中", "已处理", "已沟通", "继续跟进", "正常跟进"}
)


@dataclass(frozen=True)
class Validity:
    """Whether a follow-up answers a clock, and if not, the sentence that says why."""

    counts: bool
    reason: str = ""


def judge_followup(content: str, *, repeated: bool, at_least: int) -> Validity:
    """Say whether this text stops a clock. `repeated`: the same author wrote it on this record within a day."""
    if content.strip("。.!！ 　") in EMPTY_PHRASES or meaningful_characters(content) < at_least:
        return Validity(False, f"「{content[:20]}」太短，说不清聊了什么，不算有效跟进")
    if repeated:
        return Validity(False, "和您 24 小时内记过的内容一样，不算有效跟进")
    return Validity(True)


def meaningful_characters(text: str) -> int:
    """Count letters and digits of any script; punctuation, blanks and emoji say nothing."""
    return sum(1 for character in text if unicodedata.category(character)[0] in "LN")
