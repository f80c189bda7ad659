"""Deeds: acts are carried out, all of a message or none, or shown first and kept until somebody says 确认.

Whatever is confirmed is judged anew: rights, names and the state of things are looked at when the 确认 comes.
"""

import inspect
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from bot.answers import says_day_only
from bot.arguments import PARSERS, Absent, about, subject
from bot.asked import question_for
from bot.cards.card import Card
from bot.cards.dialogue import confirm_card, joined_card, not_yet_card, preview_card
from bot.context import Context
from bot.intents import deed
from bot.router import Handler, Routers
from bot.understanding.acts import Act
from bot.understanding.workdays import Workdays
from core.errors import Ambiguous, MissingWords, Refusal
from core.model.messages import Question, QuestionKind
from core.services.questions import ask


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


class Deeds:
    """Everything that can be done, by intent and by button, and how it is shown before."""

    def __init__(self, routers: Routers, later: Mapping[str, str], workdays: Workdays) -> None:
        self.intents, self.buttons, self._previews = routers.intents, routers.buttons, routers.previews
        self._later, self._workdays = later, workdays

    def known(self, acts: Iterable[Act]) -> tuple[Act, ...]:
        """Return those acts that can be done, or are known to come later."""
        return tuple(act for act in acts if act.intent in self.intents or act.intent in self._later)

    def carry_out(
        self, ctx: Context, acts: Sequence[Act], *, unsure: bool = False, confirmed: bool = False
    ) -> Card | None:
        """Do all acts or none. What is unsure or weighs much is shown first, unless it was `confirmed`."""
        now = [act for act in acts if act.intent in self.intents]
        later = [act for act in acts if act.intent not in self.intents]
        if not now:
            return not_yet_card(later, self._later, ctx.uow.calendar)
        weighty = any(self.intents[act.intent].confirms for act in now)
        asks_itself = len(acts) == 1 and self.intents[now[0].intent].drafts
        if (unsure or later or weighty) and not confirmed and not asks_itself:
            return self.confirm(ctx, now, later)
        cards, each = [], ctx.uow.attempt if len(now) > 1 else nullcontext
        for place, act in enumerate(now):
            try:
                with each():  # what it changes is noted under its own name
                    cards.append(self.run(ctx, act))
            except Asking as asking:
                raise asking.among(now, place, unsure=False) from asking
            except Refusal as refusal:
                raise refusal if len(now) == 1 else PartRefused(place + 1, act, refusal) from refusal
        said = [card for card in cards if card is not None]
        return said[0] if len(said) == 1 else joined_card(said) if said else None

    def confirm(self, ctx: Context, acts: Sequence[Act], later: Sequence[Act] = ()) -> Card:
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
                    acts, place, unsure=not several.settles
                ) from several
            known.append(Act(act.intent, act.slots | act.refs | _found(arguments)))
        first, *others = known
        question = ask(
            ctx.uow,
            first.intent,
            "",
            first.slots,
            kind=QuestionKind.CONFIRM,
            others=[to_keep(act) for act in others],
            words="\n".join(card.title for card in previews),
        )
        return confirm_card(previews, [deed(act.intent) for act in later], question)

    def _preview(self, ctx: Context, act: Act, arguments: dict[str, Any]) -> Card:
        show = self._previews.get(act.intent)
        if show is not None:
            shown = show(ctx, **{name: arguments[name] for name in inspect.signature(show).parameters if name != "ctx"})
            if shown is not None:
                return shown
        name = subject(ctx, arguments).rstrip("：") or about(ctx, act.slots)
        return preview_card(act.intent, act.slots | ({"customer": name} if name else {}), ctx.uow.calendar)

    def run(self, ctx: Context, act: Act) -> Card | None:
        """Call a handler with its words parsed. What is missing or ambiguous is asked, keeping what was said."""
        handler = self.intents.get(act.intent) or self.buttons[act.intent]
        if handler.takes("day_only") and says_day_only(ctx, act, self._workdays):
            act = replace(act, slots={"day_only": "yes"} | act.slots)
        return self.call(ctx, handler, act)

    def call(self, ctx: Context, handler: Handler, act: Act) -> Card | None:
        """Call a particular handler."""
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
                slot = name.rstrip("_")
                words, choices = question_for(ctx, act.intent, slot)
                words = subject(ctx, arguments) + words
                raise Asking(words, act, slot, choices, MissingWords(words, handler.help)) from missing
        return arguments

    def meant(self, act: Act) -> Act:
        """Return a confirmed act: its day or hour was on the card, so nobody asks about it once more."""
        handler = self.intents.get(act.intent)
        return Act(act.intent, {"keep": "keep"} | act.slots) if handler is not None and handler.takes("keep") else act


def acts_of(question: Question) -> tuple[Act, ...]:
    """Return the acts that wait for an answer, the asked one in its place."""
    return tuple(Act(act["intent"], act["slots"]) for act in question.acts)


def to_keep(act: Act) -> dict[str, Any]:
    """Keep an act as JSON; the records that its words were found to mean are kept by their numbers."""
    return {"intent": act.intent, "slots": act.slots | act.refs}


def _argument(ctx: Context, handler: Handler, parameter: inspect.Parameter, act: Act) -> Any:
    slot = parameter.name.rstrip("_")  # 从 and 到 are `from` and `to`, which Python keeps for itself
    given = act.refs.get(slot) or act.slots.get(slot)
    if given in (None, "", []):
        if parameter.default is inspect.Parameter.empty:
            raise Absent(parameter.name)
        return parameter.default
    return PARSERS[handler.types[parameter.name]](ctx, given)


def _found(arguments: dict[str, Any]) -> dict[str, str]:
    """Remember which records the words were found to mean, by their numbers."""
    return {name: str(ref) for name, value in arguments.items() if (ref := getattr(value, "ref", None)) is not None}
