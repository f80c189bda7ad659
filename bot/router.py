"""What was understood, or the button ─▶ handler; words ─▶ typed arguments; a missing word ─▶ one question.

Areas register on a Router of their own, one list joins them (`bot/handlers/__init__.py`); importing defines only. A
handler's parameters are slots by name, their types choose the parsers (`bot/arguments.py`), its docstring is its help.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from bot.arguments import PARSERS, QUESTIONS, Absent, subject
from bot.cards.basics import question_card, refusal_card, unknown_card
from bot.cards.card import Card
from bot.context import Context
from bot.event import EventKind
from bot.understanding.reading import Reader
from core.errors import Ambiguous, MissingWords, NothingAsked, Refusal
from core.model.messages import Question
from core.services.questions import answer_to, ask, just_expired, open_question

BY_TAP = frozenset({"customer", "lead", "command", "words", "after"})
"""What a button may carry: ids and where one stands in a list, never facts."""

WORDS = frozenset({EventKind.TEXT, EventKind.MENU, EventKind.VOICE})
"""Kinds whose text was said: typed, chosen from the menu, or spoken and written down by the platform."""

Handle = Callable[..., Card | None]


@dataclass(frozen=True)
class Handler:
    """One thing a person can do: its intent, the words that call it, and its help line."""

    intent: str
    words: tuple[str, ...]
    handle: Handle
    parameters: tuple[inspect.Parameter, ...]
    types: dict[str, Any]

    @property
    def help(self) -> str:
        """The first line of the docstring: 「用法：做什么」."""
        return (inspect.getdoc(self.handle) or "").split("\n", 1)[0]


class Router:
    """Handlers by intent, by button and by kind of event."""

    def __init__(self) -> None:
        self.intents: dict[str, Handler] = {}
        self.buttons: dict[str, Handler] = {}
        self.kinds: dict[EventKind, Handle] = {}

    def command(self, intent: str, *words: str) -> Callable[[Handle], Handle]:
        """Register what somebody can say: `words` call it, a later reader may find it by `intent` alone."""

        def register(handle: Handle) -> Handle:
            self.intents[intent] = _handler(intent, words, handle)
            return handle

        return register

    def button(self, action: str) -> Callable[[Handle], Handle]:
        """Register what a tap does; the button's values are its arguments."""

        def register(handle: Handle) -> Handle:
            self.buttons[action] = _handler(action, (), handle)
            return handle

        return register

    def on(self, kind: EventKind) -> Callable[[Handle], Handle]:
        """Register what happens on a kind of event that is neither words nor a tap."""

        def register(handle: Handle) -> Handle:
            self.kinds[kind] = handle
            return handle

        return register


