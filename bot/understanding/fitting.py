"""Says whether the rest of a sentence agrees with a call: one word alone closes, creates or moves nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.understanding import senses
from bot.understanding.appointments import (
    SENT_PLAN,
    looks_back,
    moves,
    moves_all,
    plans_a_visit,
    reminds,
    takes_a_tag_off,
)
from bot.understanding.clauses import Clause
from bot.understanding.fitting_sales import OF_SALES, behind, called
from bot.understanding.fitting_verdicts import VERDICTS, decides_nothing
from bot.understanding.grammar import Call
from bot.understanding.intents.intent import expanded
from bot.understanding.sentence import CONTACT, CUSTOMER, MEMBER, QUANTITY, TIME

_RULE: Final = (
    r"上限|下限|限制|额度|默认|规则|时限|每[天日周月人]|改成|改为|调成|调到|设为|自动|一律|以后|今后|优先|必须|不得|不准"
    r"|最多|最少|至少"
)
_HEARSAY: Final = re.compile(
    r"听说|据说|听[一-龥ⓂⓅⒸ]{1,3}(?:说|讲)|传言|传闻|风闻|谣传|好像|似乎|貌似|说不定|恐怕|怕是|也许|可能|大概率|八成"
    r"|感觉|估计|怕(?=[ⒸⓅ])|担心"
)
_ESTIMATE: Final = re.compile("估计|可能|感觉|大概率")
"""How one's own deal is judged, and no rumour: 估计要到六月才能签."""

_CLOSING: Final = frozenset({
    "deal.win", "deal.lose", "deal.stage", "deal.amend", "payment.record", "lead.invalidate", "lead.return",
    "lead.convert", "contract.create", "ticket.create", "tag.add", "tag.remove", "record.delete", "lead.claim",
})  # fmt: skip
"""Intents that a rumour must never call."""


_OTHER_PAPER: Final = re.compile(
    r"(?:了|完|好)?(?:一?[份个张项])?(?:保密|nda|意向|框架|战略|合作备忘|备忘|纪要|样品|样机|试用|试样|到(?!了?账)|收(?!款)|字|送货|回执|验收|"
    r"对账|补充|承诺|授权|廉洁|质保|安全|入场|名|来访|登记|方案|付款|发票|快递|资料|流程|账号|安装|测试|调试|问题|故障|会议|公示|候选|结果|还没)"
)
_DATED_PLAN: Final = re.compile(r"^(?:把|将)?Ⓣ的?计划")
_MERE_TRIP: Final = re.compile(
    expanded(
        r"(?:跑|飞)(?:了|掉了?)?(?:一?[趟家圈遍次回]|[两三四五六七八九十几好\d]|Ⓠ|Ⓒ|Ⓡ|[一-龥]{0,4}(?:工厂|现场|车间|客户那))"
    )
)
_LOST_THING: Final = re.compile(r"(?:手机|样品|样机|合同|资料|快递|发票|名片|钥匙|电脑|包|文件|图纸|机会)…?$")
_NO_TAG: Final = re.compile(
    r"^(?:错|[全都]*(?:去|清|删|摘|撕)(?:掉|空|了)?$)|(?:微信|企微|企业微信|钉钉|qq|QQ|好友|联系方式|电话|手机号?|邮箱|群|联系人|提醒|日程|计划|待办|Ⓝ|Ⓔ)|(?:[了过完]|电话|微信)$"
)
_NO_NAME: Final = re.compile(
    r"^：?(?:\d|[一二两三四五六七八九十半]+(?:个?小时|天|分钟)|Ⓣ|没|不|未|自动|超过?|都|先|要|必须|由|按|转|分|收到|看到|看过|已|太|怎么|什么时候|啥时候|给(?!我)|归|轮流|优先|处理|"
    r"跟进|联系|打过|打了|进来|质量|数量|少|多(?!维|普|米|乐)|里|领|退|池|公海|规则|分配|回收|名单|列表|有(?!限|色|研)|我)"
)
_APPLIED_FOR: Final = re.compile(r"申请|特价|报上|批|走流程|审")
_WONDERED_BY_THEM: Final = re.compile(r"(?:问|说|讲|担心|嫌|抱怨|反映|反馈|催|关心|打听|丢|输|没拿到|没中|答应)")
_FROM_NOW_ON: Final = re.compile(
    r"^(?:以后|今后|往后|从今|从现在|从Ⓣ|Ⓣ起|Ⓣ开始|凡是|只要|但凡)|规则|轮流|轮着|轮换|一律"
)
WAS_GIVEN: Final = re.compile(
    "^Ⓜ(?:已经|都|也|刚|Ⓣ|，)*(?:把|将)Ⓒ|(?:跟|带|做|管|负责)(?:了|过)(?:Ⓣ|[一二两三四五六七八九十半好几\\d])"
)
"""What a colleague did, and for how long, is told: 李娜把南粤给何平跟了三个月."""

