"""What a person's doing means for the clocks of deals: they stand still from the last human update on."""

from datetime import datetime

from core.model.deal import Deal
from core.model.ids import AccountId
from core.ports import UnitOfWork
from core.rules.stages import stale_deadline


def set_deal_clock(uow: UnitOfWork, deal: Deal) -> None:
    """Let exactly that promise stand which follows from what the deal is now."""
    pipeline = uow.playbook.pipeline(deal.pipeline)
    uow.deadlines.replace(deal.ref, stale_deadline(deal, pipeline, uow.calendar, uow.now))


def touch_deals(uow: UnitOfWork, account_id: AccountId, at: datetime) -> None:
    """Note on every open deal of an account that somebody was in touch."""
    for deal in uow.deals.open_of(account_id):
        deal.touch(at)
        set_deal_clock(uow, deal)