class Desk:
    """The joined routers with the reader: `answer` turns an event into a card."""

    def __init__(self, routers: Iterable[Router], reader: Callable[[Mapping[str, str]], Reader]) -> None:
        self.intents: dict[str, Handler] = {}
        self.buttons: dict[str, Handler] = {}
        self.kinds: dict[EventKind, Handle] = {}
        for router in routers:
            self.intents |= router.intents
            self.buttons |= router.buttons
            self.kinds |= router.kinds
        self._read = reader({word: handler.intent for handler in self.intents.values() for word in handler.words})

    def answer(self, ctx: Context) -> Card | None:
        """Answer one event; None when there is nothing to say. A Refusal goes to `refused`."""
        event = ctx.event
        if event.kind in WORDS and event.text:
            return self._said(ctx, event.text)
        if event.kind is EventKind.TAP:
            return self._tapped(ctx)
        handle = self.kinds.get(event.kind)
        return handle(ctx) if handle else None

    def refused(self, ctx: Context, refusal: Refusal) -> Card:
        """Turn a refusal into words. One that can be answered becomes a question that waits for it."""
        if isinstance(refusal, Asking):
            question = ask(
                ctx.uow, refusal.intent, refusal.slot, refusal.slots, [list(choice) for choice in refusal.choices]
            )
            return question_card(str(refusal), question)
        return refusal_card(refusal)

    def run(self, ctx: Context, handler: Handler, slots: dict[str, Any]) -> Card | None:
        """Call a handler with its words parsed. What is missing or ambiguous is asked, keeping what was said."""
        arguments: dict[str, Any] = {}
        for parameter in handler.parameters:
            name = parameter.name
            try:
                arguments[name] = self._argument(ctx, handler, parameter, slots)
            except Ambiguous as several:
                raise Asking(str(several), handler.intent, name, slots, several.choices) from several
            except Absent as missing:
                words, choices = QUESTIONS.get(name, (f"请补上{name}", lambda _: ()))
                words = subject(ctx, arguments) + words
                raise Asking(
                    words, handler.intent, name, slots, choices(ctx), refusal=MissingWords(words, handler.help)
                ) from missing
        try:
            return handler.handle(ctx, **arguments)
        except Ambiguous as several:
            raise Asking(str(several), handler.intent, several.slot, slots, several.choices) from several

    def _said(self, ctx: Context, text: str) -> Card | None:
        question = open_question(ctx.uow)
        reading = self._read(ctx, text, question)
        if reading is None:
            return None
        if reading.intent == "unknown":
            if question is None and just_expired(ctx.uow):
                raise NothingAsked(expired=True)
            return unknown_card(text)
        if reading.intent == "answer":
            said = dict(reading.slots)
            return self._answered(ctx, question, said.pop("answer"), said)
        return self.run(ctx, self.intents[reading.intent], reading.slots)

    def _tapped(self, ctx: Context) -> Card | None:
        if ctx.event.action == "answer":
            question = ctx.uow.questions.last(ctx.member.id)
            if question is None or str(question.id) != ctx.event.values.get("question"):
                raise NothingAsked(expired=True)
            return self._answered(ctx, open_question(ctx.uow), ctx.event.values.get("answer", ""))
        handler = self.buttons.get(ctx.event.action)
        if handler is None:
            raise NothingAsked(expired=True)
        said = {**ctx.event.values, **_first(ctx.event.selected)}
        return self.run(ctx, handler, {name: value for name, value in said.items() if name in BY_TAP})

    def _answered(
        self, ctx: Context, question: Question | None, answer: str, more: dict[str, Any] | None = None
    ) -> Card | None:
        if question is None:
            raise NothingAsked(expired=True)
        slots = {**(more or {}), **answer_to(ctx.uow, question, answer)}
        handler = self.intents.get(question.intent) or self.buttons[question.intent]
        return self.run(ctx, handler, slots)

    @staticmethod
    def _argument(ctx: Context, handler: Handler, parameter: inspect.Parameter, slots: dict[str, Any]) -> Any:
        given = slots.get(parameter.name)
        if given in (None, ""):
            if parameter.default is inspect.Parameter.empty:
                raise Absent(parameter.name)
            return parameter.default
        return PARSERS[handler.types[parameter.name]](ctx, given)


class Asking(Refusal):
    """A refusal that one answer can lift: the command waits in the database with what was said so far."""

    code = "asking"

    def __init__(
        self,
        words: str,
        intent: str,
        slot: str,
        slots: dict[str, Any],
        choices: Iterable[tuple[str, str]] = (),
        refusal: Refusal | None = None,
    ) -> None:
        super().__init__(words)
        self.words, self.intent, self.slot, self.slots = words, intent, slot, slots
        self.choices, self.refusal = tuple(choices), refusal

    def __str__(self) -> str:
        return self.words


def _handler(intent: str, words: tuple[str, ...], handle: Handle) -> Handler:
    parameters = tuple(inspect.signature(handle).parameters.values())[1:]
    return Handler(intent, words, handle, parameters, get_type_hints(handle))


def _first(selected: dict[str, list[str]]) -> dict[str, str]:
    return {question: options[0] for question, options in selected.items() if options}
