"""Says whether the rest of a sentence agrees with a call about leads, deals and sums; see `fitting`."""

import re
from collections.abc import Callable
from typing import Final

from bot.understanding.grammar import Call
from bot.understanding.sentence import AMOUNT, CUSTOMER

_PUT_OFF: Final = re.compile(
    r"(?:人家|客户|对方|他们|她们|只是|项目|交货|交期|工期|付款|上线|招标|开标)(?:又|要|会|可能|只是)*(?:延期|延长|推迟)"
)
_ANOTHER_TIME: Final = re.compile(r"回(?!款|了|来|过来|笔|一笔)")
"""这回6万3 is no payment."""
_SLIP_OF_A_SUM: Final = re.compile(
    r"(?:记|登|录|写|填|输|打|搞|弄)(?:记)?错|(?:多|少|漏)(?:打|写|输|填|录|记|加|点|敲)(?:了)?(?:一?个|两个)?(?:零|0|位|笔)|Ⓐ，?(?:而)?不是Ⓐ|不是Ⓐ，?(?:而)?是Ⓐ"
)


TO_OTHERS: Final = re.compile(
    r"Ⓐ(?:的)?[款钱]?给(?!我|咱|俺|公司|财务|过来|的)|(?:给|向)(?!我|咱|俺|公司)[一-龥ⒸⓂ]{2,6}?(?:付|打|转|汇)(?:了|过去)?Ⓐ"
)
"""Money that a customer pays to somebody else."""


def _pays(call: Call) -> bool:
    """A sum that was put down wrongly is mended, not received once more."""
    words = call.clause.sentence.template
    if TO_OTHERS.search(call.clause.words):
        return False
    return _SLIP_OF_A_SUM.search(words) is None and _ANOTHER_TIME.match(called(call)) is None


def _extends(call: Call) -> bool:
    """What a customer puts off is none of our time to keep them."""
    return _PUT_OFF.search(call.clause.sentence.template) is None


def _converts(call: Call) -> bool:
    """大疆转客户先缓缓 says not yet."""
    return re.match("，?(?:先|还|再)*(?:缓|等|不急|别急|放一放|再说|再看)", behind(call)) is None


def _invalidates(call: Call) -> bool:
    """A paper that is void, or an account, is no worthless lead."""
    sentence = call.clause.sentence
    if re.search("合同|协议|报价|发票|票|回款|订单|商机|申请", call.clause.words):
        return False
    named = sentence.marked(CUSTOMER, *call.clause.span)
    return not named or any(one.ref.startswith("lead:") for piece in named for one in piece.value.candidates)


def _amends(call: Call) -> bool:
    """A sum that was paid is none of the deal's."""
    return re.search("到账|回款|到款|收款|打款|入账|进账|开票|发票", call.clause.words) is None


def _is_about_ones_own(call: Call) -> bool:
    """How many nobody holds is asked of the pool, how many one may take of oneself."""
    return (
        re.search("公海|池", call.clause.words) is None
        or re.search("我|额度|名额|能|可以", call.clause.words) is not None
    )


def behind(call: Call) -> str:
    return call.clause.sentence.template[call.end : call.clause.end]


def called(call: Call) -> str:
    return call.clause.sentence.template[call.start : call.end]


def _conflicts(call: Call) -> bool:
    """被海康抢单 loses a deal to a rival, and clashes with no colleague."""
    return re.search("被(?!Ⓜ)", call.clause.words) is None


def _creates(call: Call) -> bool:
    """帮我建一个 makes a deal of what was said in front of it, if that has a customer and a sum."""
    template = call.clause.sentence.template
    return re.search("[商单项机Ⓐ]", called(call)) is not None or {CUSTOMER, AMOUNT} <= set(template)


OF_SALES: Final[dict[str, Callable[[Call], bool]]] = {
    "payment.record": _pays,
    "deal.create": _creates,
    "deal.amend": _amends,
    "lead.invalidate": _invalidates,
    "lead.extend": _extends,
    "lead.convert": _converts,
    "conflict.report": _conflicts,
    "limits.show": _is_about_ones_own,
}
