"""Buttons said in words: where a platform's buttons only write for the person, a tap comes back as a line of text.

The line is the button's label and `#<card>.<number>`: readable, and it carries no facts. Typed by hand, repeated or
forwarded it does what the same tap does, which the service judges anew; a card that was not shown to the sender, or to
the group in which it is said, is nobody's.
"""

import re
from dataclasses import replace

from bot.cards import card_of
from bot.cards.card import Button, Card
from bot.event import Event, EventKind
from core.model.ids import OutboxId
from core.model.messages import OutboxMessage
from core.ports import UnitOfWork
from core.rules.masking import hide_numbers

LONGEST_LABEL = 40
MOST_VIEWERS = 50
VIEWERS = "viewers"
"""Where a message names those whose own view of a group's card an answer ends, by their ids with a blank between."""

_SPOKEN = re.compile(
    r"^\s*(?P<label>\S.{0,39}?)\s*#(?P<card>o(?P<id>\d{1,18})[0-9a-z-]{0,40})\.(?P<number>\d{1,2})\s*$"
)

_CARD = re.compile(r"^o(?P<id>\d{1,18})-[0-9a-f]{1,16}$")


def card_id(message: OutboxMessage) -> str:
    """Name the card that a message becomes: unique even where an older database has been restored."""
    return f"o{message.id}-{int(message.created_at.timestamp()):x}"


def spoken_tap(label: str, card: str, number: int) -> str:
    """Return what a tap on the `number`-th pressable thing of `card` says, counted from 1."""
    return f"{_one_line(label)} #{card}.{number}"


def heard_tap(uow: UnitOfWork, event: Event) -> Event:
    """Return the tap that a line stands for, one without an action when it is nobody's; other events as they are."""
    spoken = _SPOKEN.match(event.text) if event.kind is EventKind.TEXT else None
    if spoken is None:
        return event
    button = _pressed(uow, event, spoken) or Button(label="")
    return replace(event, kind=EventKind.TAP, text="", action=button.action, values=button.values, card=spoken["card"])


def tapped_card(uow: UnitOfWork, event: Event) -> Card | None:
    """Return the card that an event was tapped on, if it was shown to whoever tapped it."""
    message = _tapped(uow, event)
    return card_of(message, uow.calendar) if message is not None else None


def tapped_message(uow: UnitOfWork, event: Event) -> OutboxId | None:
    """Return the message of the card that was tapped, if an answer may take its place."""
    message = _tapped(uow, event) if event.kind is EventKind.TAP and event.response_code else None
    return message.id if message is not None else None


def answered_where(uow: UnitOfWork, event: Event) -> dict[str, str]:
    """Return where an event is answered. A card of a group shows the asker, and whoever taps it, what is theirs alone.

    So an answer there names those who had something of their own on it before: it is outdated now, and the answer is
    another's. Who they are is kept beside the card.
    """
    message = _tapped(uow, event) if event.group else None
    if message is None:
        return event.reply_to
    place = message.reply_to or {}
    viewers = dict.fromkeys([message.user_id, *place.get(VIEWERS, "").split()])
    message.reply_to = place | {VIEWERS: " ".join([*viewers, *({event.user_id} - viewers.keys())][:MOST_VIEWERS])}
    return event.reply_to | {VIEWERS: " ".join(viewer for viewer in viewers if viewer != event.user_id)}


def _tapped(uow: UnitOfWork, event: Event) -> OutboxMessage | None:
    named = _CARD.match(event.card)
    message = uow.outbox.get(OutboxId(int(named["id"]))) if named else None
    if message is None or card_id(message) != event.card or not _shown_to(message, event):
        return None
    return message


def _pressed(uow: UnitOfWork, event: Event, spoken: re.Match[str]) -> Button | None:
    message = uow.outbox.get(OutboxId(int(spoken["id"])))
    if message is None or card_id(message) != spoken["card"] or not _shown_to(message, event):
        return None
    pressable, number = card_of(message, uow.calendar).pressable(), int(spoken["number"])
    button = pressable[number - 1] if 1 <= number <= len(pressable) else None
    if button is None:
        return None
    # In a group the label was shown with its numbers masked.
    shown = {_one_line(button.label), _one_line(hide_numbers(button.label))}
    return button if spoken["label"] in shown else None


def _one_line(label: str) -> str:
    return " ".join(label.split())[:LONGEST_LABEL].strip()


def _shown_to(message: OutboxMessage, event: Event) -> bool:
    """Say whether the sender has seen the card: sent to them, or into the group in which they speak."""
    if message.channel != event.channel:
        return False
    group = (message.reply_to or {}).get("group", "")
    return message.user_id == event.user_id or (bool(group) and group == event.group)
