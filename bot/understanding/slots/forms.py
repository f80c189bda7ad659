"""Slots that are read together: a contact, a claim, what a deal is about, a reminder, a term."""

import re
from typing import Final

from bot.understanding.nearness import is_near
from bot.understanding.numerals import CHINESE_DIGIT, read_numeral
from bot.understanding.sentence import (
    CONTACT,
    CUSTOMER,
    INDUSTRY,
    REGION,
    SOURCE,
)
from bot.understanding.slots.basics import (
    left_words,
    read_industry,
    read_phone,
    read_region,
    read_source,
    trimmed,
)
from bot.understanding.slots.draft import SEPARATORS, Draft, mentioned
from bot.understanding.slots.moments import times_in
from bot.understanding.slots.reasons import read_after
from core.errors import NotFound
from core.model.ids import LeadId, Ref
from core.rules.permissions import may_open_pool
from core.services.duplicates import on_record
from core.services.naming import find_pooled

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
        _claim_by_name(draft, raw)
        return
    read_region(draft)
    read_industry(draft)
    read_source(draft)
    if not ({"count", "region", "industry", "source"} & draft.slots.keys() or draft.choices) and draft.call is not None:
        end = draft.sentence.span(draft.call.start, draft.call.end)[1]
        start = draft.sentence.span(draft.call.start, draft.call.start)[0]
        words = re.sub(
            r"^.*?(?:公海里?的?(?:那[个家条])?|领取|认领|领|抢)(?:一?下)?|(?:我要|我来|归我|给我|我领|领了?|认领|我拿|要了).*$",
            "",
            draft.said(start, max(end, draft.end)),
        )
        words = trimmed(words)
        if 2 <= len(words) <= 20 and words not in ("线索", "客户"):  # noqa: PLR2004 - a company's name
            _claim_by_name(draft, words)
            return
    if ({"region", "industry", "source"} & draft.slots.keys() or draft.choices) and "count" not in draft.slots:
        draft.put("count", 1, "")
    if "customer" not in draft.slots and "count" not in draft.slots:
        draft.ask("customer")


def _claim_by_name(draft: Draft, words: str) -> None:
    """Take the lead that is called so; a name that is on no record is asked about."""
    uow = draft.ctx.uow
    if find_pooled(uow, words) or uow.leads.pooled(words=words, limit=1) or on_record(uow, words, None):
        draft.put("customer", words, words)
    else:
        draft.ask("customer", str(NotFound(words)))


def _claimed_name(draft: Draft) -> str:
    """The name of a lead that is on no record we may see: 领取 华东机电, but not 领取 华东的线索."""
    hit = re.search(
        r"^(?:我?要?)?(?:领取|认领|领)(?:一下|下)?\s?(?:线索)?\s?(?P<name>[一-龥A-Za-z0-9（）()]{3,30})$",
        draft.text.strip(SEPARATORS + "吧"),
    )
    if hit is None or re.search(r"线索|客户|[的个条]$|^的|[个条家]|公海", hit["name"]):
        return ""
    kinds = [p for p in draft.sentence.pieces if p.mark in (REGION, INDUSTRY, SOURCE) and p.words == hit["name"]]
    return "" if kinds else hit["name"]


_SAYS_MORE: Final = re.compile(r"现在|目前|那边|这[家个]|的|到底|走到|进展|最近|[今去]年|上周|本周")
"""What goes on behind a customer's name and is no part of it."""


def read_checked(draft: Draft) -> None:
    """Whom to look for: a company by its name, on record or not, or a number."""
    read_phone(draft)
    group = draft.group("customer")
    named = draft.marked(CUSTOMER)
    if group is None and named and len(named[0].value.candidates) == 1:
        mentioned(draft, "customer", named[0])
        return
    if group is not None:
        start, end = group
        named = [p for p in draft.sentence.marked(CUSTOMER, start, end) if (p.end - p.start) * 2 > end - start]
        named = named or [
            p
            for p in draft.sentence.marked(CUSTOMER, start, end)
            if p.start == start and _SAYS_MORE.match(draft.sentence.text, p.end)
        ]
        if named and len(named[0].value.candidates) == 1 and not is_near(named[0].value):
            mentioned(draft, "customer", named[0])
            return
        words = re.sub(
            r"^(?:一下|看看|看下|下|看|一查|查|问问|问下|有没有人在跟|帮|我|想|要|先|再|确认|核实|核对|打听|知道|搞清楚|弄清楚|了解|请教|问|查查|确定)+|(?:有没有人|是不是|有没有|这家|这个|公司现在|现在|目前|在|有|是|(?<!美)的)+$",
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

_NAMES_ITSELF: Final = re.compile(
    r"(?:竞争)?(?:对手|竞品|友商)(?:是|为|：|有|\s)|(?:决策|拍板的?)人?(?:是|为|：)|(?:决策|拍板)人\s?(?=[一-龥])|说了算的?是|预算(?:是|有|大概|大约|差不多|：)*(?=[\d一二两三四五六七八九十小])|(?:拍板|说了算|做主)(?:的)?$"
)


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
    parts = [
        part.strip(SEPARATORS)
        for part in re.split(
            r"[，,；;。]|(?<![是为：:有])(?<!决策人)(?<!拍板人)(?<!竞品)(?<!对手)(?<!预算)\s+", draft.text
        )
    ]
    facts = "，".join(re.sub("^.*?(?=预算)", "", part) for part in parts if _NAMES_ITSELF.search(part))
    draft.put("content", facts, facts)


def read_deal_product(draft: Draft) -> None:
    """What a deal is about: the words that are left, the first of them."""
    behind = draft.sentence.span(draft.call.start, draft.call.end)[1] if draft.call is not None else draft.start
    for start, end in sorted(draft.left(), key=lambda place: place[0] < behind):
        words = re.sub(
            r"^(?:一?个|再|帮|我|立个|立一个|开个|建个|报个|顺带|顺便|要做|打算上|打算|准备上|一批|想要|想上|要上|需要|又要|又冒出|冒出|一单|还有|又有|又来|有|来|这回|这次|然后|那边|新|给|为|的|是|叫|名称|名字|商机|单子|金额|预计|大概|约|差不多|左右|转成|把|预算|做|关于)+|(?:的项目|的|左右|签|成交|单子|商机|吧|了|预计|金额|大概|差不多|建|建个|这个|又来|又来了)+$",
            "",
            draft.said(start, end).strip(SEPARATORS),
        )
        if (
            len(words) > 1
            and re.search(r"[A-Za-z0-9一-龥]", words)
            and not re.search(
                r"^(?:顺便|另外|然后|同时|这[个家条]|那[个家条]|预计|金额|合同|左右|客户|大概|阶段|了|签约|转|成熟|有戏|可以|差不多|稳了|聊|谈|他们|对方|升级|升成|转正)",
                words,
            )
        ):
            draft.put("product", words, words)
            return


def read_plan_content(draft: Draft) -> None:
    """What a planned contact is for."""
    words = left_words(draft)
    words = re.sub(
        r"^(?:去|联系|约|拜访|跟|和|要|到|见)(?=.{2})|(?:帮我|帮|记一下|记着|记住|记下来?|记|一下|，)+$|^个(?:电话|会|面|时间)$",
        "",
        words,
    )
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
        words = re.sub("的?(?:这|那)个(?:叫法|说法|词|称呼)$", "", words)
        draft.put("term", words, words)
