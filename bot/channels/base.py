"""What a channel is: it reads a platform's callbacks and sends our cards. One folder each, one line in bootstrap."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import ClassVar, Protocol, Self

from bot.cards.card import Card
from bot.event import Event


@dataclass(frozen=True, kw_only=True)
class Request:
    """An HTTP request as it came, nothing in it trusted. `args` are decoded query parameters, the first one wins."""

    method: str
    args: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a callback said, and how to answer it once `events` are durably kept."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    events: tuple[Event, ...] = field(default=())


NOWHERE: Mapping[str, str] = {}
"""A message that answers nothing: it goes to the person, one to one."""

REFUSED = Reading(status=403)
"""The one answer to everything that is not genuine: same status, no body, no reason."""


class Callback(Protocol):
    """The receiving half of a channel."""

    def read(self, request: Request) -> Reading:
        """Verify, decrypt, normalise. Never raises for bad input, never touches a database, answers REFUSED alike."""
        ...


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A platform took a message: its id there, and the one-shot right to change the card, if it gave one.

    `parts` is how many of the platform's messages it became; each counts against the member's budget. `calls` is how
    many of the API calls that the platform counts by the month it took.
    """

    platform_id: str = ""
    response_code: str = ""
    parts: int = 1
    calls: int = 1


class Outlet(Protocol):
    """The sending half of a channel. Every failure is a DeliveryFailed that says what to do next.

    `reply_to` is what the channel's own event said about answering it, or empty. With a `group` in it the answer goes
    there: everybody there may read `card.in_public()`, the whole card is for `user_id` alone.
    """

    updates_once: ClassVar[bool]
    """Whether a card that nobody taps may be changed one time only."""

    def send(
        self, user_id: str, card: Card, *, card_id: str, again: bool, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        """Send `card` to one person. `card_id` names the card in later taps and is unique per message.

        `again`: an earlier try may have been delivered, so let the platform drop this one if it was. A channel whose
        buttons cannot carry anything lets a tap say `spoken_tap(label, card_id, number)`.
        """
        ...

    def send_file(
        self, user_id: str, filename: str, content: bytes, *, again: bool = False, reply_to: Mapping[str, str] = NOWHERE
    ) -> Receipt:
        """Send a file or, as its name says, a picture; it is not uploaded again while the platform has it."""
        ...

    def update(self, user_id: str, card: Card, *, response_code: str, reply_to: Mapping[str, str] = NOWHERE) -> Receipt:
        """Let `card` take the place of the one that `response_code` belongs to; CardOutOfReach when it cannot."""
        ...


class Tokens(Protocol):
    """Access tokens shared by every process of ours."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, token: str, lives: timedelta) -> None: ...
    def drop(self, name: str, token: str) -> None:
        """Forget `token` if it is still the one kept."""
        ...


class Locks(Protocol):
    """Short exclusive sections across processes."""

    def hold(self, name: str, *, lives: timedelta, wait: timedelta) -> "Hold": ...


class Hold(Protocol):
    """A context manager; `acquired` says whether we got in before `wait` ran out."""

    acquired: bool

    def extend(self) -> bool:
        """Take the lock if it is free, or prolong it if it is ours; False when it is somebody else's."""
        ...

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
