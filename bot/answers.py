"""Bare answers to an open question: "2", "第二个", "张经理那个", "下周一吧", "80w", "对", "算了"; a tap says the same.

Only what can hardly be anything but an answer is taken here, before the reader. What the reader makes nothing of may
still answer a question that any words can answer, such as what was talked about.
"""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.arguments import DECISIONS
from bot.context import Context
from bot.understanding.acts import Act, Outcome, Understood
from bot.understanding.money import find_amounts
from bot.understanding.numerals import read_whole
from bot.understanding.phones import find_phones
from bot.understanding.text import normalise
from bot.understanding.times import TimeSpan, default_moment, find_times, impossible_dates
from bot.understanding.words import load_words
from bot.understanding.workdays import Workdays
from core.errors import Ambiguous, BadInput, NothingAsked, Refusal
from core.model.messages import Question, QuestionKind
from core.rules.followups import meaningful_characters
from core.services.customers import find_customer
from core.services.members import find_member


class Reply(StrEnum):
    """What an answer does with its question. CHANGE leaves it open and says how to correct it."""

    FILL = "fill"
    YES = "yes"
    NO = "no"
    CHANGE = "change"


@dataclass(frozen=True)
class Answer:
    """An answer, and for FILL the slots it brings."""

    reply: Reply
    slots: dict[str, Any] = field(default_factory=dict)


_WORDS: dict[str, list[str]] = load_words("answers")
YES, CANCEL = frozenset(_WORDS["yes"]), frozenset(_WORDS["cancel"])
NO, CHANGE, NONE_OF_THESE = CANCEL | frozenset(_WORDS["no"]), frozenset(_WORDS["change"]), frozenset(_WORDS["none"])

MOMENTS = frozenset({"at", "next_at", "due_at"})
AMOUNTS = frozenset({"amount", "unit_price"})
NAMES = frozenset({"customer", "to", "with", "meaning", "member"})
NEW = frozenset({"lead.create", "account.create"})
FREE = frozenset({"content", "fills", "reason", "name", "contact", "text", "value", "answer"})
"""Slots that any words can fill."""

BLANK = "blank"
"""A field that is asked for in passing: a few words that mean nothing else fill it, and nobody has to answer."""

SENT = "file"
"""A file that is asked for: no words answer it."""

IN_PASSING = frozenset({BLANK, SENT})
"""Slots asked for beside what people go on with: their next sentence is read as if nothing had been asked."""

GUIDED = "answer"
"""The slot of guided questions: what is told answers them, a command of its own puts them down."""

TELLING = frozenset(
    {"followup.log", "plan.create", "deal.amend", "deal.stage", "deal.lose", "contact.add", "lead.create"}
)
"""Intents that the words of an answer may sound like."""

FILLING = TELLING - {"deal.stage", "deal.lose"}
"""Of those, what may still tell what a deal lacks where it names the customer: the others are what to do with it."""

BESIDE = 2
"""Characters that a bare time may have beside it."""

_ALWAYS = frozenset({"undo", "cancel", "help", "confirm"})
"""What is meant whenever it is said."""

SHORT = 12
"""Characters of a bare value; what is longer is a sentence of its own."""

_TELLS = re.compile(
    r"^(?:我|你|咱|他|她|它|客户(?!群|数)|对方|人家|帮|把|给|请|看|查|别|不|没|先|再|就|又|还|刚|那|这|谁|哪|什么|啥|怎么|为)"
    r"|那边|这边|我们|他们|她们|让我|叫我|提醒|[了吗呢吧啊]$|[？?！!，。；]"
)
"""What speaks of somebody or to somebody, as the value of a field does not."""

_TAIL = " ,，。.!！~～?？、"
_PARTICLES = "吧啊呀哦呢哈嘛啦了的"
_ORDINAL = re.compile(
    r"(?:我?[选要]|就|是)?(?:第)?(?P<number>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:个|家|条|位|号|项)?(?:那个|那家)?"
)
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_LAST = re.compile(r"(?:我?[选要]|就|是)?最后(?:一?[个家条位项])")
_POINTING = re.compile(r"^(?:我说的是|我?[选要]|就是|就|是)|(?:那个|这个|那家|这家|那位|这位|那条|的)$")
_AROUND_A_TIME = re.compile(
    r"(?:那就|就|要不|改到|改成|改|定|约|在|到|再|下次|联系|跟进|沟通|回访|打电话|见面?|左右|可以|行|前|之前)"
)


