"""Slots of a new lead or customer: the name out of a story or a form, the person, numbers, and what they want."""

import re
from typing import Final

from bot.understanding.people import find_people, is_full_name
from bot.understanding.sentence import (
    INDUSTRY,
    PRODUCT,
    QUANTITY,
    REGION,
    TIME,
)
from bot.understanding.slots.basics import (
    number,
    read_email,
    read_phone,
    read_source,
    trimmed,
)
from bot.understanding.slots.draft import SEPARATORS, Draft
from bot.understanding.slots.fields import read_said_fields
from core.errors import BadInput
from core.rules.naming import is_region, is_trade, parts_of

_LABELS: Final = {
    "customer": ("公司名称", "客户名称", "公司名", "公司", "客户", "单位名称", "单位", "名称"),
    "contact": ("联系人", "联络人", "姓名", "负责人", "对接人"),
    "phone": ("联系电话", "手机号码", "手机号", "手机", "电话", "联系方式"),
    "email": ("电子邮箱", "邮箱", "邮件"),
    "source": ("线索来源", "来源", "渠道"),
    "region": ("地区", "区域", "城市"),
    "industry": ("行业",),
    "content": ("客户需求", "需求", "备注", "说明"),
}
_ANY: Final = "|".join(sorted((word for words in _LABELS.values() for word in words), key=len, reverse=True))
_LABELLED: Final = re.compile(rf"({_ANY})\s*[:：]\s*(.*?)(?=[\s,，;；。]*(?:{_ANY})\s*[:：]|$)", re.DOTALL)
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
    r"(?P<title>老板娘?|(?:采购|销售|设备|技术|运营|生产)?(?:经理|总监|主管|主任|部长)|厂长|负责人|采购|老师|师傅|老总|店长)姓(?P<surname>欧阳|司马|上官|诸葛|慕容|司徒|[一-龥])(?=$|[\s，,。；;\d])"
)
_LATIN_NAME: Final = re.compile(
    r"(?:联系人|对接人|负责人|找的?是?|(?:行政|采购|人事|前台|财务|技术|市场|老板|经理|总监|负责人)(?:是|叫)?)\s?(?P<name>[A-Z][a-z]{1,11})(?![A-Za-z])"
)
"""Somebody who goes by a foreign name: 找的是行政Lily."""

_ONLY_A_SURNAME: Final = re.compile(
    r"(?<![百同贵尊])(?:他|她|那人|老板|对方|人)?姓(?P<surname>欧阳|司马|上官|诸葛|慕容|司徒|[一-龥])(?=$|[\s，,。；;\d]|电话|手机|号码)"
)
"""Somebody of whom only the surname is told: 他姓陶电话是138…."""

_SIZE: Final = re.compile(r"\d+\s?(?:人|员工|多人|来人)|人以上|以上规模")
_DIGITS_OF_A_CODE: Final = 8
_CREDIT_CODE: Final = re.compile(
    r"(?:(?:统一社会)?信用代码|纳税人识别号|税号)?(?:是|为|：|:|\s)*(?<![0-9A-Za-z])([0-9A-Za-z]{18})(?![0-9A-Za-z])"
)
_PRODUCT_TAIL: Final = re.compile(r"^\s?(?:的)?(?!录|记(?!录)|登记)([A-Za-z一-龥][A-Za-z0-9一-龥\-]{0,11})")


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
        if named := [one for one in draft.marked(PRODUCT) if one.end == piece.start]:
            draft.put("product", named[0].words, named[0].words)
        elif tail:
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
    if foreign := _LATIN_NAME.search(text, draft.start, draft.end):
        draft.put("contact", foreign["name"], foreign[0])
        draft.used.append(foreign.span())
        return
    for person in find_people(text):
        if (
            draft.start <= person.start
            and person.end <= draft.end
            and not _COMPANY.search(text[person.start : person.end + 2])
            and not is_trade(person.name[-2:])
            and not draft.is_reserved(person.start, person.end)
        ):
            draft.put("contact", person.name, person.name)
            draft.used.append((person.start, person.end))
            return
    if surname := _ONLY_A_SURNAME.search(text, draft.start, draft.end):
        draft.put("contact", surname["surname"], surname[0])
        draft.used.append(surname.span())
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
        if "customer" not in draft.slots and (outright := _OUTRIGHT.match(words)):
            draft.put("customer", outright["name"], words)
            continue
        words = _told_of(words)
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
            "录进去",
            "记进去",
            "录入",
            "录进系统",
            "个",
            *_LABELS["contact"],
            *(piece.words for piece in draft.marked(TIME)),
            *(piece.words for piece in draft.marked(REGION) if "customer" in draft.slots or rest),
        ):
            continue
        rest.append(words)
    shown = next(((place, name) for place, words in enumerate(rest) if (name := company_in(words))), None)
    if "customer" not in draft.slots and shown is not None:
        place, name = shown
        draft.put("customer", name, name)
        rest[place] = _LEFT_OVER.sub("", rest[place].partition(name)[2])
        rest[:place] = [words for words in rest[:place] if not _NARRATES.search(words)]
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


