"""What a told or commanded follow-up says: how, with whom, what about, when, and when again."""

import re
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias

from bot.understanding.acts import Outcome
from bot.understanding.clauses import Clause
from bot.understanding.roles import ANSWER, DONE, MOMENT, NEXT, role_at
from bot.understanding.sentence import AMOUNT, CONTACT, CUSTOMER, STAGE, TIME, Piece
from bot.understanding.slots.basics import plain
from bot.understanding.slots.draft import SEPARATORS, Draft, customers_in, mentioned
from bot.understanding.slots.folds import read_discount
from bot.understanding.slots.met import read_contact, read_method
from bot.understanding.slots.moments import (
    BARE_WEEKDAY,
    doubt_day_off,
    length_in,
    moment_of,
    names_no_day,
    on_a_workday,
    times_in,
    was_counted,
)
from bot.understanding.text import meaningful_characters
from bot.understanding.times import TimeSpan

_ONLY_AGAIN: Final = re.compile(
    r"^\s?(?:之前|以前|前后|前|左右|的时候|那天|吧)?\s?(?:我|我们|会|要|得|就|再|还|可以|约|给他|给她|跟他|他|去|来|电话|微信|继续|回头)*"
    r"(?:联系|跟进|跟|回访|沟通|聊|谈|问|拜访|见面?|打电话|打过去|回电话?|看看|看|催|说)?(?:一下|一次|吧|他|她|看|问|了|下)*\s?[~。！!]?$"
)
_APPOINTED: Final = re.compile(
    r"(?:[，,。；;\n]|^)\s?(?:我们?|咱们?|让我们?|下次|下回|约好?|定|改到|推到|拖到|在|先|就|那|再|等|过|到|了|吧)*\s?$"
)
"""What may stand in front of the time in a clause that says nothing else, and so is no part of what was talked about."""

_STRETCH: Final = re.compile("[到至~—-]")
"""Several days, of which the last is the one to wait for: 3月23到27号检查."""

_TIME_TAIL: Final = re.compile(r"^[^，,。；;！!\n]*")
_HEAD: Final = re.compile(
    r"^(?:(?:一下|下)?(?:那边|这边|那里|那儿|这家|那家|这个客户)?[呢啊吧的]*[，,：:\s、]*)(?:(?:电话|微信|邮件|钉钉|企微|短信)(?=聊|沟|说|谈|问|联|交|确|讲|回))?"
)
_Time: TypeAlias = tuple[Piece, TimeSpan, datetime]
_ENOUGH: Final = 8
_SURE: Final = 0.75
"""From here on a time is taken as the next contact without showing it."""

_LIKELY: Final = 0.45
"""From here on it is shown as one."""

_LINK: Final = re.compile(r"(?:一下|下)?(?:那边|这边|那里|那儿|这家|那家|这个客户)?[呢啊吧的]*[，,：:\s、]*")
_TAGS: Final = (
    ("价格敏感", re.compile(r"(?:价格|报价|价钱)[^，。；]{0,6}(?:高|贵|敏感)|太贵|嫌贵|偏高|压价|砍价|便宜[点些]")),
    ("预算缩减", re.compile(r"预算[^，。；]{0,4}(?:砍|减|缩|削|没批|冻结|没了|不够|取消|下调)")),
    ("高意向", re.compile(r"(?:意向|兴趣)[^，。；]{0,4}(?:强|很高|大|浓|高)|非常感兴趣|很感兴趣|很满意|准备签|要签了")),
    ("有竞品", re.compile(r"竞品|友商|竞争对手|对比[^，。；]{0,4}家|别家|另一家|其他家")),
)
_SPENT: Final = re.compile(r"(?:花(?:了|费)?|用了|请客|餐费|路费|车费|打车|油费|报销|礼品|消费|买单)[^，,。；;]{0,4}$")
_DONE: Final = re.compile(r"^[，,。！!\s]*(?:了|过|完|好)?[，,。！!\s]*$")


def read_followup(draft: Draft, told: Clause | None, joint: tuple[int, int] | None = None) -> None:
    """Fill the slots of a follow-up. `told` is the clause with the evidence; `joint` is a clause shared with others."""
    if "customer" not in draft.slots and not draft.choices:
        found = customers_in(draft)
        if found:
            mentioned(draft, "customer", _of_the_speaker(draft, found))
    read_contact(draft)
    next_piece, is_sure = _read_next(draft)
    if "method" not in draft.slots:
        read_method(draft, beside=None if next_piece is None else next_piece.start)
    _read_when(draft, told, next_piece, joint)
    read_discount(draft)
    _read_figures(draft)
    _read_signals(draft)
    _read_content(draft, next_piece if is_sure else None, joint)
    if draft.slots.get("discount_percent") is not None:
        draft.be(Outcome.CONFIRM)


