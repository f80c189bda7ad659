"""Subscriptions, quiet rules, and the notices that are kept back by them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import BigInteger, Select, bindparam, delete, select

from core.model.ids import MemberId
from core.model.subscription import QuietRule, Subscription
from core.notices import Notice, notice_as_json, notice_from_json
from storage import tables
from storage.repositories import Repository, chunks, insert_new


class SqlSubscriptions(Repository):
    """See `core.ports.Subscriptions`."""

    def add(self, wanted: Subscription) -> None:
        self._session.add(wanted)

    def find(self, ids: Iterable[int]) -> list[Subscription]:
        rows = tables.subscriptions.c
        return [
            one
            for some in chunks(set(ids))
            for one in self._all(select(Subscription).where(rows.id.in_(some), rows.deleted_at.is_(None)))
        ]

    def of(self, member_id: MemberId) -> list[Subscription]:
        rows = tables.subscriptions.c
        return self._all(
            select(Subscription).where(rows.member_id == member_id, rows.deleted_at.is_(None)).order_by(rows.id)
        )

    def holders(self, report: str) -> frozenset[MemberId]:
        rows = tables.subscriptions.c
        return frozenset(
            self._session.scalars(select(rows.member_id).where(rows.report == report, rows.deleted_at.is_(None)))
        )


@cache
def _rules_of() -> Select[QuietRule]:
    """Made once: it is asked for every notice."""
    rows = tables.quiet_rules.c
    theirs = rows.member_id.in_(bindparam("members", expanding=True, type_=BigInteger))
    return select(QuietRule).where(theirs, rows.deleted_at.is_(None))


class SqlPeace(Repository):
    """See `core.ports.Peace`."""

    def add(self, rule: QuietRule) -> None:
        self._session.add(rule)

    def rules(self, member_ids: Iterable[MemberId]) -> dict[MemberId, QuietRule]:
        return {
            rule.member_id: rule
            for some in chunks(set(member_ids))
            for rule in self._session.scalars(_rules_of(), {"members": some})
        }

    def keep_back(self, notices: Sequence[tuple[Notice, datetime]]) -> None:
        values = []
        for notice, until in notices:
            kind, content = notice_as_json(notice)
            row = {"member_id": notice.to, "kind": kind, "content": content, "unique_key": notice.once, "until": until}
            values.append(row)
        insert_new(self._session, tables.held_notices, values)

    def release(self, member_ids: Iterable[MemberId], now: datetime) -> list[Notice]:
        rows = tables.held_notices.c
        found = [
            row
            for some in chunks(set(member_ids))
            for row in self._session.execute(
                select(tables.held_notices)
                .where(rows.member_id.in_(some), rows.until <= now)
                .order_by(rows.id)
                .with_for_update()
            )
        ]
        for some in chunks(row.id for row in found):
            self._session.execute(delete(tables.held_notices).where(rows.id.in_(some)))
        return [notice_from_json(row.kind, row.content) for row in found]
