"""Slots of what leaders decide: targets, days off, tickets."""

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
    MEMBER,
    TIME,
    Piece,
)
from bot.understanding.slots.basics import plain, trimmed
from bot.understanding.slots.draft import SEPARATORS, Draft, mentioned
from bot.understanding.slots.moments import moment_of, read_period, times_in
from bot.understanding.times import TimeSpan

_FIGURE: Final = re.compile(
    rf"\s?(?:目标|任务|指标|：|:|是|为|定|给)*\s?(?P<n>{ARABIC}|[{CHINESE_DIGIT}十百千]+)\s?(?P<u>[万wW亿kK千]|元|块)?"
)
_SCALES: Final = {"万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000, "k": 1000, "K": 1000, "千": 1000}

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
_THE_REST: Final = re.compile(r"\s?(?:剩下|剩余|余下|后面|接下来)")
"""What follows a week or a month of which only the rest is meant: 这周剩下几天."""

_BEGINS: Final = re.compile(r"\s?(?:开始|起)")
"""What follows the first of days whose number is said elsewhere: 去上海三天，明天开始."""

_REACHES: Final = re.compile(r"(?:延长?|续|休|请)(?:假|休)?(?:到|至)\s?$")
"""A leave that goes on until a day has begun: 病假延长到周日."""

_EVENING: Final = 18
"""The hour by which something is to be done today."""


_KINDS: Final = (
    ("回款", re.compile(r"回款|收款|到账")),
    ("新客户", re.compile(r"新(?:增|开)?客户|客户(?:数|开发)")),
    ("拜访", re.compile(r"拜访|走访")),
)


_BY_THE_WEEK: Final = re.compile("每(?:个)?(?:周|天|日|星期|礼拜)")


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
    if _BY_THE_WEEK.search(draft.text):
        draft.ask_anew(
            "from", "目标按月、按季或按年定，不能按天、按周，还没有记录任何内容。例如「3月拜访目标 张伟30家」"
        )
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
    if draft.intent.name == "calendar.set":
        found = _without_occasions(draft, found)
    if not found:
        return
    begin = found[0][1].from_
    if draft.intent.name == "leave.request" and _REACHES.search(draft.sentence.text[draft.start : found[0][0].start]):
        begin = min(begin, draft.sentence.now.date())
    if draft.intent.name == "approval.delegate" and _UNTIL.search(draft.sentence.text[: found[0][0].start]):
        begin = min(begin, draft.sentence.now.date())
    if _THE_REST.match(draft.sentence.text, found[0][0].end):
        begin = max(begin, draft.sentence.now.date())
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
                ends = [_and_the_next(draft, one) for one in found if one[1] not in work]
                draft.slots["from"], draft.slots["to"] = off[0].from_.isoformat(), max(ends).isoformat()
        _not_over(draft)


def _without_occasions(draft: Draft, found: list[tuple[Piece, TimeSpan]]) -> list[tuple[Piece, TimeSpan]]:
    """Leave out a festival that only names the month of the days behind it: 清明节4号休."""
    text = draft.sentence.text
    starts = [piece.start for piece, _ in found if piece.words[:1].isdigit()]
    return [
        (piece, span)
        for piece, span in found
        if re.search(r"[\d号日月]", piece.words) or not any(_BETWEEN.fullmatch(text, piece.end, one) for one in starts)
    ]


_BETWEEN: Final = re.compile(r"(?:放假|假期|节|我们|公司|，|：|\s)*")


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
        begins = _BEGINS.match(draft.sentence.text, first.end) is not None
        if (begins or hit.start() >= first.end - draft.start) and not any(
            s < hit.end() and hit.start() < e for s, e in taken
        ):
            return int(read_numeral(hit["n"]) or read_numeral(hit["n"][-1]) or 0) * (7 if hit["u"] else 1)
    return 0
