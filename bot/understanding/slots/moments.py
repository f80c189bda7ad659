"""Slots that are moments, days and lengths of time."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.understanding.acts import Outcome
from bot.understanding.appointments import BEFOREHAND, JUST_BEFORE
from bot.understanding.numerals import read_numeral
from bot.understanding.periods import Lean
from bot.understanding.sentence import CUSTOMER, TIME, Piece
from bot.understanding.slots.draft import Draft
from bot.understanding.slots.settling import finer
from bot.understanding.times import TimeSpan, default_moment, find_times

_LENGTH: Final = re.compile(
    r"(?P<number>半|(?<!\d)\d{1,3}(?:\.\d)?|[一二两三四五六七八九十百]{1,4})\s?个?\s?(?P<unit>工作日|天|日|小时|钟头|周|星期|礼拜|月|分钟|(?<=[半一两二三四五六七八九\d])年(?![框度级会底初前假报检货]))(?P<half>半)?"
)
LONGEST_EXTENSION: Final = 400
_DAYS: Final = {"天": 1, "日": 1, "工作日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_BY_LENGTH: Final = re.compile(r"(?:(?<!最)后(?![天日年])|内|半年|个月|再过|以后|^过(?!年|节))")
_DAY_OF_A_MONTH: Final = re.compile(r"月\s?[\d一二三四五六七八九十]{1,3}\s?[号日]")
_CLOSING: Final = re.compile(
    r"^\s?(?:左右|前后|前|之前)?(?:能|可以|要|就|会|可能|预计|才|去)?(?:签|成交|下单|落单|定|结|关单|拿下|采购|买|付)"
)
_SIGNED: Final = re.compile(_CLOSING.pattern[1:] + "(?:约|单|掉|下来|合同)?")
ONLY_CLOCK: Final = re.compile(
    r"^(?:上午|下午|早上|晚上|中午|傍晚|凌晨)?\s?(?:\d{1,2}|[一二两三四五六七八九十]{1,3})\s?[点:]"
)


BARE_WEEKDAY: Final = re.compile("周|星期|礼拜")
"""周四, said on a Thursday whose hour is over, is the next one."""


def moment_of(draft: Draft, span: TimeSpan, *, last: bool = False) -> datetime:
    """Choose a moment for a span; `last` takes the last day of a range, as a date to be ready by."""
    hour = draft.ctx.uow.playbook.day.default_hour
    if last and span.at is None and span.from_ != span.to:
        return default_moment(span, hour).replace(year=span.to.year, month=span.to.month, day=span.to.day)
    moment = default_moment(span, hour)
    if span.kind == "deadline" and span.at is None:
        return _in_time(draft, moment)
    if span.kind == "range" and moment < draft.sentence.now < default_moment_at_end(span, hour):
        moment = _in_time(draft, default_moment_at_end(span, hour))
    return moment


def default_moment_at_end(span: TimeSpan, hour: int) -> datetime:
    """The default hour on the last day of a range."""
    return datetime(span.to.year, span.to.month, span.to.day, hour, tzinfo=span.zone)


def _in_time(draft: Draft, moment: datetime) -> datetime:
    """Move what is due by a day off to the workday before it, if there still is one."""
    earlier = moment
    while not draft.sentence.workdays.is_workday(earlier.date()):
        earlier -= timedelta(days=1)
    return earlier if earlier.date() >= draft.sentence.now.date() else moment


def on_a_workday(draft: Draft, moment: datetime) -> datetime:
    """Move a moment that was only counted, not named, to the next workday."""
    while not draft.sentence.workdays.is_workday(moment.date()):
        moment += timedelta(days=1)
    return moment


def was_counted(span: TimeSpan) -> bool:
    """Say whether the day came out of a length of time (半年后), so nobody chose that very day."""
    named = _DAY_OF_A_MONTH.search(span.words) is not None
    return _BY_LENGTH.search(span.words) is not None and span.at is None and not named


def _is_stretch(span: TimeSpan) -> bool:
    """Say whether any of several days was meant, so that nobody chose the first: 四月中旬, 下周."""
    return span.at is None and span.from_ != span.to and span.kind != "deadline"


def times_in(draft: Draft, lean: Lean = "future") -> list[tuple[Piece, TimeSpan]]:
    """Times of the act, read with a lean."""
    pieces = draft.marked(TIME)
    if lean == "future":
        return [(piece, piece.value) for piece in pieces]
    past = {span.start: span for span in draft.sentence.times("past")}
    return [(piece, past.get(piece.start, piece.value)) for piece in pieces]


def read_at(draft: Draft) -> None:
    """When a plan or a reminder is for: the first time named, on a day that is kept or asked about."""
    found = finer(draft, times_in(draft))
    if draft.call is not None and len(found) > 1:
        start, end = draft.call.clause.span
        within = [(p, s) for p, s in found if start <= p.start < end] or found
        clocks = [(p, s) for p, s in found if s.at is not None and ONLY_CLOCK.match(s.words)]
        found = within if len(clocks) != 1 or any(s.at for _, s in within) else [*within, *clocks]
    if not found:
        return
    piece, span = next(((p, s) for p, s in found if s.at), found[0])
    if span.at is None and len(found) > 1 and found[0][1].at is None:
        later = next((s for _, s in found[1:] if s.at is not None), None)
        span = later or span
    if draft.intent.name == "plan.create" and (days := _either_of(draft, found)):
        draft.choices["at"] = tuple((f"{words} {at:%m-%d %H:%M}", at.isoformat()) for words, at in days)
        draft.used += [(p.start, p.end) for p, _ in found]
        draft.ask("at", "定在哪一天？")
        return
    moment = moment_of(draft, span)
    if draft.intent.name in _IN_A_ROW and (before := _day_before(draft, piece)) is not None:
        moment = moment.replace(year=before.year, month=before.month, day=before.day)
    day = next((s for p, s in found if s.at is None and s.from_ == s.to and p.start < piece.start), None)
    if day is not None and span.at is not None and ONLY_CLOCK.match(span.words):  # 五一前一天约宋主任，上午10点
        moment = moment.replace(year=day.from_.year, month=day.from_.month, day=day.from_.day)
    elif (was_counted(span) or _is_stretch(span)) and draft.intent.name != "reminder.create":
        moment = on_a_workday(draft, moment)
    if draft.intent.name == "reminder.create":
        early = _earlier(draft, span)
        if early is None:
            return
        moment -= early
    if span.every and moment < draft.sentence.now and _DAILY.match(span.words):
        moment += timedelta(days=1)
    draft.put("at", moment.isoformat(), piece)
    if draft.intent.name == "reminder.create":
        turns = [(p, s) for p, s in found if s.every or BARE_WEEKDAY.match(s.words)]
        if any(s.every for _, s in turns) and len(turns) > 1:
            draft.choices["at"] = tuple((p.words, moment_of(draft, s).isoformat()) for p, s in turns)
            draft.ask("at", "一条提醒只能按一个时间重复，先设哪一个？另一个请再发一条")
            draft.slots.pop("at", None)
        draft.put("every", next((str(s.every) for _, s in found if s.every), None), piece.words)
    doubt(draft, span, moment)


def _earlier(draft: Draft, span: TimeSpan) -> timedelta | None:
    """How long before the time named a reminder is to come; None when what it comes before has no hour, and is asked."""
    if (beforehand := BEFOREHAND.search(draft.text)) is not None:
        return length_in(draft, beforehand["long"]) or timedelta()
    before = JUST_BEFORE.search(draft.text)
    if before is None:
        return timedelta()
    if span.at is None:
        draft.ask("at", f"「{before[0]}」是几点？请回复要提醒的时间，例如「每天 8:50」")
        return None
    return length_in(draft, before["long"]) or timedelta()


def _either_of(draft: Draft, found: list[tuple[Piece, TimeSpan]]) -> list[tuple[str, datetime]]:
    """Two days of which either would do, so that nobody but the speaker can choose: 周三四, 明后天, 周三或周四."""
    text, now = draft.sentence.text, draft.sentence.now
    days = [(piece, span) for piece, span in found if span.from_ == span.to]
    if len(days) == 2 and _OR.fullmatch(text, days[0][0].end, days[1][0].start):  # noqa: PLR2004
        return [(piece.words, moment_of(draft, span)) for piece, span in days]
    for _, span in found:
        if span.at is None and (span.to - span.from_).days == 1 and span.from_ > now.date():
            either = [span.from_, span.to]
            if all(draft.sentence.workdays.is_workday(day) for day in either):
                return [(f"周{_WEEKDAYS[d.weekday()]}", moment_of(draft, replace(span, from_=d, to=d))) for d in either]
    return []


_OR: Final = re.compile(r"\s?(?:或者?|还是|要么|、|/)\s?")
_WEEKDAYS: Final = "一二三四五六日"


def _day_before(draft: Draft, piece: Piece) -> date | None:
    """The day to come that was named last in front of a bare time of day: 明天上午去恒立，下午去晶禾."""
    if not names_no_day(piece.words):
        return None
    if draft.intent.name == "reminder.create" and not _REMINDED.search(draft.sentence.text, 0, draft.start):
        return None
    spans = [p.value for p in draft.sentence.marked(TIME, 0, piece.start)]
    days = [s.from_ for s in spans if s.from_ == s.to and s.from_ > draft.sentence.now.date()]
    return days[-1] if days else None


def names_no_day(words: str) -> bool:
    """Say whether a time names an hour or a part of the day and nothing more."""
    return _NO_DAY.fullmatch(words) is not None


_IN_A_ROW: Final = frozenset({"plan.create", "reminder.create"})
_REMINDED: Final = re.compile("提醒|[叫喊]我")
_NO_DAY: Final = re.compile(
    r"(?:上午|下午|早上|晚上|中午|傍晚|一早)?\s?(?:(?:\d{1,2}|[一二两三四五六七八九十]{1,3})\s?[点:]\S{0,3})?"
)
_DAILY: Final = re.compile(r"每[天日晚早]|天天")


def doubt(draft: Draft, span: TimeSpan, moment: datetime) -> None:
    """Ask once about a plan on a day off and about the small hours."""
    if moment < draft.sentence.now:
        draft.ask("at", f"{moment:%m-%d %H:%M} 已经过去了，改到什么时候？")
        draft.slots.pop("at", None)
    elif draft.intent.name == "reminder.create" and moment.hour < 6 and span.at is not None:  # noqa: PLR2004
        if "分钟" not in span.words and "小时" not in span.words:
            draft.be(Outcome.CONFIRM, f"是 {moment:%m-%d %H:%M}（凌晨）提醒吗？")
    elif draft.intent.name.startswith("plan."):
        doubt_day_off(draft, "at", moment)
    if span.inferred and moment.hour in _EITHER_HALF and moment - _HALF_A_DAY > draft.sentence.now:
        early = moment - _HALF_A_DAY
        draft.choices.setdefault(
            "at",
            (
                (f"早上 {early:%m-%d %H:%M}", early.isoformat()),
                (f"晚上 {moment:%m-%d %H:%M}", moment.isoformat()),
            ),
        )
        draft.ask("at", f"是早上 {early:%H:%M} 还是晚上 {moment:%H:%M}？")


_EITHER_HALF: Final = range(18, 20)
"""Hours that, said as 6点 and 7点, are before and after the day's work alike."""

