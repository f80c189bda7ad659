"""Where a platform shows approvals by means of its own: a to-do beside the card, an instance in its OA approvals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from core.model.mirror import ApprovalMirror


@dataclass(frozen=True, kw_only=True)
class Todo:
    """Something that waits for one person, under a name of ours; `done` when it no longer does."""

    name: str
    subject: str
    text: str = ""
    url: str = ""
    due_at: datetime | None = None
    done: bool = False


class Todos(Protocol):
    def keep(self, user_id: str, todo: Todo) -> None:
        """Let the platform's list show exactly this: made, changed or ticked off. Repeated, it does nothing more.

        Raises nothing but DeliveryFailed.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that a form may ask for: under every name it may have there, as words and as what it is."""

    labels: tuple[str, ...]
    text: str
    number: Decimal | None = None
    day: date | None = None
    user_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who is asked at one time: everybody must agree, or whoever comes first decides."""

    user_ids: tuple[str, ...]
    everybody: bool


@dataclass(frozen=True, kw_only=True)
class Application:
    """An approval as it is handed in on a platform. Its `name` stands in the form, so that it is found again.

    With `own_flow` the template's own approvers are asked, and `levels` are not.
    """

    name: str
    template: str
    user_id: str
    title: str
    entries: tuple[Entry, ...]
    levels: tuple[Asked, ...] = ()
    readers: tuple[str, ...] = ()
    own_flow: bool = False


class Said(StrEnum):
    """What became of one person's part of an instance. LATER: it is not their turn; MOVED: handed on to `to`."""

    LATER = "later"
    WAITING = "waiting"
    YES = "yes"
    NO = "no"
    MOVED = "moved"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """One person's part of a level; `key` is the platform's name for it and `task` what `decide` needs."""

    key: str
    user_id: str
    said: Said
    comment: str = ""
    task: str = ""
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something that somebody wrote beside an instance."""

    key: str
    user_id: str
    text: str


class OaState(StrEnum):
    """How an instance stands on its platform."""

    RUNNING = "running"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an instance stands; `levels` in the order in which they are asked, `by` who has withdrawn it."""

    state: OaState
    levels: tuple[tuple[Voice, ...], ...]
    remarks: tuple[Remark, ...] = ()
    by: str = ""


class Oa(Protocol):
    """A platform's own approvals. Every method raises nothing but DeliveryFailed."""

    decides: bool
    """Whether what was decided here can be written there; else people are asked to tap there too."""

    settling: timedelta
    """How old an instance must be before it can be withdrawn."""

    pause: timedelta
    """How often one may ask what has ended."""

    patience: timedelta
    """How often each instance that has not ended may be read."""

    def create(self, application: Application) -> str:
        """Hand it in and return its number. FormMismatch when the form asks for something that we do not know."""
        ...

    def find(self, application: Application, since: datetime) -> str:
        """Return the number of an application that may have been handed in since then; empty when there is none."""
        ...

    def read(self, number: str) -> Standing: ...
    def decide(self, number: str, voice: Voice, comment: str, *, agrees: bool) -> None:
        """Give somebody's answer for them; only where it `decides`."""
        ...

    def withdraw(self, number: str, user_id: str, comment: str) -> None:
        """End it without a decision; only where it `decides`."""
        ...

    def ended(self, template: str, since: datetime) -> frozenset[str]:
        """Return the numbers of everything handed in since then that has ended."""
        ...


@dataclass(frozen=True)
class Platforms:
    """By what means each platform shows approvals, by channel."""

    todos: Mapping[str, Todos] = field(default_factory=dict)
    oas: Mapping[str, Oa] = field(default_factory=dict)


class Mirrors(Protocol):
    """The instances that were made on platforms."""

    def add(self, mirror: ApprovalMirror) -> None: ...
    def get(self, mirror_id: int) -> ApprovalMirror: ...
    def of(self, approval_id: int, channel: str = "") -> list[ApprovalMirror]:
        """Return those of an approval, the oldest first."""
        ...

    def numbered(self, channel: str, number: str) -> ApprovalMirror | None: ...
    def alive_on(self, channel: str) -> list[ApprovalMirror]:
        """Return those on a platform that may still change, the oldest first."""
        ...
