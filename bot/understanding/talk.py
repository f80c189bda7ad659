"""Finds a follow-up that is simply told: 「刚跟中兴李总通完电话」 has no command word, but a customer and a talk."""

import re
from dataclasses import dataclass
from typing import Final

from bot.understanding.clauses import Clause
from bot.understanding.intents.intent import MACROS, expanded
from bot.understanding.plain_talk import is_done, is_hinted
from bot.understanding.sentence import TIME, Sentence

_WHO: Final = MACROS["客"]
_STRONG: Final = (
    rf"(?:刚|刚刚|刚才)(?:才)?(?:跟|和|与|给|同|去|从|拜访|见|回|接到|打){{0,2}}…?(?:{_WHO}|聊|谈|说|通|打|见|拜访)"
    rf"|(?:跟|和|与|给|同|找|陪|请|约){_WHO}…?(?:聊|谈|沟通|通话|通(?:了|完|过(?![去来]))|打(?:了|过(?![去来])|完)|说(?:了|过|好|完)|碰(?:了|过(?![去来])|完)|见(?:了|过(?![去来])|完|面)|吃(?:了|过(?![去来])|完)|喝(?:了|过)|开(?:了|完|过(?![去来])|的)|过(?:了|完)|对(?:了|过(?![去来])|完)|确认(?:了|过)|讨论|交流|演示(?:了|过(?![去来])|完)|发(?:了|过)|寄(?:了|过)|送(?:了|过)|汇报(?:了|过)|约(?:了|好|定))"
    r"|(?<![不没])(?:上门|登门|拜访|回访|去|跑|打|联系|找)(?:了|过)?(?:[一二两三四五六七八九十几好]{1,2}|\d{1,2})(?:次|趟|回|遍)(?!吗|没)"
    r"|(?<![不没])(?:拜访|走访|回访|上门|到访|去|跑|到|见|坐|待|蹲|转|面谈|陪同|接待|参观|考察|登门|约见)(?:了|过(?!来|去|程|期|的)|完|到了)"
    rf"|(?:去|见|跑|拜访|聊|谈|吃|碰|做|开|打)的(?:{_WHO}|[^，]{{0,6}}(?:饭|会|电话|演示|培训|拜访|交流|测试|样))"
    r"|(?:电话|微信|企微|邮件|钉钉|短信|视频|线上|现场|当面|QQ|qq|语音)(?:里|上|中|又|也|都|简单|再|先)?(?:聊|沟通|说|谈|问|回复|联系|交流|确认|讲|对|跟进|告知|通知|回访|拜访|聊天)"
    r"|(?:打|通|回|接|挂)(?:了|完|过(?![去来])|到)(?:一?[个通次]|两[个通次]|三[个通次]|几[个通次])?(?:电话|语音|视频)|(?:打|通)(?:完|了)…?(?:电话|话)|电话(?:打|联系)(?:了|过|通)|通(?:了|完|过(?![去来]))(?:个)?(?:话|电话)"
    r"|(?:发|寄|送|给)(?:了|过|去了?|完)(?:一?[份个版批套])?…?(?:样品|样|报价|方案|资料|邮件|合同|彩页|样机|样本|报价单|微信|短信|标书|ppt|文件|名片|案例|手册|礼品|月饼)"
    r"|(?:样品|样机|报价|报价单|方案|资料|邮件|合同|标书)(?:已经?|都)?(?:发|寄|送|给)(?:了|过去|到|出去|他|过)"
    r"|开(?:了|完|的|过)(?:一?[个次])?…?会|(?:会|饭局|评审|技术交流)(?:开|谈)(?:了|完)|(?:吃|喝|撮|搓)(?:了|完|过(?![去来]))…?(?:饭|茶|酒|咖啡|火锅|早餐|餐)"
    r"|(?:演示|介绍|讲解|培训|试用|测试|验收|安装)(?:了|完|过(?![去来])|效果|很|得|不错|顺利|成功)|(?:聊|谈|沟通|交流|对接|洽谈)(?:了|过(?![去来])|完|得|的|到|好)"
    r"|(?:没人接|没接(?!触)|不接|打不通|没打通|联系不上|没联系上|没见到|没见着|没碰上|没在|不在办公室|无人接听|关机|占线|没回|不回|拉黑|已读不回)"
    rf"|(?<![跟和与给对向帮])(?:Ⓟ|Ⓒ(?:那边|这边|的人)?(?:呢)?，?(?:Ⓟ|[一-龥]{{0,5}}))(?:就|又|也|还|都|刚|刚才|今天|Ⓣ)*(?:说|讲|表示|反馈|回复|来电|答应|同意|回话|答复)(?!明|服|不定)"
    rf"|(?:跟|和|与|陪|请){_WHO}(?:Ⓟ|的人|他们|一起)*(?:吃饭|喝茶|喝酒|开会|见面|通话|打球)|(?<![不没])(?:去|到|在){_WHO}…(?:了|过(?![去来])|完)|(?:跟进|联系|拜访|回访)(?:了|过){_WHO}|{_WHO}(?:来|来了)(?:电话|电|微信|邮件|公司|厂里|我们)"
    rf"|{_WHO}(?:那边|刚刚?|刚才|又|今天|昨天|Ⓣ|也|，)*(?:给我|在群里|群里)(?:留言|留了|发了|发来)"
    rf"|(?<![没不想要])(?:见到|见着|碰到|碰见|碰上|遇到|遇见|堵到|蹲到|逮到)了?{_WHO}|(?:发|寄|送|传|交|递|打|拨|回)给{_WHO}…了$|{_WHO}已(?:经)?(?:拜访|上门|回访|走访|联系|电话|微信|沟通|跟进|发|寄|送)"
    rf"|{_WHO}(?:那边|刚|刚才|又|今天|今早|Ⓣ|给我|主动)*(?:回|来|打)(?:了)?(?:一?个)?(?:电话|微信|消息|邮件|短信|信|话)(?:来|过来|给我)?(?:了|说|，)"
    r"|(?:样品?|货|合同|发票|设备|方案|标书)?(?:已经?|都|今天|Ⓣ|也)*(?:签收|收到|验收)(?:了|好了)|(?<![要快能想])签(?:了|完|好)(?!就|再|才|之?后|以后|的话)|(?:加|通过)(?:上|到)?(?:了)?…?(?:微信|企微|企业微信|好友)(?:好友)?(?:了|通过)|(?:加|互加)了…?(?:微信|企微|好友)"
)
_WEAK: Final = (
    rf"{_WHO}(?:那边|这边|那里|那儿|的人|方面|他们)?(?:呢|啊|就是|今天|Ⓣ|刚才?|又|也|还|都|已经|，)*(?:Ⓟ|[一-龥]{{0,4}}?)(?:说|讲|表示|反馈|回复|要(?!是|不要|人)|想|嫌|觉得|希望|提出|答应|同意|认可|担心|问|催|确认|反映|抱怨|关心|对|需要|打算|准备|决定|考虑|收到|看(?:了|过(?![去来])|完)|试(?:了|过|用)|批(?:了|下来)|定(?:了|下来)|预算|还在|正在|换|嫌|没|价格|老板|采购|领导|项目|内部)"
    r"|(?:对方|客户|他们|那边|人家|甲方)(?:也|又|还|都|就|今天|已经|那边)*(?:说|讲|表示|反馈|回复|要|想|嫌|觉得|希望|提出|答应|同意|认可|担心|问|催|确认|反映|需要|打算|准备|决定|考虑|预算|没|不)"
    rf"|^(?:Ⓣ|刚才?|今早|今天|又|，)*(?:Ⓒ(?:的|那边|这边|那头|那个|，)*)?Ⓟ(?!的?(?:电话|手机|微信|邮箱|号码|联系方式)?(?:$|是?多少|[ⓃⒺ]))[^，]{{2,}}"
    rf"|{_WHO}…[一-龥](?:了|过(?![去来])|完|着|到|好|上)(?![解结程来去期面级午周月年线市门海公])"
    rf"|[一-龥A-Za-z](?:了|过(?![去来])|完)(?:一下|一?[趟次个顿])?{_WHO}"
    rf"|(?:{_WHO}|对方|客户|人家|他们?|她们?)…?(?:让|叫|邀|约|请|求|托|拜托|要求|通知)(?:我|我们|咱们?)"
    rf"|{_WHO}(?:那边|这边)?(?:让|叫|要求|请)(?:我们?|咱们?)?(?:发|寄|送|带|报|出|做|改|补|提供|安排|等|过去)"
    rf"|^(?:我|我们|Ⓣ|刚才?|今早|又|一早|，)*(?:在|去|到|跑|拐到|蹲|陪|带|跟|和|与|给|被|帮|替){_WHO}[^，]{{2,}}"
    r"|^(?:我|我们|人|现在|刚|Ⓣ)*(?:在|到了?)Ⓒ(?:这边|这儿|这里|门口|楼下|厂里|厂门口|公司|前台)?$"
    r"|(?:没啥|没什么|没有|有|有点|有些)(?:进展|意向|兴趣|变化)|(?:价格|报价|预算|方案|样品|合同|付款|账期|交期)…?(?:高|低|贵|砍|批|过|改|没|不|通过|确认|同意|认可|还在|待)"
)
_FUTURE: Final = re.compile(
    r"^(?:[^，]{0,6}(?:让|叫|派|安排|要)我(?:们)?)?"
    rf"(?:我|我们|准备|打算|计划|要|得|需要|想|该|应该|{_WHO}(?:那边|这边|的话|的事)?，?)*Ⓣ"
)
_COMING: Final = re.compile(r"(?:明天|后天|大后天|下周|下个?月|下礼拜|下星期|下下周)")
_PAST: Final = re.compile(r"(?:了|过(?![去来])|完|刚|[开做去见聊谈吃碰打]的|昨|前天|上周|上午去了|见到|聊得|聊到|说)")


