"""What was promised in a follow-up: 答应周五前给方案, 对方承诺下周付款."""

import re
from dataclasses import dataclass
from typing import Final

_CLAUSE: Final = re.compile(r"[^，,。；;！!？?\n]+")
_PROMISE: Final = re.compile(r"答应(?!没|不)|承诺|保证(?!金)|许诺|说好|讲好|约好|约定|担保")
_DUE: Final = re.compile(
    r"(?:(?:下|这|本)?(?:周|星期|礼拜)[一二三四五六日天末]?|明天|后天|月底|月初|年底|年前|节前|节后"
    r"|\d{1,2}\s?[号日]|\d{1,2}月\d{1,2}|\d{1,3}\s?(?:天|小时|周|个工作日)(?:内|之内)?|尽快|当天|今天)"
    r".{0,4}?(?:前|之前|内|以内)?.{0,6}?(?:给|发|寄|送|报|出|提供|回复|答复|安排|交付?|补|带|签|付|打款)"
)
_DONE: Final = re.compile(
    r"(?:已经?|都|刚)(?:给|发|寄|送|报|提供|回复|答复|安排|交付?|补|签|付)|(?:给|发|寄|送|交|签|付|报)(?:了|过|完)"
)
_THEIRS: Final = re.compile(
    r"(?:对方|客户|他们|那边|甲方|[一-龥]{1,3}(?:总|经理|工|主任|老板|部长|科长|处长)).{0,4}?"
    r"(?:答应|承诺|保证|许诺|说(?!好))"
)
_NOT: Final = re.compile(
    r"(?:没|没有|未|不|不能|不敢|无法|别|不要)(?:能|敢|肯|有)?(?:再)?(?:答应|承诺|保证|许诺)|是否|能不能|要不要|如果|要是"
)
LONGEST: Final = 60


@dataclass(frozen=True)
class Promise:
    """A promise in its own words; `theirs` when the customer has made it."""

    words: str
    theirs: bool = False


def promises_in(text: str) -> list[Promise]:
    """Find what was promised, clause by clause; what is denied, asked or done already is none."""
    found: dict[str, Promise] = {}
    for hit in _CLAUSE.finditer(text):
        clause = " ".join(hit[0].split())
        if _NOT.search(clause) or _DONE.search(clause):
            continue
        if _PROMISE.search(clause) or _DUE.search(clause):
            words = clause if len(clause) <= LONGEST else clause[: LONGEST - 1] + "…"
            found.setdefault(words, Promise(words, _THEIRS.search(clause) is not None))
    return list(found.values())