def _told_of(words: str) -> str:
    """Return what a story of how somebody came to us leaves of a part: the name behind it, nothing, or all of it."""
    if _NARRATED.fullmatch(words):
        return ""
    hit = _MET.match(words)
    if hit is None:
        return words
    name = words[hit.end() :]
    return name if not name or len(name) >= _NAME_LENGTH else words


def company_in(words: str) -> str:
    """Return the company's name in a part of a story, where a place or a trade shows it; empty where nothing does."""
    if named := _IS_CALLED.search(words):
        return named["name"]
    if (of := _OF_A_PLACE.match(words)) is not None and is_region(of["place"][:2]) and parts_of(of["name"]).trade:
        return of["name"]
    for start in range(max(len(words) - _NAME_LENGTH + 1, 0)):
        before, rest = words[:start], words[start:]
        place = next((n for n in (4, 3, 2) if is_region(rest[:n])), 0)
        if place and (not before or _LEADS_TO.search(before)):
            name = _ENDS.split(rest[place:])[0]
            if len(name) >= 2:  # noqa: PLR2004 - a brand
                return rest[:place] + name
    name = _ENDS.split(words)[0]
    return name if len(name) >= _NAME_LENGTH and parts_of(name).trade and not _MET.match(name) else ""


_IS_CALLED: Final = re.compile(
    r"(?:一?[个家位间]|厂|公司|客户|店|企业|名字|名称)(?:就|是)?叫(?:做|作)?(?P<name>[一-龥A-Za-z0-9]{2,14}?)(?=的(?:要|想|问|咨询|打|来|找|客户|公司|厂|那|$)|，|要|想|问|咨询|$)"
)
"""Where a story says outright how somebody is called: 张家港那边一个叫华芳针织的要问验布机."""

_OF_A_PLACE: Final = re.compile(r"(?P<place>[一-龥]{2,6}?)(?:那边|这边)?的(?P<name>[一-龥]{4,12})$")
"""Where a company sits, told apart from its name: 滁州全椒的惠丰粮油."""

_OUTRIGHT: Final = re.compile(
    r"(?:名字|公司|客户|单位|厂子?|店)?(?:就|是)?(?:叫|名叫)(?:做|作)?(?P<name>[一-龥A-Za-z0-9（）()]{3,16})$"
)
"""A part that says nothing but how the company is called: …，船厂，叫泰富船舶，…."""

_LEADS_TO: Final = re.compile(r"(?:叫|是|个|家|位|到|了|有|来自|的|来|给|问|找)$")
_ENDS: Final = re.compile(
    r"的(?:人|$|[一-龥]{1,4}(?:总|工|经理|先生|女士|小姐|主任|老板|师傅)?$)|(?:那边|想|要|问|打听|咨询|需要|来问|采购员?(?=[一-龥]))"
)


_NAME_LENGTH: Final = 4
_NARRATED: Final = re.compile(
    r".{0,14}(?:找过来|找来|找上门|打过来|打进来|推过来|转过来|介绍过?来?|来咨询|来问|来询价|进来|过来|来)(?:了)?的?(?:一?个)?(?:客户|线索|询盘|公司|的)?"
    r"|(?:没|未)(?:说|留|有|写|填).{0,6}|(?:还|暂时|目前)?没(?:有)?(?:留|给)?(?:电话|名字|姓名)?|还没有|留了?个?(?:(?:手机|电话|号码|微信|联系方式).{0,2})?"
    r"|(?:微信|手机|电话)?同号|(?:是个)?客户|名字叫?|.{0,6}姓(?:欧阳|司马|上官|诸葛|慕容|司徒|[一-龥])"
)
"""A part that only tells of the way: 老客户推过来的, 留了个手机, 没说名字."""

_NARRATES: Final = re.compile(r"有人|加我|找我|来了|扫了|碰到|认识|打电话|打来|第一个|新客|名片")
_LEFT_OVER: Final = re.compile(r"^(?:的|那边|，|采购|技术|老板)+|(?:的)$")
_MET: Final = re.compile(
    r"^.{0,10}?(?:碰到|碰见|遇到|遇见|认识|结识|接到|收到|拿到|加到?|找来|来|推荐|推|介绍|进来|聊到|谈到|扫到|挖到|有)(?:了|过|过来|来)*"
    r"(?:一?[个家位条间]|一)(?:新)?(?:的)?(?:做[^，。的]{1,6}的)?(?:客户|线索|询盘|公司|老板|厂家|工厂)?(?:，)?(?:叫|是|名叫|名字叫)?"
    r"|^(?:名字|公司|客户|单位)?(?:叫|名叫|名字叫|名称是?|名字是)"
)
"""How a story comes to a name: 昨天展会上碰到个…, 有个做灯具的叫…."""