_NOT_DONE: Final = re.compile(
    expanded(
        r"^(?:我们?|今天|刚才|刚刚|刚|本来|结果|后来|当时|一直|还|都|也|从来|最近|至今|其实|压根|根本|Ⓣ|Ⓒ(?:那边|这边)?|Ⓟ)*"
        r"(?:(?:没有?|未)(?:再|能|空|时间)?(?:去|拜访|走访|上门|回访|跟进|联系(?!上|到)|打(?!算|通|进|上)|发(?!现)|寄|问(?!题)|催|(?:跟|和|给|找){客}|见过|聊过|谈过|来得及)"
        r"|(?:忘了?|忘记了?|漏了|没顾上|没顾得上|没腾出空|没倒出空|差点|懒得|不敢)(?:要|去|再)?(?:给|跟|和|去|打|联系|回|发|问|找|拜访|上门|见)"
        r"|(?:不|别|不用|用不着|不必|不想|不能|甭)(?:再|准备|打算)?(?:去|跑(?!单)|拜访|见(?!面?效|外)|约|联系|回访|(?:跟|和|给|找){客}))"
    )
)
"""What was not done, or will not be: 没去过, 明天不去了."""

_NO_MATTER: Final = re.compile(
    r"^(?:你|你们|大家|先|千万|可)*(?:别|不要|甭|少|勿)(?!的|人|家)|^(?:先|还是|还得|得|就|再)*等(?!了|着|到了)[^，]*(?:再|才)(?:说|看|定|签|聊)"
    r"|^Ⓒ?(?:那边|这[个家单])?，?我(?:可|又|也|从来|根本|压根|并|真)*没(?:有)?(?:说|讲)(?:过)?(?:不|要|退|给|放|撤|删|领|别)"
    r"|Ⓒ(?:的)?(?:新)?(?:手机|新机|机子|股价|股票|新款|代言|发布会|续航|售后电话|浏览器|耳机|平板)|Ⓒ…?还(?:没|未)(?:丢|黄|签|退|定|赢|成|付)"
)
"""A bidding, a waiting, a protest of our own, or a customer's wares that one buys in a shop: no contact is told."""

