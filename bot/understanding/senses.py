"""Words that call one thing and mean another in what stands around them: given back, complained of, left alone."""

import re
from typing import Final

from bot.understanding.grammar import Call
from bot.understanding.sentence import CUSTOMER

_VERDICT_DENIED: Final = re.compile(
    r"(?:别|不|先不|不要|不用|没)(?:急着|忙着|着急)?(?:驳|批|拒|签字?|同意)(?:了|它|他)?(?:，|$)"
)
_MAILINGS: Final = re.compile("短信|邮件|群发|广告|骚扰|推送|营销")
_TAKEN_WRONGLY: Final = re.compile(
    "收错|误收|错收|收得?不对|收早|不怪|冤枉|申诉|不该收|(?:被|那次|这次|自动)(?:回收|收回|收走)"
)


def sends_back(call: Call) -> bool:
    """What was taken from somebody wrongly is given back to them, and no request is."""
    return _TAKEN_WRONGLY.search(call.clause.sentence.template) is None


def is_a_fault(call: Call) -> bool:
    """Who complains of our mailings wants to be left alone."""
    return _MAILINGS.search(call.clause.sentence.template) is None or "报修" in call.clause.words


def nurtures(call: Call) -> bool:
    """别驳，先放着 is about a request, and a paper is no lead."""
    if re.search("合同|报价|商机|发票", call.clause.words):
        return False
    return _VERDICT_DENIED.search(call.clause.sentence.template) is None


def returns(call: Call) -> bool:
    """撤了 gives back a lead, and says nothing of the kind of an account: 启明 撤了 may be an order or an approval."""
    if "doubt" not in call.groups or not re.search("[撤丢放弃扔]了", call.clause.words):
        return True
    found = [p.value.candidates for p in call.clause.sentence.marked(CUSTOMER, *call.clause.span)]
    return any(one.ref.startswith("lead:") for candidates in found for one in candidates)