_HALF_A_DAY: Final = timedelta(hours=12)


def doubt_day_off(draft: Draft, slot: str, moment: datetime) -> None:
    """Ask whether a moment on a day off stays there or moves to the next workday."""
    monday = on_a_workday(draft, moment)
    if monday == moment:
        return
    draft.choices[slot] = (
        (f"就 {moment:%m-%d %H:%M}", moment.isoformat()),
        (f"改到 {monday:%m-%d %H:%M}", monday.isoformat()),
    )
    draft.ask(slot, f"{moment:%m-%d} 是休息日，照旧还是改到 {monday:%m-%d}？")


def read_standing_at(draft: Draft) -> None:
    """The day or moment of the plan that is called off."""
    found = times_in(draft)
    if found:
        draft.put("at", moment_of(draft, found[0][1]).isoformat(), found[0][0])
    if _INSTEAD.search(draft.sentence.text):
        draft.be(Outcome.CONFIRM)


_INSTEAD: Final = re.compile("[，, ](?:就|那|先|还是)?(?:改|换)")
"""What is done instead is not part of calling off: 恒立别去了，改打电话."""


def length_in(draft: Draft, words: str = "") -> timedelta | None:
    """Read a bare length of time: 两天, 48小时, 半天, 一周; in the act's words unless others are given."""
    hit = _LENGTH.search(words or draft.text)
    if hit is None:
        return None
    number = 0.5 if hit["number"] == "半" else float(read_numeral(hit["number"]) or 0)
    if hit["half"]:
        number += 0.5
    if not number:
        return None
    if hit["unit"] in ("小时", "钟头"):
        return timedelta(hours=number)
    if hit["unit"] == "分钟":
        return timedelta(minutes=number)
    return timedelta(days=number * _DAYS[hit["unit"]])


