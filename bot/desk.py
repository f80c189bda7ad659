"""Desk: what happens with what was understood. It is done, shown first, asked about, declined, or left alone.

What is missing or ambiguous becomes one question that keeps what was said; here it is put, answered, put down for a
new sentence, or put again when its answer comes too late. What is to be done goes to `bot/deeds.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.answers import IN_PASSING, Answer, Reply, free_answer, read_answer, read_of, tapped_answer
from bot.arguments import about
from bot.asked import question_for
from bot.cards.basics import nearest_usages, question_card, refusal_card, settled_question, unknown_card
from bot.cards.card import Card
from bot.cards.dialogue import OFFER, change_card, dropped_line, offer_card, with_line
from bot.context import Context
from bot.corrections import correct_pending, corrected_last, read_correction
from bot.deeds import Asking, Deeds, acts_of, to_keep
from bot.event import EventKind
from bot.intents import deed
from bot.router import Router, Routers
from bot.stories import ask_model, guesses, is_a_story
from bot.taps import tapped_card
from bot.understanding.acts import Act, Outcome, Understood
from bot.understanding.workdays import Workdays
from core.errors import BadInput, CardTooOld, NothingAsked, Refusal
from core.model.messages import Question, QuestionKind
from core.services.questions import ask, ask_again, close, just_expired, open_question, tapped_question

BY_TAP = frozenset(
    {
        "customer",
        "command",
        "words",
        "after",
        "channel",
        "member",
        "handover",
        "draft",
        "number",
        "request",
        "pool",
        "promise",
        "outline",
        "page",
        "approval",
        "task",
        "approvals",
        "quote",
        "discount_percent",
        "product",
        "contract",
        "material",
        "file",
        "from",
        "to",
        "source",
        "measure",
        "by",
        "value",
        "region",
        "offset",
        "where",
        "measures",
    }
)
"""What a button may carry: ids, where one stands in a list and which part of a report is looked at, never facts."""

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
        self.intents, self._buttons, self._kinds = joined.intents, joined.buttons, joined.kinds
        self._strangers, self._repaints = joined.strangers, joined.repaints
        self._declined = joined.declined
        self._deeds = Deeds(joined, later, workdays)
        self._workdays, self._asks_model = workdays, asks_model
        self._commands = joined.words()
        self._read = reader(self._commands)

    def answer(self, ctx: Context) -> Card | None:
        """Answer one event; None when there is nothing to say. A Refusal goes to `refused`."""
        event = ctx.event
        if event.kind in WORDS and event.text:
            return self._said(ctx, event.text)
        if event.kind is EventKind.TAP:
            return self._tapped(ctx)
        handle = self._kinds.get(event.kind)
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
            others=[to_keep(act) for act in refusal.others],
            place=refusal.place,
            words=refusal.words,
            unsure=refusal.unsure,
        )
        return with_line(question_card(refusal.words, question), refusal.dropped)

    def repainted(self, ctx: Context, tapped: Card) -> Card | None:
        """Return a card as it stands after the tap on it; None when it stands as it was."""
        if ctx.event.action == "answer":
            return settled_question(tapped, ctx.event) if tapped.buttons else None
        repaint = self._repaints.get(ctx.event.action)
        return repaint(ctx, tapped) if repaint else None

    def propose(self, ctx: Context, acts: Sequence[Act]) -> Card | None:
        """Show acts that somebody else has guessed; only their author's 确认 does them."""
        known = self._deeds.known(acts)
        return self._deeds.carry_out(ctx, known, unsure=True) if known else None

    def _said(self, ctx: Context, text: str) -> Card | None:
        question = open_question(ctx.uow)
        if question is not None:
            answer = read_answer(ctx, question, text, self._workdays, self._commands)
            if answer is not None:
                return self._answered(ctx, question, answer)
        correction = read_correction(ctx, text, self._workdays)
        if correction is not None:
            if question is not None and question.kind == QuestionKind.CONFIRM:
                if acts := correct_pending(ctx, acts_of(question), correction):
                    return self._deeds.carry_out(ctx, acts, unsure=True)
            elif acts := corrected_last(ctx, correction):
                return self._interrupted(ctx, question, lambda: self._deeds.carry_out(ctx, acts))
        in_passing = question is not None and question.slot in IN_PASSING
        understood = self._read(ctx, text, None if in_passing else question)
        if question is not None and understood.answers:
            return self._answered(ctx, question, read_of(question, understood))
        if question is not None:
            answer = free_answer(ctx, question, understood, text, self._workdays, self._commands)
            if answer is not None:
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
        acts = self._deeds.known(understood.acts)
        outcome = understood.outcome
        if outcome is Outcome.IGNORE:
            return None
        if outcome is Outcome.REFUSE:
            return Card(title=understood.reason or "这件事不能办")
        if len(acts) != len(understood.acts) or not acts or outcome is Outcome.UNKNOWN:
            return self._unknown(ctx, understood, text, question)
        if acts[0].intent in TO_A_QUESTION:
            return self._to_no_question(ctx, acts[0], question)
        if understood.again:
            return Card(title=understood.question)
        if question is not None and acts[0].intent != "undo":
            close(ctx.uow, question)
        if outcome in (Outcome.CHOOSE, Outcome.ASK):
            self._ask(ctx, acts, understood)
        unsure = outcome is Outcome.CONFIRM
        card = self._deeds.carry_out(ctx, acts, unsure=unsure)
        return with_line(card, understood.question) if card is not None and unsure else card

    def _ask(self, ctx: Context, acts: tuple[Act, ...], understood: Understood) -> None:
        """Raise the question that the reader wants asked, unless the handler can do without its answer."""
        slot = understood.missing[0] if understood.missing else "customer"
        place = next((n for n, act in enumerate(acts) if act.slots.get(slot) in (None, "", [])), 0)
        handler = self.intents.get(acts[place].intent)
        is_asked = bool(understood.choices or understood.question)
        if handler is None or not (handler.needs(slot) or (is_asked and handler.takes(slot))):
            return
        words, choices = question_for(ctx, acts[place].intent, slot, understood.question)
        if understood.choices and understood.question:
            words = understood.question
        words = words if words == understood.question else about(ctx, acts[place].slots, "：") + words
        if understood.choices:
            words = "\n".join([words, *(f"{n}. {label}" for n, (label, _) in enumerate(understood.choices, 1))])
        raise Asking(words, acts[place], slot, understood.choices or choices).among(acts, place, unsure=len(acts) > 1)

    def _tapped(self, ctx: Context) -> Card | None:
        event = ctx.event
        if tapped_card(ctx.uow, event) is None:  # its signature is the platform's, but the card is nobody's of ours
            command = self.intents.get(event.action)
            raise CardTooOld(command.usage if command else "")
        if event.action == "answer":
            question = tapped_question(ctx.uow, event.values.get("question", ""))
            if not question.is_open(ctx.uow.now):
                return self._too_late(ctx, question)
            return self._answered(ctx, question, tapped_answer(question, event.values.get("answer", "")))
        if event.action not in self._buttons:
            raise NothingAsked(expired=True)
        said = {**event.values, **_first(event.selected)}
        slots = {name: value for name, value in said.items() if name in BY_TAP}
        return self._interrupted(ctx, open_question(ctx.uow), lambda: self._pressed(ctx, event.action, slots))

    def _pressed(self, ctx: Context, action: str, slots: dict[str, Any]) -> Card | None:
        try:
            return self._deeds.run(ctx, Act(action, slots))
        except Asking as asking:
            raise asking.among([asking.act], 0, unsure=False) from asking

    def _answered(self, ctx: Context, question: Question, answer: Answer) -> Card | None:
        """Go on with the acts that waited."""
        if answer.reply is Reply.CHANGE:
            return change_card()
        close(ctx.uow, question)
        if answer.reply is Reply.NO and question.intent in self._declined:
            return self._deeds.call(ctx, self._declined[question.intent], Act(question.intent, question.slots))
        if answer.reply is Reply.NO:
            return Card(
                title="好的，已放下，没有记录任何内容" if question.kind != QuestionKind.OFFER else "好的，先不约"
            )
        if answer.reply is Reply.YES:
            return self._deeds.carry_out(ctx, [self._deeds.meant(act) for act in acts_of(question)], confirmed=True)
        acts = list(acts_of(question))
        acts[question.place] = self._completed(ctx, question, answer.slots)
        if acts[question.place].intent not in self.intents:
            return self._pressed(ctx, question.intent, acts[question.place].slots)
        return self._deeds.carry_out(ctx, acts, unsure=question.unsure)

    def _completed(self, ctx: Context, question: Question, answer: dict[str, Any]) -> Act:
        """Fill an answer in. What was talked about may bring its method and the next date, so it is read as a whole."""
        slots = question.slots | answer
        if question.slot == "fills" and question.slots.get("fills"):
            slots["fills"] = f"{question.slots['fills']}，{answer.get('fills', '')}"  # each answer may bring a part
        sentence = {
            ("followup.log", "content"): f"跟进 {about(ctx, question.slots)} {slots.get('content', '')}",
            ("lead.create", "customer"): f"新线索 {slots.get('customer', '')}",
            ("quote.create", "product"): f"给{about(ctx, question.slots)}出个报价 {slots.get('product', '')}",
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
            card = self._deeds.confirm(ctx, acts_of(question))
        else:
            card = question_card(question.words, ask_again(ctx.uow, question))
        return replace(card, subtitle="刚才的问题已经过期，再问您一次")


def _first(selected: dict[str, list[str]]) -> dict[str, str]:
    return {question: options[0] for question, options in selected.items() if options}
