"""Slots that are read together: a new lead, a contact, a quote, targets, a hand-over, a ticket."""

import re
from typing import Final

from bot.understanding.numerals import CHINESE_DIGIT, read_numeral
from bot.understanding.people import find_people, is_full_name
from bot.understanding.sentence import (
    CONTACT,
    CUSTOMER,
    INDUSTRY,
    QUANTITY,
    REGION,
    SOURCE,
)
from bot.understanding.slots.basics import (
    left_words,
    number,
    read_after,
    read_email,
    read_industry,
    read_phone,
    read_region,
    read_source,
    trimmed,
)
from bot.understanding.slots.draft import SEPARATORS, Draft, mentioned
from bot.understanding.slots.fields import read_said_fields
from bot.understanding.slots.moments import times_in
from core.errors import BadInput, NotFound
from core.model.ids import LeadId, Ref
from core.rules.permissions import may_open_pool

_LABELS: Final = {
    "customer": ("公司名称", "客户名称", "公司名", "公司", "客户", "单位名称", "单位", "名称"),
    "contact": ("联系人", "姓名", "负责人", "对接人"),
    "phone": ("联系电话", "手机号码", "手机号", "手机", "电话", "联系方式"),
    "email": ("电子邮箱", "邮箱", "邮件"),
    "source": ("线索来源", "来源", "渠道"),
    "region": ("地区", "区域", "城市"),
    "industry": ("行业",),
    "content": ("客户需求", "需求", "备注", "说明"),
}
_ANY: Final = "|".join(sorted((word for words in _LABELS.values() for word in words), key=len, reverse=True))
_LABELLED: Final = re.compile(rf"({_ANY})\s*[:：]\s*(.*?)(?=[\s,，;；。]*(?:{_ANY})\s*[:：]|$)", re.DOTALL)
_CALLED: Final = re.compile(r"(?:叫|名叫|姓名[是：:]?)\s?([一-龥]{2,4})(?=[\s,，。;；]|电话|手机|微信|邮箱|\d|$)")
_LABEL_WORD: Final = re.compile(
    rf"^(?:{_ANY}|微信|规模|职务|姓|名字|叫|是|为|的|来自|个)+[：:]?|(?:电话|手机|手机号|号码|邮箱|微信|联系方式)(?:是|为|：|:)?$"
)
_WANTS: Final = re.compile(r"(?:想要|需要|要买|要订|要|想买|想|打算|准备|咨询|询|问|求购|采购|订|买|做|意向|预算)")
_COMPANY: Final = re.compile(
    r"(?:公司|集团|厂|科技|机电|贸易|电子|实业|股份|企业|有限|中心|学校|学院|医院|研究院|研究所|事务所|店|酒店|银行|局)$"
)
_LEAD_IN: Final = re.compile(
    r"^(?:(?:我|刚|今天|昨天|又|在|上|里)*(?:收|换|拿|接|扫街?|加|认识|介绍|来|有|陌拜)(?:了|到|到了)?(?:一?[张个家位条])?(?:新)?(?:名片|客户|线索|公司|询盘)?|(?:刚|刚刚|又|在|我|客户|线索|名片|新进|进来)+)(?:，|：|叫|是)*"
)
"""How a story of a new customer begins before it comes to the name."""

_SURNAMED: Final = re.compile(
    r"(?P<title>老板|经理|总监|主任|厂长|负责人|采购|老师)姓(?P<surname>[一-龥])(?=$|[\s，,。；;])"
)
_SIZE: Final = re.compile(r"\d+\s?(?:人|员工|多人|来人)|人以上|以上规模")
_DIGITS_OF_A_CODE: Final = 8
_CREDIT_CODE: Final = re.compile(
    r"(?:(?:统一社会)?信用代码|纳税人识别号|税号)?(?:是|为|：|:|\s)*(?<![0-9A-Za-z])([0-9A-Za-z]{18})(?![0-9A-Za-z])"
)
_PRODUCT_TAIL: Final = re.compile(r"^\s?(?:的)?([A-Za-z一-龥][A-Za-z0-9一-龥\-]{0,11})")


