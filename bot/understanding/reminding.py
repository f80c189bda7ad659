"""Judges reminders: this is no alarm clock, it reminds nobody else, and a rhythm that was not read is said."""

import re
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.sentence import CONTACT
from bot.understanding.slots.draft import Draft

_OF_WORK: Final = re.compile(
    r"客户|电话|报销|报表|报告|打卡|报价|合同|发票|回款|开会|会议|例会|方案|样品|资料|标书|投标|拜访|演示|付款|打款|收款|发货|交货|邮件|周报|日报|月报|材料|汇报|审批|跟进|联系|回复|线索|商机|订单|快递|采购|签约|出差|培训|面试|对账|开票|催款|寄|打给|回电|总|经理|工单|项目|验收|见面|续[签约费]|到期|[周晨早晚月年]会|月会|复盘|评审|述职|质保|年检|公海|池子|计划|待办|日程|系统|聊单|名单|更新|漏斗|排行|目标|业绩|台账"
)
_EVERY: Final = re.compile(r"每(?:个)?(?:天|日|周|星期|礼拜|月|工作日|隔|晚|早)|天天|隔(?:一|两|三|几)?天")
_ONLY_ONCE: Final = "没看懂多久重复一次：确认后只提醒这一次。可以说每天、每两天、每周一、每两周、每月最后一个工作日"


_REMINDS_ANOTHER: Final = re.compile(
    r"提醒(?:一下|一声|下)?(?:[老小][一-龥]|[他她]们?|大家|团队|组里|[一-龥]{1,2}(?:总|哥|姐|工|经理))(?!我)"
)
"""提醒小张明天交周报 is for somebody else."""


def judge_reminder(draft: Draft) -> None:
    """A reminder that has nothing to do with work is asked about: this is no alarm clock."""
    names = "customer" in draft.slots or bool(draft.marked(CONTACT))
    about_work = names or _OF_WORK.search(draft.text) is not None
    if about_work and "at" in draft.slots and "every" not in draft.slots and _EVERY.search(draft.text):
        draft.be(Outcome.CONFIRM, _ONLY_ONCE)
    if _REMINDS_ANOTHER.search(draft.text):
        draft.be(Outcome.CONFIRM, "提醒只发给您自己：到时由您去说，这样可以吗？")
    if about_work or draft.question or draft.outcome not in (Outcome.DO, Outcome.CONFIRM):
        return
    draft.ask("customer" if draft.slots.get("content") else "content", "这条提醒和哪个客户或哪件工作有关？请回复一句")