_WHY: Final = re.compile(r"咋|怎么|为什么|为啥|凭什么|凭啥|为何")
_A_NEW_ONE: Final = re.compile(r"名片|新客户|联系人|潜在|意向客户|介绍|展会|[要买](?:Ⓠ|\d)|Ⓞ")
_OURS: Final = re.compile(r"折扣|特价|审批|申请|单子|合同|流程|报价|商机|工单|发票|提醒|快递|外卖")
_AS_A_FILE: Final = re.compile(r"导|excel|表格?|下载|打包|备份|pdf", re.IGNORECASE)
_BROKEN: Final = re.compile(r"改(?:坏|错|乱|得|崩)|改了(?:啥|什么|哪|谁)|改没改")
_NUDGED_FOR: Final = re.compile(
    r"催(?:他|她)?(?:去|赶紧|尽快|快)?(?:更新|跟|写|补|填|联系|打|拜访|录|发|交|回|报)|建(?:个|一个)?提醒|设(?:个|一个)?提醒"
)
_WAS_NUDGED: Final = re.compile("催(?:过|了)(?:吗|没|好几|几|两|三|一|半|都|他|她|也)|(?:你|他|她)(?:去|有|到底)*催")
"""Nudging that is told or asked about: 审批你催了吗, 都催过两回了."""

_WANTED_BY_THEM: Final = re.compile(expanded(r"(?:{客}|他们?|她们?|对方|客户)…(?:要|想要|催|问)(?:一?[份个版])?…报价"))
_SENT: Final = re.compile(expanded(r"(?:发|传|寄|递|给|交)(?:给|到)?(?:{客}|他们?|对方|客户)?…?(?:了|过去了|过了)$"))
_FRESH: Final = 60


_A_CONTRACT: Final = re.compile(r"(?:出|拟|做|起草?|弄|签|建|生成)(?:一?[份个])?(?:正式)?合同")
_GIVEN_TO: Final = re.compile("给(?:Ⓜ|他|她)|拿(?:出来|走|过来)|归Ⓜ")
_PRICED: Final = re.compile(r"[ⒶⒹ]|Ⓠ\d|单价|[一每][台套个件只块]")
_HANDED_ON: Final = re.compile(r"^[^ⒶⒹ]*审批(?:都|先|就|暂时|全部)*(?:转|给|交|由|让|找|归)(?:给)?Ⓜ")
"""Approvals handed on for some days are no rule."""

NO_RULE: Final = re.compile(
    r"^(?:我们?|咱们?|公司|Ⓣ)*(?:以前|之前|从前|过去|原来|当初|那时候|本来|向来|一直)"
    r"|(?:会议?|例会|培训|聚餐|团建|拜访)[^，]{0,4}(?:我|Ⓜ)来?"
    r"|^(?:谁)?欠"
    r"|规则(?:都|也|已经|又)*(?:改|变|换)(?:过|了)(?!吧)"
    r"|(?:这|那)(?:批|几|些|两|三)[^，]{0,6}(?:平均|均分|平分|对半)"
    r"|^(?:平均|对半|均匀)(?:地)?分(?:配)?给[ⓂⒸ和跟与、]+[。！]?$"
)
"""What used to be, who holds a meeting, and what is shared out once is no rule: 以前华南的线索都归李娜."""

