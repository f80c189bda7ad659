"""Slots of what is approved at one go: every condition that was said, or a question, because none may get lost."""

import re
from typing import Final

from bot.aims import COMPANY, departments_by_name
from bot.understanding.numerals import read_numeral
from bot.understanding.sentence import AMOUNT, CUSTOMER, DISCOUNT, MEMBER, TIME, Piece
from bot.understanding.slots.basics import number, plain
from bot.understanding.slots.draft import SEPARATORS, Draft, joined, left_out
from bot.understanding.slots.folds import OF_OTHERS, POINTS
from bot.understanding.slots.moments import times_in
from core.services.members import find_member

_AT_MOST: Final = re.compile(
    r"\s?(?:元|块钱?)?(?:及|或|和)?(?:以下|以内|之内|之下|以里|内|里|打底以下|为限|封顶|往下)", re.ASCII
)
_NOT_OVER: Final = re.compile(
    r"(?:小于|低于|少于|不到|不足|没到|不过|不超过?|没超过?|没过|别超过?|最多|顶多|至多|到)\s?$"
)
_AT_LEAST: Final = re.compile(r"\s?(?:元|块钱?)?(?:及|或|和)?(?:以上|往上|之上|开外|起步?)")
_OVER: Final = re.compile(r"(?<![不没别])(?:超过?|大于|高于|多于|过|不低于|不少于|至少)\s?$")
_SPARED: Final = re.compile(r"(?:除了?|除开|除去|不含|不包括)[^，,。；;]{0,4}$")
_STAYS: Final = re.compile(
    r"(?:的|那些|那[几个张]+|都|先|就|给我|我|再|也|一律|统统|全|暂时|单独|，|,|\s)*(?:除外|以外|之外|外|不算|不批|别批|别动|不动|留着|留一?下|压着|放着|缓|等等|单独|看看|另说|再说|等我)"
)
_KINDS: Final = re.compile("特价|折扣|合同|延期|请假|报价")
_ASKED_THEN: Final = re.compile(
    r"\s?(?:之前|以前|前)?(?:我?们?组?|他们?)?(?:都)?(?:的(?!时候)|报|提|交|送|递|申请|发|来|收到|到我)"
)
_PEOPLE: Final = re.compile(r"(?:他|她)?(?:们|那|的|手下|下面)?(?:个|边)?(?:组|团队|部门|手下|下面|的人)")
_BEFORE: Final = re.compile(r"\s?(?:之前|以前|前)")
_JOINING: Final = re.compile(
    r"除了?|除开|除去|不含|不包括|以外|之外|除外|例外|不算|不批|别批|先别|别动|不动|留着|留一?下|留|压着|放着|缓一?缓|等等|单独|另说|再说|再看|"
    r"及以下|及以上|以下|以内|之内|之下|以里|以上|往上|之上|开外|往下|小于|低于|少于|不到|不足|没到|不超过?|没超过?|没过|别超过?|超过?|大于|高于|多于|"
    r"不低于|不少于|至少|最多|顶多|至多|为限|封顶|起步|的话|只要|但凡|凡是|金额|总价|总额|打折|让利|优惠|幅度|元|块钱?|之前|以前|"
    r"审批|审核|批准|同意|通过|放行|签字|点头|申请|单子|待办|待审批?|待批|提交|提报|上报|报上|送上|递上|交上|发起|收到|排队|"
    r"剩下|剩余|剩的|其余|其他|其它|别的|余下|另外|这些|那些|这几|那几|那个|这个|所有|全部|全都|统统|通通|一起|一并|一次性|一口气|一把|一块儿?|一键|一律|统一|批量|"
    r"直接|手上|手里|手头|这边|这里|那边|那里|他们|她们|可以|没问题|没意见|麻烦|辛苦|谢谢|帮忙|逐个|部门|团队|大区|小组|组里|咱们|我们|他俩|一个个|"
    r"赶紧|赶快|现在|马上|统一|过来|上来|下来|干脆|都行|算了|不用看|照办|处理|就行|就好|不用|不必|不需要|没必要|细看|过目|问我|报我|甭|统|其中|里面|里头|当中|有关|相关|的人|两位|几位|"
    r"[回把将给帮单我你他她的都全就先再还也了吧掉过批审准放签点报提交送递发来去起待等着在剩这那几个张份条笔要行好嗯和跟与及、让请啊呀哈哦嘛呗哒喽咯内里外前到组区看是有俩位能请且但而只]"
)
"""Words that join and decide and say nothing of which requests are meant: 剩下的一次性都批了吧."""


