"""Slots of a rule in free words: a rule that would lose half of what was said is asked about and never made."""

import re
from typing import Final

from bot.rule_words import INSTEAD
from bot.understanding.sentence import MEMBER
from bot.understanding.slots.draft import Draft, joined

_SPARED: Final = re.compile(
    r"除外|除了|除开|除非|例外|不在此列|不受影响|照旧|不动|不变|不算|不包括|不含|另说|另算|单独(?:算|处理|来)|仅限|只限|只对|不适用"
)
_FOR_A_WHILE: Final = re.compile(
    r"(?:到|至)(?:[本这下]个?[周月季年]|月底|年底|周末|季末|\d{1,2}月)[^，。]{0,6}?(?:为止|止|结束)|暂时|临时|试行|试用|先试|这几天|这段时间|这阵子|期间"
    r"|(?:[本这下]个?(?:星期|礼拜|[周月])|春节|国庆|五一|旺季|淡季)(?!起|开始|一|二|三|四|五|六|日)[^，。]{0,3}(?:线索|客户|都|先)"
)
_ELSE: Final = re.compile(
    r"否则|不然|要不|(?:忙|满|不在|请假|超)[^，。给归找换]{0,8}(?:的话|之后|以后|了|就|，)*(?:给|归|找|换|分给|转给)"
)
_LEADS: Final = re.compile("线索|询盘|客户|咨询|单子|注册")


def read_rule_members(draft: Draft) -> None:
    """Who gets what a rule gives; somebody it is taken from is none of them: 别给何平了，给李娜."""
    found = [p for p in draft.marked(MEMBER) if p.value.candidates]
    given = [p for p in found if _TAKEN_FROM.search(draft.sentence.text[: p.start]) is None]
    if given:
        draft.put(
            "members", list(dict.fromkeys(p.value.candidates[0].name for p in given)), joined(p.words for p in given)
        )
        draft.refs["members"] = list(dict.fromkeys(p.value.candidates[0].ref for p in given))


_TAKEN_FROM: Final = re.compile(r"(?:别|不要|不用|不|甭)(?:再)?(?:给|分给|派给|归)\s?$")


def read_rule_parts(draft: Draft) -> None:
    """An exception, an end or a second case that no setting holds."""
    text = draft.text
    hit = _SPARED.search(text) or (_FOR_A_WHILE.search(text) if _LEADS.search(text) else None)
    if hit is None and INSTEAD.search(text) is None and len(draft.slots.get("members", [])) > 1:
        hit = _ELSE.search(text)
    if hit is None:
        return
    draft.ask_anew(
        "part",
        f"规则里的「{_clause_at(text, hit)}」一句话写不进去，什么都没有改，免得只改一半。请先发不带它的那一句，"
        "例外另说一条；或者「导出规则」改好后「提交规则」",
    )


def _clause_at(text: str, hit: re.Match[str]) -> str:
    """Return the clause in which something stands."""
    start = max((text.rfind(sign, 0, hit.start()) for sign in "，,。；; "), default=-1) + 1
    ends = [place for sign in "，,。；; " if (place := text.find(sign, hit.end())) >= 0]
    return text[start : min(ends, default=len(text))]
