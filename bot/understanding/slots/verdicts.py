"""Slots of what approvers decide: whose request, on what condition, and what is to be mended."""

import re
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.sentence import AMOUNT, CUSTOMER, MEMBER
from bot.understanding.slots.basics import plain, trimmed
from bot.understanding.slots.draft import SEPARATORS, Draft, mentioned
from bot.understanding.slots.reasons import read_reason

_SENT_BACK: Final = re.compile(
    r"^(?:这[个单张条份]|那[个单张条份]|该单|先|就|给我)*(?:打回|退回|驳回|退)(?:去|来)?(?:给)?(?:他|她|申请人|提交人|发起人|经办人|业务员|销售)?(?:重新|去)?(?:[，,。\s]|$)*"
)
_SO_BACK: Final = re.compile(r"[，,\s]*(?:先|再|就)?(?:打回|退回|驳回|退)(?:去|吧|了|给他|给她|给销售)*$")
_NO: Final = "(?:坚决|肯定|绝对|真的)?(?:不行|不同意|不批|不能批|批不了|过不了|不能过|不给过|通不过|驳回|驳了?|拒绝|拒了?|否了?|不可以|我不签|签不了|不可能|算了)"
_NO_AT_START: Final = re.compile(rf"^(?:(?:这[个单张]子?|这价格?|那[个单张]|我|财务|法务)*{_NO}[吧啊呀了，,。\s]*)+")
_NO_AT_END: Final = re.compile(rf"[，,。\s]+(?:我|就|先|财务|法务|这边|这里|这单|这个|所以)*{_NO}[吧啊呀了]*$")
_LEAST: Final = re.compile(
    r"(?:(?:不|不能|不得|不可|别)(?:低|少)于|至少(?:要|得|卖到?|给)?|最(?:低|少)(?:要|得|卖到?|到|给)?)(?:为|是|在)?$"
)
_FIGURE: Final = re.compile(r"(?<![\d.])[5-9五六七八九][0-9一二三四五六七八九](?![\d成天日万千百个月折%点])")
"""What may be folds without the word: 九四."""

_UPWARDS: Final = re.compile(r"\s?(?:以上|往上|起)(?:的话)?[，,]?我?(?:就|才|可以|能)*(?:给)?(?:签|批|同意|过|认)")
_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9])[Ss](?P<number>[1-9]\d{0,8})(?![A-Za-z0-9折个万元])(?:号)?")


def read_approval(draft: Draft) -> None:
    """The approval by its number: S12."""
    hit = _NUMBER.search(draft.sentence.text, draft.start, draft.end)
    if hit is not None:
        draft.put("approval", f"S{hit['number']}", hit[0])
        draft.used.append((hit.start(), hit.end()))


def read_whose(draft: Draft) -> None:
    """Whose request is decided, where it is named in front of the verdict: a colleague's, or about which customer."""
    call = draft.call
    until = (
        draft.end if call is None else draft.sentence.span(call.start, call.end if call.score else call.clause.end)[1]
    )
    for mark, slot in ((MEMBER, "member"), (CUSTOMER, "customer")):
        for piece in draft.marked(mark)[:1]:
            behind = draft.sentence.text[piece.end : piece.end + 1]
            if piece.start < until or behind == "的":
                mentioned(draft, slot, piece)


def read_least(draft: Draft) -> None:
    """The sum below which nobody agrees: 总价不低于9万我就批."""
    for piece in draft.marked(AMOUNT):
        text = draft.sentence.text
        if _LEAST.search(text[draft.start : piece.start]) or _UPWARDS.match(text, piece.end):
            draft.put("amount", plain(piece.value.yuan), piece)


def read_condition(draft: Draft) -> None:
    """On what condition somebody agrees, beside a discount; without either it is asked for."""
    group = draft.group("reason")
    if "amount" in draft.slots:
        return
    if group is not None:
        words = trimmed(draft.said(group[0], draft.end))
        draft.put("reason", words, words)
    else:
        read_reason(draft)
    said = {"discount_percent", "payment_days", "amount"} & draft.slots.keys()
    if not said and "reason" not in draft.slots:
        draft.ask("discount_percent")
    elif not said and _FIGURE.search(draft.text):
        draft.be(Outcome.CONFIRM)  # a figure that nobody read may be the condition itself


def read_refusal(draft: Draft) -> None:
    """Why somebody says no, without the no itself."""
    read_reason(draft)
    said = str(draft.slots.pop("reason", ""))
    words = trimmed(_NO_AT_END.sub("", _NO_AT_START.sub("", said))).strip(SEPARATORS)
    draft.put("reason", words, "")


def read_return_reason(draft: Draft) -> None:
    """What is to be mended before it comes again: everything that was said beside sending it back."""
    text = draft.text
    for piece in reversed(draft.marked(MEMBER)):
        before = text[: piece.start - draft.start].removesuffix("给").removesuffix("让")
        text = before + text[piece.end - draft.start :]
    words = trimmed(_SO_BACK.sub("", _SENT_BACK.sub("", text.strip(SEPARATORS)))).strip(SEPARATORS)
    if len(words) > 1:
        draft.put("reason", words, words)
