"""What was said to us (InboxItem), what we will say (OutboxMessage), and the cards that are on screens."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.model.ids import UNSAVED, InboxId, MemberId, OutboxId
from core.model.member import ChannelUser, Sender


class InboxState(StrEnum):
    """PENDING until it is answered; ASIDE when it failed too often and an operator must look."""

    PENDING = "pending"
    DONE = "done"
    ASIDE = "aside"


@dataclass(eq=False, kw_only=True)
class InboxItem:
    """One event, kept before the platform was answered. `key` makes a repeated delivery recognisable."""

    id: InboxId = UNSAVED
    channel: str
    key: str
    user_id: str
    event: dict[str, Any]
    received_at: datetime
    state: str = InboxState.PENDING
    attempts: int = 0
    retry_at: datetime | None = None
    done_at: datetime | None = None
    error: str = ""

    @property
    def sender(self) -> Sender:
        return Sender(self.channel, self.user_id)

    def done(self, at: datetime) -> None:
        """The event has had its effect."""
        self.state = InboxState.DONE
        self.done_at = at

    def failed(self, error: str, retry_at: datetime | None) -> None:
        """The event could not be handled: it waits until `retry_at`, or is set aside when that is None."""
        self.attempts += 1
        self.error = error[:500]
        self.retry_at = retry_at
        if retry_at is None:
            self.state = InboxState.ASIDE


class OutboxState(StrEnum):
    """UNKNOWN: it left us and no answer came, so it may be on the screen; FAILED: given up, the operator sees it.

    DROPPED: whom it was for has left meanwhile, so it is not said.
    """

    WAITING = "waiting"
    SENT = "sent"
    UNKNOWN = "unknown"
    MERGED = "merged"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(eq=False, kw_only=True)
class OutboxMessage:
    """One message to one person. `kind` and `content` are a notice, or `card` and the card as it was answered.

    `unique_key` lets the same thing be said once only. `not_before` is set by back-off and budgets, on the real clock.
    `screen` names what a card that lives on is about. `replaces` names the card whose place it takes, by its response
    code or, as `message`, by the message it was; with `merely` in it there is nothing to say where that cannot be.
    `reply_to` is what the event that is answered said about answering it, for its channel only. `calls` counts what
    the platform counts by the month. `readdressed_from` is the account that could not be reached before this one.
    """

    id: OutboxId = UNSAVED
    channel: str
    user_id: str
    member_id: MemberId | None = None
    kind: str
    content: dict[str, Any]
    unique_key: str | None = None
    screen: str | None = None
    replaces: dict[str, str] | None = None
    reply_to: dict[str, str] | None = None
    created_at: datetime
    state: str = OutboxState.WAITING
    attempts: int = 0
    not_before: datetime | None = None
    leased_until: datetime | None = None
    sent_at: datetime | None = None
    platform_id: str = ""
    response_code: str = ""
    parts: int = 1
    calls: int = 0
    readdressed_from: str = ""
    error: str = ""

    def readdress(self, user: ChannelUser) -> None:
        """Go to another account of the same member, from its first try on; place and `unique_key` stay."""
        self.readdressed_from = f"{self.channel}:{self.user_id}"
        self.channel, self.user_id = user.channel, user.user_id
        self.state, self.attempts = OutboxState.WAITING, 0
        self.not_before, self.leased_until = None, None
        self.replaces, self.reply_to = None, None

    def say_instead(self, kind: str, content: dict[str, Any]) -> None:
        """Become another message in the same place, from its first try on: what was meant cannot be sent."""
        self.kind, self.content = kind, content
        self.state, self.attempts, self.not_before = OutboxState.WAITING, 0, None


class QuestionKind(StrEnum):
    """ASK needs a slot, CONFIRM waits for a yes to what was understood, OFFER may as well go unanswered."""

    ASK = "ask"
    CONFIRM = "confirm"
    OFFER = "offer"


@dataclass(eq=False, kw_only=True)
class Question:
    """What we asked one person in one place and wait for.

    `intent` and `slots` are the act that the question is about, `slot` what it lacks, `others` the acts of the same
    message and `place` where among them the act stands. `channel` and `room` are the chat: a group, or empty for the
    person alone. `words` is the question as it was put, and `unsure` lets the acts be shown and confirmed once it is
    answered. Acts are words and numbers of records, never facts: whatever is confirmed is judged anew.
    """

    id: int = UNSAVED
    member_id: MemberId
    channel: str = ""
    room: str = ""
    kind: str = QuestionKind.ASK
    intent: str
    slot: str = ""
    slots: dict[str, Any] = field(default_factory=dict)
    others: list[dict[str, Any]] = field(default_factory=list)
    place: int = 0
    choices: list[list[str]] = field(default_factory=list)
    words: str = ""
    unsure: bool = False
    asked_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None

    @property
    def acts(self) -> list[dict[str, Any]]:
        """Every act of the message, in the order in which they were said."""
        return [*self.others[: self.place], {"intent": self.intent, "slots": self.slots}, *self.others[self.place :]]

    def is_open(self, now: datetime) -> bool:
        """Say whether an answer is still waited for."""
        return self.closed_at is None and self.expires_at > now
