"""Handlers by intent, by button and by kind of event.

Areas register on a Router of their own, one list joins them (`bot/handlers/__init__.py`); importing defines only. A
handler's parameters are slots by name, their types choose the parsers (`bot/arguments.py`), its docstring is its help.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, get_type_hints

from bot.cards.card import Card
from bot.event import EventKind

Handle = Callable[..., Card | None]


@dataclass(frozen=True)
class Handler:
    """One thing a person can do: its intent, the words that call it, and its help line.

    `confirms` lets it be shown and wait for 确认 before it is done, however clearly it was said. What `drafts` changes
    nothing: it shows what would be and asks, so nobody is asked twice.
    """

    intent: str
    words: tuple[str, ...]
    handle: Handle
    parameters: tuple[inspect.Parameter, ...]
    types: dict[str, Any]
    confirms: bool = False
    drafts: bool = False

    @property
    def help(self) -> str:
        """The first line of the docstring: 「用法：做什么」."""
        return (inspect.getdoc(self.handle) or "").split("\n", 1)[0]

    @property
    def usage(self) -> str:
        """How it may be said, without what it does."""
        return self.help.partition("：")[0]

    def takes(self, slot: str) -> bool:
        """Say whether the handler has a parameter for `slot`."""
        return any(parameter.name == slot for parameter in self.parameters)

    def needs(self, slot: str) -> bool:
        """Say whether nothing can be done without `slot`."""
        return any(p.name == slot and p.default is inspect.Parameter.empty for p in self.parameters)


class Router:
    """Handlers by intent, by button and by kind of event."""

    def __init__(self) -> None:
        self.intents: dict[str, Handler] = {}
        self.buttons: dict[str, Handler] = {}
        self.kinds: dict[EventKind, Handle] = {}
        self.previews: dict[str, Handle] = {}
        self.repaints: dict[str, Handle] = {}
        self.strangers: list[Handle] = []
        self.declined: dict[str, Handler] = {}

    def command(
        self, intent: str, *words: str, confirms: bool = False, drafts: bool = False
    ) -> Callable[[Handle], Handle]:
        """Register what somebody can say: `words` call it, the reader may find it by `intent` alone."""

        def register(handle: Handle) -> Handle:
            self.intents[intent] = _handler(intent, words, handle, confirms=confirms, drafts=drafts)
            return handle

        return register

    def preview(self, intent: str) -> Callable[[Handle], Handle]:
        """Register what is shown before an intent is confirmed, from the same slots; without one, its fields are."""

        def register(handle: Handle) -> Handle:
            self.previews[intent] = handle
            return handle

        return register

    def button(self, action: str) -> Callable[[Handle], Handle]:
        """Register what a tap does; the button's values are its arguments."""

        def register(handle: Handle) -> Handle:
            self.buttons[action] = _handler(action, (), handle)
            return handle

        return register

    def declines(self, intent: str) -> Callable[[Handle], Handle]:
        """Register what is said when a question of `intent` is put aside; without one, that nothing was recorded."""

        def register(handle: Handle) -> Handle:
            self.declined[intent] = _handler(intent, (), handle)
            return handle

        return register

    def repaint(self, action: str) -> Callable[[Handle], Handle]:
        """Register how a card stands after a tap on such a button: from the card, None when nothing on it changed."""

        def register(handle: Handle) -> Handle:
            self.repaints[action] = handle
            return handle

        return register

    def stranger(self, handle: Handle) -> Handle:
        """Register what somebody may say whom we do not know; None says that it was something else.

        There is no member behind it and every right must come out of what was said, so it reads the words itself.
        """
        self.strangers.append(handle)
        return handle

    def on(self, kind: EventKind) -> Callable[[Handle], Handle]:
        """Register what happens on a kind of event that is neither words nor a tap."""

        def register(handle: Handle) -> Handle:
            self.kinds[kind] = handle
            return handle

        return register


class Routers(Router):
    """Several routers joined into one."""

    def __init__(self, routers: Iterable[Router]) -> None:
        super().__init__()
        for router in routers:
            self.intents |= router.intents
            self.buttons |= router.buttons
            self.kinds |= router.kinds
            self.previews |= router.previews
            self.repaints |= router.repaints
            self.strangers += router.strangers
            self.declined |= router.declined

    def words(self) -> dict[str, str]:
        """Return every word that calls something, with the intent it calls."""
        return {word: handler.intent for handler in self.intents.values() for word in handler.words}


def _handler(
    intent: str, words: tuple[str, ...], handle: Handle, *, confirms: bool = False, drafts: bool = False
) -> Handler:
    parameters = tuple(inspect.signature(handle).parameters.values())[1:]
    return Handler(intent, words, handle, parameters, get_type_hints(handle), confirms, drafts)
