"""Outbox message to channel: lease what one person may be sent, build the card, send, settle.

At least once, in order per person, never silently over the platform's limit of messages to one member: what does not
fit the budget is merged into one message or waits. A lost answer is "unknown", not "failed": it is sent again with the
platform's own duplicate check on.
"""

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from prometheus_client import Counter

from bot.cards import card_of
from bot.cards.card import Card
from bot.channels.base import NOWHERE, Outlet, Receipt
from bot.enclosures import Enclosures, unsent_card
from bot.taps import card_id
from core.calendar import WorkCalendar
from core.errors import CardOutOfReach, DeliveryFailed
from core.model.enclosure import ENCLOSED
from core.model.ids import OutboxId
from core.model.member import CHANNELS, SYSTEM
from core.model.messages import OutboxMessage, OutboxState
from core.ports import OpenWork, UnitOfWork
from core.rules.retry import delivery_pause, failed_attempts, waits_long

log = logging.getLogger(__name__)

DELIVERIES = Counter("liaodan_deliveries_total", "messages handed to a platform", ["channel", "outcome"])
LEASE = timedelta(seconds=30)
MARGIN = timedelta(seconds=15)
"""Longer than one sending takes: with less of the lease left nothing more is begun under it."""
BATCH = 20
MERGE_ABOVE = 5
"""More waiting messages than budget left, and more than this: words are merged into one message."""
BUDGET_PAUSE = timedelta(seconds=5)
MERGED_BYTES = 1800
STRANDED_NOTED = 5000
STRANDED_LOOK = timedelta(minutes=1)
"""How often it is looked whether what waits for a channel that is switched off can go elsewhere."""


Outgoing = tuple[OutboxMessage, Card | None, list[OutboxMessage]]
"""A message with its card, None for a file or picture, and those whose words it says along."""


