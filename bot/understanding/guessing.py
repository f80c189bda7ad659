"""Guesses what a line means that no cue explains, and doubts what one does when every example speaks against it."""

import re
from typing import Final

from bot.context import Context
from bot.understanding.acts import Outcome
from bot.understanding.assembly import read_slots
from bot.understanding.choosing import APPROVERS
from bot.understanding.clauses import Clause
from bot.understanding.fitting import BY_OTHERS, NO_RULE, WAS_GIVEN, is_hearsay
from bot.understanding.fitting_sales import TO_OTHERS
from bot.understanding.fitting_verdicts import ALL_DONE, VERDICTS, decided_before, says_neither
from bot.understanding.grammar import BY_NAME, Call
from bot.understanding.intents.intent import Intent
from bot.understanding.likeness import NOTHING, has_examples, likest
from bot.understanding.newcomers import newcomer
from bot.understanding.sentence import (
    AMOUNT,
    CONTACT,
    CUSTOMER,
    DISCOUNT,
    FIELD,
    MEMBER,
    PHONE,
    QUANTITY,
    REGION,
    Sentence,
)
from bot.understanding.slots.draft import Draft
from bot.understanding.slots.followup import read_followup
from bot.understanding.talk import talk_in, tells_of_others
from bot.understanding.telling import FOLLOWUP

_SURE_TO_SHOW: Final = 0.045
"""From here on a write that is only guessed is shown; below it would be wrong too often."""

_SURE_TO_OUTDO: Final = 0.05
"""From here on a guess takes the place of a follow-up that was only hinted at."""

_SURE_OF_NOTHING: Final = 0.13
"""From here on a hint of a follow-up is taken for talk about something else."""

_SURE_TO_ASK: Final = 0.22
"""From here on a guess may even ask for what it lacks."""

_SURE_TO_LOOK: Final = 0.04
"""From here on a question is answered: a wrong answer harms nobody."""

_SURE_TO_CORRECT: Final = 0.22
"""From here on the examples choose another question than a cue did."""

_DOUBT: Final = 0.12
"""From here on the examples outweigh a cue, and what it would write is shown first."""

_LONGEST: Final = 120
_SURE_TO_OUTWEIGH: Final = 0.16
"""From here on a guess takes the place of a story that was told, and of a cue that was only a guess itself."""

_REASONED: Final = frozenset({
    "approval.reject", "approval.return", "approval.conditional", "lead.return", "lead.extend", "lead.nurture",
    "lead.invalidate", "lead.convert", "deal.create", "deal.lose",
})  # fmt: skip
"""Intents whose reason, or product, is among all that was said."""

_SURE_TO_OVERRULE: Final = 0.4
"""From here on a guess takes the place of whatever a cue heard: it is shown, and the cue's act is not done."""

_SURE_TO_COMPLETE: Final = 0.1
"""From here on it takes the place of an act that lacks what it needs."""

_SAYS_WHAT_IS_MEANT: Final = frozenset({"customer", "at"})
"""An act about nobody, or for no time, was perhaps never meant."""

_FORMS: Final = frozenset({"lead.create", "account.create", "quote.create"})
"""Intents whose slots are nearly all the words there are."""

_NEVER: Final = frozenset({
    "undo", "confirm", "cancel", "choose", "term.teach", "term.forget", "import", "record.delete", "member.link",
    "member.unlink", "member.restore", "notice.channel", "lead.acknowledge",
})  # fmt: skip
"""What nobody should be offered on a mere likeness."""

_TALK: Final = frozenset({"confirm", "cancel", "choose"})
_OF_LEADS: Final = frozenset({
    "lead.return", "lead.extend", "lead.nurture", "lead.invalidate", "lead.claim", "lead.convert",
})  # fmt: skip
"""What is done with leads only."""

_QUESTION: Final = re.compile("[吗？]")
_NAMED_BY_DEEDS: Final = re.compile("的(?:单子?|商机|项目|客户|人|销售)?(?:有哪些|有谁)?[。！]?$")
"""Whoever or whatever did something, and no story: 谈了一个多月还没签的."""

