"""Whom an act names on the customer's side, and how they were or shall be in touch."""

import re
from typing import Final

from bot.understanding.methods import find_methods
from bot.understanding.people import find_people, is_full_name
from bot.understanding.sentence import CONTACT, CUSTOMER, MEMBER
from bot.understanding.slots.draft import Draft, joined

_TOLD: Final = "followup.log"


def read_contact(draft: Draft) -> None:
    """Everybody on the customer's side who is named, on record or not; of a talk, whoever took part in it."""
    text = draft.sentence.text
    named = [(piece.start, piece.end, piece.words) for piece in draft.marked(CONTACT)]
    taken = [(p.start, p.end) for p in draft.sentence.pieces if p.mark in (CUSTOMER, MEMBER, CONTACT)]
    named += [
        (person.start, person.end, person.name)
        for person in find_people(text)
        if draft.start <= person.start
        and person.end <= draft.end
        and not any(start < person.end and person.start < end for start, end in taken)
    ]
    if draft.intent.name == _TOLD:
        named += [
            (*hit.span(1), hit[1]) for hit in _CALLED.finditer(text, draft.start, draft.end) if is_full_name(hit[1])
        ]
        named = [
            one for one in named if not _was_absent(draft, one[0], one[1]) and not _is_spoken_of(text, one[0], one[1])
        ]
    if named:
        named.sort()
        draft.put("contact", joined(name for *_, name in named), joined(text[start:end] for start, end, _ in named))


_CALLED: Final = re.compile(r"(?:叫|名叫|名字是)([一-龥]{2,3})(?=的|$|[\s，,。;；])")
"""Whoever is named by the whole name for the first time: 现在是一个叫吕洁的在管."""

_LATELY: Final = r"(?:今天|今儿|刚好|正好|碰巧|恰好|临时|人|又|都|还|也|正|在|这两天|最近|，)*"
_AWAY: Final = re.compile(
    rf"{_LATELY}(?:不在(?!乎|意|于|考虑|线)|没在|没来|没露面|没出现|放(?:了?我们?|了)?鸽子|爽约|没[见碰找堵]|[见找]不[到着]"
    r"|离职|辞职|跳槽|退休|调走|调岗|调离|走人|不干了|不管(?:这|了)|换岗)"
)
"""What says that somebody was not there, and so was not met."""

_ELSEWHERE: Final = re.compile(
    rf"{_LATELY}(?:去[一-龥]{{1,4}})?(?:出差|开会|休假|请假|出国|外出|出去|下车间|去外地|调休|培训|住院|生病)(?:去了|了|中|呢|去)?(?=[，,。；;！!\s没不]|$)"
)
"""Where somebody is who cannot be met today; on the telephone they may be talked with."""

_MISSED: Final = re.compile(
    r"(?:没|未|不曾|没有|没能)(?:再)?(?:见|碰|找|堵|遇|等|逮|约)(?:到|着|上|成)?(?:他们?|她|人家)?(?:的)?[一-龥]{0,4}$|[见找等]不[到着][一-龥]{0,4}$"
)
"""What stands in front of somebody who was sought and not met."""


def _was_absent(draft: Draft, start: int, end: int) -> bool:
    text = draft.sentence.text
    if (
        _AWAY.match(text, end)
        or _SOMEBODY_WITH.match(text, end)
        or _MISSED.search(text[max(draft.start, start - 10) : start])
    ):
        return True
    return _ELSEWHERE.match(text, end) is not None and any(span.method == "visit" for span in find_methods(draft.text))


_SOMEBODY_WITH: Final = re.compile("的?(?:助理|秘书|司机|手下|下属|徒弟|助手|老婆|爱人|太太|儿子|家属)")
"""Whose assistant somebody was, who was not there: 陈总助理回的邮件."""

_UPWARDS: Final = re.compile(
    r"(?:等|得|要|需要?|须|由|让|报给?|请示|汇报给|转给|交给|转告|看|找|跟|向|和|问|听)(?:他们?|她们?|人家|对方|公司|那边|上面|领导|老板|的|下|一下|个|到)*$"
)
_DECIDES: Final = re.compile(
    r"(?:那边|那里|那儿|最后|来|出差|再)*(?:点头|拍板|签字?(?!了)|批(?!了)|审批?|同意|定(?!了)|决定|回来|过目|看过|看完|看一?下|说了算|确认|表态|商量|汇报|请示|申请|开会|发话|首肯|下手术|下课|散会|忙完|开完会|有空|出来|做主|拿主意)"
)


