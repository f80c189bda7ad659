"""Tells talk about the world from talk about business, where a customer's name is only a brand, a road or an employer.

华为发布会看了吗, 中兴股价跌了, 我在绿源路等你: such a line writes nothing, whoever it names. Words of business in the
same line, or somebody of the customer's who speaks in it, make it business again.
"""

import re
from functools import cache
from typing import Final

from bot.understanding.acts import Mention
from bot.understanding.sentence import CONTACT, PHONE, Sentence
from bot.understanding.slots.draft import Draft
from bot.understanding.words import load_words

_MAY_BE_TALK: Final = (
    "followup.log", "plan.create", "plan.move", "deal.", "payment.", "ticket.create", "lead.", "contact.", "quote.",
    "forecast.", "target.gap", "approval.list", "approval.status", "account.", "ranking.", "activity.", "receivable.",
    "invoice.", "discount.", "calendar.", "pool.", "stock.", "product.", "team.", "conflict.", "duplicate.", "optout",
    "record.list", "report.show", "pivot.show", "funnel.",
)  # fmt: skip
"""What a line about the world may be mistaken for; whatever is ordered in so many words is none of it."""

_BUSINESS: Final = re.compile(
    r"客户|报价|价格|样品|方案|合同|商机|线索|采购|项目|拜访|回款|尾款|货款|到账|订单|投标|标书|招标|合作|对接|意向|预算|跟进|沟通|演示|签约|签单|"
    r"验收|交付|交期|发货|备货|打样|试用|需求|成交|赢单|丢单|公海|领取|退回|提醒|工单|报修|审批|折|漏斗|业绩|预测|聊了|谈了|通(?:了)?(?:个)?电话|回访|"
    r"申请延|宽限|保护期|再给我[一两三四五六七八九十几\d]|他们(?:说|要|想)|约了|见了|见面|陪|应酬|请(?:了)?(?:他|她|客户|[一-龥](?:总|工|经理))"
)
_OF_ONES_OWN: Final = re.compile(
    r"我(?:的|家的?|那台|这台|们家)+[^，。]{0,6}?(?:手机|电脑|平板|车|手表|耳机|空调|沙发|电梯|冰箱|洗衣机|电视)(?:坏|丢|修|没电|不见)"
    r"|^我(?:家)?的?(?:电梯|空调|冰箱|手机|电脑|车|沙发)坏了"
)
_PLACE: Final = re.compile(
    r"(?:路口|路(?![上过演由径线])|街|广场|饭店|酒楼|餐厅|食府|大会议室|会议室|农庄|奶茶|药店|超市|商场|小区|驿站|4S店|专卖店|旗舰店|体检中心|塔|山庄|湖边|美食|云(?:服务)?(?:那边|平台)要|"
    r"古城|卫视|大酒店|酒店|小贷|醋|贡酒|鹿龟酒|手机|年报|股价|股票)"
)


def is_worldly(sentence: Sentence, drafts: list[Draft]) -> bool:
    """Say whether a line only talks about the world, though acts were heard in it."""
    if not all(draft.intent.name.startswith(_MAY_BE_TALK) for draft in drafts):
        return False
    text = sentence.text
    if _OF_ONES_OWN.search(text) or _topics(_MACHINES).search(text):
        return True
    if _BUSINESS.search(text) or any(piece.mark == CONTACT for piece in sentence.pieces):
        return False
    return _topics(*load_words("worldly")).search(text) is not None and not any(_is_ordered(draft) for draft in drafts)


def _is_ordered(draft: Draft) -> bool:
    """Say whether a line about a newcomer gives a number to call, which is business however it is dressed."""
    return draft.intent.name.startswith("lead.") and any(p.mark == PHONE for p in draft.sentence.pieces)


def names_a_place(text: str, mention: Mention) -> bool:
    """Say whether what looks like a customer is the beginning of a road, a shop or a thing: 绿源路, 南粤饭店."""
    place = _PLACE.match(text, mention.end)
    if mention.kind != "customer" or place is None:
        return False
    return not any(mention.words + place[0][:1] in one.name for one in mention.candidates)


_MACHINES: Final = "sent by machines"
"""The topic that no word of business makes anything else: a parcel is on its way, a code to be typed in."""


@cache
def _topics(*names: str) -> re.Pattern[str]:
    listed: dict[str, list[str]] = load_words("worldly")
    return re.compile("|".join(word for name in names for word in listed[name]), re.IGNORECASE)