def _of_the_speaker(draft: Draft, found: list[Piece]) -> Piece:
    """Choose the customer whose contact speaks first, where another one is only spoken of: 孟凡说汇川给海昌报60万."""
    speaks = next((piece for piece in draft.marked(CONTACT) if piece.start < found[0].start), None)
    if speaks is None or len(speaks.value.candidates) != 1 or not speaks.value.candidates[0].of:
        return found[0]
    of = speaks.value.candidates[0].of
    return next((piece for piece in found if any(one.ref == of for one in piece.value.candidates)), speaks)


def _read_next(draft: Draft) -> tuple[Piece | None, bool]:
    """The next contact and whether it is one for sure: the last time to come that is ours, or when they answer.

    What is only likely is shown first: the day somebody is back, an hour that may be on the day named before it.
    """
    sure: dict[str, _Time] = {}
    unsure: list[tuple[float, _Time]] = []
    for piece, span in times_in(draft):
        moment = _to_come(draft, piece, span)
        if moment is None or span.every:
            continue
        role = role_at(draft.sentence, piece)
        if role.name == DONE and not _may_be_over(draft, piece):
            role = role.without(DONE)
        if role.name == MOMENT and _STRETCH.search(span.words):
            moment = moment_of(draft, span, last=True)
        day = _day_before(draft, piece)
        if day is not None:
            moment = moment.replace(year=day.year, month=day.month, day=day.day)
        if role.share(NEXT, ANSWER) >= _SURE and day is None:
            sure[NEXT if role.share(NEXT) >= role.share(ANSWER) else ANSWER] = (piece, span, moment)
        elif role.share(NEXT, ANSWER, MOMENT) >= _LIKELY:
            unsure.append((role.share(NEXT, ANSWER, MOMENT), (piece, span, moment)))
    if found := sure.get(NEXT) or sure.get(ANSWER):
        return _take_next(draft, *found), True
    if unsure:
        draft.be(Outcome.CONFIRM)
        return _take_next(draft, *max(unsure, key=lambda one: one[0])[1]), False
    _read_rest(draft)
    return None, False


def _to_come(draft: Draft, piece: Piece, span: TimeSpan) -> datetime | None:
    """The moment of a time, unless it is over; a bare weekday whose hour is over is the next one."""
    moment = moment_of(draft, span)
    if moment <= draft.sentence.now and BARE_WEEKDAY.match(piece.words):
        moment += timedelta(days=7)
    return moment if moment > draft.sentence.now else None


def _may_be_over(draft: Draft, piece: Piece) -> bool:
    """Say whether a time may also be one of the last weeks, as 周二 and 3号 may be."""
    spans = (span for span in draft.sentence.times("past") if span.start == piece.start)
    return any(0 <= (draft.sentence.now.date() - span.from_).days <= _LONG_AGO for span in spans)


def _day_before(draft: Draft, piece: Piece) -> date | None:
    """The day to come that was named just in front of a bare hour: 明天在厂里，下午三点过去; not one that does not suit."""
    days = [p for p in draft.sentence.marked(TIME, draft.start, piece.start) if p.value.from_ == p.value.to]
    if not days or not names_no_day(piece.words) or days[-1].value.from_ <= draft.sentence.now.date():
        return None
    between = draft.sentence.text[days[-1].end : piece.start]
    return None if len(between) > _NEAR or _DOES_NOT_SUIT.search(between) else days[-1].value.from_


_LONG_AGO: Final = 60
"""Nobody writes down so many days later what happened."""

_NEAR: Final = 14
_DOES_NOT_SUIT: Final = re.compile("没空|没时间|不在|不行|不方便|出差|有会|开会|有事|休息|请假|[。；;]|[，,].*[，,]")


def _read_rest(draft: Draft) -> None:
    """When somebody who is left alone for so long is to be called again, shown first: 先晾两周."""
    hit = _LEFT_ALONE.search(draft.text)
    length = length_in(draft, hit["long"]) if hit is not None else None
    if hit is not None and length is not None and length.days:
        hour = draft.ctx.uow.playbook.day.default_hour
        day = (draft.sentence.now + length).replace(hour=hour, minute=0, second=0, microsecond=0)
        draft.put("next_at", on_a_workday(draft, day).isoformat(), hit[0])
        draft.be(Outcome.CONFIRM)


_LEFT_ALONE: Final = re.compile(
    r"(?:先|就|再)(?:让他|给他)?(?:晾|冷|放|缓|凉|等)(?:他们?|她|它|着|一?放|一?晾|一下|个)*(?P<long>(?:半|\d{1,2}|[一两三四五六七八九十]{1,2})个?(?:天|周|星期|礼拜|月))(?:再说|看看|再看)?(?=$|[，,。；;！!\s吧])"
)


def read_next_of(told: Draft, beside: Draft) -> None:
    """Read the next contact of a talk out of the words of another act behind it: 打标签 观望，下周四再约."""
    for piece, span in times_in(beside):
        moment = _to_come(told, piece, span)
        if moment is not None and role_at(told.sentence, piece).share(NEXT, ANSWER) >= _SURE:
            _take_next(told, piece, span, moment)
            return