_WORKS_THERE: Final = re.compile("在Ⓒ(?:那边)?(?:上班|工作|任职|实习|当[一-龥])")
"""A customer as somebody's employer: 见了个老同学，现在在比亚迪上班."""

_RUMOUR: Final = re.compile(r"^(?:Ⓣ|刚|我|也|又)*(?:听说|据说|传闻|听[一-龥]{1,2}说|好像|似乎|貌似)")
_ASKED_BY_THEM: Final = re.compile(r"^(?:Ⓣ|刚才?|今天|又|Ⓒ(?:的|那边)?)*Ⓟ[^，？]{0,10}?(?:问|催|打听|关心|想知道)")
"""A question of theirs is told; a question about them is none."""

_UNSURE: Final = re.compile(
    "好像|貌似|似乎|真假|据说|传言|听说|梦到|梦见|做梦|幻想|假装|开玩笑|^(?:我|我们|一定|必须|要|，)*(?:争取|希望|但愿|力争|务必|巴不得|盼着?|指望)"
)
_ORDER: Final = re.compile(
    r"^(?:请|先|再|就|你)*(?:把|将|给|替|让(?!我|咱|俺|他|她))(?!.*(?:了|过(?![去来])|完|好|掉|刚))"
    r"|^(?:请|先|再|帮我|给我)*(?:翻|查|调|回顾|回看|搜)(?:一下|一翻|翻|查|出来?|下)"
)
"""Words that tell somebody to do something: whatever it is, nothing was done."""


