"""Slots of why: what is called a reason, or what is left of the words when the deed is taken out of them."""

import re
from typing import Final

from bot.understanding.slots.basics import left_words, trimmed
from bot.understanding.slots.draft import SEPARATORS, Draft

_BECAUSE: Final = re.compile(r"(?:原因|理由|因为|由于|缘由|主要是)(?:是|为)?[：:\s]*")
_LEAVES: Final = re.compile(
    r"年假|病假|事假|婚假|陪产假|产假|丧假|调休|出差|出国|参展|开会|休假|培训|体检|看病|住院|手术"
)


def read_reason(draft: Draft) -> None:
    """Why: what stands behind 原因, or whatever words are left."""
    text = draft.sentence.text
    label = next(_BECAUSE.finditer(text, draft.start, draft.end), None)
    if label is not None and label.end() < draft.end:
        draft.put("reason", trimmed(draft.said(label.end(), draft.end)), text[label.end() : draft.end])
        return
    group = draft.group("reason")
    before = trimmed(draft.said(*group)) if group is not None else ""
    parts = filter(None, (before, *left_words(draft).split("，")))
    deeds = draft.intent.name.startswith(("lead.", "deal."))
    words = "，".join(p for p in parts if not (deeds and _DEED.fullmatch(p)) and not _PASSED_ON.fullmatch(p))
    if not words and draft.intent.name == "deal.lose" and (rival := _TAKEN_BY.search(draft.text)):
        words = rival[0]
    if words:
        draft.put("reason", words, words)


_PASSED_ON: Final = re.compile(
    r"(?:再|然后|之后|最后|完了)*(?:到|给|转|交|轮到)(?:回)?(?:我|咱)(?:这里?|这边|批|看)?|[收拿要取]?回来|回去|下来"
)
"""Where a paper goes next, which is no reason: 先给陈静过一眼再到我."""

_DEED: Final = re.compile(
    r"(?:我|就|先|还是|直接|只好|干脆|那|把|给|申请|吧|了|那条|线索|，)*(?:退|放|丢|扔|还|撤|送|吐|不要|不跟|放弃|废|作废|无效|养|挂|冷|标|标记|设|算|当|丢池子|延期|保护期能?延|容我|缓缓)"
    r"(?:回|到|成|为|掉|弃|作|个|去|给|进|里|吧|了|去吧|公海|池子|大家|别人|线索|无效|作废|一下|单|处理|特价|审批)*"
)
"""Words that say what shall be done, and not why."""

_TAKEN_BY: Final = re.compile(r"(?:被|输给|丢给|让给|败给|跑给|选了|用了|签了|内定)[^，。！？\s]{1,10}")


def read_reason_said(draft: Draft) -> None:
    """A reason that is called one; words that are left over are none."""
    label = next(_BECAUSE.finditer(draft.sentence.text, draft.start, draft.end), None)
    if label is not None:
        read_reason(draft)


def read_leave_reason(draft: Draft) -> None:
    """Why somebody is away: what is called a reason, or the kind of leave."""
    read_reason_said(draft)
    kind = _LEAVES.search(draft.text)
    if not draft.slots.get("reason") and kind is not None:
        draft.put("reason", kind[0], kind[0])


def read_after(draft: Draft) -> None:
    """What was said about it, behind the words that call it."""
    if draft.call is not None:
        start, end = draft.sentence.span(draft.call.start, draft.call.end)
        words = draft.said(end, draft.end).removeprefix("了").strip(SEPARATORS)
        if len(words) > 1:
            draft.put("reason" if "退" in draft.sentence.text[start:end] else "content", words, words)


def read_invalid_reason(draft: Draft) -> None:
    """Why a lead is worth nothing: 空号."""
    hit = re.search(
        r"空号|停机|假号|错号|打错|骗子|同行|测试|重复|号码不存在|打不通|虚假|垃圾|假的|已注销|倒闭|关门", draft.text
    )
    if hit is not None:
        draft.put("reason", hit[0], hit[0])
    else:
        read_reason(draft)