def _is_spoken_of(text: str, start: int, end: int) -> bool:
    """Say whether somebody is only the one who will have to agree: 还得等他们王总点头."""
    clause = re.split(r"[，,。；;！!？?\n]", text[:start])[-1]
    return _UPWARDS.search(clause) is not None and _DECIDES.match(text, end) is not None


def read_method(draft: Draft, beside: int | None = None) -> None:
    """The way of contact that is named first; not what was only agreed on for the moment that stands at `beside`."""
    found = find_methods(draft.text)
    found = [one for one in found if not _AWAITED.search(draft.text, 0, one.start)]
    if beside is not None:
        found = [one for one in found if not _is_agreed_on(draft, one.start + draft.start, beside)]
    if found:
        draft.put("method", found[0].method, found[0].words)
    elif _goes_there(draft):
        draft.put("method", "visit", "")


_AWAITED: Final = re.compile(r"等[^，,。；;\s了]{0,8}$")
"""What is only waited for is no way: 到启明了，等袁主任开完会."""


def _goes_there(draft: Draft) -> bool:
    """Say whether a customer stands where one goes to, or went to."""
    if draft.intent.name == "plan.create":
        return draft.call is not None and _GOING.search(draft.call.clause.words) is not None
    return draft.intent.name == _TOLD and _WENT.search(_template_of(draft)) is not None


_WENT: Final = re.compile(
    r"(?<![过回出进上下不没])(?:去|跑|奔)(?:了|趟|一趟)*[ⒸⓅ]|(?:跑|赶|拐|摸|杀|回|走|转|奔|扫|晃|绕|溜达|(?:\A|[，Ⓣ我又刚才先再后午上早晚接着]))到(?:了)?[ⒸⓅ]"
    r"|(?:看|逛|参观|考察)(?:了|过)Ⓒ(?:的|个)?(?:新|老)?(?:厂|车间|现场|工地|产线|门店|展厅|机房|仓库)|(?:\A|[Ⓣ，人])在Ⓒ(?:现场|厂里|这边|这儿)?$"
    r"|在Ⓒ(?:的|那边|那儿|那里|这边|这儿)?(?:厂里?|公司|车间|现场|办公室|工地|机房|门口|楼下|前台|展厅|店里?)?(?:里)?(?:待|坐|蹲|盯|等|耗|陪|守|看|转|测|装|调|修|开|聊|谈|见|碰|讲|培训|做)"
    r"|从Ⓒ(?:的|那边|那儿|那里|厂里?|公司|那)*(?:刚)?(?:出来|回来|撤|走|离开)"
)
"""Whoever went to a customer was there, whatever the verb: 上午去绿源, 在锡通待了一上午, 从恒立出来."""


def _template_of(draft: Draft) -> str:
    """The template under an act's own words."""
    sentence = draft.sentence
    return "".join(
        sign
        for sign, (start, end) in zip(sentence.template, sentence.places, strict=True)
        if draft.start <= start and end <= draft.end
    )


def _is_agreed_on(draft: Draft, start: int, moment: int) -> bool:
    """Say whether a method belongs to the appointment that was made: 约了礼拜一过去面谈."""
    between = draft.sentence.text[moment:start]
    return (
        moment < start
        and not re.search(r"[，,。；;\s]", between)
        and _AGREED.search(draft.sentence.text, max(draft.start, moment - 4), moment) is not None
    )


_AGREED: Final = re.compile("(?:约|约了|约好|约好了|约在|约到|改约)$")
_GOING: Final = re.compile("(?<![过回出进上下不没])(?:去|跑)[ⒸⓅ]$")


def read_optout_method(draft: Draft) -> None:
    """Which way of contact is to stop."""
    read_method(draft)
    if draft.slots.get("method") not in ("email", "sms", "wechat"):
        draft.slots.pop("method", None)
