"""Deals that colleagues share: asked, agreed or declined, and whose the credit is.

Shares are percents. What nobody else has agreed to is the holder's, so a deal's shares always sum to 100.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.errors import BadInput, NotAllowed
from core.model.deal import Deal, DealShare, ShareState
from core.model.ids import AccountId, DealId, MemberId
from core.model.member import SELLING, Member
from core.model.routing import WHOLE, Collaboration
from core.notices.deals import DealShareAnswered, DealShareAsked, DealShareEnded
from core.ports import UnitOfWork
from core.rules.permissions import scope_of
from core.services.deals import deal_of


def ask_share(uow: UnitOfWork, deal: Deal, colleague: Member, share: int) -> DealShare:
    """Offer a colleague a part of the credit for a deal; it counts once they agree. Its holder or their leader may.

    Said again it takes the place of what was offered before; what was agreed upon stands until the new one is.
    """
    _require_holder(uow, deal)
    if deal.owner_id is None:
        raise BadInput(f"「{deal.name}」还没有负责人，先确定由谁负责再分成")
    if colleague.id == deal.owner_id:
        raise BadInput(f"「{deal.name}」就是{colleague.name}负责的。要分给谁？请说另一位同事的名字")
    if not colleague.active or not colleague.is_any(SELLING):
        raise BadInput(f"{colleague.name}不做销售，不能分业绩。请换一位同事再发一次")
    standing = [one for one in uow.deals.shares([deal.id]) if one.stands]
    given = sum(_largest(standing, {colleague.id}).values())
    if not 1 <= share <= WHOLE - given:
        taken = f"别人已经占了 {given}%，" if given else ""
        raise BadInput(f"分成要在 1% 到 {WHOLE - given}% 之间，加起来不能超过 100%。{taken}请改好后再发一次")
    uow.does("deal.share")
    for one in standing:
        if one.member_id == colleague.id and one.state == ShareState.ASKED:
            _end(uow, one)
    asked = DealShare(
        deal_id=deal.id,
        member_id=colleague.id,
        share=share,
        asked_by=uow.actor.id or None,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.deals.add_share(asked)
    uow.flush()
    account = uow.accounts.get(AccountId(deal.account_id)) if deal.account_id is not None else None
    uow.tell(
        DealShareAsked(
            to=colleague.id,
            number=asked.id,
            by=uow.actor.name,
            deal=deal.name,
            deal_ref=str(deal.ref),
            customer=account.name if account else "",
            stage=deal.stage,
            amount=str(deal.amount or ""),
            share=share,
            rest=WHOLE - given - share,
        )
    )
    return asked


def answer_share(uow: UnitOfWork, number: int, *, agree: bool) -> tuple[Deal, DealShare]:
    """Agree to a share or decline it; only who was asked may, once. Whoever agrees works along on the customer."""
    share = uow.deals.get_share(number)
    if share is None or share.member_id != uow.actor.id:
        raise NotAllowed("回答这次分成")
    deal = uow.deals.get(share.deal_id, lock=True)
    if share.state != ShareState.ASKED:
        raise BadInput(
            f"「{deal.name}」的分成{SAID[ShareState(share.state)]}，没有改动。发送「{deal.ref}」看看现在怎么分"
        )
    uow.does("deal.share")
    share.answered_at = uow.now
    if agree:
        for one in uow.deals.shares([deal.id]):
            if one.member_id == share.member_id and one.state == ShareState.AGREED:
                _end(uow, one)
        share.state = ShareState.AGREED
        _open_customer(uow, deal, share.member_id)
    else:
        share.state = ShareState.DECLINED
    uow.flush()
    for reader in {share.asked_by, deal.owner_id} - {uow.actor.id, None}:
        uow.tell(
            DealShareAnswered(
                to=MemberId(reader or 0),
                by=uow.actor.name,
                deal=deal.name,
                deal_ref=str(deal.ref),
                share=share.share,
                agreed=agree,
            )
        )
    return deal, share


def end_share(uow: UnitOfWork, deal: Deal, colleague: Member) -> None:
    """Let a colleague have no share of a deal from now on; they themselves, the holder, or a leader may say so."""
    if colleague.id != uow.actor.id:
        _require_holder(uow, deal)
    standing = [one for one in uow.deals.shares([deal.id]) if one.stands and one.member_id == colleague.id]
    if not standing:
        raise BadInput(f"{colleague.name}没有分「{deal.name}」的业绩，没有改动")
    uow.does("deal.share")
    for one in standing:
        _end(uow, one)
    for reader in {colleague.id, deal.owner_id} - {uow.actor.id, None}:
        uow.tell(DealShareEnded(to=MemberId(reader or 0), by=uow.actor.name, deal=deal.name))


def splits_of(uow: UnitOfWork, deals: Sequence[Deal], at: datetime | None = None) -> dict[DealId, dict[MemberId, int]]:
    """Return whose the credit for each deal is, or was at a moment, in percent: 100 in all while somebody holds it."""
    at = at or uow.now
    agreed: dict[DealId, dict[MemberId, int]] = {}
    for one in uow.deals.shares(deal.id for deal in deals):
        if counts_at(one, at):
            agreed.setdefault(one.deal_id, {})[one.member_id] = one.share
    return {deal.id: split(deal.owner_id, agreed.get(deal.id, {})) for deal in deals}


def split(owner_id: MemberId | None, agreed: dict[MemberId, int]) -> dict[MemberId, int]:
    """Give the holder what nobody else has."""
    if owner_id is None:
        return dict(agreed)
    others = {member: share for member, share in agreed.items() if member != owner_id}
    return {owner_id: WHOLE - sum(others.values())} | others


def counts_at(share: DealShare, at: datetime) -> bool:
    """Say whether a share was agreed upon by then and had not ended."""
    if share.answered_at is None or share.state not in (ShareState.AGREED, ShareState.ENDED) or share.answered_at > at:
        return False
    return share.ended_at is None or at < share.ended_at


def team_on_deal(uow: UnitOfWork, deal: Deal) -> list[tuple[Member, DealShare]]:
    """Return who was asked for a share or has agreed to one, with it."""
    standing = [one for one in uow.deals.shares([deal.id]) if one.stands]
    members = uow.members.find(one.member_id for one in standing)
    return [(members[one.member_id], one) for one in standing if one.member_id in members]


SAID = {
    ShareState.ASKED: "还没有回答",
    ShareState.AGREED: "已经同意了",
    ShareState.DECLINED: "已经拒绝了",
    ShareState.ENDED: "已经取消了",
}
"""What became of a share, after 「商机名」的分成."""


def _largest(standing: Iterable[DealShare], but: set[MemberId]) -> dict[MemberId, int]:
    """Return the most that each colleague has or may come to have."""
    most: dict[MemberId, int] = {}
    for one in standing:
        if one.member_id not in but:
            most[one.member_id] = max(most.get(one.member_id, 0), one.share)
    return most


def _require_holder(uow: UnitOfWork, deal: Deal) -> None:
    """Refuse unless the actor holds the deal or leads whoever does."""
    deal_of(uow, deal.id)
    scope = scope_of(uow.actor)
    owner = uow.members.find([deal.owner_id]).get(deal.owner_id) if deal.owner_id is not None else None
    if not scope.everything and not scope.covers(deal.owner_id, owner.department if owner else ""):
        raise NotAllowed("分这个商机的业绩")


def _open_customer(uow: UnitOfWork, deal: Deal, member_id: MemberId) -> None:
    """Let whoever shares a deal see its customer and write follow-ups, if they could not."""
    if deal.account_id is None:
        return
    account = uow.accounts.get(AccountId(deal.account_id))
    running = {one.member_id for one in uow.collaborations.running(account.ref) if one.runs_at(uow.now)}
    if account.owner_id == member_id or member_id in running:
        return
    uow.collaborations.add(
        Collaboration(
            customer_kind="account",
            customer_id=account.id,
            member_id=member_id,
            created_by=uow.actor.id or None,
            created_at=uow.now,
            updated_at=uow.now,
        )
    )
    uow.names.open_to(account.ref, member_id)


def _end(uow: UnitOfWork, share: DealShare) -> None:
    """End a share; one that was never agreed upon is as if it had not been."""
    share.state, share.ended_at = ShareState.ENDED, uow.now
