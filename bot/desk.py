"""Desk: what happens with what was understood. It is done, shown first, asked about, declined, or left alone.

Acts of one message are done in the event's one transaction, all or nothing. What is missing or ambiguous becomes one
question that keeps what was said; what is unsure, or weighs much, is shown and waits for 确认. Whatever is confirmed
is judged anew: rights, names and the state of things are looked at when the 确认 comes.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.answers import Answer, Reply, free_answer, read_answer, read_of, says_day_only, tapped_answer
from bot.arguments import PARSERS, Absent, about, question_for, subject
from bot.cards.basics import nearest_usages, question_card, refusal_card, unknown_card
from bot.cards.card import Card
from bot.cards.dialogue import (
    OFFER,
    change_card,
    confirm_card,
    dropped_line,
    joined_card,
    not_yet_card,
    offer_card,
    preview_card,
    with_line,
)
from bot.context import Context
from bot.corrections import correct_pending, corrected_last, read_correction
from bot.event import EventKind
from bot.intents import deed
from bot.router import Handler, Router, Routers
from bot.stories import ask_model, guesses, is_a_story
from bot.understanding.acts import Act, Outcome, Understood
from bot.understanding.workdays import Workdays
from core.errors import Ambiguous, BadInput, MissingWords, NothingAsked, Refusal
from core.model.messages import Question, QuestionKind
from core.services.questions import ask, ask_again, close, just_expired, open_question, tapped_question

BY_TAP = frozenset({"customer", "command", "words", "after", "channel", "member"})
"""What a button may carry: ids and where one stands in a list, never facts."""

WORDS = frozenset({EventKind.TEXT, EventKind.MENU, EventKind.VOICE})
"""Kinds whose text was said: typed, chosen from the menu, or spoken and written down by the platform."""

TO_A_QUESTION = frozenset({"confirm", "cancel", "choose"})
"""Intents that mean nothing unless a question waits."""

BARE = 12
"""Characters of a line that may still be meant for a question which has run out."""

Reader = Callable[[Context, str, Question | None], Understood]
"""Reads a line in its context, with the question that is open in this chat."""


class Desk:
    """The joined routers with the reader: `answer` turns an event into a card."""

    def __init__(
        self,
        routers: Iterable[Router],
        later: Mapping[str, str],
        reader: Callable[[Mapping[str, str]], Reader],
        workdays: Workdays,
        *,
        asks_model: bool = False,
    ) -> None:
        joined = Routers(routers)
        self.intents, self.buttons, self.kinds, self.previews = (
            joined.intents,
            joined.buttons,
            joined.kinds,
            joined.previews,
        )
        self._strangers = joined.strangers
        self._later, self._workdays, self._asks_model = later, workdays, asks_model
        self._commands = joined.words()
        self._read = reader(self._commands)

    def answer(self, ctx: Context) -> Card | None:
        """Answer one event; None when there is nothing to say. A Refusal goes to `refused`."""
        event = ctx.event
        if event.kind in WORDS and event.text:
            return self._said(ctx, event.text)
        if event.kind is EventKind.TAP:
            return self._tapped(ctx)
        handle = self.kinds.get(event.kind)
        return handle(ctx) if handle else None

    def receive(self, ctx: Context) -> Card | None:
        """Answer somebody whom we do not know; None when they may not say that."""
        if ctx.event.kind not in WORDS:
            return None
        return next((card for handle in self._strangers if (card := handle(ctx)) is not None), None)

    def refused(self, ctx: Context, refusal: Refusal) -> Card:
        """Turn a refusal into words. One that can be answered becomes a question that waits for it."""
        if not isinstance(refusal, Asking):
            return refusal_card(refusal)
        question = ask(
            ctx.uow,
            refusal.act.intent,
            refusal.slot,
            refusal.act.slots | refusal.act.refs,
            refusal.choices,
            others=[_kept(act) for act in refusal.others],
            place=refusal.place,
            words=refusal.words,
            unsure=refusal.unsure,
        )
        return with_line(question_card(refusal.words, question), refusal.dropped)

    def propose(self, ctx: Context, acts: Sequence[Act]) -> Card | None:
        """Show acts that somebody else has guessed; only their author's 确认 does them."""
        known = [act for act in acts if act.intent in self.intents or act.intent in self._later]
        return self._carry_out(ctx, known, unsure=True) if known else None

    def _said(self, ctx: Context, text: str) -> Card | None:
        question = open_question(ctx.uow)
        if question is not None:
            answer = read_answer(ctx, question, text, self._workdays, self._commands)
            if answer is not None:
                return self._answered(ctx, question, answer)
        correction = read_correction(ctx, text, self._workdays)
        if correction is not None:
            if question is not None and question.kind == QuestionKind.CONFIRM:
                if acts := correct_pending(ctx, _acts(question), correction):
                    return self._carry_out(ctx, acts, unsure=True)
            elif acts := corrected_last(ctx, correction):
                return self._interrupted(ctx, question, lambda: self._carry_out(ctx, acts))
        understood = self._read(ctx, text, question)
        if question is not None and understood.answers:
            return self._answered(ctx, question, read_of(question, understood))
        if question is not None and (answer := free_answer(question, understood, text, self._commands)) is not None:
            return self._answered(ctx, question, answer)
        return self._interrupted(ctx, question, lambda: self._follow(ctx, understood, text, question))

    def _interrupted(self, ctx: Context, question: Question | None, go: Callable[[], Card | None]) -> Card | None:
        """Let a new sentence take the place of an open question, and say in one line what was put down."""
        if question is None:
            return go()
        dropped = ""
        if question.kind != QuestionKind.OFFER:
            dropped = dropped_line(question, about(ctx, question.slots))
        try:
            card = go()
        except Asking as asking:
            asking.dropped = dropped
            raise
        still = open_question(ctx.uow)
        if card is None or (still is not None and still.id == question.id):
            return card
        return with_line(card, dropped) if question.closed_at is not None else card

    def _follow(self, ctx: Context, understood: Understood, text: str, question: Question | None) -> Card | None:
        """Do what the outcome says."""
        acts = tuple(act for act in understood.acts if act.intent in self.intents or act.intent in self._later)
        outcome = understood.outcome
        if outcome is Outcome.IGNORE:
            return None
        if outcome is Outcome.REFUSE:
            return Card(title=understood.reason or "这件事不能办")
        if len(acts) != len(understood.acts) or not acts or outcome is Outcome.UNKNOWN:
            return self._unknown(ctx, understood, text, question)
        if acts[0].intent in TO_A_QUESTION:
            return self._to_no_question(ctx, acts[0], question)
        if question is not None and acts[0].intent != "undo":
            close(ctx.uow, question)
        if outcome in (Outcome.CHOOSE, Outcome.ASK):
            self._ask(ctx, acts, understood)
        return self._carry_out(ctx, acts, unsure=outcome is Outcome.CONFIRM)

    def _ask(self, ctx: Context, acts: tuple[Act, ...], understood: Understood) -> None:
        """Raise the question that the reader wants asked, unless the handler can do without its answer."""
        slot = understood.missing[0] if understood.missing else "customer"
        place = next((n for n, act in enumerate(acts) if act.slots.get(slot) in (None, "", [])), 0)
        handler = self.intents.get(acts[place].intent)
        if handler is None or not (handler.needs(slot) or (understood.choices and handler.takes(slot))):
            return
        words, choices = question_for(ctx, acts[place].intent, slot, understood.question)
        if understood.choices and understood.question:
            words = understood.question
        words = words if words == understood.question else about(ctx, acts[place].slots, "：") + words
        if understood.choices:
            words = "\n".join([words, *(f"{n}. {label}" for n, (label, _) in enumerate(understood.choices, 1))])
        raise Asking(words, acts[place], slot, understood.choices or choices).among(acts, place, unsure=len(acts) > 1)

    def _carry_out(
        self, ctx: Context, acts: Sequence[Act], *, unsure: bool = False, confirmed: bool = False
    ) -> Card | None:
        """Do all acts or none. What is unsure or weighs much is shown first, unless it was `confirmed`."""
        now = [act for act in acts if act.intent in self.intents]
        later = [act for act in acts if act.intent not in self.intents]
        if not now:
            return not_yet_card(later, self._later, ctx.uow.calendar)
        weighty = any(self.intents[act.intent].confirms for act in now)
        if (unsure or later or weighty) and not confirmed:
            return self._confirm(ctx, now, later)
        cards = []
        for place, act in enumerate(now):
            try:
                with ctx.uow.attempt():
                    cards.append(self._run(ctx, act))
            except Asking as asking:
                raise asking.among(now, place, unsure=False) from asking
            except Refusal as refusal:
                raise refusal if len(now) == 1 else PartRefused(place + 1, act, refusal) from refusal
        said = [card for card in cards if card is not None]
        return said[0] if len(said) == 1 else joined_card(said) if said else None

    def _confirm(self, ctx: Context, acts: Sequence[Act], later: Sequence[Act] = ()) -> Card:
        """Look every name up, show what would be done, and wait for 确认."""
        known, previews = [], []
        for place, act in enumerate(acts):
            handler = self.intents[act.intent]
            try:
                arguments = self._arguments(ctx, handler, act)
                previews.append(self._preview(ctx, act, arguments))
            except Asking as asking:
                raise asking.among(acts, place, unsure=True) from asking
            except Ambiguous as several:
                raise Asking(str(several), act, several.slot, several.choices).among(
                    acts, place, unsure=True
                ) from several
            known.append(Act(act.intent, act.slots | act.refs | _found(arguments)))
        first, *others = known
        question = ask(
            ctx.uow,
            first.intent,
            "",
            first.slots,
            kind=QuestionKind.CONFIRM,
            others=[_kept(act) for act in others],
            words="\n".join(card.title for card in previews),
        )
        return confirm_card(previews, [deed(act.intent) for act in later], question)

    def _preview(self, ctx: Context, act: Act, arguments: dict[str, Any]) -> Card:
        show = self.previews.get(act.intent)
        if show is not None:
            shown = show(ctx, **{name: arguments[name] for name in inspect.signature(show).parameters if name != "ctx"})
            if shown is not None:
                return shown
        name = subject(ctx, arguments).rstrip("：") or about(ctx, act.slots)
        return preview_card(act.intent, act.slots | ({"customer": name} if name else {}), ctx.uow.calendar)

    def _run(self, ctx: Context, act: Act) -> Card | None:
        """Call a handler with its words parsed. What is missing or ambiguous is asked, keeping what was said."""
        handler = self.intents.get(act.intent) or self.buttons[act.intent]
        if handler.takes("day_only") and says_day_only(ctx, act, self._workdays):
            act = replace(act, slots={"day_only": "yes"} | act.slots)
        arguments = self._arguments(ctx, handler, act)
        try:
            return handler.handle(ctx, **arguments)
        except Ambiguous as several:
            raise Asking(str(several), act, several.slot, several.choices) from several

    def _arguments(self, ctx: Context, handler: Handler, act: Act) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        for parameter in handler.parameters:
            name = parameter.name
            try:
                arguments[name] = _argument(ctx, handler, parameter, act)
            except Ambiguous as several:
                raise Asking(str(several), act, name, several.choices) from several
            except Absent as missing:
                words, choices = question_for(ctx, act.intent, name)
                words = subject(ctx, arguments) + words
                raise Asking(words, act, name, choices, MissingWords(words, handler.help)) from missing
        return arguments

    def _tapped(self, ctx: Context) -> Card | None:
        event = ctx.event
        if event.action == "answer":
            question = tapped_question(ctx.uow, event.values.get("question", ""))
            if not question.is_open(ctx.uow.now):
                return self._too_late(ctx, question)
            return self._answered(ctx, question, tapped_answer(question, event.values.get("answer", "")))
        if event.action not in self.buttons:
            raise NothingAsked(expired=True)
        said = {**event.values, **_first(event.selected)}
        slots = {name: value for name, value in said.items() if name in BY_TAP}
        return self._interrupted(ctx, open_question(ctx.uow), lambda: self._pressed(ctx, event.action, slots))

    def _pressed(self, ctx: Context, action: str, slots: dict[str, Any]) -> Card | None:
        try:
            return self._run(ctx, Act(action, slots))
        except Asking as asking:
            raise asking.among([asking.act], 0, unsure=False) from asking

    def _answered(self, ctx: Context, question: Question, answer: Answer) -> Card | None:
        """Go on with the acts that waited."""
        if answer.reply is Reply.CHANGE:
            return change_card()
        close(ctx.uow, question)
        if answer.reply is Reply.NO:
            return Card(
                title="好的，已放下，没有记录任何内容" if question.kind != QuestionKind.OFFER else "好的，先不约"
            )
        if answer.reply is Reply.YES:
            return self._carry_out(ctx, [self._meant(act) for act in _acts(question)], confirmed=True)
        acts = list(_acts(question))
        acts[question.place] = self._completed(ctx, question, answer.slots)
        if acts[question.place].intent not in self.intents:
            return self._pressed(ctx, question.intent, acts[question.place].slots)
        return self._carry_out(ctx, acts, unsure=question.unsure)

    def _meant(self, act: Act) -> Act:
        """Return a confirmed act: its day or hour was on the card, so nobody asks about it once more."""
        handler = self.intents.get(act.intent)
        return Act(act.intent, {"keep": "keep"} | act.slots) if handler is not None and handler.takes("keep") else act

    def _completed(self, ctx: Context, question: Question, answer: dict[str, Any]) -> Act:
        """Fill an answer in. What was talked about may bring its method and the next date, so it is read as a whole."""
        slots = question.slots | answer
        sentence = {
            ("followup.log", "content"): f"跟进 {about(ctx, question.slots)} {slots.get('content', '')}",
            ("lead.create", "customer"): f"新线索 {slots.get('customer', '')}",
        }.get((question.intent, question.slot))
        if sentence is not None:
            understood = self._read(ctx, sentence, None)
            if len(understood.acts) == 1 and understood.acts[0].intent == question.intent:
                read = understood.acts[0].slots
                if question.slot == "customer" and not read.get("customer"):
                    raise BadInput("这里需要公司名称，例如「苏州汇川」。请再回复一次")
                kept = question.slots if question.slot in read else slots
                return Act(question.intent, {**read, **{k: v for k, v in kept.items() if v not in (None, "")}})
        return Act(question.intent, slots)

    def _unknown(self, ctx: Context, understood: Understood, text: str, question: Question | None) -> Card | None:
        """Say that it was not understood; keep nothing, offer the nearest, and leave an open question open."""
        usages = nearest_usages(self.intents[one].usage for one in understood.guesses if one in self.intents)
        if question is not None and question.kind != QuestionKind.OFFER:
            waiting = dropped_line(question, about(ctx, question.slots)).replace("先放下了", "还在等您回答")
            return with_line(unknown_card(text, usages), waiting)
        expired = just_expired(ctx.uow)
        if expired is not None and len(text) <= BARE and expired.kind != QuestionKind.OFFER:
            return self._too_late(ctx, expired)
        if self._asks_model and ask_model(ctx, text):
            return None  # the answer comes with what the model proposes
        if is_a_story(ctx, text):
            choices = understood.choices or guesses(ctx, text)
            offered = ask(ctx.uow, "followup.log", "customer", {"content": text}, choices, words="存为哪个客户的跟进")
            return offer_card(text, offered)
        return unknown_card(text, usages)

    def with_nearest(self, ctx: Context, understood: Understood, text: str) -> Understood:
        """Return a line that was not understood with what its author would be offered, as `_unknown` does."""
        if is_a_story(ctx, text):
            return replace(understood, question=OFFER, choices=understood.choices or guesses(ctx, text))
        usages = nearest_usages(self.intents[one].usage for one in understood.guesses if one in self.intents)
        return replace(understood, question=unknown_card(text).title, choices=tuple((usage, usage) for usage in usages))

    def _to_no_question(self, ctx: Context, act: Act, question: Question | None) -> Card | None:
        """Answer a 确认, 算了 or 2 that fits no open question: one that has run out is put again."""
        if question is not None:
            reply = {"confirm": Reply.YES, "cancel": Reply.NO}.get(act.intent)
            if reply is Reply.NO or (reply is Reply.YES and question.kind == QuestionKind.CONFIRM):
                return self._answered(ctx, question, Answer(reply))
            raise BadInput(f"这里要的不是「{deed(act.intent)}」。{question.words or '请直接回答刚才的问题'}")
        expired = just_expired(ctx.uow)
        if expired is None or expired.kind == QuestionKind.OFFER:
            raise NothingAsked
        return self._too_late(ctx, expired)

    def _too_late(self, ctx: Context, question: Question) -> Card:
        """Answer whoever comes after the end of a question: an unanswered one is put again, judged anew."""
        if question.closed_at is not None or question.kind == QuestionKind.OFFER:
            raise NothingAsked(expired=True)
        close(ctx.uow, question)
        if question.kind == QuestionKind.CONFIRM:
            card = self._confirm(ctx, _acts(question))
        else:
            card = question_card(question.words, ask_again(ctx.uow, question))
        return replace(card, subtitle="刚才的问题已经过期，再问您一次")


