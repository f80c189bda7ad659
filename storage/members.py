"""Members and the accounts by which platforms know them."""

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from core.errors import NotFound
from core.model.ids import MemberId
from core.model.member import ChannelUser, Member, account_key
from storage import tables
from storage.repositories import Repository, chunks

MANY = 200
"""Colleagues of one surname at most."""


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

    def known_as(self, channel: str, user_id: str) -> Member | None:
        users = tables.channel_users
        member: Member | None = self._session.scalar(
            select(Member)
            .join(users, users.c.member_id == tables.members.c.id)
            .where(users.c.channel == channel, users.c.user_id == account_key(channel, user_id))
        )
        return member

    def accounts_of(self, member_ids: Iterable[MemberId]) -> dict[MemberId, ChannelUser]:
        found: dict[MemberId, ChannelUser] = {}
        users = tables.channel_users
        for some in chunks(set(member_ids)):
            active = select(tables.members.c.id).where(tables.members.c.id.in_(some), tables.members.c.active)
            liked = select(tables.members.c.preferred_channel).where(tables.members.c.id == users.c.member_id)
            theirs = select(ChannelUser).where(users.c.member_id.in_(active), users.c.deleted_at.is_(None))
            for user in self._all(theirs.order_by(users.c.channel != liked.scalar_subquery(), users.c.id)):
                found.setdefault(user.member_id, user)
        return found

    def rename(self, channel: str, user_id: str, new_id: str) -> bool:
        users = tables.channel_users.c
        user: ChannelUser | None = self._session.scalar(
            select(ChannelUser).where(users.channel == channel, users.user_id == account_key(channel, user_id))
        )
        if user is None or self.known_as(channel, new_id) is not None:
            return False
        user.user_id, user.display_id = account_key(channel, new_id), new_id
        return True

    def named(self, name: str) -> list[Member]:
        return self._all(select(Member).where(tables.members.c.name == name, tables.members.c.active))

    def called(self, names: Iterable[str], surnames: Iterable[str]) -> list[Member]:
        members = tables.members.c
        whole, families = list(names), list(surnames)
        begins = [func.substr(members.name, 1, len(family)) == family for family in families]
        alive = select(Member).where(members.active, members.deleted_at.is_(None))
        found = [member for some in chunks(whole) for member in self._all(alive.where(members.name.in_(some)))]
        if begins:
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
        return self._all(select(Member).where(tables.members.c.deleted_at.is_(None)).order_by(tables.members.c.id))