def read_lead_form(draft: Draft) -> None:
    """A new lead or customer: name, person, numbers, source and what they want, labelled or not."""
    read_said_fields(draft, "lead" if draft.intent.name == "lead.create" else "account")
    labelled = _LABELLED.findall(draft.text)
    if len(labelled) > 1:
        _labelled(draft, labelled)
    read_phone(draft)
    read_email(draft)
    _credit_code(draft)
    read_source(draft)
    for piece in draft.marked(INDUSTRY):
        before = draft.sentence.text[piece.start - 1 : piece.start]
        if not before.isalpha() or before in "是：的":
            draft.put("industry", piece.value, piece)
            break
    for piece in draft.marked(QUANTITY):
        draft.put("quantity", number(piece.value.value), piece.words)
        tail = _PRODUCT_TAIL.match(draft.sentence.text[piece.end : draft.end])
        if tail:
            draft.put("product", trimmed(tail[1]), tail[1])
        break
    _refuse_half_numbers(draft)
    _person(draft)
    if "customer" not in draft.slots:
        _company_and_need(draft)
    name = str(draft.slots.get("customer", ""))
    places = sorted(draft.marked(REGION), key=lambda piece: piece.words in name)  # a place that is said goes first
    if places:
        draft.put("region", places[0].value.name, places[0].words)


def _credit_code(draft: Draft) -> None:
    """Eighteen signs that are a company's number at the state; with a slip in them they are still meant as one."""
    for hit in _CREDIT_CODE.finditer(draft.sentence.text, draft.start, draft.end):
        if sum(sign.isdigit() for sign in hit[1]) >= _DIGITS_OF_A_CODE and not draft.is_reserved(*hit.span()):
            draft.put("credit_code", hit[1].upper(), hit[0])
            draft.used.append(hit.span())
            return


def _refuse_half_numbers(draft: Draft) -> None:
    """Digits that are almost a phone number are a slip that nobody would find later."""
    if "phone" in draft.slots:
        return
    for hit in re.finditer(r"(?<![\dA-Za-z.])[+\d][\d-]{7,15}(?![\d万wW元台套个人.])", draft.text):
        place = draft.start + hit.start()
        if not any(start <= place < end for start, end in draft.used) and not any(
            p.start <= place < p.end for p in draft.sentence.pieces
        ):
            raise BadInput(f"「{hit[0]}」不是有效的电话号码，请核对后再发一次，没有记录任何内容")


def _labelled(draft: Draft, found: list[tuple[str, str]]) -> None:
    for label, value in found:
        slot = next(name for name, words in _LABELS.items() if label in words)
        said = value.strip(SEPARATORS)
        if said and slot not in ("phone", "email"):
            draft.put(slot, said, f"{label}：{said}")


def _person(draft: Draft) -> None:
    text = draft.sentence.text
    if surnamed := _SURNAMED.search(text, draft.start, draft.end):
        draft.put("contact", surnamed["surname"] + surnamed["title"], surnamed[0])
        draft.used.append(surnamed.span())
        return
    for person in find_people(text):
        if (
            draft.start <= person.start
            and person.end <= draft.end
            and not _COMPANY.search(text[person.start : person.end + 2])
            and not draft.is_reserved(person.start, person.end)
        ):
            draft.put("contact", person.name, person.name)
            draft.used.append((person.start, person.end))
            return
    named = re.search(
        r"(?:联系人|对接人|负责人|姓名)(?:是|叫|为|：|:|\s)*([一-龥]{2,4})(?=[\s,，。;；\d]|电话|手机|$)", draft.text
    )
    if named:
        draft.put("contact", named[1], named[0])
        draft.used.append((draft.start + named.start(), draft.start + named.end()))