_HEADED: Final = re.compile(
    r"(?:Ⓣ|刚才?)*(?:电话|微信|邮件|拜访|上门|回访|短信|见面|面谈|视频|线上会?议?|演示)(?:了|过)?"
)
_NAMED: Final = re.compile(r"^[ⒸⓅⓇ]+(?:[，的那]|\Z)")
"""A way of contact as a heading, and then whom: 电话，华为，…"""


_ONLY_NAMED: Final = re.compile(r"(?:客户)?(?:是)?[ⒸⓅ]+(?:那边|这边|那头|那儿|这家|那家)?(?:的)?(?:呢)?")
"""A customer as a heading of what follows: 光合那边，昨儿发的样，今天签收了."""


@dataclass(frozen=True)
class Talk:
    """How sure it is that a contact with a customer is told, and by which clause."""

    strong: bool
    clause: Clause
    headed: bool = False
    """The way stands in front as a heading: 电话，华为，…"""


_OF_A_COLLEAGUE: Final = re.compile(r"^(?:Ⓣ|刚刚?|刚才|昨天|今天|，)*@?Ⓜ(?!和我|跟我|与我|带我|陪我|让我|叫我|一起)")
"""What a colleague did or told is no contact of whoever writes: 李娜说她昨天见了大疆的王工."""

_THEY_SAY: Final = re.compile(
    r"^(?:Ⓣ|刚刚?|刚才|今天|又|Ⓒ(?:的|那边)?)*Ⓟ(?:在|刚刚?|又|也|Ⓣ|今天|刚才|给我|跟我|打来|打过来|来)*(?:电话|微信|邮件|短信|语音)?(?:里|上|中)*"
    r"(?:说|讲|表示|反馈|回复|：)(?![了过]?(?:啥|什么|没|怎么|到哪|的啥)).{4,}(?<![吗呢没])$"
)
"""Whatever somebody of theirs asks or supposes, it is told: 林总电话：要是能打八五折，年底前就签."""

_STRONG_CUE: Final = re.compile(expanded(_STRONG))
_WEAK_CUE: Final = re.compile(expanded(_WEAK))


