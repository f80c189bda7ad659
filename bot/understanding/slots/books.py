"""Slots of books that change hands: who hands over what to whom, in whole or in part, and what stays."""

import re
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.numerals import ARABIC, CHINESE_DIGIT, read_numeral
from bot.understanding.sentence import CUSTOMER, INDUSTRY, MEMBER, QUANTITY, REGION, SOURCE, Piece
from bot.understanding.slots.basics import number
from bot.understanding.slots.draft import Draft, joined, left_out, mentioned
from bot.understanding.slots.moments import moment_of, times_in

_TO_ME: Final = re.compile(
    r"\s?(?:这[个家])?(?:单独|就|先|还是)*(?:(?:留给|给|归|留)我|我(?:自己|来|亲自|先|接着|继续|单独)+(?:带|跟|接|管|做|负责|留|盯|弄)|我(?:自己|亲自)?来|归我|我(?:接|带|跟|留|管|要)(?:着|了)?(?=[，,。；;]|$))"
)
_ROW: Final = re.compile(r"\s*(?:和|跟|与|及|以及|还有|、|，|,)?\s*")
"""What stands between customers of whom the same is said."""
_SOME: Final = re.compile(rf"(?P<n>{ARABIC}|[{CHINESE_DIGIT}十百]+)\s?(?:家|个|条|位)(?:客户|线索)?(?:给|到|客户|线索)")
_GIVEN: Final = re.compile(r"给\s?$|给.{0,4}?$")
_GONE: Final = re.compile(
    r"(?P<name>[一-龥]{2,4}?)(?:的?(?:客户|线索|单子|商机|东西|所有)|(?:已经?|都|刚|下周|月底|要|快|上周)*(?:离职|辞职|走了|走人|不干了|调走|离开))"
)
_HANDED: Final = re.compile(
    r"\s?(?:这[个家])?(?:的)?(?:客户|线索|那些|这些)?(?:除外|除开|例外|不算)?[\s，,]?(?:单独|就|都|则|全部?)?"
    r"(?:转|交|移|归|分|留|换|让|由|划|拨)?(?:给|归|到|由|让|转|留)?"
)
_REST: Final = re.compile(
    r"(?:其余|其他|其它|剩下|剩余|别的|余下)的?(?:客户|线索|都|全部?|就)*(?:转|交|移|归|分|留|划|拨)?给[^，,。；;]{0,4}$"
)
_GRADE: Final = re.compile(r"([A-Ea-e])\s?(?:类|级)")
_BY: Final = (
    ("evenly", re.compile(r"平均|平分|均分|对半|各一半|一人一半|均摊|一样多")),
    ("industry", re.compile(r"按(?:照|着)?(?:客户)?(?:的|所属)?行业")),
    ("region", re.compile(r"按(?:照|着)?(?:客户)?(?:的|所在)?(?:地区|区域|地域|大区|省份?|城市|片区)")),
    ("grade", re.compile(r"按(?:照|着)?(?:客户)?(?:的)?(?:等级|级别)")),
)
_EXCEPT: Final = re.compile(r"除了?|除开|不包括|不含|但?不要|(?:单独)?(?:留着?|保留)|以外|之外|除外")