def read_extended(draft: Draft) -> None:
    """Until when a lead's clock is to wait."""
    now = draft.sentence.now
    until = next((one for one in times_in(draft) if _UNTIL.search(draft.sentence.text, 0, one[0].start)), None)
    length = length_in(draft) if until is None else None
    if length is not None and length.days < LONGEST_EXTENSION:
        hit = _LENGTH.search(draft.text)
        if hit is not None:
            draft.used.append((draft.start + hit.start(), draft.start + hit.end()))
            draft.put("due_at", (now + length).replace(second=0, microsecond=0).isoformat(), hit[0])
            return
    found = times_in(draft)
    if found:
        piece, span = until or found[-1]
        draft.put("due_at", moment_of(draft, span, last=True).isoformat(), piece)


_UNTIL: Final = re.compile("(?:到|至)$")


def read_nurture_at(draft: Draft) -> None:
    """When somebody without a need is to be asked again, on a workday."""
    now = draft.sentence.now
    for piece, span in reversed(times_in(draft)):
        moment = on_a_workday(draft, moment_of(draft, span))
        if moment > now:
            draft.put("next_at", moment.isoformat(), piece)
            return


def read_close_at(draft: Draft) -> None:
    """By when a deal is expected to be signed."""
    found = times_in(draft)
    text = draft.sentence.text
    best = next(((p, s) for p, s in found if _CLOSING.match(text[p.end : draft.end])), None)
    piece, span = best or (found[-1] if found else (None, None))
    if piece is None or span is None or span.to < draft.sentence.now.date():
        return
    draft.put("due_at", moment_of(draft, span, last=True).isoformat(), piece)
    if hit := _SIGNED.match(text, piece.end, draft.end):
        draft.used.append(hit.span())


