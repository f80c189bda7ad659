"""Members, the accounts by which platforms know them, and the codes that join two of them."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, bindparam, func, or_, select

from core.errors import NotFound
from core.model.ids import MemberId
from core.model.link import Holdings, LinkCode, LinkTries
from core.model.member import ChannelUser, Member, account_key
from core.model.subscription import QuietRule
from storage import tables
from storage.belongings import give_all, holdings
from storage.repositories import Repository, chunks

MANY = 200
"""Colleagues of one surname at most."""


_NUMBER = 11
"""Digits by which written numbers are found; who compares them reads the rest."""


@cache
def _named_any() -> Select[Member]:
    """Made once: it is asked for almost every message."""
    members = tables.members.c
    named = members.name.in_(bindparam("names", expanding=True, type_=String))
    return select(Member).where(members.active, members.deleted_at.is_(None), named)


@cache
def _known_as() -> Select[Member]:
    """Made once: it is asked for every message."""
    users = tables.channel_users
    account = (users.c.channel == bindparam("channel"), users.c.user_id == bindparam("user"))
    holding = select(Member).join(users, users.c.member_id == tables.members.c.id)
    return holding.where(*account, users.c.deleted_at.is_(None))


@cache
def _accounts_of() -> Select[ChannelUser]:
    """Made once: it is asked for every notice. Of several accounts the liked one comes first."""
    users, members = tables.channel_users, tables.members
    named = members.c.id.in_(bindparam("members", expanding=True, type_=BigInteger))
    active = select(members.c.id).where(named, members.c.active)
    liked = select(members.c.preferred_channel).where(members.c.id == users.c.member_id).scalar_subquery()
    theirs = select(ChannelUser).where(users.c.member_id.in_(active), users.c.deleted_at.is_(None))
    return theirs.order_by(users.c.channel != liked, users.c.id)


@cache
def _receivers() -> Select[ChannelUser, QuietRule]:
    """Both in one question, since every notice asks for both."""
    users, rules = tables.channel_users.c, tables.quiet_rules.c
    theirs = and_(rules.member_id == users.member_id, rules.deleted_at.is_(None))
    both: Select[ChannelUser, QuietRule] = _accounts_of().add_columns(QuietRule)
    return both.outerjoin(tables.quiet_rules, theirs)


@cache
def _everybody() -> Select[Member]:
    members = tables.members.c
    return select(Member).where(members.deleted_at.is_(None)).order_by(members.id)


class SqlMembers(Repository):
    def get(self, member_id: MemberId) -> Member:
        member = self._session.get(Member, member_id)
        if member is None:
            raise NotFound(f"成员 {member_id}")
        return member

    def find(self, member_ids: Iterable[MemberId]) -> dict[MemberId, Member]:
        found: dict[MemberId, Member] = {}
        for some in chunks(set(member_ids)):
            for member in self._all(select(Member).where(tables.members.c.id.in_(some))):
                found[member.id] = member
        return found

    def add(self, member: Member) -> None:
        self._add(member)

    def add_account(self, user: ChannelUser) -> None:
        self._add(user)

    def reserve(self) -> None:
        if self._session.get_bind().dialect.name == "postgresql":  # SQLite's writers come one after the other anyway
            self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("members", 0))))

    def known_as(self, channel: str, user_id: str) -> Member | None:
        account = {"channel": channel, "user": account_key(channel, user_id)}
        member: Member | None = self._session.scalar(_known_as(), account)
        return member

    def account(self, channel: str, user_id: str) -> ChannelUser | None:
        users = tables.channel_users.c
        account: ChannelUser | None = self._session.scalar(
            select(ChannelUser).where(users.channel == channel, users.user_id == account_key(channel, user_id))
        )
        return account

    def accounts_on(self, channel: str) -> list[ChannelUser]:
        users = tables.channel_users.c
        return self._all(select(ChannelUser).where(users.channel == channel).order_by(users.id))

    def accounts_of(self, member_ids: Iterable[MemberId]) -> dict[MemberId, ChannelUser]:
        found: dict[MemberId, ChannelUser] = {}
        for some in chunks(set(member_ids)):
            for user in self._session.scalars(_accounts_of(), {"members": some}):
                found.setdefault(user.member_id, user)
        return found

    def receivers(self, member_ids: Iterable[MemberId]) -> dict[MemberId, tuple[ChannelUser, QuietRule | None]]:
        found: dict[MemberId, tuple[ChannelUser, QuietRule | None]] = {}
        for some in chunks(set(member_ids)):
            for user, rule in self._session.execute(_receivers(), {"members": some}):
                found.setdefault(user.member_id, (user, rule))
        return found

    def open_accounts(self, member_ids: Iterable[MemberId]) -> dict[MemberId, list[ChannelUser]]:
        users = tables.channel_users.c
        found: dict[MemberId, list[ChannelUser]] = {}
        for some in chunks(set(member_ids)):
            theirs = select(ChannelUser).where(users.member_id.in_(some), users.deleted_at.is_(None))
            for user in self._all(theirs.order_by(users.id)):
                found.setdefault(user.member_id, []).append(user)
        return found

    def channels_of(self, member_id: MemberId) -> set[str]:
        users = tables.channel_users.c
        return set(self._session.scalars(select(users.channel).where(users.member_id == member_id)))

    def open_channels_of(self, member_id: MemberId) -> list[str]:
        return [user.channel for user in self.open_accounts([member_id]).get(member_id, [])]

    def with_phones(self, mobiles: Iterable[str]) -> list[Member]:
        wanted = {mobile.removeprefix("+")[-_NUMBER:] for mobile in mobiles}
        bare: ColumnElement[str] = tables.members.c.phone
        for written in (" ", "-", "(", ")", "（", "）", "+"):
            bare = func.replace(bare, written, "")
        start = func.length(bare) - _NUMBER + 1
        tail = func.substr(bare, func.max(start, 1) if self._is_sqlite else func.greatest(start, 1))
        return [
            member
            for some in chunks(wanted)
            for member in self._all(
                select(Member).where(tail.in_(some), tables.members.c.active).order_by(tables.members.c.id)
            )
        ]

    def holdings(self, member_ids: Iterable[MemberId]) -> dict[MemberId, Holdings]:
        return holdings(self._session, member_ids)

    def give_all(self, source: Member, target: Member, now: datetime) -> None:
        give_all(self._session, source, target, now)

    def rename(self, channel: str, user_id: str, new_id: str) -> bool:
        user = self.account(channel, user_id)
        if user is None or self.account(channel, new_id) is not None:
            return False
        user.user_id, user.display_id = account_key(channel, new_id), new_id
        return True

    def named(self, name: str) -> list[Member]:
        return self._all(select(Member).where(tables.members.c.name == name, tables.members.c.active))

    def called(self, names: Iterable[str], surnames: Iterable[str]) -> list[Member]:
        members = tables.members.c
        whole, families = list(names), list(surnames)
        begins = [func.substr(members.name, 1, len(family)) == family for family in families]
        found = [row[0] for some in chunks(whole) for row in self._session.execute(_named_any(), {"names": some})]
        if begins:
            alive = select(Member).where(members.active, members.deleted_at.is_(None))
            found += self._all(alive.where(or_(*begins)).limit(MANY))
        return list(dict.fromkeys(found))

    def known_by(self, channel: str, user_ids: Iterable[str]) -> dict[str, Member]:
        users, said = tables.channel_users.c, {account_key(channel, one): one for one in user_ids}
        if not said:
            return {}
        rows = self._session.execute(
            select(users.user_id, Member)
            .join(tables.members, tables.members.c.id == users.member_id)
            .where(users.channel == channel, users.user_id.in_(list(said)), users.deleted_at.is_(None))
            .where(tables.members.c.active)
        )
        return {said[user_id]: member for user_id, member in rows}

    def everybody(self) -> list[Member]:
        return self._all(_everybody())

    @property
    def _is_sqlite(self) -> bool:
        return self._session.get_bind().dialect.name == "sqlite"


class SqlLinks(Repository):
    def add(self, code: LinkCode) -> None:
        self._add(code)

    def get(self, code_id: int) -> LinkCode | None:
        return self._session.get(LinkCode, code_id, with_for_update=True)

    def live(self, now: datetime) -> list[LinkCode]:
        rows = tables.link_codes.c
        live = select(LinkCode).where(rows.used_at.is_(None), rows.expires_at > now)
        return self._all(live.order_by(rows.id).with_for_update())

    def tries(self, channel: str, user_id: str) -> LinkTries:
        rows = tables.link_tries.c
        tries: LinkTries | None = self._session.scalar(
            select(LinkTries).where(rows.channel == channel, rows.user_id == user_id)
        )
        if tries is None:
            tries = LinkTries(channel=channel, user_id=user_id)
            self._add(tries)
        return tries
