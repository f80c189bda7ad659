"""Members, the links between their accounts, and what the platforms know of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from core.model.directory import Listing
from core.model.ids import MemberId
from core.model.link import Holdings, LinkCode, LinkTries
from core.model.member import ChannelUser, Member
from core.model.subscription import QuietRule


class Members(Protocol):
    def get(self, member_id: MemberId) -> Member: ...
    def find(self, member_ids: Iterable[MemberId]) -> dict[MemberId, Member]: ...
    def add(self, member: Member) -> None: ...
    def add_account(self, user: ChannelUser) -> None: ...
    def reserve(self) -> None:
        """Let nobody else enrol people, join or close accounts until we commit."""
        ...

    def known_as(self, channel: str, user_id: str) -> Member | None:
        """The active or former member behind an open platform account; ids are compared as `account_key` says."""
        ...

    def account(self, channel: str, user_id: str) -> ChannelUser | None:
        """A platform account, open or closed."""
        ...

    def accounts_on(self, channel: str) -> list[ChannelUser]:
        """Every account of a platform, the closed ones too."""
        ...

    def accounts_of(self, member_ids: Iterable[MemberId]) -> dict[MemberId, ChannelUser]:
        """One account each of those who have not left: the one a message goes to, on the preferred channel if any."""
        ...

    def receivers(self, member_ids: Iterable[MemberId]) -> dict[MemberId, tuple[ChannelUser, QuietRule | None]]:
        """The account on which each of these is told things, and when they want to be left in peace."""
        ...

    def open_accounts(self, member_ids: Iterable[MemberId]) -> dict[MemberId, list[ChannelUser]]:
        """Every open account each, also of those who have left, oldest first."""
        ...

    def channels_of(self, member_id: MemberId) -> set[str]:
        """Where the member has or had an account."""
        ...

    def open_channels_of(self, member_id: MemberId) -> list[str]: ...
    def with_phones(self, mobiles: Iterable[str]) -> list[Member]:
        """Active members whose number, however it is written, may be one of these `plain_mobile`s."""
        ...

    def holdings(self, member_ids: Iterable[MemberId]) -> dict[MemberId, Holdings]:
        """How much each of these holds now."""
        ...

    def give_all(self, source: Member, target: Member, now: datetime) -> None:
        """Let everything that is `source`'s be `target`'s, as if they had always been one person."""
        ...

    def rename(self, channel: str, user_id: str, new_id: str) -> bool: ...
    def named(self, name: str) -> list[Member]: ...
    def called(self, names: Iterable[str], surnames: Iterable[str]) -> list[Member]: ...
    def known_by(self, channel: str, user_ids: Iterable[str]) -> dict[str, Member]:
        """Active members by the platform account that somebody wrote."""
        ...

    def everybody(self) -> list[Member]: ...


class Links(Protocol):
    """Codes that join two accounts."""

    def add(self, code: LinkCode) -> None: ...
    def get(self, code_id: int) -> LinkCode | None:
        """Locked until we commit."""
        ...

    def live(self, now: datetime) -> list[LinkCode]:
        """Codes that are neither used nor over, locked until we commit."""
        ...

    def tries(self, channel: str, user_id: str) -> LinkTries: ...


class Directory(Protocol):
    """What a platform knows of the company. Every failure is a DeliveryFailed."""

    def listing(self) -> Listing:
        """Read everybody our app may see."""
        ...

    def has_left(self, user_id: str) -> bool:
        """Ask about one person who is not listed: True when they are gone, False when we may not see them."""
        ...