_CHANGES: Final = re.compile("改|换|加|减|去掉|删|不要|里的?|变|调|再|重新|抹|便宜|降|有效|那[份个]|这[份个]")
_NO_PRODUCT: Final = re.compile(
    "商机|单子|合同|项目|订单|客户|线索|欠|应收|[我你他她]|[太不没]|栏|错|谈|高|低|贵|合适|离谱|这个"
)
_SET_TO: Final = re.compile(r"(?:改|调|设|缩|延|放宽|定)(?:成|为|到|长|短)")
_PAID: Final = re.compile(r"(?:结清|付清|付|打|回|到账|汇|收到|入账|转来|打来)了(?!多少|没|吗)|已(?:付|到账|结清|回款)")
_NO_GAP: Final = re.compile("额度|名额|公海|线索|库容|年假|天假|能(?:做|签|成|完成|卖|冲|干)")
_OF_PAYMENTS: Final = re.compile(r"尾款|货款|首付款?|回款|欠款|应收|账款|定金|预付款")
_FIGURED: Final = re.compile(r"Ⓐ")


BY_OTHERS: Final = re.compile(
    r"(?:^|，)(?!(?:我|咱|俺|终于|总算|刚|已|成功|Ⓣ|哈|喜报|好消息|报告|老板|领导|这下|也|都|就|可算|直接|顺利)+)(?:[ⒸⓅⓁ]|[^，把]{2,6})把Ⓒ"
)
"""Somebody else who wins a customer: 汇川把恒立拿下了."""

_NOT_YET: Final = re.compile(r"(?:了|完|好)*，?(?:就(?:能|可以|会|要)|再(?!次|接)|才|之?后|以后|的?时候|之?前|方可)")
"""What follows on a signature that is still to come: 合同签完就能付款了."""

_TO_SIGN: Final = re.compile(r"(?:之?前|左右|再|才|能|就|可以|去|正式|来|，)*签(?!了|的|完|好|过|掉|字了|下来了|回)")
"""A day on which something is still to be signed."""


def _wins(call: Call) -> bool:
    """Signing something else than the contract wins nothing: 签了保密协议, 签到, 搞定了样品."""
    sentence, clause = call.clause.sentence, call.clause
    long_ago = sentence.now.date() - timedelta(days=_FRESH)
    times = [piece.value for piece in sentence.marked(TIME, *clause.span)]
    if (
        BY_OTHERS.search(sentence.template)
        or _NOT_YET.match(behind(call))
        or any(
            _TO_SIGN.match(sentence.text, piece.end) and piece.value.to >= sentence.now.date()
            for piece in sentence.marked(TIME)
        )
    ):
        return False  # 汇川把恒立拿下了; 谈下来了，月底签
    if any(span.kind == "deadline" and span.to >= sentence.now.date() for span in times):
        return False  # 月底前把合同签了 is still to be done
    over = any(span.to < long_ago for span in times)
    return not over and _OTHER_PAPER.match(behind(call)) is None


_AN_APPOINTMENT: Final = re.compile("(?:演示|会|约|拜访|饭局|见面|培训|行程)$")
"""What falls through and loses no deal: 美食达的演示黄了."""


def _loses(call: Call) -> bool:
    """跑了 and 飞了 are journeys when they go somewhere; what was lost may be a parcel."""
    words = call.clause.words[call.start - call.clause.start :]
    before = call.clause.words[: call.start - call.clause.start]
    if _A_REQUEST.search(call.clause.sentence.template) or _AN_APPOINTMENT.search(before):
        return False
    if re.match("又|没有?了?[？吗]", behind(call)):
        return False
    return _MERE_TRIP.search(words) is None and _LOST_THING.search(behind(call)[:6]) is None


def _is_a_tag(call: Call) -> bool:
    """微信 is added to a phone, not to a customer."""
    group = next((place for name, place in call.groups.items() if name == "tags"), None)
    words = call.clause.sentence.template[slice(*group)] if group else ""
    return _NO_TAG.search(words) is None


def _is_a_new_lead(call: Call) -> bool:
    """Behind 新线索 stands a name, no sentence about leads."""
    return _NO_NAME.match(behind(call)) is None