_BIDDING: Final = re.compile(r"^(?:请|先|再|就|你)*(?:把|将|给(?!我|咱)(?=[^，。]{2,12}(?:打|贴|加|挂|标)))")
"""How nobody asks a question."""

_ASKED_FOR: Final = re.compile(
    r"，(?:我)?(?:就|先|再|帮|也)*(?:申请|报上|作废|退|废|撤|取消|转|领|提)|Ⓓ(?:行不行|可以吗|可不可以|能批吗|能不能批|批不批|给不给|成不成)$"
)
"""What follows on what somebody said and is our own deed."""

_OF_SUBMITTERS: Final = frozenset({
    "approval.nudge", "approval.withdraw", "approval.accept", "approval.decline", "approval.resubmit", "approval.cc",
    "approval.comment", "approval.status", "approval.list", "approval.report",
})  # fmt: skip
"""What those do who have asked for a decision."""

_ANYTHING: Final = re.compile("")
_ABOUT: Final = {
    "approval.approve": re.compile(
        "批|同意|过|准|签|放行|没(?:啥|什么)?(?:问题|意见|毛病|异议)|可以|点头|认|行|照办|执行|支持|ok"
    ),
    "approval.reject": re.compile("不|驳|拒|否|免谈|没门|没戏|打住"),
    "approval.return": re.compile("退|打回|返回|重[新提填报写]|补|完善"),
    "approval.take_back": re.compile("批|同意|驳|拒|否|点|按|签|审|错|快|早|撤|收回|拿回|不该"),
    "approval.conditional": re.compile("[Ⓓ折]|就|才|但|条件|先|前提|最多|顶多|撑死|顶天|只|底线|极限|必须"),
    "field.add": re.compile("字段|栏|[一加多]项|列|必填|单选|属性|[Ⓛ]"),
    "rule.change": re.compile(
        "线索|客户|回收|领|规则|审批|折扣|特价|合同|公海|保护|期|限|库容|分配|不跟|没跟|[批审][。！]?$|Ⓞ|Ⓡ|Ⓕ|原因|上限"
    ),
    "playbook.rollback": re.compile("规则|设置|版|配置|策略|剧本"),
    "optout": re.compile("发|推|邮件|短信|退订|群|营销|广告"),
    "approval.nudge": re.compile("催|戳|快|抓紧|提?醒|敲|踢|喊|顶|问|招呼|吱|说"),
    "appeal.file": re.compile("申诉|回收|收回|收走|冤|不该收|被收|收错|收我"),
    "quote.send": re.compile("报价|报个价|价单|Ⓑ"),
    "reminder.create": re.compile("[ⒸⓅ]"),
    "plan.cancel": re.compile("[ⒸⓅ]"),
    "cadence.breach": re.compile("访|跟|联系|节奏|去|见|动静|跑|达标|频|走动|上门|打电话|碰"),
    "stock.check": re.compile("Ⓥ|库存|现货|有货|[交发到]货|交期|几台|多少台|够不够"),
    "quiet.set": re.compile(
        "(?:别|不|勿|免|静|攒|才|再|取消|关).*?(?:打扰|吵|响|推|提醒|通知|发|叫|震|弹|找|烦|叮)|打扰|静"
    ),
    "nurture.start": re.compile("培育|推|发|养|触达|滴灌"),
    "digest.set": re.compile("报|汇总|总结|情况|数据|计划|待办|要跟|漏斗|业绩"),
    "export": re.compile("客户|线索|商机|跟进|联系人|名单|电话|回款|到账|合同|开票|发票|订单|报价|应收|台账|流水|明细"),
    "invoice.unpaid": re.compile("票"),
    "lead.claim": re.compile("Ⓒ|线索|公海|客户|池"),
    "ticket.create": re.compile("[ⒸⓅ]"),
    "access.log": re.compile("谁|哪些人|什么人|别人|有人|记录|日志|Ⓜ|偷"),
    "calendar.set": re.compile("放假|休|补班|上班|停工"),
    "leave.request": re.compile("假|休|不在|出差|看病|住院|培训|线索|客户"),
    "followup.correct": re.compile("[ⒸⓅ]"),
    "deal.amend": re.compile("[ⒶⓉ]"),
    "deal.stage": re.compile("Ⓖ|推|阶段|进|报价|谈判|方案|需求|步"),
}
"""Words without which an intent is not guessed."""

