"""Colleagues: who they are, what they may do, and how a platform knows them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.model.ids import UNSAVED, MemberId, Ref


class Role(StrEnum):
    """What a member does; several may be joined."""

    REP = "rep"
    MANAGER = "manager"
    DIRECTOR = "director"
    VP = "vp"
    FINANCE = "finance"
    LEGAL = "legal"
    MARKETING = "marketing"
    SERVICE = "service"
    ADMIN = "admin"


SELLING = frozenset({Role.REP, Role.MANAGER, Role.DIRECTOR, Role.VP})
LEADING = frozenset({Role.MANAGER, Role.DIRECTOR, Role.VP})


@dataclass(eq=False, kw_only=True)
class Member:
    """A colleague. `department` is a path such as `销售部/华东`.

    `preferred_channel` is where notices go when the member is known on several platforms; empty lets us choose.
    `regions`, `skills`, `weight`, `duty` (`9:00-18:00`) and `capacity` say which leads they get; what is not set here
    is as the playbook says.
    """

    id: MemberId = UNSAVED
    name: str
    phone: str | None = None
    department: str = ""
    roles: tuple[str, ...] = (Role.REP,)
    manager_id: MemberId | None = None
    active: bool = True
    preferred_channel: str = ""
    regions: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    weight: int | None = None
    duty: str = ""
    capacity: int | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def ref(self) -> Ref:
        return Ref("member", self.id)

    def is_any(self, roles: frozenset[Role]) -> bool:
        """Say whether the member has one of `roles`."""
        return not roles.isdisjoint(self.roles)


CHANNELS = {"wecom": "企业微信", "dingtalk": "钉钉"}
"""The platforms by which we may know somebody, and what people call them."""

_SAID = {"企业微信": "wecom", "企微": "wecom", "wecom": "wecom", "钉钉": "dingtalk", "dingtalk": "dingtalk"}


def channel_named(words: str) -> str:
    """Return the platform that people call so; empty for any other words."""
    return _SAID.get(words.strip().casefold().removesuffix("账号"), "")


CASELESS = frozenset({"wecom"})
"""Platforms whose user ids ignore case; the others' are what they are, letter by letter."""


def account_key(channel: str, user_id: str) -> str:
    """Return the form in which a platform's user ids are kept and compared."""
    return user_id.casefold() if channel in CASELESS else user_id


class Closed(StrEnum):
    """Why an account is closed: its person LEFT the platform, or it was UNBOUND from a member who has another."""

    LEFT = "left"
    UNBOUND = "unbound"


@dataclass(eq=False, kw_only=True)
class ChannelUser:
    """A member as one platform knows them. `user_id` is the `account_key`, `display_id` as the platform writes it.

    A closed account opens no door any more; its row stays, so that whoever returns is known again. `closed_by` says why
    it is closed, or was last: what was parted by hand is not joined again by itself.
    """

    id: int = UNSAVED
    channel: str
    user_id: str
    display_id: str = ""
    member_id: MemberId
    closed_by: str = ""
    deleted_at: datetime | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.deleted_at is None

    @property
    def has_left(self) -> bool:
        return not self.is_open and self.closed_by == Closed.LEFT

    @property
    def is_unbound(self) -> bool:
        return not self.is_open and self.closed_by == Closed.UNBOUND

    @property
    def was_unbound(self) -> bool:
        return self.closed_by == Closed.UNBOUND

    def close(self, why: Closed, at: datetime) -> None:
        """From `at` on nobody gets in by this account."""
        self.closed_by, self.deleted_at = why, at

    def open_for(self, member_id: MemberId) -> None:
        """Let this account be `member_id`'s door, whoever's it was."""
        self.member_id, self.deleted_at = member_id, None

    @property
    def address(self) -> str:
        """`platform:userid`, as the outside writes it."""
        return f"{self.channel}:{self.display_id or self.user_id}"


SYSTEM = Member(
    id=MemberId(0),
    name="系统",
    roles=(),
    created_at=datetime.min,  # noqa: DTZ901 - the system was never created and is never stored
    updated_at=datetime.min,  # noqa: DTZ901
)


@dataclass(frozen=True)
class Sender:
    """Who an event says it comes from: a platform's word, resolved to a member only when it is handled."""

    channel: str
    user_id: str = field(default="")
