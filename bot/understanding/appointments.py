"""Says whether words that sound like an appointment are one: planned, moved, put off, called off, reminded of."""

import re
from typing import Final

from bot.understanding.grammar import Call
from bot.understanding.intents.intent import expanded
from bot.understanding.sentence import CONTACT, CUSTOMER, TIME

SENT_PLAN: Final = re.compile(r"^(?:把|将)?(?:每天|每日|早上|早晨|每天早上|当天)的?计划(?:时间|推送|卡片)?(?:改|调|设)")
BEFOREHAND: Final = re.compile(
    r"(?:提前|早)个?(?P<long>(?:半|\d{1,3}|[一二两三四五六七八九十]{1,3})\s?个?(?:天|周|星期|礼拜|小时|钟头|分钟))(?:再|就|给)?(?:提醒|叫|喊|通知)"
)
"""A reminder so long before the day that is named: 提前两天提醒我."""
JUST_BEFORE: Final = re.compile(
    r"[之以]?前(?P<long>(?:半|\d{1,3}|[一二两三四五六七八九十]{1,3})\s?个?(?:小时|钟头|分钟|刻钟))(?![之以]?[内后])"
)
"""A reminder so long before what somebody has to do: 三点开会前十分钟提醒我."""
_NOT_OURS: Final = re.compile(
    r"^Ⓣ?(?:(?:竞争)?对手|友商|同行|竞品|人家|[他她]们?|同事|Ⓜ)(?![陪带跟和]我|一起)|本来|原本|原定|原计划"
)
"""A visit of somebody else, or one that was planned once: 竞争对手下周二去晶禾演示, 我明天本来要去."""
_NO_VISIT: Final = re.compile(
    expanded(
        r"(?:不|别|没|取消|甭|不用|不想|不能|没法|没空|来不及|没办法)(?:再)?(?:去|过去|来|拜访|见|约|联系|打|跟|聊|开会|演示|送|到)"
        r"|(?:去|见|约|来|聊)不(?:了|成|上)|(?:取消|撤掉|撤销|删掉|划掉)…(?:拜访|见面|会|约|演示|{客})"
    )
)
_DONE: Final = re.compile(
    r"(?<![约订定排])(?<!安排)(?<![约定说敲]下)(?![约订定排]|[说讲敲](?:好|定|妥))[一-龥](?:到|过|完|好)?了(?!解|结)|(?:去|见|聊|谈|拜访)过(?!去|来|程)|[碰遇撞聊谈]到(?=[ⒸⓅ他她对])|(?:聊|谈|沟通|交流|对接|演示|洽谈)得|[做去开见聊谈吃打跑送发寄](?<!不做)的(?=[一-龥])"
)
_DAY_OF_A_DEAL: Final = re.compile(
    r"(?:预计|预期|计划)?(?:签约|签单|签|成交|关单|结单|落单|交货|付款)(?:日期|日|时间)|(?:签约|签单|成交|关单)(?:推|改|延|提前)"
)
_REMINDED: Final = re.compile(r"(?:提醒|叫|喊|通知|催|戳|告诉)(?:我|一声|下我)|吱一声|提个醒")
_OF_RULES: Final = re.compile(r"默认|规则|时限|上限|提醒时间|一律|领取|回收|保护期|库容|首联|首跟|[早晚日周月]报")
_RULES_OF_MOVING: Final = re.compile(r"默认|规则|时限|上限|提醒时间|一律|以后|每[天周月]|(?:推|发|送)给我")
_PUT_OFF: Final = re.compile(r"往后(?:放|推|挪|延|移)|推迟|延后|推后|改到|挪到|延到")
_THEIR_TRIP: Final = re.compile(
    r"[ⒸⓅ](?:那边)?Ⓣ?(?:就|要|会|都|才)*(?:去|到|飞|回)[^ⒸⓅ，]{0,6}?(?:出差|开会|培训|考察|参展|休假|旅游|总部|老家|过年)"
)
"""Where somebody of a customer's goes, which is no visit of ours: 陈总下个月去日本出差."""
_STAYING: Final = re.compile(
    r"(?:除|除了|除开)(?:[ⒸⓅ]|和|跟|与|、|那[家个边])+(?:之外|以外|外)?|(?:[ⒸⓅ]|和|跟|与|、|那[家个边])+(?:的|先|就|都)*(?:不动|别动|除外|不算|照旧|不变|留着)"
)
_NO_REMINDER: Final = re.compile(
    r"(?:没有?|忘了?|漏了?)提醒|(?:别|不要|不用|勿|甭|少|不许)(?:再)?(?:给我|来)?(?:通知|叫|喊|告诉|提示|烦|吵)我|(?:不用|不必|不要|别|甭|停止|取消)(?:再)?提醒|提醒的|提醒(?:时间)?(?:改|推|挪|换)|提醒[^，]{0,14}(?:关|停|取消|删|撤)(?:了|掉)?(?:吧|，|$)"
)
_BIDS_US: Final = re.compile(r"[叫喊]我们?Ⓣ(?:再|去|来|过去|过来|到|上门|找|带|把|给|打|送|交|装|取|拿|聊|谈|约)*")
_TOLD: Final = re.compile(r"[ⒸⓅ].*(?:说|讲|话|表示|电话|微信|聊|见|拜访|打|答复|回复|谈|[了过完])")
"""What a story tells in front of 叫我四月底找他, which is then the customer's wish and no reminder."""