_OF_ANOTHER_THING: Final = re.compile(
    "Ⓜ的(?!Ⓣ?(?:的|本|这个?|下个?|今|全|[月季年]度?)*(?:预测|目标|任务|指标|数|业绩|销售|签|回款|拜访|新|额))[^，。Ⓣ]{2,6}?(?:改|调|设|换)(?:成|为|到)Ⓐ"
)
"""A figure that something else of a colleague's is to be, which is no sum: 把王强的密码改成123456."""

_NOT_ABOUT: Final = {
    "forecast.call": _OF_ANOTHER_THING,
    "target.set": _OF_ANOTHER_THING,
    "contract.create": re.compile("承诺|答应|保证"),
    "leave.request": re.compile("^[ⒸⓅ]|[说讲](?:采购|技术|老板|经理|他|她|人家|负责人)"),
    "receivable.show": re.compile("[差欠]Ⓐ"),
    "deal.win": BY_OTHERS,
    "quote.change": re.compile("比[^，]{1,6}(?:贵|高|低|便宜)"),
    "deal.amend": re.compile("(?:付|打|转|汇|回|到)(?:款|账)?(?:了|过来)?Ⓐ"),
    "payment.record": TO_OTHERS,
    "contract.sign": re.compile("(?:签|盖章?)(?:完|好|了)*(?:就|再|才|之?后|以后)"),
    "target.gap": re.compile("尾款|货款|首付|回款|欠款|应收|账|定金|预付|签到|打卡"),
    "roi.show": re.compile("Ⓞ|展会|活动|广告|投放|渠道|直播|推广|线索"),
    "team.activity": re.compile("^我(?!们)|[，Ⓣ]我(?!们)"),
    "conflict.report": re.compile(r"^(?:(?!撞|冲突|抢|也在|重了|[Ⓜ]).)*$"),
    "rule.change": NO_RULE,
    "approval.batch": ALL_DONE,
    "approval.comment": re.compile(
        "给我|[ⒸⓅ](?!(?:的|那[个单张份]|这[个单张份])*(?:特价|折扣|合同|延期)?(?:审批|申请))"
    ),
    "approval.list": re.compile("票"),
    "calendar.set": re.compile("一上班|上班(?:就|后|前|时)|(?:总|工|经理|主任|厂长|老师)Ⓣ|[ⒸⓅ]"),
    "approval.conditional": re.compile("权限|就(?:签合同|下单|发货|开工|打款|付款)"),
    "approval.transfer": re.compile("转给(?:客户|对方|他们|Ⓒ|Ⓟ)|转正|定了"),
    "lead.assign": WAS_GIVEN,
    "appeal.accept": re.compile("不成立|驳回|不通过|不同意|不算数|没道理|不给|不恢复|拒|没用"),
    "approval.status": re.compile("^(?:Ⓜ|Ⓒ)(?:的|那[个单张])*(?:特价|申请|合同|折扣)?我"),
}
"""Words with which an intent is not guessed."""

_MARKED: Final = {
    "quote.create": {QUANTITY, AMOUNT, DISCOUNT}, "payment.record": {AMOUNT}, "discount.request": {DISCOUNT},
    "nurture.start": {"Ⓞ", *"培每隔天粉名册线"},
    "approval.transfer": {MEMBER}, "approval.nudge": {MEMBER, *"批审特领财法申"},
    "approval.delegate": {MEMBER}, "approval.cc": {MEMBER},
    "lead.create": {PHONE, QUANTITY},
    "handover": {MEMBER}, "split": {MEMBER},
    "target.set": {MEMBER, REGION, *"公集团部组"}, "lead.assign": {MEMBER}, "appeal.accept": {MEMBER},
    "phone.lookup": {PHONE}, "contact.add": {PHONE, "Ⓔ"}, "ramp.show": {MEMBER, "新"}, "team.silent": {*"谁人"},
}  # fmt: skip
"""What a line must have for an intent to be guessed: one of these signs."""