def _claims(call: Call) -> bool:
    return re.search(_RULE, call.clause.words) is None


def _changes_a_rule(call: Call) -> bool:
    """早上的计划改到8点 is about when plans are sent, 明天的计划改到周五 about what is planned."""
    if _HANDED_ON.search(call.clause.words) or NO_RULE.search(call.clause.words):
        return False
    if _DATED_PLAN.search(call.clause.words) and not SENT_PLAN.search(call.clause.sentence.text):
        return False
    return _BROKEN.search(call.clause.words) is None


def _nudges(call: Call) -> bool:
    return not any(seen.search(call.clause.sentence.template) for seen in (_NUDGED_FOR, _WAS_NUDGED))


def _sends_a_quote(call: Call) -> bool:
    """A customer who wants a quote is no order to send the file, and one that was sent needs none."""
    if QUANTITY in call.clause.sentence.template and _PRICED.search(call.clause.sentence.template):
        return False
    if re.search("那天|那次|上次|上回", call.clause.words):
        return False
    if _SENT.search(call.clause.words) or _A_CONTRACT.search(call.clause.words):
        return False
    return _WANTED_BY_THEM.search(call.clause.words) is None or "我" in called(call)


def _asks_for_leave(call: Call) -> bool:
    """Somebody of a customer's who is on leave is told of."""
    words = call.clause.words
    return CONTACT not in words and not call.clause.is_reported and _SOMEBODY_OF_THEIRS.search(words) is None


_SOMEBODY_OF_THEIRS: Final = re.compile(
    r"(?:采购|技术|财务|老板|厂长|经理|主管|主任|负责人|对接人|联系人|经办人?|工程师|对方|客户|人家|他们?|她们?)(?:的人)?(?:都|也|又|还|在|要|去|刚|正|已经|，)*(?:请|休|放|产|病|事|年|婚)"
)
"""Whoever else is on leave: 说采购休产假了."""


def _looks_for_the_silent(call: Call) -> bool:
    """A customer who keeps silent is none of the team."""
    return CUSTOMER not in call.clause.words or re.search("谁|哪|人", call.clause.words) is not None


def _asks_for_a_discount(call: Call) -> bool:
    """What a customer would agree to is told, unless it is applied for."""
    sentence = call.clause.sentence
    return CONTACT not in sentence.template[: call.start] or _APPLIED_FOR.search(sentence.template) is not None


def _drafts_a_contract(call: Call) -> bool:
    """去甲签合同 is a journey, and 甲承诺月底签合同 is theirs to do."""
    return (
        re.search(
            r"(?:去|到|跟|和|约)[ⒸⓅ]…?|(?:去|上门)$|承诺|答应|保证", call.clause.words[: call.start - call.clause.start]
        )
        is None
    )


def _imports(call: Call) -> bool:
    """What is mine is here already."""
    return re.search(r"我的|名下|手里|手上", call.clause.words) is None


def _forecasts(call: Call) -> bool:
    """预计20万月底签 is told, not asked, and so is what stands beside a figure of a customer."""
    template = call.clause.sentence.template
    return call.clause.asks or (_FIGURED.search(template) is None and not (CUSTOMER in template and "单" in template))


def _asks_for_stock(call: Call) -> bool:
    """What a customer asked, or why a deal was lost, is told."""
    words = call.clause.sentence.template
    return CONTACT not in words and _WONDERED_BY_THEM.search(words) is None


def _assigns(call: Call) -> bool:
    """From now on, or by turns, is a rule; and somebody's name alone says not what they are to have."""
    if CUSTOMER not in call.clause.sentence.template[: call.end]:
        return False
    words = call.clause.words
    return not (_FROM_NOW_ON.search(words) or WAS_GIVEN.search(words))


def _searches_the_pool(call: Call) -> bool:
    words = call.clause.words
    return not any(seen.search(words) for seen in (_WHY, _SET_TO, _GIVEN_TO))


def _looks_up_a_phone(call: Call) -> bool:
    """A number beside a name that is new is a card, and no question."""
    return call.clause.asks or _A_NEW_ONE.search(call.clause.sentence.template) is None


