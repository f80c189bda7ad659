"""A contact told without a verb: a customer and a way (华为电话，…), or a fact about the business (华为又砍价了)."""

import re
from typing import Final

from bot.understanding.clauses import Clause
from bot.understanding.intents.intent import MACROS, expanded

_WHO: Final = rf"{MACROS['客']}(?:，?Ⓟ|[一-龥]{{1,3}}(?:总|工|经理|主任|厂长|总监|校长|老师))?(?:那边|这边|的人|他们)?"
_NOW: Final = r"(?:刚刚?才?|今天|今早|上午|早上|中午|下午|昨天|昨晚|已经|又|也|都|Ⓣ|来了?个?|打了?个?|，)*"
_WAY: Final = (
    r"(?:电话(?!号|会?多少|是|给我|发我|Ⓝ)|微信(?!号|是|Ⓝ)|企微|邮件|短信|视频(?:会议|演示)?|语音|拜访|回访|走访|见面|面谈|送样|开会"
    r"|饭局|zoom(?:会议)?|call|meeting|Ⓞ)"
)
_ENGLISH: Final = (
    r"(?:called|phoned|met(?:with)?|visited|emailed|sentemailto|sentquoteto|talkedto|spoke(?:to|with)|demoedto|texted)"
)
_DONE: Final = (
    rf"^{_WHO}{_NOW}{_WAY}(?:通|打通|聊|谈|说|做|开|打|加)?(?:了|完|过|好)"
    rf"|^(?:打|回|去|挂)(?:了|过)?(?:个)?电话给{_WHO}{_NOW}了|^(?:打|回|去)(?:了|过|完)(?:个)?电话给{_WHO}"
    rf"|^(?:发|写)(?:了|过)?(?:封|个|条)?(?:邮件|微信|短信)给{_WHO}{_NOW}了"
    rf"|^(?:我)?{_NOW}(?:跟|和|与|同|给|陪|请){_WHO}…?(?:{_WAY}|会议|吃饭|喝茶|喝酒|打球|应酬|唱歌)(?:了|完|过|花)"
    rf"|^{_NOW}{_ENGLISH}{_WHO}|^{_WHO}加(?:了|上)(?:微信|企微)|^(?:跟|和|与){_WHO}加(?:了|上)微信"
)
_SHOWN: Final = (
    rf"^{_WHO}{_NOW}{_WAY}(?:，|：|见|聊|谈|说|问|他|她|对方|客户|采购|技术|老板|Ⓟ|[一-龥]{{1,2}}总)"
    rf"|^{_NOW}(?:去)?(?:拜访|走访|回访|见){_WHO}(?=，|\Z)"
    rf"|{_WHO}{_NOW}(?:送样|寄样|打样|测样)(?!吗|没)"
    rf"|{_WHO}(?:Ⓣ|要|会|准备)*(?:过来|来)(?:我们)?(?:公司|厂里?|这边)?(?:考察|参观|验厂|看厂|看样)"
    rf"|{_WHO}(?:那边)?{_NOW}…?(?:招标|开标|评标|定标|中标)(?:结果|公告|文件)?(?:已经)?(?:出来|出|下来|公布|发布|开|完|推迟|延期|改)(?:了|到)?"
    rf"|{_WHO}(?:那边)?(?:Ⓟ)?{_NOW}(?:砍价|压价|还价|返工|投诉|涨价|换人|换采购|换供应商|验收|投产|扩产|停产|立项|流标)(?:了|，|\Z)"
    rf"|{_WHO}(?:那边)?(?:的)?…?(?:预算|样品|交期|付款|账期|项目|产线|检测线|合同|货款)…?(?:砍|没|冻结|批|收到|延|推|卡|黄|停|验收|下来|紧|缺)"
    rf"|^{_WHO}(?:，|那边)*(?:打|联系|找)(?:了|过)?(?:好几|[两三四五几]|\d)(?:次|个|遍)…?(?:电话|微信)?…?(?:关机|没人|不接|没接|没回|不回)"
)
_CARRIED_OUT: Final = re.compile(expanded(_DONE))
_HINTED: Final = re.compile(expanded(_SHOWN))
_WAY_ALONE: Final = re.compile(expanded(rf"^{_WHO}{_NOW}{_WAY}$"))
_ASKED_OF_US: Final = re.compile(r"问(?:我们?|了|一下)?(?:能不能|可不可以|有没有|多少|是不是|怎么|什么时候|能否)")
_NOT_DONE: Final = re.compile(
    r"(?:没|未|不用|不要|别|不想|不必|还没|没有)(?:给|跟|和|去|再|打|发|拜访|联系|见|Ⓒ|Ⓟ)|取消|审批|听说|据说"
)


def is_done(clause: Clause) -> bool:
    """Say whether the clause names a customer, a way, and that it was gone."""
    return _may(clause) and _CARRIED_OUT.search(clause.words) is not None


def is_hinted(clause: Clause) -> bool:
    """Say whether the clause names a customer with a way or a fact, and leaves it open whether there was a contact."""
    goes_on = clause.sign == "，" and _WAY_ALONE.search(clause.words) is not None
    return _may(clause) and (goes_on or _HINTED.search(clause.words) is not None)


def _may(clause: Clause) -> bool:
    wonders = clause.asks and (clause.sign == "？" or _ASKED_OF_US.search(clause.words) is None)
    return not wonders and not clause.supposes and _NOT_DONE.search(clause.words) is None
