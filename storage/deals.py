"""Deals and how long they stood in each stage."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from core.errors import NotFound
from core.model.deal import Deal, DealShare, Interview, ShareState, StageStay
from core.model.ids import AccountId, DealId, MemberId, Ref
from storage import tables
from storage.repositories import Repository, chunks

MOST = 200


class SqlDeals(Repository):
    def add(self, deal: Deal) -> None:
        self._add(deal)

    def add_stay(self, stay: StageStay) -> None:
        self._add(stay)

    def get(self, deal_id: DealId, *, lock: bool = False) -> Deal:
        deal = self._session.get(Deal, deal_id, with_for_update=lock or None, populate_existing=lock)
        if deal is None or deal.deleted_at is not None:
            raise NotFound(str(Ref("deal", deal_id)))
        return deal

    def find(self, deal_ids: Iterable[DealId]) -> list[Deal]:
        deals = tables.deals.c
        return self._all(select(Deal).where(deals.id.in_(list(deal_ids)), deals.deleted_at.is_(None)))

    def of(self, account_id: AccountId) -> list[Deal]:
        deals = tables.deals.c
        query = select(Deal).where(deals.account_id == account_id, deals.deleted_at.is_(None))
        return self._all(query.order_by(deals.id.desc()).limit(50))

    def every_of(self, account_id: AccountId) -> list[Deal]:
        deals = tables.deals.c
        query = select(Deal).where(deals.account_id == account_id, deals.deleted_at.is_(None))
        return self._all(query.order_by(deals.id))

    def open_of(self, account_id: AccountId) -> list[Deal]:
        deals = tables.deals.c
        query = select(Deal).where(deals.account_id == account_id, deals.outcome == "open", deals.deleted_at.is_(None))
        return self._all(query.order_by(deals.id.desc()).limit(MOST))

    def open_held_by(self, member_ids: Iterable[MemberId]) -> list[Deal]:
        deals = tables.deals.c
        theirs = deals.owner_id.in_(list(member_ids))
        query = select(Deal).where(theirs, deals.outcome == "open", deals.deleted_at.is_(None))
        return self._all(query.order_by(deals.id.desc()).limit(MOST))

    def stays(self, deal_id: DealId) -> list[StageStay]:
        stays = tables.deal_stays.c
        query = select(StageStay).where(stays.deal_id == deal_id, stays.deleted_at.is_(None))
        return self._all(query.order_by(stays.id))

    def open_stay(self, deal_id: DealId) -> StageStay | None:
        stays = tables.deal_stays.c
        query = select(StageStay).where(stays.deal_id == deal_id, stays.left_at.is_(None), stays.deleted_at.is_(None))
        standing: StageStay | None = self._session.scalar(query.order_by(stays.id.desc()).limit(1))
        return standing

    def add_share(self, share: DealShare) -> None:
        self._add(share)

    def get_share(self, share_id: int) -> DealShare | None:
        found = self._session.get(DealShare, share_id, with_for_update=True)
        return found if found is not None and found.deleted_at is None else None

    def shares(self, deal_ids: Iterable[DealId]) -> list[DealShare]:
        rows = tables.deal_shares.c
        return [
            share
            for some in chunks(deal_ids)
            for share in self._all(
                select(DealShare).where(rows.deal_id.in_(some), rows.deleted_at.is_(None)).order_by(rows.id)
            )
        ]

    def shared_with(self, member_id: MemberId) -> list[DealShare]:
        rows = tables.deal_shares.c
        stands = rows.state.in_((ShareState.ASKED, ShareState.AGREED))
        theirs = select(DealShare).where(rows.member_id == member_id, stands, rows.deleted_at.is_(None))
        return self._all(theirs.order_by(rows.id))

    def shared_won(self, first: date | None, last: date | None) -> list[Deal]:
        deals, rows = tables.deals.c, tables.deal_shares.c
        shared = select(rows.deal_id).where(rows.answered_at.is_not(None), rows.deleted_at.is_(None))
        query = select(Deal).where(deals.id.in_(shared), deals.outcome == "won", deals.deleted_at.is_(None))
        if first is not None:
            query = query.where(deals.closed_on >= first)
        if last is not None:
            query = query.where(deals.closed_on <= last)
        return self._all(query.order_by(deals.id))

    def add_interview(self, interview: Interview) -> None:
        self._add(interview)

    def interviews(self, deal_ids: Iterable[DealId]) -> list[Interview]:
        rows = tables.interviews.c
        return [
            interview
            for some in chunks(deal_ids)
            for interview in self._all(
                select(Interview).where(rows.deal_id.in_(some), rows.deleted_at.is_(None)).order_by(rows.id)
            )
        ]