def _company_and_need(draft: Draft) -> None:
    """The first words that are left are the company, the others what is wanted."""
    text = draft.sentence.text
    rest: list[str] = []
    for start, end in draft.left():
        label = _LABEL_WORD.match(text[start:end])
        bare = label.end() if label and start + label.end() < end else 0
        words = draft.said(start + bare, end).strip(SEPARATORS)
        words = re.sub(r"(?:电话|手机|手机号|号码|邮箱|微信|联系方式)(?:是|为)?$", "", words)
        words = _LEAD_IN.sub("", words)
        if not words or words in (
            "加",
            "记",
            "录",
            "一下",
            "吧",
            "了",
            "的",
            "有",
            "是",
            "在",
            "和",
            "，",
            "来的",
            "个",
            *_LABELS["contact"],
            *(piece.words for piece in draft.marked(REGION) if "customer" in draft.slots or rest),
        ):
            continue
        rest.append(words)
    for place, words in enumerate(rest):
        if "customer" not in draft.slots and not _WANTS.match(words) and not _SIZE.search(words):
            if (
                "contact" not in draft.slots
                and is_full_name(words)
                and place + 1 < len(rest)
                and _COMPANY.search(rest[place + 1])
            ):
                draft.put("contact", words, words)
                continue
            name, want = words, ""
            if (hit := _WANTS.search(words)) and hit.start() >= 2 and not _COMPANY.search(words):  # noqa: PLR2004
                name, want = words[: hit.start()], words[hit.start() :]
            draft.put("customer", re.sub(r"^(?:是|叫|有个|一家|的)|(?:，|说|那边)$", "", name), name)
            rest[place] = want
            break
    if "contact" not in draft.slots:
        for words in rest:
            if is_full_name(words) and words != draft.slots.get("customer") and not _WANTS.match(words):
                draft.put("contact", words, words)
                rest[rest.index(words)] = ""
                break
    need = "，".join(filter(None, (words for words in rest if words != draft.slots.get("customer"))))
    draft.put("content", need, need)


def read_contact_card(draft: Draft) -> None:
    """A contact person with numbers, and the customer they belong to."""
    text = draft.sentence.text
    found = draft.marked(CUSTOMER)
    if found:
        mentioned(draft, "customer", found[0])
    for piece in draft.marked(CONTACT):
        draft.put(
            "contact", piece.words, piece, piece.value.candidates[0].ref if len(piece.value.candidates) == 1 else ""
        )
        if not found:
            mentioned(draft, "customer", piece)
    read_phone(draft)
    read_email(draft)
    if "contact" in draft.slots:
        return
    for person in find_people(text):
        if (
            draft.start <= person.start
            and person.end <= draft.end
            and not any(p.start < person.end and person.start < p.end for p in found)
        ):
            draft.put("contact", person.name, person.name)
            return
    if (called := _CALLED.search(text, draft.start, draft.end)) and is_full_name(called[1]):
        draft.put("contact", called[1], called[1])
        return
    for start, end in draft.left():
        words = re.sub(
            r"(?:电话|手机|手机号|号码|邮箱|微信|的|是|加|：)+$|^(?:的|联系人|叫|是|给|加)+", "", text[start:end]
        )
        if is_full_name(words) or (re.fullmatch(r"[一-龥]{2,3}", words) and is_full_name(words)):
            draft.put("contact", words, words)
            return


_SEVERAL: Final = re.compile(r"[Ll#]?\d{1,8}号?(?:\s?[,，、;；和]\s?[Ll#]?\d{1,8}号?)+")