def _checks(call: Call) -> bool:
    """A thing of ours is no company."""
    start, end = call.groups.get("customer", (call.start, call.start))
    if re.search("谁.+谁", call.clause.words):
        return False  # 谁有空谁跟 asks for nobody
    return (
        re.search("公海|池", call.clause.words) is None
        and _MANY_ASKED_FOR.search(call.clause.sentence.template[start:end]) is None
        and _OURS.search(call.clause.sentence.template[start:end]) is None
    )


_MANY_ASKED_FOR: Final = re.compile("哪些|哪几|(?:客户|线索|商机|公司|单子?)(?:里|中)?(?:面)?(?:哪|谁|有哪)")
"""Whoever is asked for is no name: 存量客户哪些有跑的苗头."""


def _is_about_others(call: Call) -> bool:
    """我 asks for the own day."""
    return re.search("我(?!们)", call.clause.words) is None or MEMBER in call.clause.words


def _changes_a_quote(call: Call) -> bool:
    """So many of a thing at a price is a quote of its own, unless something is said to change."""
    words = call.clause.sentence.template
    return not (QUANTITY in words and _PRICED.search(words)) or _CHANGES.search(words) is not None


def _asks_for_a_price(call: Call) -> bool:
    """价格我不认 speaks about a price."""
    start, end = call.groups.get("product", (call.end, call.end))
    return _NO_PRODUCT.search(call.clause.sentence.template[start:end]) is None


def _is_about_leads(call: Call) -> bool:
    return re.search("审批|申请|合同|工单|发票|报价", call.clause.words) is None


def _is_about_customers(call: Call) -> bool:
    """谁跑了客户 is asked about colleagues."""
    return re.search("谁(?:都)?(?:跑|去)(?:了|过)", call.clause.words) is None


def _asks_for_money(call: Call) -> bool:
    """What was paid is told, not asked; nor is it asked who did not answer."""
    words = call.clause.words
    if re.search("(?:价格?|价钱|报价)(?:相)?差|Ⓠ[和跟与、]Ⓠ", words):
        return False  # 5台和10台价格差多少
    return call.clause.asks or (_PAID.search(words) is None and _UNANSWERED.search(words) is None)


_UNANSWERED: Final = re.compile("(?:微信|企微|电话|邮件|短信|消息|语音|留言|信息)[^，]*(?:未|没)回")


def _asks_for_a_gap(call: Call) -> bool:
    """How much of a payment is open is another question than how much of a target."""
    return _OF_PAYMENTS.search(call.clause.sentence.template) is None and _NO_GAP.search(call.clause.words) is None


def _comes_again(call: Call) -> bool:
    """What is only to be sent at some time is no subscription, unless that time comes again."""
    times = [piece.value for piece in call.clause.sentence.marked(TIME, *call.clause.span)]
    return "often" not in call.groups or any(span.every for span in times)


def _exports(call: Call) -> bool:
    """One customer is looked at unless a file is wanted."""
    if re.search("欠款|应收|逾期", call.clause.words) and _AS_A_FILE.search(call.clause.words) is None:
        return False
    return CUSTOMER not in call.clause.words or _AS_A_FILE.search(call.clause.words) is not None


def _is_wanted_once(call: Call) -> bool:
    """漏斗每周五推给我 wants it again and again."""
    return _AGAIN_AND_AGAIN.search(call.clause.sentence.text) is None


_AGAIN_AND_AGAIN: Final = re.compile("每(?:个)?(?:天|日|周|月|晚|早|星期|礼拜|工作日)[^，。]*(?:推|发|送)")
_GRANTED: Final = re.compile("延期(?:申请)?[^，。]{0,3}(?:准|批|同意|通过|过)了")
"""A yes to somebody who asked for more time."""

_GIVEN_TO_THEM: Final = re.compile("(?:给|归|转给?|交给?|划给?)Ⓜ[。！]?$")
"""Customers who are to be somebody's are not only looked at."""