def read_answer(
    ctx: Context, question: Question, text: str, workdays: Workdays, commands: Container[str]
) -> Answer | None:
    """Return the answer that a line is to `question`, or None when it must be read as a sentence.

    Raises BadInput for a number beyond the choices and for a day that does not exist; the question stays open.
    """
    line = normalise(text).strip(_TAIL)
    bare = line.lower()
    if question.kind == QuestionKind.CONFIRM:
        return _yes_or_no(bare.rstrip(_PARTICLES) or bare, bare)
    labels = [label for choice in question.choices for label in choice]
    none = bool(labels) and question.slot != GUIDED and bare.rstrip(_PARTICLES) in NONE_OF_THESE
    if line not in labels and (bare in CANCEL or none):
        return Answer(Reply.NO)
    if question.choices and (chosen := _choice(question, line)) is not None:
        return Answer(Reply.FILL, _chosen(question, chosen))
    asks_for_one = question.kind == QuestionKind.ASK and len(question.choices) == 1
    if asks_for_one and (bare.rstrip(_PARTICLES) or bare) in YES:
        return Answer(Reply.FILL, _chosen(question, str(question.choices[0][1])))
    if question.slot == "certain" and bare in DECISIONS:
        return Answer(Reply.FILL, {"certain": bare})
    return None if bare in commands else _value(ctx, question, line, workdays)


def free_answer(
    ctx: Context, question: Question, understood: Understood, text: str, workdays: Workdays, commands: Iterable[str]
) -> Answer | None:
    """Return what a line that says nothing else answers to a question open to any words, or to a name.

    To the question what was talked about nearly every line is the answer, whatever else its words could ask for.
    """
    line = text.strip()
    if question.slot == GUIDED:
        return None if _goes_elsewhere(question, understood, line, commands) else Answer(Reply.FILL, {GUIDED: line})
    if question.slot in ("content", "fills") and question.kind == QuestionKind.ASK:
        tells = not _begins_anew(question, understood, line, commands)
    else:
        tells = question.slot in FREE and _tells_more(question, understood)
    unread = understood.outcome in (Outcome.UNKNOWN, Outcome.IGNORE)
    if tells or (unread and question.slot in FREE):
        return Answer(Reply.FILL, {question.slot: line})
    if not unread:
        return None
    if question.slot == BLANK:
        fits = _may_be_a_value(ctx, understood, line, workdays, commands)
        return Answer(Reply.FILL, {BLANK: line}) if fits else None
    if question.slot in MOMENTS and question.kind == QuestionKind.ASK and len(line) <= SHORT:
        raise BadInput(f"没看懂时间「{line}」，请写成「明天下午三点」或「3月17日 15:00」")
    is_name = understood.outcome is not Outcome.IGNORE and len(line) <= SHORT * 2
    if question.kind == QuestionKind.ASK and is_name and question.slot not in AMOUNTS | MOMENTS | {"keep", "clocks"}:
        return Answer(Reply.FILL, {question.slot: line.strip(_TAIL)})
    return None


def _may_be_a_value(
    ctx: Context, understood: Understood, line: str, workdays: Workdays, commands: Iterable[str]
) -> bool:
    """Say whether a line can be what a field holds: it means nothing else, names no time, and tells of nobody."""
    if understood.outcome is not Outcome.UNKNOWN or understood.guesses or _is_called(line, commands):
        return False
    if not 1 < meaningful_characters(line) <= SHORT * 2 or _TELLS.search(line):
        return False
    if _names_one(ctx, "member", line):
        return False
    return not find_times(normalise(line), ctx.wall(ctx.uow.now), workdays=workdays)


def _is_called(line: str, commands: Iterable[str]) -> bool:
    """Say whether a line is a command word, alone or with more behind it."""
    return any(line == word or (line.startswith(word) and line[len(word)] in " :：，,") for word in commands)