def read_promised_at(draft: Draft) -> None:
    """To when a promise is put off."""
    for piece, span in times_in(draft)[-1:]:
        draft.put("due_at", moment_of(draft, span, last=True).isoformat(), piece)


_MANY_DAYS: Final = 7


def read_happened_at(draft: Draft, slot: str = "at") -> None:
    """When something was done that is told now."""
    now = draft.sentence.now
    for piece, span in times_in(draft, "past"):
        moment = moment_of(draft, span)
        if (span.to - span.from_).days > _MANY_DAYS and draft.intent.name.startswith(("deal.", "contract.")):
            draft.be(Outcome.CONFIRM)  # 上个月签的 names no day
            return
        if moment.date() <= now.date() and moment <= now + timedelta(hours=12):
            if moment.date() == now.date() and span.at is None:
                moment = now.replace(second=0, microsecond=0) if moment > now else moment
            draft.put(slot, min(moment, now).isoformat(), piece)
            return


def read_period(draft: Draft, lean: Lean = "future") -> None:
    """The days a question is about, as dates."""
    found = times_in(draft, lean)
    if not found:
        return
    draft.put("from", found[0][1].from_.isoformat(), found[0][0])
    draft.put("to", found[-1][1].to.isoformat(), found[-1][0])


def read_past_period(draft: Draft) -> None:
    read_period(draft, "past")


def read_as_of(draft: Draft) -> None:
    """The moment of the past that is asked about."""
    found = times_in(draft, "past")
    if found:
        draft.put("at", moment_of(draft, found[0][1]).isoformat(), found[0][0])


def read_plan_day(draft: Draft) -> None:
    """The day whose plan is asked for, unless it is today; of several days the first and the last."""
    found = times_in(draft)
    if not found:
        return
    piece, span = found[0]
    if span.from_ != span.to:
        draft.put("from", max(span.from_, draft.sentence.now.date()).isoformat(), piece)
        draft.put("to", span.to.isoformat(), piece)
    elif span.from_ != draft.sentence.now.date():
        draft.put("at", moment_of(draft, span).isoformat(), piece)


def read_count_days(draft: Draft) -> None:
    """How many days something has not moved."""
    hit = _LENGTH.search(draft.text)
    length = length_in(draft)
    if hit is not None and length is not None and length.days:
        draft.put("count", length.days, hit[0])


_NOON: Final = 12
_OF_THE_MORNING: Final = re.compile("早报|晨报|早上|早晨|上班前|计划|待办|要跟的")
"""What comes before the day's work, so that half past seven is in the morning."""


def read_digest_at(draft: Draft) -> None:
    """At which time of day a report is to come."""
    for piece, span in times_in(draft):
        if span.at is not None or span.hour is not None:
            at = moment_of(draft, span)
            if span.inferred and at.hour >= _NOON and _OF_THE_MORNING.search(draft.text):
                draft.put("at", at.replace(hour=at.hour - _NOON).isoformat(), piece)
                return
            draft.put("at", at.isoformat(), piece)
            if span.inferred:
                draft.question = f"按 {moment_of(draft, span):%H:%M} 发送，需要早上请回复「改成早上」"
            return


def is_about_a_customer(draft: Draft) -> bool:
    return bool(draft.marked(CUSTOMER))


def read_day_words(text: str, now: datetime, draft: Draft) -> list[TimeSpan]:
    """Read times in words that are not the act's own."""
    return find_times(text, now, workdays=draft.sentence.workdays)
