"""What was promised in a follow-up (答应周五前给方案, 对方承诺下周付款), of what, and which two do not agree."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.model.promise import Promise

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


_THING: Final = re.compile(
    r"最终价|底价|报价单?|价格|方案书?|样品|样机|合同|发票|资料|手册|案例|清单|图纸|标书|授权书?|证书|演示|培训|测试|试用"
    r"|上门|安装|调试|维修|答复|回复|反馈|尾款|首付|定金|货款|付款|打款|回款|发货|交货|到货|交期|折扣|优惠|赠品|排期|计划书?|报告"
)
_SAME: Final = {
    "报价单": "报价",
    "价格": "报价",
    "最终价": "报价",
    "底价": "报价",
    "方案书": "方案",
    "样机": "样品",
    "答复": "回复",
    "反馈": "回复",
    "打款": "付款",
    "回款": "付款",
    "货款": "付款",
    "尾款": "付款",
    "首付": "付款",
    "定金": "付款",
    "交货": "发货",
    "到货": "发货",
    "交期": "发货",
    "优惠": "折扣",
    "授权书": "授权",
    "计划书": "计划",
}
_CUT: Final = re.compile(
    r"(?:打|给|做|按|到)?\s?(?:[一二三四五六七八九\d]{1,2}|[一二三四五六七八九][一二三四五六七八九五])折|让利?\s?\d{1,2}\s?个?点"
)
_OBJECT: Final = re.compile(
    r"(?:给|发|寄|送|提供|出|安排|补|交|做)(?:他们|对方|客户|过去|一?[个份套版])*(?P<thing>[一-龥A-Za-z0-9]{2,8})"
)
_EMPTY: Final = re.compile(r"^(?:他们|对方|客户|我们|过去|一下|出来|过来|时间|就|再|之前|以前)|^(?:个|份|套|版)")


@dataclass(frozen=True)
class Found:
    """A promise in its own words; `theirs` when the customer has made it, `thing` is what it is about."""

    words: str
    theirs: bool = False
    thing: str = ""


def thing_of(words: str) -> str:
    """Return what words are about, by one name whatever it is called: 最终价 is 报价."""
    known = known_thing(words)
    if known:
        return known
    named = _OBJECT.search(words)
    thing = _EMPTY.sub("", named["thing"]) if named is not None else ""
    return thing if len(thing) > 1 else ""


def known_thing(words: str) -> str:
    """Return which of the things that are often promised is named, if any."""
    if _CUT.search(words):
        return "折扣"
    hit = _THING.search(words)
    return _SAME.get(hit[0], hit[0]) if hit is not None else ""


def clashes(one: Promise, others: Iterable[Promise]) -> list[Promise]:
    """Return those open promises of colleagues about the same thing that say something else than `one`."""
    return [
        other
        for other in others
        if other.is_open
        and other.made_by != one.made_by
        and other.theirs == one.theirs
        and one.thing
        and other.thing == one.thing
        and (_figures(other.words) != _figures(one.words) or other.due_at != one.due_at)
    ]


def _figures(words: str) -> tuple[str, ...]:
    return tuple(hit[0] for hit in _CUT.finditer(words))


def promises_in(text: str) -> list[Found]:
    """Find what was promised, clause by clause; what is denied, asked or done already is none."""
    found: dict[str, Found] = {}
    for hit in _CLAUSE.finditer(text):
        clause = " ".join(hit[0].split())
        if _NOT.search(clause) or _DONE.search(clause):
            continue
        if _PROMISE.search(clause) or _DUE.search(clause):
            words = clause if len(clause) <= LONGEST else clause[: LONGEST - 1] + "…"
            found.setdefault(words, Found(words, _THEIRS.search(clause) is not None, thing_of(clause)))
    return list(found.values())