class Budgets(Protocol):
    """How many messages one person may still be sent."""

    def left(self, channel: str, user_id: str) -> int: ...
    def spend(self, channel: str, user_id: str, parts: int) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Messenger:
    """Delivers the outbox. `clock` is the machine's own: back-off and budgets know no other time."""

    open_work: OpenWork
    outlets: Mapping[str, Outlet]
    budgets: Budgets
    calendar: Callable[[], WorkCalendar]
    enclosures: Enclosures
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _stranded: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def deliver(self, channel: str, user_id: str) -> int:
        """Deliver what waits for one person, oldest first; return how many messages left us."""
        outlet = self.outlets.get(channel)
        if outlet is None:
            self._readdress_stranded(channel, user_id)
            return 0
        sent = 0
        while leased := self._lease(channel, user_id):
            for message, card, swallowed in self._fit(leased):
                if self._runs_out(message):
                    self._release(leased)
                    break
                if self.budgets.left(channel, user_id) <= 0:
                    self._postpone([message, *swallowed])
                    continue
                if not self._send(outlet, message, card, swallowed):
                    self._release(leased)
                    return sent
                sent += 1
        return sent

    def _lease(self, channel: str, user_id: str) -> list[OutboxMessage]:
        """Take a person's waiting messages; none while the budget is spent."""
        if self.budgets.left(channel, user_id) <= 0:
            return []
        with self.open_work(SYSTEM) as uow:
            now = self.clock()
            leased = uow.outbox.lease((channel, user_id), now, now + LEASE, BATCH)
            gone = uow.outbox.for_leavers(leased)
            for message in gone:
                DELIVERIES.labels(channel, "dropped").inc()
                message.state, message.leased_until, message.error = OutboxState.DROPPED, None, "成员已离职"
            return [message for message in leased if message not in gone]

    def _readdress_stranded(self, channel: str, user_id: str) -> None:
        """Let what waits for a channel that is switched off go to the member's other account."""
        now = self.clock()
        if self._stranded.get((channel, user_id), now) > now:
            return
        if len(self._stranded) >= STRANDED_NOTED:
            self._stranded.clear()
        self._stranded[channel, user_id] = now + STRANDED_LOOK
        with self.open_work(SYSTEM) as uow:
            for message in uow.outbox.waiting_at(channel, user_id, now):
                message.error = f"{CHANNELS.get(channel, channel)}没有接通"
                self._readdress(uow, message)

    def _readdress(self, uow: UnitOfWork, message: OutboxMessage) -> bool:
        """Send a message that does not arrive to the member's other account, once; False when there is none."""
        if message.member_id is None or message.readdressed_from or "merely" in (message.replaces or NOWHERE):
            return False
        for user in uow.members.open_accounts([message.member_id]).get(message.member_id, []):
            if user.channel != message.channel and user.channel in self.outlets:
                DELIVERIES.labels(message.channel, "readdressed").inc()
                log.warning("message %s goes to %s instead of %s", message.id, user.channel, message.channel)
                message.readdress(user)
                return True
        return False

    def _runs_out(self, message: OutboxMessage) -> bool:
        """Say whether the lease may end, and another worker begin, while we send `message`."""
        return message.leased_until is None or message.leased_until - self.clock() < MARGIN

    def _fit(self, leased: list[OutboxMessage]) -> list[Outgoing]:
        """Build the cards; when there are more than the budget allows, words that follow each other become one."""
        built = [(message, self._card(message)) for message in leased]
        left = self.budgets.left(leased[0].channel, leased[0].user_id)
        if len(built) <= max(left, MERGE_ABOVE):
            return [(message, card, []) for message, card in built]
        return _merged(built)

    def _card(self, message: OutboxMessage) -> Card | None:
        """Return the card of a message; None for what an earlier one encloses."""
        return None if message.kind in ENCLOSED else card_of(message, self.calendar())

    def _postpone(self, messages: list[OutboxMessage]) -> None:
        """Let messages wait for the budget; they keep their order."""
        with self.open_work(SYSTEM) as uow:
            for message in messages:
                if (kept := uow.outbox.held(message)) is not None:
                    kept.leased_until, kept.not_before = None, self.clock() + BUDGET_PAUSE

    def _release(self, leased: list[OutboxMessage]) -> None:
        """Give back what was leased and not tried."""
        with self.open_work(SYSTEM) as uow:
            for message in leased:
                if (kept := uow.outbox.held(message)) is not None:
                    kept.leased_until = None

    def _send(self, outlet: Outlet, message: OutboxMessage, card: Card | None, swallowed: list[OutboxMessage]) -> bool:
        """Send one message and settle it; False when the rest of this person's messages must wait too."""
        try:
            receipt = self._to_platform(outlet, message, card)
        except DeliveryFailed as failure:
            if failure.unknown:  # it may be on the screen, and then the platform has counted it
                self.budgets.spend(message.channel, message.user_id, 1)
            self._settle_failed([message, *swallowed], failure)
            return not (failure.temporary or failure.unknown)
        except Exception as bug:
            log.exception("message %s could not be sent", message.id)
            self._settle_failed([message, *swallowed], DeliveryFailed(f"{type(bug).__name__}: {bug}", temporary=True))
            return False
        self.budgets.spend(message.channel, message.user_id, receipt.parts)
        self._settle_sent(message, swallowed, receipt)
        return True

    def _to_platform(self, outlet: Outlet, message: OutboxMessage, card: Card | None) -> Receipt:
        reply_to, again = message.reply_to or NOWHERE, message.state == OutboxState.UNKNOWN
        if card is None:
            name, content = self.enclosures.fetch(message)
            return outlet.send_file(message.user_id, name, content, again=again, reply_to=reply_to)
        if message.replaces:
            if message.replaces.get("merely") == "passing" and outlet.updates_once:
                return Receipt(parts=0)
            try:
                code = self._code_of(message, message.replaces)
                return replace(outlet.update(message.user_id, card, response_code=code, reply_to=reply_to), parts=0)
            except CardOutOfReach:
                if "merely" in message.replaces:
                    return Receipt(parts=0)
                log.info("card of message %s is out of reach, a fresh one is sent", message.id)
        return outlet.send(message.user_id, card, card_id=card_id(message), again=again, reply_to=reply_to)

    def _code_of(self, message: OutboxMessage, replaces: Mapping[str, str]) -> str:
        """Return the right to change a card: the tap's, or that of the message it came as."""
        if "response_code" in replaces:
            return replaces["response_code"]
        with self.open_work(SYSTEM, reading=True) as uow:
            shown = uow.outbox.get(OutboxId(int(replaces["message"])))
        if shown is None or not shown.response_code or shown.channel != message.channel:
            raise CardOutOfReach(reason="原来的卡片不能改写")
        return shown.response_code

    def _settle_sent(self, message: OutboxMessage, swallowed: list[OutboxMessage], receipt: Receipt) -> None:
        DELIVERIES.labels(message.channel, "sent").inc()
        with self.open_work(SYSTEM) as uow:
            now = self.clock()
            if (kept := uow.outbox.held(message)) is not None:
                uow.outbox.bring_forward(message, now)
                kept.state, kept.sent_at, kept.leased_until, kept.error = OutboxState.SENT, now, None, ""
                kept.platform_id, kept.response_code = receipt.platform_id[:80], receipt.response_code[:200]
                kept.attempts, kept.parts = kept.attempts + 1, receipt.parts
                kept.calls += receipt.calls
            for one in swallowed:
                if (merged := uow.outbox.held(one)) is not None:
                    merged.state, merged.sent_at, merged.leased_until = OutboxState.MERGED, None, None

    def _settle_failed(self, messages: list[OutboxMessage], failure: DeliveryFailed) -> None:
        outcome = "unknown" if failure.unknown else "later" if failure.temporary else "failed"
        DELIVERIES.labels(messages[0].channel, outcome).inc()
        log.warning("message %s: %s (%s)", messages[0].id, failure.reason, outcome)
        with self.open_work(SYSTEM) as uow:
            for message in messages:
                if (kept := uow.outbox.held(message)) is not None:
                    self._set_back(uow, kept, failure)

    def _set_back(self, uow: UnitOfWork, kept: OutboxMessage, failure: DeliveryFailed) -> None:
        kept.attempts = failed_attempts(kept.attempts, failure.retry_after)
        kept.leased_until, kept.error = None, failure.reason[:500]
        pause = delivery_pause(kept.attempts, random.random(), failure.retry_after)  # noqa: S311 - jitter
        if pause is None or not (failure.temporary or failure.unknown):
            if self._readdress(uow, kept):
                return
            if kept.kind in ENCLOSED:
                kept.say_instead("card", unsent_card(kept, failure.reason).as_json())
            else:
                kept.state = OutboxState.FAILED
            return
        if waits_long(failure.retry_after) and not failure.unknown and self._readdress(uow, kept):
            return
        kept.state = OutboxState.UNKNOWN if failure.unknown else kept.state
        kept.not_before = self.clock() + pause


def _merged(built: list[tuple[OutboxMessage, Card | None]]) -> list[Outgoing]:
    """Join neighbouring messages without buttons into one text of at most MERGED_BYTES."""
    result: list[Outgoing] = []
    for message, card in built:
        before = result[-1] if result else (message, None, [])
        joined = _joined(before, message, card)
        if joined is None:
            result.append((message, card, []))
        else:
            result[-1] = (before[0], joined, [*before[2], message])
    return result


def _joined(last: Outgoing, message: OutboxMessage, card: Card | None) -> Card | None:
    """Return two neighbouring messages as one text; None when they stay two."""
    head, text, _ = last
    if text is None or card is None:
        return None
    if (
        head.replaces
        or message.replaces
        or head.reply_to != message.reply_to
        or text.buttons
        or card.buttons
        or head.state == OutboxState.UNKNOWN
    ):
        return None
    words = f"{text.as_text()}\n\n{card.as_text()}"
    return Card(title=words) if len(words.encode()) <= MERGED_BYTES + 2 else None
