"""What a person's doing means for the clocks of deals: they stand still from the last human update on."""

from collections.abc import Sequence
from datetime import datetime

from core.model.deal import Deal
from core.model.ids import AccountId, DealId
from core.model.playbook import Holds
from core.ports import UnitOfWork
from core.rules.recycling import are_ruled
from core.rules.stages import aged_deadline, stale_deadline
from core.services.keeping import set_all_clocks


def set_deal_clock(uow: UnitOfWork, deal: Deal) -> None:
    """Let exactly that promise stand which follows from what the deal is now."""
    pipeline = uow.playbook.pipeline(deal.pipeline)
    grade = grades_of(uow, [deal]).get(deal.id, "")
    stale = stale_deadline(deal, pipeline, uow.calendar, uow.now, grade)
    running = [*stale, *aged_deadline(deal, pipeline)] if deal.deleted_at is None else []
    uow.deadlines.replace(deal.ref, running)
    if deal.account_id is not None and are_ruled(Holds.ACCOUNT, uow.playbook):
        set_all_clocks(uow, uow.accounts.find([deal.account_id]))  # a deal may keep its account with its holder


def grades_of(uow: UnitOfWork, deals: Sequence[Deal]) -> dict[DealId, str]:
    """Return the grades of the customers of deals."""
    accounts = {
        one.id: one.grade for one in uow.accounts.find({d.account_id for d in deals if d.account_id is not None})
    }
    return {deal.id: accounts.get(deal.account_id, "") for deal in deals if deal.account_id is not None}


def touch_deals(uow: UnitOfWork, account_id: AccountId, at: datetime) -> None:
    """Note on every open deal of an account that somebody was in touch."""
    for deal in uow.deals.open_of(account_id):
        deal.touch(at)
        set_deal_clock(uow, deal)
