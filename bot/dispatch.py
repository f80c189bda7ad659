"""Inbox item to answer: one transaction per event, each person's events in order."""

import logging
import random
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from prometheus_client import Histogram

from bot.cards.basics import failed_card, refusal_card, sent_in_private_card
from bot.cards.card import Card
from bot.context import Context
from bot.desk import Desk
from bot.event import Event, EventKind
from bot.taps import answered_where, heard_tap, tapped_card, tapped_message
from core.errors import Conflict, NotEnrolled, Refusal
from core.model.ids import InboxId
from core.model.member import CHANNELS, SYSTEM
from core.model.messages import InboxItem
from core.notices import EventSetAside
from core.ports import OpenWork, UnitOfWork
from core.rules.retry import event_pause
from core.services.members import administrators

log = logging.getLogger(__name__)

HANDLED = Histogram("liaodan_event_seconds", "from taking an event to its committed answer", ["channel", "kind"])
REPLAYS = 4
SPOKEN = frozenset(EventKind) - {
    EventKind.ENTERED,
    EventKind.JOINED,
    EventKind.LEFT,
    EventKind.DIRECTORY,
    EventKind.APPROVAL,
    EventKind.OTHER,
}
"""Kinds behind which a person waits for an answer, even a stranger."""

MERELY = {"merely": "settled"}
"""Of a card that only shows what became of another one: where that is out of reach, there is nothing to say."""


class Found(Enum):
    """What a look at a person's events came to."""

    NOTHING = "nothing"
    LAST = "last"
    MORE = "more"


@dataclass(frozen=True)
class Dispatcher:
    """Handles people's kept events at `desk`."""

    open_work: OpenWork
    desk: Desk

    def drain(self, channel: str, user_id: str) -> int:
        """Handle everything that one person said and nobody has answered, in order; return how many.

        What comes while the last of it is handled is found by the next look of the pump.
        """
        count = 0
        while (found := self.next(channel, user_id)) is not Found.NOTHING:
            count += 1
            if found is Found.LAST:
                break
        return count

    def next(self, channel: str, user_id: str) -> Found:
        """Handle the person's oldest waiting event; NOTHING when there is none, or it must wait."""
        refused: dict[InboxId, Refusal] = {}
        for _ in range(REPLAYS):
            taken: list[InboxId] = []
            try:
                return self._handle(channel, user_id, taken, refused)
            except Conflict:
                continue  # somebody changed the same thing first: look again at what is true now
            except Refusal as refusal:
                refused[taken[0]] = refusal  # it has changed nothing, and the next transaction says so
            except Exception as error:  # a bug or a broken dependency; the event must not be lost
                log.exception("event %s of %s failed", taken[0] if taken else "?", channel)
                if taken:
                    self._set_back(taken[0], error)
                return Found.MORE if taken else Found.NOTHING
        return Found.NOTHING

    def _handle(self, channel: str, user_id: str, taken: list[InboxId], refused: Mapping[InboxId, Refusal]) -> Found:
        started = time.perf_counter()
        with self.open_work(SYSTEM, channel=channel) as uow:
            item, more = uow.inbox.take(channel, user_id, uow.now)
            if item is None:
                return Found.NOTHING
            taken.append(item.id)
            event = Event.from_json(item.event)
            self._answer(uow, item, event, refused.get(item.id))
            item.done(at=uow.now)
        HANDLED.labels(channel, str(event.kind)).observe(time.perf_counter() - started)
        return Found.MORE if more else Found.LAST

    def _answer(self, uow: UnitOfWork, item: InboxItem, event: Event, refused: Refusal | None) -> None:
        member = uow.members.known_as(event.channel, event.user_id) if event.user_id else None
        if event.user_id and (member is None or not member.active):
            if event.kind in SPOKEN:
                uow.reply(item.sender, self._receive(uow, item, event).as_json(), reply_to=event.reply_to)
            return
        uow.act_for(member or SYSTEM, item, event.group)
        event = heard_tap(uow, event)
        uow.tapped = tapped_message(uow, event)
        if refused is not None:
            card: Card | None = self.desk.refused(Context(event=event, uow=uow), refused)
        else:
            card = self.desk.answer(Context(event=event, uow=uow, inbox_id=item.id))
        if card is not None and event.user_id:
            self._reply(uow, item, event, card)

    def _reply(self, uow: UnitOfWork, item: InboxItem, event: Event, card: Card) -> None:
        """Queue the answer, to the asker alone if private; the card that was tapped shows what became of it."""
        tapped = {"card": event.card, "response_code": event.response_code}
        can_settle = bool(event.card and event.response_code)
        private, where = card.private and bool(event.group), answered_where(uow, event)
        if private:
            uow.reply(item.sender, card.as_json(), encloses=card.encloses)
            uow.reply(item.sender, sent_in_private_card().as_json(), reply_to=where)
        else:
            replaces = tapped if card.settled and can_settle else None
            uow.reply(item.sender, card.as_json(), replaces, where, card.encloses)
        if can_settle and not card.settled and (stood := tapped_card(uow, event)) is not None:
            stands = self.desk.repainted(Context(event=event, uow=uow), stood)
            if stands is not None:
                uow.reply(item.sender, stands.as_json(), tapped | MERELY, where)

    def _receive(self, uow: UnitOfWork, item: InboxItem, event: Event) -> Card:
        """Answer a stranger: what strangers may say (`Router.stranger`), or how one becomes a member."""
        uow.act_for(SYSTEM, item, event.group)
        others = [CHANNELS[channel] for channel in uow.playbook.channels if channel != event.channel]
        try:
            with uow.attempt():
                return self.desk.receive(Context(event=event, uow=uow)) or refusal_card(NotEnrolled("或".join(others)))
        except Refusal as refusal:
            return refusal_card(refusal)

    def _set_back(self, item_id: InboxId, error: Exception) -> None:
        """Let a failed event wait and be tried again, or set it aside with an apology and word to the operators."""
        with self.open_work(SYSTEM) as uow:
            item = uow.inbox.get(item_id)
            if item is None:
                return
            pause = event_pause(item.attempts + 1, random.random())  # noqa: S311 - jitter, not a secret
            item.failed(_where(error), None if pause is None else uow.now + pause)
            if pause is None:
                self._apologise(uow, item)

    @staticmethod
    def _apologise(uow: UnitOfWork, item: InboxItem) -> None:
        said = str(item.event.get("text", ""))[:100]
        author = uow.members.known_as(item.channel, item.user_id)
        if item.user_id:
            uow.reply(item.sender, failed_card(said).as_json(), reply_to=Event.from_json(item.event).reply_to)
        who = author.name if author else item.user_id
        for operator in administrators(uow):
            uow.tell(EventSetAside(to=operator.id, said=said, who=who, event_id=item.id, error=item.error))


def _where(error: Exception) -> str:
    """Name an error and its place, not its words: they quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return type(error).__name__ + (f" 于 {Path(last.filename).name}:{last.lineno}" if last else "")
