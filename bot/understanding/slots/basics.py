"""Slots that most intents share: customer, people, money, words."""

import re
from decimal import Decimal
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.numerals import read_numeral
from bot.understanding.people import is_full_name
from bot.understanding.sentence import (
    AMOUNT,
    CUSTOMER,
    EMAIL,
    INDUSTRY,
    PHONE,
    QUANTITY,
    REGION,
    SOURCE,
    STAGE,
    TIME,
    Piece,
)
from bot.understanding.slots.draft import SEPARATORS, Draft, customers_in, joined, members_in, mentioned
from bot.understanding.words import load_words
from core.model.member import Role

_WEAK_EDGES: Final = r"(?:那边|这边|那里|那个|这个|那条|这条|那家|这家|一下|吧|啊|呀|哈|了(?!解|结)|的|呢|把|给|将|先|再|就|也|都|和|跟|与|原因|理由|是|为|因为|由于|备注|说明|[：:])+"
_EDGES: Final = re.compile(rf"^{_WEAK_EDGES}|(?:吧|啊|呀|哈|呢|的|哦|啦|嘛)+$")
_ASKING: Final = frozenset({"能不能", "可不可以", "行不行", "可以吗", "能否", "一眼", "好吗"})
_NUMBERED: Final = re.compile(
    r"(?:退回|退掉|退还|放弃|释放|作废|公海|线索)\s?(?:线索)?\s?[Ll#]?(?P<number>[1-9]\d{0,7})(?![\d台个万元折%])号?"
)
_TAGS_LEAD: Final = re.compile(r"^(?:个|一个|上|了|为|成|：|:|\s|俩|两个|叫|是)+")
_OF_STAGES: Final = frozenset({"funnel.explain", "deal.stale"})
_STAGE_WORD: Final = re.compile("报价|谈判|方案|需求|接洽")
_ROLE_WORDS: Final = {
    "财务": Role.FINANCE, "法务": Role.LEGAL, "总监": Role.DIRECTOR, "市场": Role.MARKETING, "管理员": Role.ADMIN,
}  # fmt: skip


def read_customer(draft: Draft) -> None:
    """The customer that is named, or the one behind the contact person that is."""
    if draft.slots.get("customer"):
        return
    found = customers_in(draft)
    if found:
        called = draft.group("customer")
        within = [p for p in found if called is not None and called[0] <= p.start and p.end <= called[1]]
        if not within and draft.call is not None and draft.intent.name.startswith("plan."):
            start, end = draft.call.clause.span  # 华为的不变，绿源的往后延三天
            within = [p for p in found if start <= p.start and p.end <= end]
        mentioned(draft, "customer", (within or found)[0])
        return
    numbered = _NUMBERED.search(draft.text) if draft.intent.name.startswith("lead.") else None
    if numbered is not None:
        draft.used.append((draft.start + numbered.start("number"), draft.start + numbered.end("number")))
        draft.put("customer", f"L{numbered['number']}", numbered["number"], f"lead:{numbered['number']}")


def read_customer_if(draft: Draft) -> None:
    """A customer where one may be named but need not."""
    read_customer(draft)


def read_member(draft: Draft) -> None:
    """The colleague who is named; of an approval not the one whose request it is: 张伟那单转老赵."""
    found = members_in(draft)
    if draft.intent.name.startswith("approval."):
        found = [p for p in found if not _HAS_ASKED.match(draft.sentence.text, p.end)] or found
        found = [p for p in found if not _UNABLE.match(draft.sentence.text, p.end)] or found
    if found:
        mentioned(draft, "member", found[-1] if draft.intent.name in ("lead.assign", "approval.transfer") else found[0])


_HAS_ASKED: Final = re.compile(r"\s?(?:的|那(?!边|头|里|儿)|这(?!边|里)|报|提(?!醒)|交|申请)")
"""What follows whoever has asked for a decision."""

_UNABLE: Final = re.compile(r"\s?(?:也|又|那天|这次|正好)*(?:不行|不在|没空|不方便|忙|请假|出差|休假|来不了)")
"""What follows somebody who cannot do it: 陈晨不行，给赵敏."""


def read_members(draft: Draft) -> None:
    """Every colleague who is named."""
    found = members_in(draft)
    names = [p.value.candidates[0].name for p in found if p.value.candidates]
    if names:
        draft.put("members", list(dict.fromkeys(names)), joined(p.words for p in found))
        draft.refs["members"] = list(dict.fromkeys(p.value.candidates[0].ref for p in found if p.value.candidates))


