"""Slots of what leaders decide: targets, hand-overs, splits, days off, tickets."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from bot.aims import COMPANY, departments_by_name
from bot.understanding.numerals import ARABIC, CHINESE_DIGIT, read_numeral
from bot.understanding.sentence import (
    AMOUNT,
    CONTACT,
    CUSTOMER,
    INDUSTRY,
    MEMBER,
    QUANTITY,
    REGION,
    SOURCE,
    TIME,
    Piece,
)
from bot.understanding.slots.basics import number, plain, trimmed
from bot.understanding.slots.draft import SEPARATORS, Draft, joined, mentioned
from bot.understanding.slots.moments import moment_of, read_period, times_in
from bot.understanding.times import TimeSpan

_FIGURE: Final = re.compile(
    rf"\s?(?:目标|任务|指标|：|:|是|为|定|给)*\s?(?P<n>{ARABIC}|[{CHINESE_DIGIT}十百千]+)\s?(?P<u>[万wW亿kK千]|元|块)?"
)
_SCALES: Final = {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000, "k": 1000, "K": 1000, "千": 1000}
_TO_ME: Final = re.compile(
    r"\s?(?:这[个家])?(?:单独|就|先|还是)*(?:(?:留给|给|归|留)我|我(?:自己|来|亲自|先|接着|继续|单独)+(?:带|跟|接|管|做|负责|留|盯|弄)|我(?:自己|亲自)?来|归我|我(?:接|带|跟|留|管|要)(?:着|了)?(?=[，,。；;]|$))"
)
_ROW: Final = re.compile(r"\s*(?:和|跟|与|及|以及|还有|、|，|,)?\s*")
"""What stands between customers of whom the same is said."""

_BARE: Final = 10_000
_IN_TEN_THOUSANDS: Final = re.compile(r"单位[：:是为]?\s?万|[（(]\s?万元?\s?[)）]|按万|以万")
_SMALL: Final = 1_000
"""A target below this many yuan is meant in 万: 李娜45."""

_WEEKDAY: Final = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天末1-7]$")
_DATED: Final = re.compile(r"\d{1,2}(?:月|[./-])\d{1,2}[号日]?$")
_NEXT_DATE: Final = re.compile(r"\s?(?:到|至|-|~|—)\s?(\d{1,2})(?![\d点:：时月./])[号日]?")
_WEEKDAYS: Final = "一二三四五六日"
_NEXT_WEEKDAY: Final = re.compile(r"[、和到至]?([一二三四五六日天])(?![点个月年周十])")
_BARE_WEEKDAY: Final = re.compile(r"(?:周|星期|礼拜)[一二三四五六日天1-7]")
_LASTING: Final = re.compile(
    r"(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,3})\s?(?:天|个?(?P<u>周|星期|礼拜))(?!前|内|后)"
)
_UNTIL: Final = re.compile(r"(?:到|至|~|-)\s?$")
_REACHES: Final = re.compile(r"(?:延长?|续|休|请)(?:假|休)?(?:到|至)\s?$")
"""A leave that goes on until a day has begun: 病假延长到周日."""

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
_EVENING: Final = 18
"""The hour by which something is to be done today."""

_GRADE: Final = re.compile(r"([A-Ea-e])\s?(?:类|级)")
_BY: Final = (
    ("evenly", re.compile(r"平均|平分|均分|对半|各一半|一人一半|均摊|一样多")),
    ("industry", re.compile(r"按(?:照|着)?(?:客户)?(?:的|所属)?行业")),
    ("region", re.compile(r"按(?:照|着)?(?:客户)?(?:的|所在)?(?:地区|区域|地域|大区|省份?|城市|片区)")),
    ("grade", re.compile(r"按(?:照|着)?(?:客户)?(?:的)?(?:等级|级别)")),
)
_EXCEPT: Final = re.compile(r"除了?|除开|不包括|不含|但?不要|(?:单独)?(?:留着?|保留)|以外|之外|除外")


_KINDS: Final = (
    ("回款", re.compile(r"回款|收款|到账")),
    ("新客户", re.compile(r"新(?:增|开)?客户|客户(?:数|开发)")),
    ("拜访", re.compile(r"拜访|走访")),
)


class _Aim(NamedTuple):
    """For whom a target is said, and where."""

    start: int
    end: int
    name: str
    ref: str


def read_targets(draft: Draft) -> None:
    """Who shall sell how much; a unit that was said once goes on for the next."""
    text = draft.sentence.text
    aims = _aims(draft)
    names, amounts, refs, scale = [], [], [], _first_scale(draft, [one.end for one in aims])
    for place, aim in enumerate(aims):
        until = aims[place + 1].start if place + 1 < len(aims) else draft.end
        behind = [p.end for p in draft.marked(TIME) if aim.end <= p.start < until]
        hit = _FIGURE.search(text, max([aim.end, *behind]), until)
        value = read_numeral(hit["n"]) if hit else None
        if hit is None or value is None:
            continue
        if hit["u"] in _SCALES:
            scale = _SCALES[hit["u"]]
        factor = scale if hit["u"] in _SCALES or (hit["u"] is None and value < _BARE) else 1
        names.append(aim.name)
        refs.append(aim.ref)
        amounts.append(plain(value * factor))
        draft.evidence.append((text[aim.start : hit.end()], "amounts"))
    kind = next((label for label, words in _KINDS if words.search(text, draft.start, draft.end)), "")
    if kind in ("", "回款") and amounts and all(float(one) < _SMALL for one in amounts) and "元" not in draft.text:
        amounts = [plain(read * 10_000) for one in amounts if (read := read_numeral(one)) is not None]
    if names:
        draft.slots["members"], draft.slots["amounts"] = names, amounts
        draft.refs["members"] = refs
    else:
        found = draft.marked(AMOUNT)
        if found:
            draft.put("amount", plain(found[0].value.yuan), found[0])
            draft.slots.setdefault("members", [])
    draft.put("what", kind, kind)
    read_period(draft)


def _aims(draft: Draft) -> list[_Aim]:
    """For whom targets are said, in order: colleagues, departments by their names, the company."""
    people = [piece for piece in draft.marked(MEMBER) if piece.value.candidates]
    found = [_Aim(p.start, p.end, p.value.candidates[0].name, p.value.candidates[0].ref) for p in people]
    known = departments_by_name(draft.ctx.uow)
    names = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))
    for hit in names.finditer(draft.sentence.text, draft.start, draft.end):
        if not any(one.start < hit.end() and hit.start() < one.end for one in found):
            name = known[hit[0]].rpartition(":")[2].rpartition("/")[2] or COMPANY[0]
            found.append(_Aim(hit.start(), hit.end(), name, known[hit[0]]))
    return sorted(found, key=lambda one: one.start)


def _first_scale(draft: Draft, ends: list[int]) -> int:
    """The unit that is said first behind somebody: in 张伟80 陈晨40万 it is meant for both."""
    for end in ends:
        hit = _FIGURE.match(draft.sentence.text, end, draft.end)
        if hit is not None and hit["u"] in _SCALES:
            return _SCALES[hit["u"]]
    return 10_000 if _IN_TEN_THOUSANDS.search(draft.text) else 1


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
        elif leaver and _EXCEPT.search(around):
            told.setdefault(name, {"customer": name, "member": leaver})
    if told:
        draft.put("exceptions", list(told.values()), "")
    elif not shares and _SPARED.search(draft.sentence.text):
        draft.ask(
            "exceptions",
            "没认出要留下的是哪些客户，一家也没有动。请带上客户全名再发一次，例如「张伟的客户给李娜，华为除外」",
        )
    found = times_in(draft)
    if found:
        draft.put("from", found[0][1].from_.isoformat(), found[0][0])
        draft.put("due_at", moment_of(draft, found[0][1]).isoformat(), found[0][0].words)


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
    groups = [(p.end, str(p.value)) for p in draft.marked(INDUSTRY)]
    groups += [(p.end, p.value.name) for p in draft.marked(REGION)]
    groups += [(hit.end(), hit[1].upper()) for hit in _GRADE.finditer(text, draft.start, draft.end)]
    found = []
    for piece in people:
        before = [name for end, name in groups if end <= piece.start and _HANDED.fullmatch(text[end : piece.start])]
        if before and piece.value.candidates:
            found.append({"group": before[-1], "member": piece.value.candidates[0].name})
    return found


def _split_by(draft: Draft) -> str:
    """Return by what a book is shared out, in the words of `core.model.handover.Split`."""
    said = next((name for name, cue in _BY if cue.search(draft.text)), "")
    if said:
        return said
    if draft.marked(INDUSTRY):
        return "industry"
    return "region" if draft.marked(REGION) else "grade" if _GRADE.search(draft.text) else ""


def read_leaver(draft: Draft) -> None:
    """Who has left, by the words alone: they may be no colleague any more."""
    if (group := draft.group("member")) is not None:
        words = draft.said(*group)
        draft.put("member", words, words)


_TRADE: Final = re.compile(
    r"(?:里面?|中|的|当中|[，,\s]|把|手上|名下)+(?P<trade>(?!客户|线索)[一-龥]{2,6}?)(?:这个|这)?(?:行业|业|类|领域)(?:的|那|，|客户|都|全|分|给|转)"
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
    if "industry" not in draft.slots and (trade := _TRADE.search(draft.text)) is not None:
        draft.put("industry", trade["trade"], trade[0])
    draft.put("by", next((name for name, cue in _BY if cue.search(draft.text)), ""), "")
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
        draft.ask(
            "industry",
            "要交出去的是哪一部分客户？没认出来。请按行业、地区、来源或家数再说一次，例如「张伟的客户里华东的给李娜」",
        )


_SOME_OF_THEM: Final = re.compile("客户里|客户中|当中|其中|里面|行业|类")
"""What says that only a part is meant, which must never become everything."""


def read_ticket(draft: Draft) -> None:
    """Which ticket, for whom, until when."""
    numbered = re.search(
        r"工单(?:号|编号|第|：|:|\s)*#?(\d{1,8})|#?(\d{1,8})号(?:工单|单子|报修单?|维修单?|单)", draft.text
    )
    if numbered:
        said = numbered[1] or numbered[2]
        draft.put("count", int(said), numbered[0])
        draft.put("what", said, numbered[0])
    people = draft.marked(MEMBER) or draft.marked(CONTACT)
    if people and people[0].mark == MEMBER:
        mentioned(draft, "member", people[0])
    elif people:
        draft.put("member", people[0].words, people[0])
    elif (group := draft.group("member")) is not None:
        words = trimmed(draft.said(*group))
        draft.put("member", words, words)
    found = times_in(draft)
    if found:
        due, now = moment_of(draft, found[-1][1], last=True), draft.sentence.now
        due = due.replace(hour=_EVENING, minute=0) if due <= now and due.date() == now.date() else due
        draft.put("due_at", due.isoformat(), found[-1][0])


def read_ticket_content(draft: Draft) -> None:
    """What is broken, as it was said."""
    words = draft.said(draft.start, draft.end)
    words = re.sub(
        r"(?:，|,|。|\s)*(?:帮忙)?(?:报修|报障|报故障|提工单|开工单|建工单|报个修|提个工单|开个工单|建个工单)(?:一下|吧|了)?$|^(?:报修|报障|新工单|提工单|开工单)(?:：|:|\s)*",
        "",
        words,
    )
    draft.put("content", words.strip(SEPARATORS), "")


def read_from_to(draft: Draft) -> None:
    """From which day to which; 下周，20号到24号 is the latter, and 明天开始三天 ends with the third day."""
    found = _in_order(draft, _exact(times_in(draft), weeks=draft.intent.name != "calendar.set"))
    if not found:
        return
    begin = found[0][1].from_
    if draft.intent.name == "leave.request" and _REACHES.search(draft.sentence.text[draft.start : found[0][0].start]):
        begin = min(begin, draft.sentence.now.date())
    draft.put("from", begin.isoformat(), found[0][0])
    draft.used += [(piece.start, piece.end) for piece, _ in found]
    spans = [span for _, span in found]
    widest = max(spans, key=lambda span: (span.to - span.from_).days)
    if draft.intent.name in ("calendar.set", "leave.request") and widest.to > widest.from_:
        draft.slots["from"], draft.slots["to"] = widest.from_.isoformat(), widest.to.isoformat()
    until = [p for p, _ in found[1:] if _UNTIL.search(draft.sentence.text, found[0][0].end, p.start)]
    lasts = draft.intent.name in ("calendar.set", "leave.request") and not until
    last = spans[0] if lasts else spans[-1]
    end = max(last.to, spans[0].to)
    end = max(end, *(_and_the_next(draft, one) for one in found))
    if (days := _days_off(draft, found[0][0])) and spans[0].from_ == end:
        end += timedelta(days=days - 1)
    draft.put("to", end.isoformat(), found[0][0])
    if draft.intent.name == "calendar.set":
        text = draft.sentence.text
        work = [s for p, s in found if re.match(r"\s?(?:要|正常|照常)?(?:上班|补班|调班)", text[p.end : draft.end])]
        if work:
            draft.put("workdays", [s.from_.isoformat() for s in work], "")
            off = [s for s in spans if s not in work]
            if off and widest.to == widest.from_:
                draft.slots["from"], draft.slots["to"] = off[0].from_.isoformat(), off[-1].to.isoformat()
        _not_over(draft)


def _and_the_next(draft: Draft, first: tuple[Piece, TimeSpan]) -> date:
    """Return the last of days that are said in one breath: 下周四五, 9月25到27."""
    piece, span = first
    until = _NEXT_DATE.match(draft.sentence.text, piece.end, draft.end) if _DATED.search(piece.words) else None
    if until is not None and span.from_.day < int(until[1]) <= monthrange(span.to.year, span.to.month)[1]:
        return span.to.replace(day=int(until[1]))
    more = _NEXT_WEEKDAY.match(draft.sentence.text, piece.end, draft.end)
    if more is None or not _WEEKDAY.search(piece.words) or span.from_ != span.to:
        return span.to
    later = _WEEKDAYS.index(more[1].replace("天", "日")) - span.from_.weekday()
    return span.to + timedelta(days=max(later, 0))


def _not_over(draft: Draft) -> None:
    """Days off that are over were meant for next year: 春节2月6号到12号, said in March."""
    today = draft.sentence.now.date().isoformat()
    if str(draft.slots.get("to", today)) >= today:
        return

    def later(day: str) -> str:
        year, rest = day.split("-", 1)
        return f"{int(year) + 1}-{rest}"

    for slot in ("from", "to"):
        draft.slots[slot] = later(draft.slots[slot])
    if "workdays" in draft.slots:
        draft.slots["workdays"] = [later(day) if day < today else day for day in draft.slots["workdays"]]


def _in_order(draft: Draft, found: list[tuple[Piece, TimeSpan]]) -> list[tuple[Piece, TimeSpan]]:
    """Take a bare weekday behind 到 for the one that follows the first day: 下周二出差到周五."""
    kept = found[:1]
    for piece, span in found[1:]:
        late = found[0][1].from_ - span.to
        bare = _BARE_WEEKDAY.fullmatch(piece.words) and _UNTIL.search(draft.sentence.text[: piece.start])
        if late.days > 0 and bare:
            weeks = timedelta(days=7 * -(-late.days // 7))
            kept.append((piece, replace(span, from_=span.from_ + weeks, to=span.to + weeks, at=None)))
        else:
            kept.append((piece, span))
    return kept


def _exact(found: list[tuple[Piece, TimeSpan]], *, weeks: bool) -> list[tuple[Piece, TimeSpan]]:
    """Drop a vague time where another one says it exactly: a week that holds the dates, a weekday that has one."""
    kept = []
    for place, (piece, span) in enumerate(found):
        others = [other for n, (_, other) in enumerate(found) if n != place]
        length = span.to - span.from_
        holds = weeks and any(span.from_ <= o.from_ and o.to <= span.to and o.to - o.from_ < length for o in others)
        names = _WEEKDAY.search(piece.words) and any(
            re.search(r"[月号日/.-]", o.words) and o.from_.weekday() == span.from_.weekday()
            for o in others
            if o.from_ == o.to and not _WEEKDAY.search(o.words)
        )
        if not holds and not names:
            kept.append((piece, span))
    return kept or found


def _days_off(draft: Draft, first: Piece) -> int:
    """How many days it lasts, when that is said beside the first one: 三天, 一周."""
    taken = [(p.start - draft.start, p.end - draft.start) for p in draft.marked(TIME)]
    for hit in _LASTING.finditer(draft.text):
        if hit.start() >= first.end - draft.start and not any(s < hit.end() and hit.start() < e for s, e in taken):
            return int(read_numeral(hit["n"]) or read_numeral(hit["n"][-1]) or 0) * (7 if hit["u"] else 1)
    return 0