def read_claimed(draft: Draft) -> None:
    """Which lead is claimed, or how many of which kind."""
    if (group := draft.group("customer")) is not None and not draft.marked(CUSTOMER):
        draft.ask("customer", str(NotFound(draft.said(*group))))
        return
    numbered = re.search(r"(?:^|[领取走抢号条 ])[Ll#]?(\d{1,8})号?$", draft.text.strip(SEPARATORS + "吧的"))
    found = draft.marked(CUSTOMER)
    several = _SEVERAL.search(draft.text)
    if several is not None and not found:
        draft.put("numbers", several[0], several[0])
        return
    if found:
        mentioned(draft, "customer", found[0])
        return
    counted = re.search(rf"(\d{{1,2}}|[{CHINESE_DIGIT}十]{{1,2}}|几)\s?[个条家](?!客户经理)", draft.text)
    if counted is not None:
        value = 3 if counted[1] == "几" else int(read_numeral(counted[1]) or 0)
        draft.put("count", value, counted[0])
    elif numbered is not None:
        ref = Ref("lead", int(numbered[1]))
        pooled = [lead for lead in draft.ctx.uow.leads.find([LeadId(ref.id)]) if lead.owner_id is None]
        name = pooled[0].name if pooled and may_open_pool(draft.ctx.member) else str(ref)
        draft.put("customer", name, numbered[1], f"lead:{ref.id}")
        return
    raw = _claimed_name(draft)
    if raw and "count" not in draft.slots:
        draft.put("customer", raw, raw)
        return
    read_region(draft)
    read_industry(draft)
    read_source(draft)
    if not ({"count", "region", "industry", "source"} & draft.slots.keys() or draft.choices) and draft.call is not None:
        end = draft.sentence.span(draft.call.start, draft.call.end)[1]
        start = draft.sentence.span(draft.call.start, draft.call.start)[0]
        words = re.sub(
            r"^.*?(?:公海里?的?(?:那[个家条])?|领取|认领|领|抢)|(?:我要|我来|归我|给我|我领|领了?|认领|我拿|要了).*$",
            "",
            draft.said(start, max(end, draft.end)),
        )
        words = trimmed(words)
        if 2 <= len(words) <= 20 and words not in ("线索", "客户"):  # noqa: PLR2004 - a company's name
            draft.put("customer", words, words)
    if ({"region", "industry", "source"} & draft.slots.keys() or draft.choices) and "count" not in draft.slots:
        draft.put("count", 1, "")
    if "customer" not in draft.slots and "count" not in draft.slots:
        draft.ask("customer")


def _claimed_name(draft: Draft) -> str:
    """The name of a lead that is on no record we may see: 领取 华东机电, but not 领取 华东的线索."""
    hit = re.search(
        r"^(?:我?要?)?(?:领取|认领|领)\s?(?:线索)?\s?(?P<name>[一-龥A-Za-z0-9（）()]{3,30})$",
        draft.text.strip(SEPARATORS + "吧"),
    )
    if hit is None or re.search(r"线索|客户|[的个条]$|^的|[个条家]|公海", hit["name"]):
        return ""
    kinds = [p for p in draft.sentence.pieces if p.mark in (REGION, INDUSTRY, SOURCE) and p.words == hit["name"]]
    return "" if kinds else hit["name"]


def read_checked(draft: Draft) -> None:
    """Whom to look for: a company by its name, on record or not, or a number."""
    read_phone(draft)
    group = draft.group("customer")
    if group is not None:
        start, end = group
        named = [p for p in draft.sentence.marked(CUSTOMER, start, end) if (p.end - p.start) * 2 > end - start]
        if named and len(named[0].value.candidates) == 1:
            mentioned(draft, "customer", named[0])
            return
        words = re.sub(
            r"^(?:一下|看看|看下|下|看|一查|查|问问|问下|有没有人在跟|帮|我)+|(?:有没有人|是不是|有没有|这家|这个|公司现在|现在|目前|在|有|是|的)+$",
            "",
            draft.said(start, end),
        )
        draft.put("customer", words.strip(SEPARATORS), words)
    if "customer" not in draft.slots and "phone" not in draft.slots:
        words = left_words(draft)
        draft.put("customer", words, words)
    if "phone" in draft.slots and "customer" not in draft.slots:
        draft.slots["customer"] = ""


def read_deal_kind(draft: Draft) -> None:
    """Of which kind a deal is, where the company has several and one of them is named."""
    kinds = [one.name for one in draft.ctx.uow.playbook.pipelines]
    for name in kinds if len(kinds) > 1 else ():
        place = draft.text.find(name)
        if place >= 0:
            draft.used.append((draft.start + place, draft.start + place + len(name)))
            draft.put("kind", name, name)
            return


_OF_A_DEAL: Final = re.compile(r"预算|决策|拍板|说了算|做主|需求|要\s?\d|对手|竞品|友商|预计|总价|总?金额")

_NAMES_ITSELF: Final = re.compile(r"(?:竞争)?(?:对手|竞品|友商)(?:是|为|：|有)|决策人(?:是|为|：)|^预算")