def read_role_member(draft: Draft) -> None:
    """A colleague by name, or the one who does a job: 财务, 法务. Whom the calling words name counts before others."""
    group = draft.group("member")
    hit = re.search("|".join(_ROLE_WORDS), draft.text)
    named = [p for p in members_in(draft) if not _HAS_ASKED.match(draft.sentence.text, p.end)]
    is_role = hit is not None and (not named if group is None else group[0] <= draft.start + hit.start() < group[1])
    if not is_role:
        read_member(draft)
    if "member" in draft.slots or draft.choices:
        return
    if hit is None:
        return
    role = _ROLE_WORDS[hit[0]]
    able = [member for member in draft.ctx.uow.members.everybody() if member.active and role in member.roles]
    if len(able) == 1:
        draft.put("member", able[0].name, hit[0], f"member:{able[0].id}")
    elif able:
        draft.choices["member"] = tuple((member.name, f"member:{member.id}") for member in able[:8])
        draft.ask("member", f"{hit[0]}有多位同事，要谁看？")


_BELOW_NOTHING: Final = re.compile(r"(?:(?<![\dA-Za-z])[-−－]|负的?)\s?$")


def read_amount(draft: Draft) -> None:
    """The amount of money, in yuan: the one that the calling words reach, or else the first."""
    found = draft.marked(AMOUNT)
    if found:
        piece = meant(draft, found)
        if draft.intent.name.startswith("deal.") and _BELOW_NOTHING.search(
            draft.text[: piece.start - draft.start][-4:]
        ):
            return  # no deal is worth less than nothing, and what was said is no sum
        if draft.intent.name.startswith(_IN_YUAN) and piece.value.currency != "CNY":
            draft.used.append((piece.start, piece.end))
            draft.ask("amount", f"金额按人民币记，「{piece.words}」合多少人民币？")
            return
        if draft.intent.name.startswith(_IN_YUAN) and _BARE.fullmatch(piece.words) and piece.value.yuan < _SMALL:
            draft.used.append((piece.start, piece.end))
            draft.ask("amount", f"「{piece.words}」是多少？请带上单位，例如「{piece.words}万」")
            return
        draft.put("amount", plain(piece.value.yuan), piece)


_BARE: Final = re.compile(r"\d{1,3}(?:\.\d+)?")
_SMALL: Final = 1000
"""Below it a figure without a unit may as well be so many 万: 签了 68."""

_IN_YUAN: Final = ("deal.", "contract.", "invoice.")


def meant(draft: Draft, found: list[Piece]) -> Piece:
    """Choose among several figures: 从A改到B is B, and 合同50万，回了20万 is what the calling words reach."""
    text = draft.sentence.text
    found = _taxed(draft, found)
    right = [p for p in found if _RIGHT.match(text, p.end)]
    found = right or [p for p in found if not _IS_NOT.search(text[draft.start : p.start])] or found
    reached = [p for p in found if re.search(r"(?:到|至|成|为|改|→|->)了?\s?$", text[draft.start : p.start])]
    if reached:
        return reached[-1]
    if draft.intent.name == "deal.amend":
        found = [p for p in found if _IN_ALL.search(text, draft.start, p.start)][-1:] or found
    if len(right or found) == 1:
        return found[0]
    if _MENDED.search(text[found[-2].end : found[-1].start]):
        return found[-1]
    if draft.call is not None and len(found) > 1:
        start, end = draft.sentence.span(draft.call.start, draft.call.end)
        within = [p for p in found if start <= p.start and p.end <= end]
        behind = [p for p in found if p.start >= end]
        return (within[-1:] or behind or found)[0]
    return found[0]


_IN_ALL: Final = re.compile(
    r"(?:总[价共额]|一共|合计|共计|现在|变成?|变为|成了|最后|最终|加起来)(?:是|为|到|就|的|[，,\s])*$"
)
"""What stands before what a thing comes to in the end: 加了两万的维保 总价58万."""


def _taxed(draft: Draft, found: list[Piece]) -> list[Piece]:
    """Leave out the sum without tax where one with tax stands beside it, unless the former is said to count."""
    text = draft.sentence.text
    without = [p for p in found if _UNTAXED.search(text, draft.start, p.start) or _UNTAXED_BEHIND.match(text, p.end)]
    if not without or len(without) == len(found):
        return found
    return without if _COUNTS_UNTAXED.search(draft.text) else [p for p in found if p not in without]