_SENT_TO_ME: Final = re.compile("(?:推|发|送)给我|(?:推送|发)一?[份下遍次]")


def plans_a_visit(call: Call) -> bool:
    """Nothing is planned by a no, by calling it off, or by the day of a contract."""
    words = call.clause.words
    if _REMINDED.search(words) or "约的" in words or BEFOREHAND.search(call.clause.sentence.text):
        return False
    if _THEIR_TRIP.search(words) or _NOT_OURS.search(words) or _PUT_OFF.search(words):
        return False
    return _NO_VISIT.search(words) is None and _DAY_OF_A_DEAL.search(words) is None and not _is_over(call)


def _is_over(call: Call) -> bool:
    """Say whether the plan's own day is gone, or is today and something was done: 昨天去X, 今天去了X."""
    sentence = call.clause.sentence
    today = sentence.now.date()
    times = [piece.value for piece in sentence.marked(TIME, *sentence.span(call.start, call.end))]
    past = sentence.times("past")
    done = _DONE.search(call.clause.words) is not None
    gone = [
        span.to < today
        or (done and (span.to == today or any(p.start == span.start and p.to < span.from_ for p in past)))
        for span in times
    ]
    return bool(gone) and all(gone)


_THEIR_DATES: Final = re.compile(
    r"(?:[开招投评竞]标|项目|[交到发出提]货|验收|上线|[付打回]款|开工|投产|评审|预算|采购|货期|交期|工期|装修|发布|安装|大修|搬迁)[^，ⒸⓅ]{0,4}?(?:又|再)?(?:推迟|延后|延期|延|推|拖|改|提前|挪|往后)"
)
"""What the customer puts off is no visit of ours: 中兴把招标推迟到五月了."""


def moves(call: Call) -> bool:
    """The day a contract is signed is the deal's, and no visit."""
    text = call.clause.sentence.text
    if _THEIR_DATES.search(call.clause.words):
        return False
    if SENT_PLAN.search(text) or BEFOREHAND.search(text):
        return False
    return _DAY_OF_A_DEAL.search(call.clause.words) is None and _OF_RULES.search(call.clause.words) is None


def moves_all(call: Call) -> bool:
    """Every plan is moved where no customer is named but those that stay, and no rule."""
    words = _STAYING.sub("", call.clause.words)
    if SENT_PLAN.search(call.clause.sentence.text) or _SENT_TO_ME.search(words):
        return False
    return _RULES_OF_MOVING.search(words) is None and not {CUSTOMER, CONTACT} & set(words)


def reminds(call: Call) -> bool:
    """Nothing is to be reminded of where a reminder is not wanted any more, or where a customer bids us come."""
    bids = _BIDS_US.match(call.clause.words) and _TOLD.search(call.clause.sentence.template, 0, call.clause.start)
    return _NO_REMINDER.search(call.clause.words) is None and not bids


def takes_a_tag_off(call: Call) -> bool:
    """不要给海昌打标签 takes none off."""
    return re.search(r"(?:不要|别|甭)(?:再)?(?:给|把|乱|随便)", call.clause.words) is None


def looks_back(call: Call) -> bool:
    """Who says that there was no talk asks for none."""
    return re.match(r"(?:没|不|别|甭)(?!.*[吗？])", call.clause.words) is None