def read_handover(draft: Draft) -> None:
    """Who leaves, who takes over, by what it is shared out, what goes elsewhere, and from when."""
    people = _leaver_apart(draft)
    shares, exceptions = _shares(draft, people), _elsewhere(draft, people)
    named = {id(piece) for piece, _ in exceptions}
    taking = [p for p in people if id(p) not in named and p.value.candidates]
    rest = [p for p in taking if _REST.search(draft.sentence.text[draft.start : p.start])]
    takers = {p.value.candidates[0].ref: p for p in rest or taking}
    if takers:
        pieces = list(takers.values())
        draft.put("members", [p.value.candidates[0].name for p in pieces], joined(p.words for p in pieces))
        draft.refs["members"] = list(takers)
    draft.put("by", _split_by(draft), "")
    draft.put("shares", shares, "")
    told = {one["customer"]: one for _, one in exceptions}
    staying = {piece.start for piece in left_out(draft)}
    leaver = str(draft.slots.get("member") or "")
    text = draft.sentence.text
    after: Piece | None = None
    last: Piece | None = None
    for piece in reversed(draft.marked(CUSTOMER)):
        joins = last is not None and after is not None and _ROW.fullmatch(text, piece.end, after.start)
        last = last if last is not None and joins else piece
        after = piece
        if len(piece.value.candidates) != 1:
            continue
        name = piece.value.candidates[0].name
        around = text[max(draft.start, piece.start - 6) : piece.start] + text[last.end : last.end + 4]
        if _TO_ME.match(text, last.end):
            told.setdefault(name, {"customer": name, "member": draft.ctx.member.name})
        elif leaver and (piece.start in staying or _EXCEPT.search(around)):
            told.setdefault(name, {"customer": name, "member": leaver})
    if told:
        draft.put("exceptions", list(told.values()), "")
    elif not shares and _SPARED.search(draft.sentence.text):
        draft.ask_anew(
            "exceptions",
            "没认出要留下的是哪些客户，一家也没有动。请带上客户全名再发一次，例如「张伟的客户给李娜，华为除外」",
        )
    parts = [*draft.marked(INDUSTRY), *_regions(draft), *draft.marked(SOURCE)]
    groups = {one["group"] for one in shares}
    if any(str(getattr(piece.value, "name", piece.value)) not in groups for piece in parts) or (
        not shares and not draft.slots.get("by") and _ONLY_SOME.search(draft.sentence.template)
    ):
        draft.ask_anew(
            "industry",
            "要交出去的是全部客户还是其中一部分？没认出来，一家也没有动。"
            "全部请说「张伟的客户都给李娜」，一部分请说「张伟的客户里医疗行业的给李娜」",
        )
    found = times_in(draft)
    if found:
        draft.put("from", found[0][1].from_.isoformat(), found[0][0])
        draft.put("due_at", moment_of(draft, found[0][1]).isoformat(), found[0][0].words)


_ONLY_SOME: Final = re.compile(
    r"Ⓜ(?:的|手上|手里|手头|名下|这边|那边)+(?!所有|全部|在跟|在手|剩下|其余|老客户|现有|全|都|东西|那些|这些|几个?|客户|线索|单子|商机)[^ⒸⓂⓉ，。；]{1,8}?的?(?:客户|线索|单子|商机)"
)
"""Customers of whom something is said: 何平这边食品类的客户."""

_SPARED: Final = re.compile("除外|除开|除了|不含|不包括")


def _leaver_apart(draft: Draft) -> list[Piece]:
    """Fill in who leaves and return the others; somebody who has left is known by the words in front alone."""
    people, text = draft.marked(MEMBER), draft.sentence.text
    if people and not _GIVEN.search(text[draft.start : people[0].start]):
        mentioned(draft, "member", people[0])
        return people[1:]
    hit = _GONE.search(text, draft.start, people[0].start if people else draft.end)
    if hit is not None:
        draft.put("member", hit["name"], hit["name"])
    return people


def _elsewhere(draft: Draft, people: list[Piece]) -> list[tuple[Piece, dict[str, str]]]:
    """Return the customers that go to somebody of their own: 华为给王强."""
    text, customers = draft.sentence.text, draft.marked(CUSTOMER)
    found = []
    for piece in people:
        before = [
            c for c in customers if c.end <= piece.start and _HANDED.fullmatch(text[c.end : piece.start]) is not None
        ]
        row = before[-1:]
        for other in reversed([c for c in customers if before and c.end <= before[-1].start]):
            if not _ROW.fullmatch(text, other.end, row[0].start):
                break
            row.insert(0, other)
        for one in row:
            if len(one.value.candidates) == 1 and piece.value.candidates:
                name = one.value.candidates[0].name
                found.append((piece, {"customer": name, "member": piece.value.candidates[0].name}))
    return found


def _shares(draft: Draft, people: list[Piece]) -> list[dict[str, str]]:
    """Return the groups that go to somebody by name: 制造业给李娜, 华南的给小陈, A级给王强."""
    text = draft.sentence.text
    groups = [(p.start, p.end, str(p.value)) for p in draft.marked(INDUSTRY)]
    groups += [(p.start, p.end, p.value.name) for p in draft.marked(REGION)]
    groups += [(*hit.span(), hit[1].upper()) for hit in _GRADE.finditer(text, draft.start, draft.end)]
    groups = [one for one in groups if _SPARED_AHEAD.search(text[: one[0]]) is None]
    found = []
    for piece in people:
        before = [name for _, end, name in groups if end <= piece.start and _HANDED.fullmatch(text[end : piece.start])]
        if before and piece.value.candidates:
            found.append({"group": before[-1], "member": piece.value.candidates[0].name})
    return found