def read_deal_words(draft: Draft) -> None:
    """What was said of a deal beside its stage: behind the words that call it, and before them what a deal has."""
    read_after(draft)
    if draft.call is None or "reason" in draft.slots:
        return
    start, _ = draft.sentence.span(draft.call.start, draft.call.end)
    begin = max((piece.end for piece in draft.marked(CUSTOMER) if piece.end <= start), default=draft.start)
    parts = [part.strip(SEPARATORS) for part in re.split("[，,；;。]", draft.said(begin, start))]
    before = "，".join(part for part in parts if _OF_A_DEAL.search(part))
    if before:
        after = draft.slots.pop("content", "")
        draft.put("content", "，".join(filter(None, (before, after))), before)


def read_deal_facts(draft: Draft) -> None:
    """What the sentence says of a deal beside winning it: only what names itself, such as the competitor."""
    parts = [part.strip(SEPARATORS) for part in re.split("[，,；;。]", draft.text)]
    facts = "，".join(part for part in parts if _NAMES_ITSELF.search(part))
    draft.put("content", facts, facts)


def read_deal_product(draft: Draft) -> None:
    """What a deal is about: the words that are left, the first of them."""
    for start, end in draft.left():
        words = re.sub(
            r"^(?:一?个|新|给|为|的|是|叫|名称|名字|商机|单子|金额|预计|大概|约|差不多|左右|转成|把|预算|做|关于)+|(?:的|左右|签|成交|单子|商机|吧|了|预计|金额|大概|差不多|建|建个|这个)+$",
            "",
            draft.said(start, end).strip(SEPARATORS),
        )
        if (
            len(words) > 1
            and re.search(r"[A-Za-z0-9一-龥]", words)
            and not re.search(
                r"^(?:顺便|另外|然后|同时|这[个家条]|那[个家条]|预计|金额|合同|左右|客户|大概|阶段|了|签约|转)", words
            )
        ):
            draft.put("product", words, words)
            return


def read_plan_content(draft: Draft) -> None:
    """What a planned contact is for."""
    words = left_words(draft)
    words = re.sub(r"^(?:去|联系|约|拜访|跟|和|要|到|见)(?=.{2})|(?:帮我|帮|记一下|记|一下|，)+$", "", words)
    if len(words) > 1 and words not in ("帮我", "去", "联系"):
        draft.put("content", words, words)


def read_reminder_content(draft: Draft) -> None:
    """What to be reminded of."""
    used = [(p.start, p.end) for p, _ in times_in(draft)[:1]]
    if draft.call is not None and draft.call.score:  # a guess has no words of its own
        used.append(draft.sentence.span(draft.call.start, draft.call.end))
    hit = re.search(r"提醒我?(?:一下|一声)?|[叫喊]我(?:一声|一下)?|别忘了|记得|闹钟", draft.text)
    if hit:
        used.append((draft.start + hit.start(), draft.start + hit.end()))
    draft.used = used
    parts = [
        re.sub(r"^(?:一下|一声|下|我|，|要|去(?=[^，]{2}))+|(?:吧|哈|啊|哦)+$", "", draft.said(start, end))
        for start, end in draft.left()
    ]
    content = "，".join(part for part in parts if part and part not in ("我", "下", "一下", "要", "去"))
    content = re.sub(r"^(?:我|要|去)(?=.{2})", "", content)
    if content:
        draft.put("content", content, content)
    for piece in draft.marked(CUSTOMER):
        if len(piece.value.candidates) == 1:
            draft.put("customer", piece.value.candidates[0].name, piece.words, piece.value.candidates[0].ref)
    for piece in draft.marked(CONTACT):
        if len(piece.value.candidates) == 1 and "customer" not in draft.slots:
            mentioned(draft, "customer", piece)


def read_term(draft: Draft) -> None:
    """A word that shall mean a customer, and which."""
    group = draft.group("term")
    if group is not None:
        words = trimmed(draft.said(*group))
        draft.put("term", words, words)
    after = [p for p in draft.marked(CUSTOMER) if group is None or p.start >= group[1]]
    if after:
        mentioned(draft, "meaning", after[-1])


def read_forgotten(draft: Draft) -> None:
    """The word that shall mean nothing any more."""
    if draft.call is not None:
        words = trimmed(draft.said(draft.sentence.span(draft.call.start, draft.call.end)[1], draft.end))
        draft.put("term", words, words)
