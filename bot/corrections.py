"""Second thoughts: 「不对，是周四」, 「是中兴不是华为」, 「金额错了，是36万」.

While something waits for 确认 they change what waits; right after something was done they mend it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.answers import AMOUNTS, MOMENTS
from bot.context import Context
from bot.understanding.acts import Act
from bot.understanding.methods import find_methods
from bot.understanding.money import find_amounts
from bot.understanding.people import find_people, is_full_name
from bot.understanding.text import normalise
from bot.understanding.times import TimeSpan, default_moment, find_times
from bot.understanding.workdays import Workdays
from core.errors import Ambiguous, Refusal
from core.model.followup import Plan
from core.model.messages import QuestionKind
from core.services.customers import find_customer
from core.services.followups import last_own
from core.services.plans import plan_just_made
from core.services.questions import open_question

BESIDE = 2
"""Characters that a correction of a time may say beside it."""

LONGEST = 40
"""Characters of a correction; what is longer tells a story of its own."""

_OPENS = re.compile(
    r"^(?:(?:刚才|刚刚|上一条|上条|那条|这条|跟进|时间|日期|金额|客户)*(?:的?那?条?(?:跟进|记录)?)?"
    r"(?:不对|错了|写错了?|说错了?|记错了?|搞错了?|弄错了?|更正|纠正)(?:一下)?)[，,。!！:： 、]*"
)
_BARE_OPENS = re.compile(r"^(?:改成|改到|改为|应该是|是|要)")
_MOVES = re.compile(r"^(?:时间|日期)?(?:改到|改成|改为|换到|挪到|推到)")
_RIGHT_NOT_WRONG = re.compile(
    r"^(?:应该)?是(?P<right>[^，,。不]{2,20}?)[，,]?\s*(?:而?不是|不是)(?P<wrong>[^，,。]{2,20})$"
)
_NOT_WRONG_BUT_RIGHT = re.compile(r"^不是(?P<wrong>[^，,。]{2,20}?)[，,]?\s*(?:而?是|应该是)(?P<right>[^，,。]{2,20})$")
_NEW_NAME = re.compile(r"^(?:客户)?(?:应该是|改成|改为|是)(?P<right>[^，,。\d]{2,20})$")
_WEEKDAY = re.compile(r"(?<![上下本这])(?:周|星期|礼拜)([一二三四五六日天])")
_DAY = re.compile(r"[今明昨前后周月号日]|星期|礼拜|\d\s*[-/.]\s*\d")
_DAYS = {day: number for number, days in enumerate(("一", "二", "三", "四", "五", "六", "日天")) for day in days}
_AROUND = re.compile(r"日期|改成|换到|挪到|推到|改到|改为|应该是|是|要|才对|再|联系|时间|约|在|[，,。 吧的了]")
_TAIL = " ,，。.!！~～?？、"


@dataclass(frozen=True)
class Correction:
    """What is to be otherwise: the moment (with `clock` when a time of day was said), the customer, or the amount.

    `weekday` is set when a bare 周四 was said, which means the Thursday of the week that was spoken of; `day` is not
    when an hour alone was said, which leaves the day as it was.
    """

    moment: datetime | None = None
    clock: bool = False
    weekday: int | None = None
    day: bool = True
    customer: str = ""
    wrong: str = ""
    amount: str = ""

    def at(self, before: datetime, ctx: Context) -> str:
        """Return the corrected moment; what was said of the day alone keeps the hour that stood before."""
        moment, wall = self.moment or before, ctx.wall(before)
        if self.weekday is not None:
            day = wall.date() + timedelta(days=self.weekday - wall.weekday())
            if day < ctx.wall(ctx.uow.now).date():
                day += timedelta(days=7)
            moment = datetime.combine(day, moment.time(), wall.tzinfo)
        if not self.day:
            moment = datetime.combine(wall.date(), moment.timetz())
        if not self.clock:
            moment = moment.replace(hour=wall.hour, minute=wall.minute, second=0)
        return moment.isoformat()


def read_correction(ctx: Context, text: str, workdays: Workdays) -> Correction | None:
    """Return what a line corrects, or None when it is no correction. A bare one counts only while a 确认 waits."""
    line = normalise(text).strip(_TAIL)
    if not line or len(line) > LONGEST:
        return None
    opened = _OPENS.match(line)
    rest = line[opened.end() :] if opened else line
    names = _RIGHT_NOT_WRONG.match(rest) or _NOT_WRONG_BUT_RIGHT.match(rest)
    if names:
        return Correction(customer=names["right"].strip(), wrong=names["wrong"].strip())
    moves = _MOVES.match(line) is not None and plan_just_made(ctx.uow) is not None
    if not opened and not moves and not _waits_for_a_yes(ctx):
        return None
    if amounts := find_amounts(rest if "金额" in rest else f"金额{_BARE_OPENS.sub('', rest)}"):
        return Correction(amount=str(amounts[0].yuan))
    spans = find_times(rest, ctx.wall(ctx.uow.now), workdays=workdays)
    if spans and _says_little_else(rest, spans):
        moment = default_moment(spans[-1], ctx.uow.playbook.day.default_hour)
        clock = spans[-1].has_clock or spans[-1].hour is not None
        weekday = _WEEKDAY.search(rest)
        named = _DAYS[weekday[1]] if weekday else None
        return Correction(moment=moment, clock=clock, weekday=named, day=bool(_DAY.search(spans[-1].words)))
    name = _NEW_NAME.match(rest)
    return Correction(customer=name["right"].strip(_TAIL + "的")) if name else None


def correct_pending(ctx: Context, acts: Sequence[Act], correction: Correction) -> tuple[Act, ...]:
    """Return the acts that wait for 确认 with what was corrected; none when it fits none of them."""
    changed = [_corrected(ctx, act, correction) for act in acts]
    if correction.customer:  # 是华为不是大疆 says nothing of what waits about 汇川
        changed = [
            new if _is_about(ctx, old, correction.wrong) else old for new, old in zip(changed, acts, strict=True)
        ]
    return tuple(changed) if any(new is not old for new, old in zip(changed, acts, strict=True)) else ()


def corrected_last(ctx: Context, correction: Correction) -> tuple[Act, ...]:
    """Return the act that mends what the actor did last; none when nothing of that kind was done just now."""
    if correction.amount:
        return (Act("deal.amend", {"amount": correction.amount}),)
    if correction.customer:
        return (Act("followup.correct", _put_right(ctx, correction)),) if last_own(ctx.uow) else ()
    plan: Plan | None = plan_just_made(ctx.uow)
    if plan is None or plan.customer is None:
        return ()
    return (Act("plan.move", {"customer": str(plan.customer), "at": correction.at(plan.at, ctx)}),)


def _put_right(ctx: Context, correction: Correction) -> dict[str, Any]:
    """Say what was right of a follow-up: the customer, or else the way or the person, where the words name one."""
    methods = find_methods(correction.customer)
    if methods and methods[0].words == correction.customer:
        return {"method": str(methods[0].method)}
    if _is_no_customer(ctx, correction.customer) and _is_a_person(correction.customer):
        return {"contact": correction.customer, "wrong": correction.wrong}
    return {"to": correction.customer} | ({"customer": correction.wrong} if correction.wrong else {})


def _is_no_customer(ctx: Context, words: str) -> bool:
    try:
        find_customer(ctx.uow, words)
    except Ambiguous:
        return False
    except Refusal:
        return True
    return False


def _is_a_person(words: str) -> bool:
    people = find_people(words)
    return is_full_name(words) or any(person.name == words for person in people)


def _corrected(ctx: Context, act: Act, correction: Correction) -> Act:
    slots: dict[str, Any] = dict(act.slots)
    if correction.moment is not None:
        slot = next((name for name in slots if name in MOMENTS), None)
        if slot is None:
            return act
        slots[slot] = correction.at(datetime.fromisoformat(str(slots[slot])), ctx)
    elif correction.amount:
        slot = next((name for name in slots if name in AMOUNTS), None)
        if slot is None:
            return act
        slots[slot] = correction.amount
    elif "customer" in slots:
        slots["customer"] = correction.customer
    else:
        return act
    return Act(act.intent, slots)


def _is_about(ctx: Context, act: Act, wrong: str) -> bool:
    if not wrong:
        return True
    try:
        return str(find_customer(ctx.uow, wrong).ref) == str(find_customer(ctx.uow, str(act.slots["customer"])).ref)
    except (Refusal, KeyError):
        return False


def _waits_for_a_yes(ctx: Context) -> bool:
    question = open_question(ctx.uow)
    return question is not None and question.kind == QuestionKind.CONFIRM


def _says_little_else(line: str, spans: Sequence[TimeSpan]) -> bool:
    for span in reversed(spans):
        line = line[: span.start] + line[span.end :]
    return len(_AROUND.sub("", line)) <= BESIDE