def read_batch(draft: Draft) -> None:
    """Which requests are meant; words that say so and that nobody understands are asked about."""
    draft.put("what", draft.sentence.line.original.strip(), "")
    draft.start, draft.end = 0, len(draft.sentence.text)
    taken = [
        *_people_and_customers(draft),
        *_sums(draft),
        *_discount(draft),
        *_kinds(draft),
        *_days(draft),
        *_departments(draft),
    ]
    unread = _unread(draft, taken)
    if not unread and not _spares(draft) and (stays := _STAYING.search(draft.text)):
        unread = stays[0]
    if unread:
        draft.ask_anew(
            "part",
            f"「{unread}」指哪几张没看懂，一张也没有批。请整句换个说法，例如「张伟5万以下的特价都批了，除了华为」，或发送「待我审批的」逐张看",
        )


def _people_and_customers(draft: Draft) -> list[tuple[int, int]]:
    """Whose requests, about which customers, and which of them stay."""
    named = (*draft.marked(MEMBER), *draft.marked(CUSTOMER))
    known = [p for p in named if len(p.value.candidates) == 1 and not _leads(draft, p)]
    stay = {p.start for p in left_out(draft)} | {p.start for p in known if _is_apart(draft, p.start, p.end)}
    spared = [piece for piece in known if piece.start in stay]
    draft.put("except", [piece.value.candidates[0].name for piece in spared], joined(p.words for p in spared))
    for mark, slot in ((MEMBER, "members"), (CUSTOMER, "customers")):
        meant = [piece for piece in known if piece.mark == mark and piece.start not in stay]
        one = slot.removesuffix("s")
        if len(meant) == 1:
            draft.put(one, meant[0].value.candidates[0].name, meant[0], meant[0].value.candidates[0].ref)
        elif meant:
            draft.put(slot, [p.value.candidates[0].name for p in meant], joined(p.words for p in meant))
            draft.refs[slot] = [p.value.candidates[0].ref for p in meant]
    return [(piece.start, piece.end) for piece in known]


def _spares(draft: Draft) -> bool:
    """Say whether what was said to stay has been found: by name or kind, or because a sum was turned round."""
    turned = any(
        _stays_behind(draft.sentence.text, p.end) or _SPARED.search(draft.text[: p.start]) for p in draft.marked(AMOUNT)
    )
    return bool(draft.slots.get("except")) or turned


_STAYING: Final = re.compile(
    r"[^，,。]*(?:留着|留一?下|别动|不动|别批|不批|压着|放着|除外|例外|不含|不包括|除了|除去|除开)[^，,。]*"
)


def _leads(draft: Draft, piece: Piece) -> bool:
    """Say whether somebody's people are meant: 黄磊组里的."""
    return piece.mark == MEMBER and _PEOPLE.match(draft.sentence.text, piece.end) is not None


def _is_apart(draft: Draft, start: int, end: int) -> bool:
    """Say whether something is named as what stays: 除了合同, 合同先留着."""
    text = draft.sentence.text
    return _SPARED.search(text[:start]) is not None or _STAYS.match(text, end) is not None


def _sums(draft: Draft) -> list[tuple[int, int]]:
    """Up to which sum and from which, and up to which discount; which way a bare figure goes nobody can know."""
    text, taken = draft.sentence.text, []
    for piece in draft.marked(AMOUNT):
        before, spared = text[: piece.start], _SPARED.search(text[: piece.start]) is not None
        most = bool(_AT_MOST.match(text, piece.end) or _NOT_OVER.search(before))
        least = bool(_AT_LEAST.match(text, piece.end) or _OVER.search(before))
        least = least and not (most and not _AT_LEAST.match(text, piece.end))
        spared = spared or ((least or most) and _stays_behind(text, piece.end))
        if most or least:
            draft.put("amount" if (most and not least) != spared else "above", plain(piece.value.yuan), piece)
            taken.append((piece.start, piece.end))
    return taken