_UNTAXED: Final = re.compile(r"(?:不含税|未税|税前|裸)价?(?:是|为|：|:|\s)*$")
_UNTAXED_BEHIND: Final = re.compile(r"\s?[（(]?(?:不含税|未税|税前)")
_COUNTS_UNTAXED: Final = re.compile(r"按(?:照)?(?:不含税|未税|税前)")
_MENDED: Final = re.compile("不对|错了|说错|口误|更正")
_RIGHT: Final = re.compile(r"\s?(?:才对|才是|是对的|为准)")
_IS_NOT: Final = re.compile(r"(?:不是|不应该是|而不是|误写成|写成|错写成|记成|录成|输成|当成)了?\s?$")
"""What stands before a figure that is the wrong one: 是12万不是21万."""


def read_quantity(draft: Draft) -> None:
    """How many."""
    found = draft.marked(QUANTITY)
    if found:
        draft.put("quantity", number(found[0].value.value), found[0])


def read_phone(draft: Draft) -> None:
    """The phone number."""
    found = draft.marked(PHONE)
    if found:
        draft.put("phone", found[0].value.number, found[0])


def read_email(draft: Draft) -> None:
    """The mail address."""
    found = draft.marked(EMAIL)
    if found:
        draft.put("email", found[0].value, found[0])


def read_region(draft: Draft) -> None:
    """The place."""
    found = draft.marked(REGION)
    if not found:
        return
    names = list(dict.fromkeys(piece.value.name for piece in found))
    between = draft.sentence.text[found[0].end : found[-1].start]
    if len(names) > 1 and _OR.fullmatch(re.sub("|".join(map(re.escape, names)), "", between)):
        draft.choices["region"] = tuple((name, name) for name in names)
        draft.used += [(piece.start, piece.end) for piece in found]
        draft.ask("region", "一次按一个地区找，先要哪个？")
        return
    draft.put("region", found[0].value.name, found[0])


_OR: Final = re.compile(r"(?:或者?|还是|和|跟|及|以及|、|，|,|/|\s|的|省|市)+")


def read_pool_words(draft: Draft) -> None:
    """Other words that narrow the pool down."""
    group = draft.group("text")
    if group is not None and not {"region", "industry", "source"} & draft.slots.keys():
        words = trimmed(draft.said(*group))
        draft.put("words", words, words)


def read_industry(draft: Draft) -> None:
    """The trade."""
    found = draft.marked(INDUSTRY)
    if found:
        draft.put("industry", found[0].value, found[0])
    elif (said := _TRADE.search(draft.text)) is not None:
        draft.put("industry", said["does"] or said["named"], said[0])


_TRADE: Final = re.compile(
    r"(?:做|搞|卖|干|生产)(?P<does>[一-龥]{2,5}?)(?:行业|生意)?的(?!事|那)|(?:^|[的个条家里Ⓡ有])(?P<named>[一-龥]{2,4}?)行业的?"
)
"""A trade in whatever words: 池子里有没有搞食品的."""


def read_source(draft: Draft) -> None:
    """Where it came from."""
    found = draft.marked(SOURCE)
    if found:
        draft.put("source", found[0].value, found[0])


def read_campaign(draft: Draft) -> None:
    """Which campaign or channel is meant; here a bare 抖音 is enough."""
    read_source(draft)
    listed: dict[str, dict[str, list[str]]] = load_words("sources")
    found = [
        (draft.text.index(word), word, name)
        for name, kinds in listed.items()
        for word in (*kinds["words"], *kinds.get("doubtful", ()))
        if word in draft.text
    ]
    if found:
        _, word, name = min(found)
        draft.put("source", name, word)


def read_stage(draft: Draft) -> None:
    """The stage by its name, or by the word that a cue caught for it."""
    found = draft.marked(STAGE)
    if found:
        draft.put("stage", found[-1].value, found[-1])
        return
    group = draft.group("stage")
    place = _STAGE_WORD.search(draft.text) if group is None and draft.intent.name in _OF_STAGES else None
    if place is not None:
        group = (draft.start + place.start(), draft.start + place.end())
    if group is not None:
        words = draft.sentence.text[group[0] : group[1]]
        short = {"谈判": "商务谈判", "商谈": "商务谈判", "报价": "方案报价", "方案": "方案报价", "需求": "需求确认",
                 "接洽": "初步接洽", "签约": "商务谈判", "合同": "商务谈判", "商务": "商务谈判", "价格": "商务谈判", "议价": "商务谈判"}  # fmt: skip
        draft.put("stage", short.get(words, words), words)