_SIGNED: Final = re.compile(
    "(?:财务|法务|总监|Ⓜ)(?:那边)?(?:也|都|已经|刚)*(?:批|签|审|看|同意)(?:了|过了)(?!.*(?:再|才|后))"
)
"""Who has looked at it already need not be asked to: 财务批了法务也批了."""

_ONES_OWN_DAY: Final = re.compile(
    "一上班|上班(?:就|后|前|时|路上|之[前后]|以[前后]|第一)|(?:总|工|经理|主任|厂长|老师)Ⓣ|[Ⓟ]"
)
"""A day at work that is no calendar's: 明天一上班就打电话, 李总下周休假."""

_LEAVES: Final = re.compile("离职|辞职|走人|要走|不干了|调岗|转岗|调走|休产假|产假")
"""Somebody who leaves hands over the whole book."""

_A_REQUEST: Final = re.compile(
    "[ⒸⓂ](?:的|那[个单张])*(?:(?:特价|折扣|延期|合同)?(?:申请|审批)|(?:特价|折扣|延期)[^，。]{0,3}(?:不要了|撤|收回|不走了|不申请))"
)


_FITS: Final[dict[str, Callable[[Call], bool]]] = {
    **OF_SALES,
    "deal.win": _wins,
    "digest.set": _comes_again,
    "deal.lose": _loses,
    "lead.nurture": senses.nurtures,
    "lead.return": senses.returns,
    "approval.return": senses.sends_back,
    "ticket.create": senses.is_a_fault,
    "invoice.title": lambda call: re.search("齐全|齐了|没问题|要开票.*Ⓐ", call.clause.words) is None,
    "tag.add": _is_a_tag,
    "lead.create": _is_a_new_lead,
    "lead.claim": _claims,
    "plan.create": plans_a_visit,
    "reminder.create": reminds,
    "followup.last": looks_back,
    "tag.remove": takes_a_tag_off,
    "plan.move_all": moves_all,
    "rule.change": _changes_a_rule,
    "approval.nudge": _nudges,
    "plan.move": moves,
    "quote.send": _sends_a_quote,
    "forecast.show": _forecasts,
    "leave.request": _asks_for_leave,
    "team.silent": _looks_for_the_silent,
    "discount.request": _asks_for_a_discount,
    "contract.create": _drafts_a_contract,
    "import": _imports,
    "stock.check": _asks_for_stock,
    "lead.assign": _assigns,
    "pool.search": _searches_the_pool,
    "phone.lookup": _looks_up_a_phone,
    "duplicate.check": _checks,
    "export": _exports,
    "quote.change": _changes_a_quote,
    "product.show": _asks_for_a_price,
    "team.activity": _is_about_others,
    "risk.list": _is_about_leads,
    "churn.list": _is_about_customers,
    "receivable.show": _asks_for_money,
    "target.gap": _asks_for_a_gap,
    "record.list": lambda call: _GIVEN_TO_THEM.search(call.clause.sentence.template) is None,
    "funnel.show": _is_wanted_once,
    "ranking.show": _is_wanted_once,
    "approval.add_sign": lambda call: _SIGNED.search(call.clause.words) is None,
    "calendar.set": lambda call: _ONES_OWN_DAY.search(call.clause.sentence.template) is None,
    "approval.list": lambda call: "票" not in call.clause.words,
    "lead.extend": lambda call: _GRANTED.search(call.clause.sentence.template) is None,
    "split": lambda call: _LEAVES.search(call.clause.sentence.template) is None,
}


def is_hearsay(clause: Clause) -> bool:
    """Say whether a clause tells what somebody only heard or supposes."""
    return _HEARSAY.search(clause.words) is not None


def fits(call: Call) -> bool:
    """Say whether nothing in the sentence speaks against the call."""
    name, words = call.intent.name, call.clause.words
    if (
        name in _CLOSING
        and (rumour := _HEARSAY.search(words))
        and rumour.start() < call.end - call.clause.start
        and not (name == "deal.amend" and _ESTIMATE.fullmatch(rumour[0]))
    ):
        return False
    if name in VERDICTS and decides_nothing(call):
        return False
    check = _FITS.get(name)
    return check is None or check(call)