def guessed(ctx: Context, sentence: Sentence, clauses: list[Clause], rival: bool = False) -> Draft | None:
    """Return what a line most likely means, never more than shown; None when that is too unsure or not to be guessed.

    `rival` says that it may also be a story which is only hinted at, and that anything surer is wanted.
    """
    if not clauses or len(sentence.template) > _LONGEST:
        return None
    if not rival and (new := newcomer(ctx, sentence, clauses)) is not None:
        return new
    like = likest(sentence.template, lambda name: _has_its_words(name, sentence))
    if like is None or like.intent == NOTHING or like.intent in _NEVER or (rival and like.intent == FOLLOWUP):
        return None
    intent = BY_NAME[like.intent]
    sure = _SURE_TO_OUTDO if rival else _SURE_TO_SHOW if intent.writes else _SURE_TO_LOOK
    if like.surety < sure or not _may(ctx, intent, sentence, clauses):
        return None
    draft = _read(ctx, sentence, clauses, intent)
    lacks = [slot for slot in intent.needs if draft.slots.get(slot) in (None, "", []) and slot not in draft.choices]
    return None if lacks and like.surety < _SURE_TO_ASK else draft


def is_idle(sentence: Sentence) -> bool:
    """Say whether the examples call a line talk that means nothing to us."""
    if CONTACT in sentence.template:
        return False
    like = likest(sentence.template)
    return like is not None and like.intent == NOTHING and like.surety >= _SURE_OF_NOTHING


def outweighed(draft: Draft, ctx: Context, clauses: list[Clause]) -> Draft | None:
    """Return what the examples speak for where they are surer than the cue or the story that says something else.

    None where they clearly call what a cue heard talk that means nothing to us.
    """
    of_a_colleague = draft.intent.name == "account.show" and "member" in draft.slots
    if draft.marked(FIELD) or draft.intent.name in _NEVER | _TALK or _names_somebody_unknown(draft) or of_a_colleague:
        return draft
    told = draft.intent.name == FOLLOWUP and draft.call is None
    unsure = told or (draft.call is not None and draft.call.is_guess)
    like = likest(draft.sentence.template, lambda name: _has_its_words(name, draft.sentence))
    if like is None or like.intent == draft.intent.name:
        return draft
    heard = _has_a_say(draft)
    lacks = like.intent != NOTHING and any(
        draft.slots.get(slot) in (None, "") and slot not in draft.choices
        for slot in _SAYS_WHAT_IS_MEANT & set(draft.intent.needs)
    )
    enough = _SURE_TO_COMPLETE if lacks else _SURE_TO_OUTWEIGH if unsure else _SURE_TO_OVERRULE
    if like.surety < enough or not (lacks or heard):
        return draft
    if like.intent == NOTHING:
        return draft if unsure else None
    if unsure and (like.intent == FOLLOWUP or not BY_NAME[like.intent].writes):
        return draft
    return guessed(ctx, draft.sentence, clauses) or draft


def doubt(draft: Draft) -> None:
    """Show a write first when the examples call it something else."""
    if draft.outcome is not Outcome.DO or not draft.intent.writes or draft.marked(FIELD) or draft.intent.name in _TALK:
        return  # no example knows the company's own words for its fields
    like = likest(draft.sentence.template)
    if (
        like is not None
        and like.intent != draft.intent.name
        and like.surety >= _DOUBT
        and has_examples(draft.intent.name)
    ):
        draft.be(Outcome.CONFIRM)


def better_question(draft: Draft, ctx: Context, clauses: list[Clause]) -> Draft:
    """Return the question that the examples clearly speak for instead of the one a cue heard, if there is one."""
    if draft.intent.writes or not has_examples(draft.intent.name) or _names_somebody_unknown(draft):
        return draft
    sentence = draft.sentence
    like = likest(sentence.template, lambda name: _has_its_words(name, sentence))
    if like is None or like.intent in (draft.intent.name, NOTHING) or like.surety < _SURE_TO_CORRECT:
        return draft
    intent = BY_NAME[like.intent]
    if any(who in draft.slots and not any(slot.startswith(who) for slot in intent.slots) for who in _WHO):
        return draft
    return draft if intent.writes else _read(ctx, sentence, clauses, intent)


