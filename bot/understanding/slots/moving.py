"""Where plans move: one of them to another time, or all that are open to another day."""

import re
from datetime import datetime, timedelta
from typing import Final

from bot.understanding.sentence import CONTACT, MEMBER
from bot.understanding.slots.draft import Draft, behind, joined, left_out
from bot.understanding.slots.moments import (
    BARE_WEEKDAY,
    ONLY_CLOCK,
    doubt,
    length_in,
    moment_of,
    on_a_workday,
    times_in,
)
from bot.understanding.times import TimeSpan
from core.model.ids import Ref
from core.rules.permissions import scope_of

_DROPPED: Final = re.compile(r"\s?(?:我们?|就|先|都)*(?:不|没法|没空|去不了|来不及)")
_CALLED_OFF: Final = re.compile(r"\s?取消")
_EARLIER: Final = re.compile(r"提前|往前")
_SHIFTED: Final = re.compile(
    r"(?:推后|推迟|延后|往后(?:推|挪|延|移)?|顺延|后移|推|延|提前|往前(?:推|挪|移)?)(?:个|了)?"
    r"(?=(?:半|[\d一二两三四五六七八九十]+)个?(?:天|周|星期|礼拜|小时|钟头|分钟))"
)
_SAME_CLOCK: Final = re.compile(
    r"同一?(?:个)?(?:时间|时候|点|钟点)|老时间|同样(?:的)?时间|时间不变|钟点不变|原来?的?时间|还是(?:那个)?(?:点|时间)"
)
_IS_OPEN: Final = re.compile("(?:哪天|时间|几号|几点|日子)(?:我们?)?(?:再|待|另|还没|没)(?:定|说|约|商量)")
"""A day that is still to be found: 改下周吧，具体哪天再定."""

_REACHED: Final = re.compile(r"(?:到|至|成|为)了?\s?$")


def read_moved_at(draft: Draft) -> None:
    """Where a plan is moved to: the last time named, or so much later than it stands."""
    standing = _standing(draft)
    found = times_in(draft)
    dropped = [p for p, _ in found if _DROPPED.match(draft.sentence.text, p.end) or _CALLED_OFF.match(draft.text)]
    shifted = _SHIFTED.search(draft.text) is not None
    if dropped and len(found) == len(dropped) and not shifted:
        draft.ask("at", "这次不去了，改到什么时候？不再约就回复「算了」")
        return
    length = length_in(draft) if shifted else None
    before = standing or (moment_of(draft, found[0][1]) if found else None)
    if length is not None and before is not None:  # 周一的会推后两天: the day named is the one it stood on
        back = _EARLIER.search(draft.text) is not None
        draft.put("at", (before - length if back else before + length).isoformat(), draft.text)
        draft.used.extend((p.start, p.end) for p, _ in found)
        return
    if found:
        piece, span = found[-1]
        moment = moment_of(draft, span)
        if standing is not None and _SAME_CLOCK.search(draft.text) and span.at is None:
            moment = moment.replace(hour=standing.hour, minute=standing.minute)
        if moment <= draft.sentence.now and BARE_WEEKDAY.match(piece.words):
            moment += timedelta(days=7)
        if standing is not None and ONLY_CLOCK.match(piece.words):
            moment = moment.replace(year=standing.year, month=standing.month, day=standing.day)
        draft.put("at", moment.isoformat(), piece)
        draft.used.extend((p.start, p.end) for p, _ in found)
        doubt(draft, span, moment)
        if _IS_OPEN.search(draft.sentence.text):
            draft.ask("at", f"先放到 {moment:%m-%d}，还是定好哪天再改？请回复日期")
        return
    length = length_in(draft)
    if length is not None and standing is not None:
        draft.put("at", (standing + length).isoformat(), draft.text)


def _standing(draft: Draft) -> datetime | None:
    """When the customer's open plan is, if there is one and it may be seen."""
    kind, _, number = str(draft.refs.get("customer", "")).partition(":")
    if not number.isdigit() or not draft.ctx.uow.names.customers([Ref(kind, int(number))], scope_of(draft.ctx.member)):
        return None
    plans = draft.ctx.uow.plans.open_for(Ref(kind, int(number)))
    return draft.ctx.wall(plans[0].at) if plans else None


def read_move_all(draft: Draft) -> None:
    """Which open plans move to which day, and whose stay; whoever is left out and not known is asked for."""
    stays = [piece for piece in left_out(draft) if piece.mark != MEMBER and len(piece.value.candidates) == 1]
    if len(stays) < len(left_out(draft)) or (not stays and _LEAVES_OUT.search(draft.sentence.text)):
        draft.ask_anew(
            "except", "没认出要留下的是哪家，一条也没有动。请带上客户全名再发一次，例如「除了华为，今天的都推到明天」"
        )
        return
    meant = [
        behind(draft.ctx, one) if piece.mark == CONTACT else (one.name, one.ref)
        for piece in stays
        for one in piece.value.candidates
    ]
    draft.put("except", [name for name, _ in meant], joined(piece.words for piece in stays))
    draft.refs["except"] = [ref for _, ref in meant]
    found = times_in(draft)
    text, now = draft.sentence.text, draft.sentence.now
    if part := _PART_OF_A_DAY.search(draft.text):
        draft.put("part", part[1], part[0])
    reached = [(p, s) for p, s in found if _REACHED.search(text[draft.start : p.start])]
    ahead = [(p, s) for p, s in found if s.from_ > now.date()]
    length = length_in(draft)
    shifted = length is not None and not reached and _SHIFTED.search(draft.text) is not None
    if (reached or ahead) and not shifted:
        piece, span = (reached or ahead)[-1]
        draft.put("at", moment_of(draft, span).isoformat(), piece)
        _read_moved_days(draft, [other for where, other in found if where is not piece])
    elif length is not None:
        later = [s.from_ for _, s in found if s.from_ > now.date()]
        day = (datetime.combine(later[0], now.timetz()) if later else now) + length
        day = day.replace(hour=draft.ctx.uow.playbook.day.default_hour, minute=0, second=0, microsecond=0)
        draft.put("at", on_a_workday(draft, day).isoformat(), draft.text)
        _read_moved_days(draft, [other for _, other in found])


def _read_moved_days(draft: Draft, spans: list[TimeSpan]) -> None:
    """Of which days plans move, where that is not today: 明天的都推到周五."""
    later = [span for span in spans if span.from_ > draft.sentence.now.date()]
    if later:
        draft.put("from", later[0].from_.isoformat(), later[0].words)
        draft.put("to", later[0].to.isoformat(), later[0].words)


_PART_OF_A_DAY: Final = re.compile(
    r"(上午|下午|晚上)的?(?:[^，,。到至成]{0,6})?(?:都|全|统统|一律|推|挪|顺延|延|改|移)"
)
_LEAVES_OUT: Final = re.compile(r"除了|除开|除外|(?:的|先|都)(?:别动|不动)")
