"""Event: anything said or pressed, the same shape for every channel, kept as JSON in the inbox."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """What happened. Handlers see these; a platform's own names stay in its `callback.py`."""

    TEXT = "text"
    TAP = "tap"
    MENU = "menu"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    LOCATION = "location"
    LINK = "link"
    ENTERED = "entered"
    JOINED = "joined"
    LEFT = "left"
    DIRECTORY = "directory"
    APPROVAL = "approval"
    UNREADABLE = "unreadable"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that came in.

    `key` is equal for repeated deliveries of the same event and for nothing else. `user_id` is the platform's id as
    `account_key` keeps it; it is empty when no person stands behind the event. `text` is what was said: a voice message
    has some when the platform has written it down. `action` and `values` are those of the button that was pressed,
    `card` the id we gave the card it sits on, `response_code` the platform's right to change that card. `selected`
    holds what was chosen on the card: question to option ids. `fields` keeps what only one kind has (media_id, url, …).
    `reply_to` is for the channel that answers: where and by what right; nobody else reads it but for `group`.
    """

    channel: str
    kind: EventKind
    key: str
    user_id: str
    display_id: str = ""
    at: datetime
    text: str = ""
    action: str = ""
    values: dict[str, str] = field(default_factory=dict)
    card: str = ""
    response_code: str = ""
    selected: dict[str, list[str]] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    reply_to: dict[str, str] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """The group in which it was said to us; empty when it was said to us alone."""
        return self.reply_to.get("group", "")

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back. Its dictionaries are the event's own: `asdict` copies for 60 µs."""
        return {**self.__dict__, "kind": str(self.kind), "at": self.at.astimezone(UTC).isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Event":
        return cls(**{**kept, "kind": EventKind(kept["kind"]), "at": datetime.fromisoformat(kept["at"])})