def read_tags(draft: Draft) -> None:
    """The tags, before or behind the word 标签."""
    group = draft.group("tags")
    text = draft.sentence.text
    before = text[slice(*group)] if group else ""
    after = text[draft.sentence.span(draft.call.start, draft.call.end)[1] : draft.end] if draft.call else ""
    for piece in draft.marked(CUSTOMER):
        before, after = before.replace(piece.words, " "), after.replace(piece.words, " ")
    words = before if _tags_of(before) else after
    times = [piece.words for piece in draft.sentence.pieces if piece.mark == TIME]
    tags = [tag for tag in _tags_of(words) if not any(time in tag for time in times)]
    if tags:
        draft.put("tags", tags, words.strip(SEPARATORS))


def _tags_of(words: str) -> list[str]:
    plain_words = re.sub(
        r"(?:这|那|两|三|几|一)?个$|(?:这个|那个|的)$|标签",
        "",
        _TAGS_LEAD.sub("", words.strip(SEPARATORS)).strip(SEPARATORS),
    )
    parts = re.split(r"[、，,;；\s/]+|和|以及|还有", plain_words)
    return [
        tag
        for part in parts
        if (tag := _TAGS_LEAD.sub("", part.strip(SEPARATORS + '「」“”"')).strip(SEPARATORS + '「」“”"的'))
        and tag not in ("吧", "一下", "去掉", "给", "了", "上")
    ]


def left_words(draft: Draft) -> str:
    """What the act says beside everything that was understood."""
    kept = []
    for start, end in draft.left():
        words = trimmed(draft.said(start, end))
        if len(words) > 1 and not re.fullmatch(_WEAK_EDGES, words) and words not in _ASKING:
            kept.append(words)
    return "，".join(kept)


def trimmed(words: str) -> str:
    """Drop particles around words."""
    return _EDGES.sub("", _EDGES.sub("", words.strip(SEPARATORS))).strip(SEPARATORS)


def read_number(draft: Draft) -> None:
    """Which of the things that were offered."""
    group = draft.group("number")
    if group is not None:
        words = draft.sentence.text[slice(*group)]
        draft.put("number", number(read_numeral(words) or Decimal(0)), words)


def read_what(draft: Draft) -> None:
    """What is to be taken back."""
    group = draft.group("what")
    if group is not None:
        words = draft.sentence.text[group[0] : group[1]]
        draft.put("what", words, words)


def read_undone(draft: Draft) -> None:
    """Whose last act is to be taken back, where somebody is named: it is shown first, and refused where it was not."""
    found = customers_in(draft)
    if found:
        mentioned(draft, "customer", found[0])
        draft.be(Outcome.CONFIRM)


def read_what_text(draft: Draft) -> None:
    draft.put("what", draft.sentence.line.original.strip(), "")


def read_text(draft: Draft) -> None:
    """The whole act as it was said, for what is understood later or by people."""
    draft.put("text", draft.said(draft.start, draft.end), "")


def read_text_if_all(draft: Draft) -> None:
    """The words of an act that names no customer."""
    if "customer" not in draft.slots and not draft.choices:
        read_text(draft)


def read_rest_content(draft: Draft) -> None:
    """What is left to be said."""
    words = left_words(draft)
    if words:
        draft.put("content", words, words)


def read_grade(draft: Draft) -> None:
    """The grade of customers, in the company's own words or as a letter."""
    group = draft.group("grade")
    words = draft.said(*group) if group is not None else ""
    own = draft.ctx.uow.playbook.grades.named(words.removesuffix("类").removesuffix("级")) if words else ""
    hit = re.search(r"([A-Ea-e])\s?(?:类|级)", words or draft.text)
    if own or hit is not None or words:
        draft.put("grade", own or (hit[1].upper() if hit else words.upper()), words or (hit[0] if hit else ""))


def read_tags_sought(draft: Draft) -> None:
    """The tags by which customers are looked for."""
    if (group := draft.group("tags")) is not None and (tags := _tags_of(draft.sentence.text[slice(*group)])):
        draft.put("tags", tags, draft.said(*group))


def plain(value: Decimal) -> str:
    """Write an amount without exponent and without empty decimals."""
    whole = value.to_integral_value()
    return f"{whole:f}" if value == whole else f"{value.normalize():f}"


def number(value: Decimal) -> int | float:
    """Write a number as JSON does: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def looks_like_a_name(words: str) -> bool:
    return is_full_name(words) and words not in load_words("typos")["words"]