def _goes_elsewhere(question: Question, understood: Understood, line: str, commands: Iterable[str]) -> bool:
    """Say whether a line that could answer a guided question is meant for something else."""
    if _begins_anew(question, understood, line, commands) or any(act.refs.get("customer") for act in understood.acts):
        return True
    return understood.outcome is not Outcome.UNKNOWN and any(act.intent not in TELLING for act in understood.acts)


def _tells_more(question: Question, understood: Understood) -> bool:
    """Say whether a sentence that reads like a follow-up or a plan of nobody goes on with the one that waits."""
    if question.intent != "followup.log" or len(understood.acts) != 1:
        return False
    act = understood.acts[0]
    named = act.slots.get("customer")
    return act.intent in ("followup.log", "plan.create") and named in (None, "", question.slots.get("customer"))


def read_of(question: Question, understood: Understood) -> Answer:
    """Return the answer that the reader has read: a yes, a no, a number, or the question's own act filled up."""
    act = understood.acts[0]
    if act.intent == "confirm" and question.kind == QuestionKind.CONFIRM:
        return Answer(Reply.YES)
    if act.intent == "confirm" and question.kind == QuestionKind.OFFER:
        raise NothingAsked
    if act.intent == "cancel":
        return Answer(Reply.NO)
    if act.intent == "choose":
        return tapped_answer(question, str(act.slots.get("number", "")))
    if act.intent != question.intent:
        raise BadInput(f"没看懂这个回答。{question.words or '请直接回答刚才的问题'}")
    return Answer(Reply.FILL, act.slots | act.refs)


def says_day_only(ctx: Context, act: Act, workdays: Workdays) -> bool:
    """Say whether the words behind an act's moment name a day and no hour."""
    words = next((words for words, slot in act.evidence if slot == "at"), "")
    spans = find_times(words, ctx.wall(ctx.uow.now), workdays=workdays)
    return bool(spans) and not any(span.has_clock or span.hour is not None for span in spans)


def _begins_anew(question: Question, understood: Understood, line: str, commands: Iterable[str]) -> bool:
    """Say whether a line is a command of its own: by its first word, by what it takes back, or by whom it names."""
    if _is_called(line, commands):
        return True
    about = str(question.slots.get("customer", ""))
    for act in understood.acts:
        ref = act.refs.get("customer", "")
        names = any(slot == "customer" for _, slot in act.evidence)
        if question.slot == "fills" and names and act.intent not in FILLING:
            return True
        if act.intent in _ALWAYS or (ref and ref != about and act.slots.get("customer") != about):
            return True
    return False


def tapped_answer(question: Question, answer: str) -> Answer:
    """Return the answer that a button of the question gives."""
    if question.kind == QuestionKind.CONFIRM:
        return Answer(Reply(answer) if answer in set(Reply) - {Reply.FILL} else Reply.NO)
    if not answer.isascii() or not answer.isdigit() or not 1 <= int(answer) <= len(question.choices):
        return Answer(Reply.NO)
    return Answer(Reply.FILL, _chosen(question, question.choices[int(answer) - 1][1]))


def _chosen(question: Question, value: str) -> dict[str, Any]:
    """Fill the slot; a moment that was picked out of several is meant as it is, on whatever day it falls."""
    return {question.slot: value} | ({"keep": "keep"} if question.slot in MOMENTS else {})


def _yes_or_no(*forms: str) -> Answer | None:
    for words, reply in ((CHANGE, Reply.CHANGE), (YES, Reply.YES), (NO, Reply.NO)):
        if any(form in words for form in forms):
            return Answer(reply)
    return None


def _choice(question: Question, line: str) -> str | None:
    """Return the value of the choice that a number, an ordinal or a part of its label means."""
    bare = line.rstrip(_PARTICLES)
    choices = question.choices
    if _LAST.fullmatch(bare):
        return str(choices[-1][1])
    if (ordinal := _ORDINAL.fullmatch(bare)) is not None:
        number = read_whole(ordinal["number"]) or 0
        if not 1 <= number <= len(choices):
            if question.slot == GUIDED:
                return None
            raise BadInput(f"只有 1 到 {len(choices)} 可以选。请回复其中一个数字，或者回复「算了」")
        return str(choices[number - 1][1])
    if question.slot == "keep" and bare.lower() in YES:
        return str(choices[0][1])
    said = _POINTING.sub("", _POINTING.sub("", bare)).strip()
    meant = [value for label, value in choices if line in (label, value)] or [
        value for label, value in choices if label.startswith(said) or (len(said) > 1 and said in label)
    ]
    if not said:
        return None
    return str(meant[0]) if len(meant) == 1 else None