_SPARED_AHEAD: Final = re.compile(r"(?:除了?|除开|除去|不含|不包括)[^，,。；;]{0,3}$")
"""In front of a group that is what stays: 除了A类全给何平."""


def _split_by(draft: Draft) -> str:
    """Return by what a book is shared out, in the words of `core.model.handover.Split`."""
    said = next((name for name, cue in _BY if cue.search(draft.text)), "")
    if said:
        return said
    if draft.marked(INDUSTRY):
        return "industry"
    return "region" if _regions(draft) else "grade" if _GRADE.search(draft.text) else ""


def _regions(draft: Draft) -> list[Piece]:
    """Places of customers; one where somebody goes is none of them: 何平要调去北京了."""
    return [p for p in draft.marked(REGION) if not _GOES_THERE.search(draft.sentence.text, 0, p.start)]


_GOES_THERE: Final = re.compile(r"(?:调|派|外派|去|回|搬|常驻)(?:去|到|往|回|任)?$")


def read_leaver(draft: Draft) -> None:
    """Who has left, by the words alone: they may be no colleague any more."""
    if (group := draft.group("member")) is not None:
        words = draft.said(*group)
        draft.put("member", words, words)


_TRADE: Final = re.compile(
    r"(?:里面?|中|的|当中|[，,\s]|把|手上|名下|手里|手头|这边|那边)+(?P<trade>(?!客户|线索)[一-龥]{2,6}?)(?:这个|这)?(?:行业|业|类|领域)(?:的|那|，|客户|都|全|分|给|转)"
)
"""A trade that no list of ours knows: 李娜的客户里电器行业的给何平."""


def read_split(draft: Draft) -> None:
    """Whose customers go in part to whom, and by what."""
    people = draft.marked(MEMBER)
    if people:
        mentioned(draft, "member", people[0])
    if len(people) > 1:
        draft.put("members", [p.value.candidates[0].name for p in people[1:]], joined(p.words for p in people[1:]))
        draft.refs["members"] = [p.value.candidates[0].ref for p in people[1:]]
    for mark, slot in ((INDUSTRY, "industry"), (REGION, "region"), (SOURCE, "source")):
        for piece in draft.marked(mark):
            draft.put(slot, piece.value if mark != REGION else piece.value.name, piece)
    draft.put("by", next((name for name, cue in _BY if cue.search(draft.text)), ""), "")
    trade = _TRADE.search(draft.text)
    if trade is not None and "industry" not in draft.slots and draft.slots.get("by") != "industry":
        draft.put("industry", trade["trade"], trade[0])
    share = re.search(r"一半|一部分|三分之一|四分之一|两成|三成|百分之[一二三四五六七八九十\d]+|\d+%", draft.text)
    if share:
        draft.put("text", share[0], share[0])
    found = draft.marked(QUANTITY)
    if found:
        draft.put("count", number(found[0].value.value), found[0])
    elif (some := _SOME.search(draft.text)) and (count := read_numeral(some["n"])) is not None:
        draft.put("count", number(count), some[0])
    part = {"industry", "region", "source", "by", "text", "count"}
    if not part & draft.slots.keys() and _SOME_OF_THEM.search(draft.text):
        draft.ask_anew(
            "industry",
            "要交出去的是哪一部分客户？没认出来。请按行业、地区、来源或家数再说一次，例如「张伟的客户里华东的给李娜」",
        )


_SOME_OF_THEM: Final = re.compile("客户里|客户中|当中|其中|里面|行业|类")
"""What says that only a part is meant, which must never become everything."""


def read_appealed(draft: Draft) -> None:
    """Whose lead was taken wrongly and why; a name that nobody knows is no reason, and makes it worth a look."""
    if "customer" not in draft.slots and "customer" not in draft.choices and _A_NAME.search(draft.sentence.template):
        draft.be(Outcome.CONFIRM)


_A_NAME: Final = re.compile(
    r"Ⓜ(?:的|那[个家条]|这[个家条])(?!线索|客户|申诉|回收)[一-龥]{2,4}?(?:的|线索)?(?:被|是|给)?(?:收|回收)"
)