class Asking(Refusal):
    """A refusal that one answer can lift: the acts wait in the database with what was said so far."""

    code = "asking"

    def __init__(
        self,
        words: str,
        act: Act,
        slot: str,
        choices: Iterable[tuple[str, str]] = (),
        refusal: Refusal | None = None,
    ) -> None:
        super().__init__(words)
        self.words, self.act, self.slot = words, act, slot
        self.choices, self.refusal = tuple(choices), refusal
        self.others: list[Act] = []
        self.place, self.unsure, self.dropped = 0, False, ""

    def among(self, acts: Sequence[Act], place: int, *, unsure: bool) -> "Asking":
        """Note the other acts of the same message, which wait along."""
        self.others, self.place = [*acts[:place], *acts[place + 1 :]], place
        self.unsure = self.unsure or unsure
        return self

    def __str__(self) -> str:
        return self.words


class PartRefused(Refusal):
    """One of several acts cannot be done, so none was."""

    code = "part_refused"

    def __init__(self, number: int, act: Act, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.number, self.act, self.refusal = number, act, refusal

    def __str__(self) -> str:
        return f"第 {self.number} 件「{deed(self.act.intent)}」办不了，所以都没有记录：{self.refusal}"


def _argument(ctx: Context, handler: Handler, parameter: inspect.Parameter, act: Act) -> Any:
    slot = parameter.name.rstrip("_")  # 从 and 到 are `from` and `to`, which Python keeps for itself
    given = act.refs.get(slot) or act.slots.get(slot)
    if given in (None, "", []):
        if parameter.default is inspect.Parameter.empty:
            raise Absent(parameter.name)
        return parameter.default
    return PARSERS[handler.types[parameter.name]](ctx, given)


def _acts(question: Question) -> tuple[Act, ...]:
    return tuple(Act(act["intent"], act["slots"]) for act in question.acts)


def _kept(act: Act) -> dict[str, Any]:
    """Keep an act as JSON; the records that its words were found to mean are kept by their numbers."""
    return {"intent": act.intent, "slots": act.slots | act.refs}


def _found(arguments: dict[str, Any]) -> dict[str, str]:
    """Remember which records the words were found to mean, by their numbers."""
    return {name: str(ref) for name, value in arguments.items() if (ref := getattr(value, "ref", None)) is not None}


def _first(selected: dict[str, list[str]]) -> dict[str, str]:
    return {question: options[0] for question, options in selected.items() if options}