def _value(ctx: Context, question: Question, line: str, workdays: Workdays) -> Answer | None:
    """Read a bare name, moment, amount or phone where the question asks for one."""
    if question.slot == "customer" and question.intent in NEW and re.fullmatch(r"[\d\s+\-()]{7,}", line):
        raise BadInput("这里需要公司名称，例如「苏州汇川」。请再回复一次")
    if question.slot == "reason" and question.choices and len(line) <= SHORT and _names_one(ctx, "customer", line):
        return Answer(Reply.FILL, {"customer": line})  # another one is meant; the reason is asked once more
    if question.slot in MOMENTS or question.slot == "keep":
        return _moment(ctx, question, line, workdays)
    if question.slot in NAMES and len(line) <= SHORT * 2 and _names_one(ctx, question.slot, line):
        return Answer(Reply.FILL, {question.slot: line})
    return _figure(question, line)


def _figure(question: Question, line: str) -> Answer | None:
    """Read a bare amount or phone."""
    if question.slot in AMOUNTS and len(line) <= SHORT * 2 and (amounts := find_amounts(f"金额{line}")):
        return Answer(Reply.FILL, {question.slot: str(amounts[0].yuan)})
    if question.slot == "phone" and (phones := find_phones(line)) and len(line) <= SHORT * 2:
        beside = line[: phones[0].start] + line[phones[0].end :]
        if re.sub(rf"(?:电话|手机|号码|是|他的|她的|[{re.escape(_TAIL + _PARTICLES)}])", "", beside):
            return None
        return Answer(Reply.FILL, {"phone": phones[0].number})
    return None


def _names_one(ctx: Context, slot: str, line: str) -> bool:
    """Say whether a line is the name of a customer or a colleague and nothing else."""
    try:
        find_member(ctx.uow, line) if slot == "member" else find_customer(ctx.uow, line)
    except Ambiguous:
        return True
    except Refusal:
        return False
    return True


def _moment(ctx: Context, question: Question, line: str, workdays: Workdays) -> Answer | None:
    local = ctx.wall(ctx.uow.now)
    if len(line) <= SHORT * 2 and (impossible := impossible_dates(line, local, workdays=workdays)):
        raise BadInput(f"「{impossible[0].words}」这一天不存在，请换个日期再回复一次")
    spans = find_times(line, local, workdays=workdays)
    if "提醒" in line and question.intent != "reminder.create":
        return None  # to be reminded is another thing than to talk again
    if not spans or len(_beside(line, spans)) > BESIDE:
        return None
    slot = "at" if question.slot == "keep" else question.slot
    moment: datetime = default_moment(spans[-1], ctx.uow.playbook.day.default_hour)
    if not spans[-1].has_clock and spans[-1].hour is None:
        moment = _at_the_hour_in_mind(ctx, question, slot, moment)
    return Answer(Reply.FILL, {slot: moment.isoformat()})


def _at_the_hour_in_mind(ctx: Context, question: Question, slot: str, day: datetime) -> datetime:
    """Give a bare day the hour that was offered for it, or that had been said before."""
    known = [str(value) for _, value in question.choices] + [str(question.slots.get(slot) or "")]
    moments = [ctx.wall(datetime.fromisoformat(value)) for value in known if _ISO.match(value)]
    hour = next((moment for moment in moments if moment.date() == day.date()), moments[-1] if moments else day)
    return day.replace(hour=hour.hour, minute=hour.minute)


def _beside(line: str, spans: list[TimeSpan]) -> str:
    """Return what a line says beside its times and the words that go with them."""
    for span in reversed(spans):
        line = line[: span.start] + line[span.end :]
    return re.sub(rf"[{re.escape(_TAIL + _PARTICLES)}]", "", _AROUND_A_TIME.sub("", line))
