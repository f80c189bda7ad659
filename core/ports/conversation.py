"""What was said to us, what we will say, and what we have asked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from core.model.ids import InboxId, MemberId, OutboxId
from core.model.messages import InboxItem, OutboxMessage, Question


class Questions(Protocol):
    def ask(self, question: Question) -> None:
        """Keep the question; it takes the place of one that is still open in the same chat."""
        ...

    def get(self, question_id: int) -> Question | None: ...
    def last(self, member_id: MemberId, channel: str, room: str) -> Question | None:
        """The last question put to the member in that chat, open or not."""
        ...

    def asked(self, member_id: MemberId, intent: str, since: datetime) -> list[Question]:
        """What the member was asked for that intent since then, in any chat."""
        ...


class Inbox(Protocol):
    def take(self, channel: str, user_id: str, now: datetime) -> tuple[InboxItem | None, bool]:
        """The person's oldest waiting event, locked, and whether more of theirs waits behind it.

        None when there is none, or it must wait, or somebody has it.
        """
        ...

    def get(self, item_id: InboxId) -> InboxItem | None: ...


class Outbox(Protocol):
    def lease(self, member_key: tuple[str, str], now: datetime, until: datetime, limit: int) -> list[OutboxMessage]: ...
    def get(self, message_id: OutboxId) -> OutboxMessage | None: ...
    def told(self, member_id: MemberId, kind: str, since: datetime, until: datetime) -> list[OutboxMessage]:
        """The notices of one kind that somebody was told in that time."""
        ...

    def showing(self, screen: str) -> list[OutboxMessage]:
        """The cards about one thing that went out, or will, and were not taken off; oldest first."""
        ...

    def held(self, message: OutboxMessage) -> OutboxMessage | None:
        """The row of a leased message; None when the lease has ended and somebody else may have taken it."""
        ...

    def for_leavers(self, messages: Iterable[OutboxMessage]) -> list[OutboxMessage]:
        """Those of these messages that are for a member who has left meanwhile."""
        ...

    def waiting_at(self, channel: str, user_id: str, now: datetime) -> list[OutboxMessage]:
        """What waits for one account and nobody has in hand, locked until we commit."""
        ...

    def bring_forward(self, message: OutboxMessage, now: datetime) -> None:
        """After `message` has arrived, let the person's failed ones be tried at once; each only once."""
        ...


class LanguageModel(Protocol):
    """Somebody outside who may guess what a sentence means; `connectors/model.py` reaches one."""

    def complete(self, instructions: str, text: str) -> str:
        """Return its words, unchecked, within seconds; raise ModelFailed when there are none."""
        ...