def _take_next(draft: Draft, piece: Piece, span: TimeSpan, moment: datetime) -> Piece:
    if was_counted(span) or (span.from_ != span.to and span.kind != "deadline"):
        moment = on_a_workday(draft, moment)
    draft.put("next_at", moment.isoformat(), piece)
    doubt_day_off(draft, "next_at", moment)
    return piece


def _read_when(draft: Draft, told: Clause | None, taken: Piece | None, joint: tuple[int, int] | None) -> None:
    """When it happened, if another moment than now was named near what was done."""
    now = draft.sentence.now
    stretch = joint or (told.span if told else (draft.start, draft.end))
    past = {span.start: span for span in draft.sentence.times("past")}
    before_it = [p for p in draft.sentence.marked(TIME, draft.start, stretch[0]) if joint is None]
    for piece in [*before_it, *draft.sentence.marked(TIME, *stretch)]:
        span = past.get(piece.start)
        if piece is taken or span is None or (now.date() - span.from_).days > _LONG_AGO or span.every:
            continue
        if (span.from_ == now.date() and span.at is None) or role_at(draft.sentence, piece).share(DONE) < _LIKELY:
            continue
        moment = moment_of(draft, span)
        if moment <= now and span.from_ == span.to:
            draft.put("at", moment.isoformat(), piece)
            return


def _read_figures(draft: Draft) -> None:
    """An amount and a stage that were talked about."""
    text = draft.sentence.text
    amounts = [p for p in draft.marked(AMOUNT) if not _SPENT.search(text[draft.start : p.start])]
    if len(amounts) == 1 and not _is_a_rivals(draft, amounts[0]):
        draft.put("amount", plain(amounts[0].value.yuan), amounts[0])
    stages = draft.marked(STAGE)
    if stages:
        draft.put("stage", stages[0].value, stages[0])


def _is_a_rivals(draft: Draft, amount: Piece) -> bool:
    """Say whether somebody else's price is told: 汇川给海昌报60万, 友商报43万."""
    text = draft.sentence.text
    start = max(text.rfind(sign, 0, amount.start) for sign in "，,。；;！!？?\n") + 1
    mine = {draft.refs.get("customer"), draft.slots.get("customer")}
    others = [
        piece
        for piece in draft.sentence.marked(CUSTOMER, start, amount.start)
        if not mine & {name for one in piece.value.candidates for name in (one.ref, one.name)}
    ]
    return bool(others) or _RIVAL.search(text, start, amount.start) is not None


_RIVAL: Final = re.compile("友商|竞品|竞争对手|对手|别家|别人家|同行|另一家|其他家|对家")


def _read_signals(draft: Draft) -> None:
    """Tags that the words themselves suggest."""
    tags = [tag for tag, words in _TAGS if words.search(draft.text)]
    if tags:
        draft.put("tags", tags, "")


def _read_content(draft: Draft, next_piece: Piece | None, joint: tuple[int, int] | None) -> None:
    """What was talked about, without the command, the customer in front and the appointment behind."""
    text = draft.sentence.text
    start, end = draft.start, draft.end
    if draft.call is not None and draft.sentence.span(draft.call.start, draft.call.end)[0] <= start + 12:
        call_start, call_end = draft.sentence.span(draft.call.start, draft.call.end)
        if not text[start:call_start].strip(SEPARATORS) or call_start == start:
            start = call_end
    start = _skip(text, start, end)
    if text.startswith("一下", start) and draft.call is not None:
        start = _skip(text, start + 2, end)
    if draft.call is not None or joint is not None:
        for piece in draft.sentence.marked(CUSTOMER, start, end):
            if piece.start - start <= 1:
                start = piece.end
                start += _skipped(
                    text, start, next_piece.start if next_piece and next_piece.start > start else end, end
                )
                break
    stretches = [(start, end)]
    if next_piece is not None and next_piece.start >= start:
        tail = _TIME_TAIL.match(text[next_piece.end : end])
        behind = next_piece.end + (tail.end() if tail else 0)
        before = _APPOINTED.search(text[start : next_piece.start])
        own_clause = before is not None and _ONLY_AGAIN.match(text[next_piece.end : behind])
        if own_clause and before is not None and meaningful_characters(text[start : start + before.start()]) >= 2:  # noqa: PLR2004
            stretches = [(start, start + before.start()), (behind, end)]
    words = [w for s, e in stretches if s < e and (w := draft.said(s, e).strip(SEPARATORS))]
    if joint is not None and not (joint[0] >= draft.start and joint[1] <= draft.end):
        words.insert(0, draft.said(*joint))
    content = "，".join(words)
    if meaningful_characters(content) and not _DONE.match(content):
        draft.put("content", content, "")


def _skipped(text: str, start: int, until: int, end: int) -> int:
    """How much stands between a customer in front and what was talked about; the way only where enough is left."""
    head = _HEAD.match(text[start:end])
    if head and meaningful_characters(text[start + head.end() : until]) >= _ENOUGH:
        return head.end()
    link = _LINK.match(text[start:end])
    return link.end() if link else 0


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in SEPARATORS:
        start += 1
    return start
