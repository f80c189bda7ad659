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
    FINANCE = "finance"
    LEGAL = "legal"
    MARKETING = "marketing"
    SERVICE = "service"
    ADMIN = "admin"


SELLING = frozenset({Role.REP, Role.MANAGER, Role.DIRECTOR})
LEADING = frozenset({Role.MANAGER, Role.DIRECTOR})


@dataclass(eq=False, kw_only=True)
class Member:
    """A colleague. `department` is a path such as `销售部/华东`.

    `preferred_channel` is where notices go when the member is known on several platforms; empty lets us choose.
    """

    id: MemberId = UNSAVED
    name: str
    phone: str | None = None
    department: str = ""
    roles: tuple[str, ...] = (Role.REP,)
    manager_id: MemberId | None = None
    active: bool = True
    preferred_channel: str = ""
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


CASELESS = frozenset({"wecom"})
"""Platforms whose user ids ignore case; the others' are what they are, letter by letter."""


def account_key(channel: str, user_id: str) -> str:
    """Return the form in which a platform's user ids are kept and compared."""
    return user_id.casefold() if channel in CASELESS else user_id


@dataclass(eq=False, kw_only=True)
class ChannelUser:
    """A member as one platform knows them. `user_id` is the `account_key`, `display_id` as the platform writes it."""

    id: int = UNSAVED
    channel: str
    user_id: str
    display_id: str = ""
    member_id: MemberId
    deleted_at: datetime | None = None
    version: int = 1

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
