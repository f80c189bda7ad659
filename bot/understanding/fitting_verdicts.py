"""Says whether what sounds like a decision is one: no question, nothing of another day, no part of another word."""

import re
from typing import Final

from bot.understanding.fitting_sales import behind
from bot.understanding.grammar import Call
from bot.understanding.intents.intent import expanded
from bot.understanding.sentence import Sentence

VERDICTS: Final = frozenset({
    "approval.approve", "approval.reject", "approval.conditional", "approval.batch", "approval.return",
})  # fmt: skip

_DOUBTS: Final = re.compile(
    r"(?:吗|么|嘛|不|没|呢)[呀啊]*$|是不是|能不能|可不可以|要不要|该不该|行不行|怎么|为什么|为啥"
)

_ANOTHER_VERDICT: Final = re.compile(
    expanded(r"(?:Ⓜ|Ⓒ|Ⓟ|他|她|另外?|其他|其余|剩下|别)…(?:不同意|不批|不行|不过|不通过|驳回|打回|拒绝|拒了|否)")
)

_GOES_ON: Final = re.compile(
    r"见(?!着|面)|的(?!$|，|。|话)|个(?!人没)|书|率|过(?=吗|没|的|[一二两三几])|与否|[不没]同意|反对|举手"
)
"""What follows a word of verdict that is part of another word: 不同意见, 同意的举手, 同意个鬼."""

ANOTHER_VERDICT: Final = re.compile(
    r"^(?:但是?|不过|而|可是|，)*(?:[ⒸⓂⓅ]|那边|这边|和|跟|、)+(?:的|那[个单张]|这[个单张]|，)*(?:特价|折扣|申请|合同|单子)?(?:我|就|先|再|也|还)*"
    r"(?:可以|能|不能|不|没|同意|批|准|过|通过|行|驳|拒|否|打回|退|缓|等|再说|再看|放一放|再想|想想|看看|先放)"
)
"""A clause that decides about somebody's request."""

_NO_VERDICT: Final = re.compile(
    r"准(?:备|时|确|点|则|新|客户)|通过(?![，了吧啊ⓂⒸⓅ这该此他她申审的]|$)|同意(?:见|来|去|试|面|下单|付|签|打|先|换|加|降|给)|批(?:发|量|次)"
)
"""Words that only begin like a verdict: 准备去, 通过展会认识, 同意见面."""

_AGREES_WITH: Final = re.compile(
    r"(?:我)?(?:同意|赞成|支持)(?:了)?(?:你|您|他|她|大家|Ⓜ|客户|对方|他们|甲方)们?的?(?:看法|观点|意见|说法|想法|建议|提议|要求|条件|安排)"
)
"""Being of one mind with somebody decides nothing: 我同意你的看法."""

_LONG_SINCE: Final = re.compile(r"(?:上次|上回|那次|那回|当时|以前|之前|去年|前年|上个月|早先)")
"""What was decided once is told: 上次那个价我是同意的."""

_DOUBLE_NO: Final = re.compile(
    r"(?:不同意|不赞成)也不|不反对也不|(?:不是|并非|并不是|没说|不代表|没有说|不等于|谁说)(?:我)?(?:不同意|不批|不准|不通过|驳回|拒绝|否决|同意|批)"
)
"""不是不同意 says neither yes nor no."""

_THEY_SIGN: Final = re.compile(
    "(?:他们?|她|对方|客户|人家|那边)(?:就|才|马上|立马)(?:能|肯|愿意|可以)?(?:签|定|下单|付)"
)
"""What somebody else would sign for is told: 九三折成交他就签."""

ALL_DONE: Final = re.compile("(?:批|审|签)(?:完|过)了?$|别(?:都|全)|不(?:都|全)批")
"""What has been decided already, or shall not be: 能批的我都批过了, 别都批了."""

_ON_ANOTHER_DAY: Final = re.compile(
    r"(?:我|那个|，)*(?:昨天|昨晚|昨儿|前天|前两天|前几天|上周|上礼拜|上星期|上个?月|早就|早都|已经)我?(?:就|也|都|已经)*(?:把|将|给|同意|批|驳|签|点)"
)


def says_neither(template: str) -> bool:
    """Say whether a verdict is denied without the other one being given, was given long ago, or is mere agreement."""
    return any(
        seen is not None
        for seen in (_DOUBLE_NO.search(template), _LONG_SINCE.match(template), _AGREES_WITH.match(template))
    )


def decided_before(sentence: Sentence) -> bool:
    """Say whether a decision is told that was made on another day: 昨天我把海昌的批了."""
    return _ON_ANOTHER_DAY.match(sentence.text) is not None


_DENIED: Final = {"approval.conditional": _THEY_SIGN, "approval.batch": ALL_DONE}


def decides_nothing(call: Call) -> bool:
    """Say whether what sounds like a verdict is a question, part of another word, or says neither."""
    clause, tail = call.clause, behind(call)
    if re.search("你(?!好)", clause.sentence.template[clause.begin : clause.start]):
        return True
    if _LONG_SINCE.match(clause.words) or decided_before(clause.sentence):
        return True
    if clause.sign == "？" or _DOUBTS.search(clause.words) or says_neither(clause.sentence.template):
        return True
    denied = _DENIED.get(call.intent.name)
    if denied is not None and denied.search(clause.words):
        return True
    if call.intent.name == "approval.approve" and (_NO_VERDICT.match(clause.words) or _ANOTHER_VERDICT.search(tail)):
        return True
    return call.intent.name in ("approval.approve", "approval.reject") and _GOES_ON.match(tail) is not None