def talk_in(sentence: Sentence, clauses: list[Clause]) -> Talk | None:
    """Find the evidence of a talk in clauses that are no questions and no suppositions."""
    weak: Clause | None = None
    if _WORKS_THERE.search(sentence.template):
        return None
    if len(clauses) > 1 and _HEADED.fullmatch(clauses[0].words) and _NAMED.match(clauses[1].words):
        return Talk(strong=False, clause=clauses[1], headed=True)
    for clause in clauses:
        words = clause.words
        if _NO_MATTER.search(words):
            return None
        if _NOT_DONE.search(words) or _ORDER.search(words) or _OF_A_COLLEAGUE.match(words):
            continue
        ahead, rumour = _only_ahead(sentence, clause), _RUMOUR.search(words) is not None
        if _UNSURE.search(words):
            continue
        they_say = clause.sign != "？" and _THEY_SAY.match(words) is not None
        if (is_done(clause) or they_say) and not ahead and not rumour:
            return Talk(strong=True, clause=clause)
        if weak is None and ((not ahead and is_hinted(clause)) or asked_by_them(clause)):
            weak = clause
        if clause.asks or clause.supposes:
            continue
        if _STRONG_CUE.search(words) and not ahead and not rumour:
            return Talk(strong=True, clause=clause)
        if weak is None and _WEAK_CUE.search(words) and not ahead:
            weak = clause
    if weak is None and len(clauses) > 1 and _ONLY_NAMED.fullmatch(clauses[0].words):
        weak = clauses[1] if _told_of_them(sentence, clauses[1:]) else None
    return Talk(strong=False, clause=weak) if weak else None


def may_be_told(sentence: Sentence, clauses: list[Clause]) -> bool:
    """Say whether nothing speaks against a story: no clause asks, supposes, orders, doubts or only looks ahead."""
    return not tells_of_others(sentence, clauses) and not any(
        clause.asks or clause.supposes or pattern.search(clause.words) or _only_ahead(sentence, clause)
        for clause in clauses
        for pattern in (_NO_MATTER, _NOT_DONE, _ORDER, _UNSURE, _RUMOUR)
    )


def tells_of_others(sentence: Sentence, clauses: list[Clause]) -> bool:
    """Say whether a colleague did it, or somebody is only employed there."""
    return _WORKS_THERE.search(sentence.template) is not None or any(
        _OF_A_COLLEAGUE.match(clause.words) for clause in clauses
    )


def was_not_done(clause: Clause) -> bool:
    """Say whether a clause says that nobody was in touch yet: 海昌还没打."""
    return _NOT_DONE.search(clause.words) is not None


def asked_by_them(clause: Clause) -> bool:
    """Say whether somebody of a customer's is told to have asked something: 许经理在微信上问我什么时候到."""
    return clause.sign != "？" and _ASKED_BY_THEM.match(clause.words) is not None


def _told_of_them(sentence: Sentence, clauses: list[Clause]) -> bool:
    """Say whether what follows a name as heading tells of something that was, and asks and plans nothing."""
    if any(clause.asks or clause.supposes or _NO_MATTER.search(clause.words) for clause in clauses):
        return False
    head = clauses[0]
    quiet = _NOT_DONE.search(head.words) or _ORDER.search(head.words) or _only_ahead(sentence, head)
    return not quiet and any(_PAST.search(clause.words) for clause in clauses)


def tells_of_the_past(sentence: Sentence) -> bool:
    """Say whether anything in a line sounds as if it was done."""
    return _PAST.search(sentence.template) is not None


_TO_BE_DONE: Final = re.compile(r"(?:我|我们|要|得|先)*Ⓣ(?:我|我们|要|得|先)*(?:把|将)")
"""月底前把合同签了 is still to be done, whatever its last sign says."""


def _only_ahead(sentence: Sentence, clause: Clause) -> bool:
    """Say whether a clause speaks of a day to come and nothing that was done."""
    if not _FUTURE.search(clause.words) or (_PAST.search(clause.words) and not _TO_BE_DONE.match(clause.words)):
        return False
    start, end = clause.span
    return any(
        (piece.value.to if piece.value.kind == "deadline" else piece.value.from_) > sentence.now.date()
        for piece in sentence.marked(TIME, start, end)
    ) or bool(_COMING.search(sentence.text[start:end]))