_WHO: Final = ("customer", "member")
"""Whoever a question names is not left out of the answer."""


def _names_somebody_unknown(draft: Draft) -> bool:
    """Say whether what stands in a customer's place is on no record: 看看 没有的客户. That is what has to be said."""
    return draft.group("customer") is not None and "customer" not in draft.slots and "customer" not in draft.choices


def _has_a_say(draft: Draft) -> bool:
    """Say whether the examples could have spoken for what a cue called, and did not."""
    return has_examples(draft.intent.name) and _has_its_words(draft.intent.name, draft.sentence)


def _may(ctx: Context, intent: Intent, sentence: Sentence, clauses: list[Clause]) -> bool:
    """Say whether nothing in the line, and nobody's right, forbids it."""
    if not intent.writes:
        talk = talk_in(sentence, clauses)
        told = clauses[0].is_reported and bool({CUSTOMER, CONTACT} & set(sentence.template))
        told = told or (
            talk is not None
            and talk.strong
            and not any(clause.asks for clause in clauses)
            and _NAMED_BY_DEEDS.search(sentence.template) is None
        )
        return _BIDDING.match(sentence.template) is None and not told
    if intent.name.startswith(("approval.", "rule.")) and not _decides(ctx, intent.name):
        return False
    if intent.name in VERDICTS and (
        says_neither(sentence.template) or decided_before(sentence) or _QUESTION.search(sentence.template)
    ):
        return False
    if intent.name == FOLLOWUP:
        named = bool({CUSTOMER, CONTACT} & set(sentence.template)) and not tells_of_others(sentence, clauses)
        return named and not (clauses[0].asks or clauses[0].supposes)
    return not any(_forbids(intent, clause) for clause in clauses)


def _has_its_words(name: str, sentence: Sentence) -> bool:
    """Say whether a line has the words and signs without which an intent makes no sense."""
    if name not in BY_NAME:
        return True
    intent, template = BY_NAME[name], sentence.template
    marked = _MARKED.get(name)
    if marked and marked.isdisjoint(template):
        return False
    if "customer" in intent.needs and {CUSTOMER, CONTACT}.isdisjoint(template):
        return False
    if name in _NOT_ABOUT and _NOT_ABOUT[name].search(template):
        return False
    if name in _OF_LEADS and not _may_name_a_lead(sentence):
        return False
    return _ABOUT.get(name, _ANYTHING).search(template) is not None


def _may_name_a_lead(sentence: Sentence) -> bool:
    """Say whether no customer is named, or one that is a lead."""
    found = [piece.value.candidates for piece in sentence.marked(CUSTOMER)]
    return not found or any(one.ref.startswith("lead:") for candidates in found for one in candidates)


def _forbids(intent: Intent, clause: Clause) -> bool:
    """Say whether a clause is a no, a question, a what-if or hearsay, and so asks for nothing."""
    return (
        (clause.supposes and not intent.supposes)
        or (clause.asks and not intent.questions)
        or (clause.negated(len(clause.words)) and not intent.negates)
        or (clause.is_reported and not intent.hearsay and _ASKED_FOR.search(clause.sentence.template) is None)
        or is_hearsay(clause)
    )


def _decides(ctx: Context, name: str) -> bool:
    return name in _OF_SUBMITTERS or ctx.member.is_any(APPROVERS)


def _read(ctx: Context, sentence: Sentence, clauses: list[Clause], intent: Intent) -> Draft:
    """Read the slots as if the first clause had called it."""
    if intent.name == FOLLOWUP:
        draft = Draft(ctx, sentence, intent, 0, len(sentence.text))
        read_followup(draft, clauses[0])
    else:
        head = clauses[0]
        end = head.start + 1 if intent.name in _FORMS else head.start if intent.name in _REASONED else head.end
        call = Call(intent, head, head.start, end, 0, {})
        draft = read_slots(Draft(ctx, sentence, intent, 0, len(sentence.text), call))
    if intent.writes:
        draft.be(Outcome.CONFIRM)
    return draft