def _discount(draft: Draft) -> list[tuple[int, int]]:
    """Up to which discount: 95折以上, 5个点以内; what lies beyond one is looked at by itself, and asked about."""
    text = draft.sentence.text
    for piece in draft.marked(DISCOUNT):
        if not _goes_deeper(text, piece.start, piece.end, folds="折" in piece.words):
            draft.put("discount_percent", number(piece.value.percent), piece)
            return [(piece.start, piece.end)]
    points = POINTS.search(text, draft.start, draft.end)
    if points is None or not _of_discounts(text, points.start()) or _goes_deeper(text, *points.span(), folds=False):
        return []
    value = read_numeral(points["n"] or points["m"])
    if value is not None:
        draft.put("discount_percent", number(value), points[0])
    return [points.span()]


def _of_discounts(text: str, start: int) -> bool:
    """Say whether points in front of which nothing else is named are points off the price: no 毛利20%."""
    return OF_OTHERS.search(text[max(0, start - 8) : start]) is None


def _goes_deeper(text: str, start: int, end: int, *, folds: bool) -> bool:
    """Say whether a bound lets in more than the discount that is said: 九折以下, 5个点以上."""
    before = text[:start]
    more = bool(_AT_LEAST.match(text, end) or _OVER.search(before))
    less = bool(_AT_MOST.match(text, end) or _LOWER.search(before))
    return less if folds else more


_LOWER: Final = re.compile(r"(?<![不没别])(?:小于|低于|少于|不到|不足|没到)\s?$")
"""In front of folds it means more of a discount: 低于九折."""


def _stays_behind(text: str, end: int) -> bool:
    """Say whether what was bounded by a sum is what stays: 十万以上的先留着."""
    bound = re.compile(r"\s?(?:元|块钱?)?(?:及|或|和)?(?:以下|以内|之内|以上|往上|之上|开外)?").match(text, end)
    return bound is not None and _STAYS.match(text, bound.end()) is not None


def _kinds(draft: Draft) -> list[tuple[int, int]]:
    """Which kinds of requests are meant, and which stay."""
    hits = list(_KINDS.finditer(draft.text))
    stay = [hit[0] for hit in hits if _is_apart(draft, *hit.span())]
    draft.put("kinds", list(dict.fromkeys(hit[0] for hit in hits if hit[0] not in stay)), "")
    if stay:
        draft.slots["except"] = [*draft.slots.get("except", []), *dict.fromkeys(stay)]
    return [hit.span() for hit in hits]


def _days(draft: Draft) -> list[tuple[int, int]]:
    """On which days they were asked for; 今天都批了 says only when it is done."""
    taken, today = [], draft.sentence.now.date()
    for piece, span in times_in(draft, "past"):
        if piece.mark != TIME:
            continue
        if _ASKED_THEN.match(draft.sentence.text, piece.end):
            before = piece.words.endswith("前") or _BEFORE.match(draft.sentence.text, piece.end)
            if not before:
                draft.put("from", span.from_.isoformat(), piece)
            draft.put("to", span.to.isoformat(), piece)
            taken.append((piece.start, piece.end))
        elif span.from_ == span.to == today:
            taken.append((piece.start, piece.end))
    return taken


def _departments(draft: Draft) -> list[tuple[int, int]]:
    """Of which department: 华东的都批了, 黄磊组里的都批了."""
    for piece in draft.marked(MEMBER):
        if _leads(draft, piece) and len(piece.value.candidates) == 1:
            found = find_member(draft.ctx.uow, piece.value.candidates[0].ref)
            draft.put("department", found.department, piece)
            return [(piece.start, piece.end)]
    known = {name: ref for name, ref in departments_by_name(draft.ctx.uow).items() if name not in COMPANY}
    names = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))) or "(?!)")
    taken = []
    for hit in names.finditer(draft.text):
        if any(p.start < hit.end() and hit.start() < p.end for p in (*draft.marked(CUSTOMER), *draft.marked(MEMBER))):
            continue
        taken.append(hit)
    meant = [hit for hit in taken if not _is_apart(draft, *hit.span())]
    if len(meant) != 1:
        return []
    draft.put("department", known[meant[0][0]].rpartition(":")[2], meant[0][0])
    return [hit.span() for hit in taken]


def _unread(draft: Draft, taken: list[tuple[int, int]]) -> str:
    """What was said and is in no condition."""
    signs = [
        "，" if any(start <= place < end for start, end in taken) else sign for place, sign in enumerate(draft.text)
    ]
    words = _JOINING.sub("，", "".join(signs))
    return "、".join(part for part in re.split(rf"[{re.escape(SEPARATORS)}\W]+", words) if part)
