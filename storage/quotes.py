"""Quotes and all their versions."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Select, select

from core.errors import NotFound
from core.model.ids import AccountId, DealId, MemberId, QuoteId
from core.model.quote import OURS, Quote
from storage import tables
from storage.repositories import Repository, one_of

MOST = 200


@cache
def _numbered(dialect: str) -> Select[Quote]:
    quotes = tables.quotes.c
    wanted = select(Quote).where(one_of(quotes.id, "ids", dialect), quotes.deleted_at.is_(None))
    return wanted.order_by(quotes.id)


class SqlQuotes(Repository):
    def add(self, quote: Quote) -> None:
        self._add(quote)

    def get(self, quote_id: QuoteId, *, lock: bool = False) -> Quote:
        quote = self._session.get(Quote, quote_id, with_for_update=lock or None, populate_existing=lock)
        if quote is None or quote.deleted_at is not None:
            raise NotFound(f"Q{quote_id}")
        return quote

    def find(self, quote_ids: Iterable[QuoteId]) -> list[Quote]:
        return list(self._session.scalars(_numbered(self._dialect), {"ids": list(quote_ids)}))

    def versions(self, number: str) -> list[Quote]:
        quotes = tables.quotes.c
        query = select(Quote).where(quotes.number == number, quotes.deleted_at.is_(None))
        return self._all(query.order_by(quotes.revision))

    def of_account(self, account_id: AccountId, limit: int = 50) -> list[Quote]:
        quotes = tables.quotes.c
        query = select(Quote).where(quotes.account_id == account_id, quotes.deleted_at.is_(None))
        return self._all(query.order_by(quotes.id.desc()).limit(limit))

    def every_of(self, account_id: AccountId) -> list[Quote]:
        quotes = tables.quotes.c
        query = select(Quote).where(quotes.account_id == account_id, quotes.deleted_at.is_(None))
        return self._all(query.order_by(quotes.id))

    def of_deal(self, deal_id: DealId) -> list[Quote]:
        quotes = tables.quotes.c
        query = select(Quote).where(quotes.deal_id == deal_id, quotes.deleted_at.is_(None))
        return self._all(query.order_by(quotes.id.desc()).limit(MOST))

    def made_by(self, member_ids: Iterable[MemberId], *, states: Iterable[str] = (), limit: int = 50) -> list[Quote]:
        quotes, wanted = tables.quotes.c, list(states)
        query = select(Quote).where(quotes.owner_id.in_(list(member_ids)), quotes.deleted_at.is_(None))
        if wanted:
            query = query.where(quotes.state.in_(wanted))
        return self._all(query.order_by(quotes.id.desc()).limit(limit))

    def given_to(self, account_id: AccountId, since: datetime | None, until: datetime | None) -> list[Quote]:
        quotes = tables.quotes.c
        query = select(Quote).where(
            quotes.account_id == account_id, quotes.deleted_at.is_(None), quotes.state.not_in(list(OURS))
        )
        if since is not None:
            query = query.where(quotes.created_at >= since)
        if until is not None:
            query = query.where(quotes.created_at < until)
        return self._all(query.order_by(quotes.id.desc()).limit(MOST))
