"""How a customer and its deals stood at a moment of the past, put together from the history (C22, E102)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import BadInput
from core.model.contract import Contract
from core.model.customer import Account
from core.model.deal import Deal, StageStay
from core.model.followup import FollowUp, Plan
from core.model.ids import MemberId, Ref
from core.model.lead import Lead
from core.model.promise import Promise
from core.ports import UnitOfWork
from core.services.contracts import contracts_of
from core.services.customers import Customer, customer
from core.services.deals import may_see_deal

TALKS = 3


@dataclass(frozen=True)
class Then:
    """A customer as it was: itself (None before it was on record), its deals, what was owed, planned and talked about.

    `stays` are the stages in which deals stood that came out of a file later, by what the file says.
    """

    at: datetime
    about: Customer | None
    deals: tuple[Deal, ...]
    stays: tuple[tuple[Deal, StageStay], ...]
    contracts: tuple[Contract, ...]
    promises: tuple[Promise, ...]
    plans: tuple[Plan, ...]
    followups: tuple[FollowUp, ...]

    @property
    def owner_id(self) -> MemberId | None:
        return self.about.owner_id if self.about is not None else None

    @property
    def is_empty(self) -> bool:
        return self.about is None and not self.deals and not self.stays


def as_of(uow: UnitOfWork, about: Customer, at: datetime) -> Then:
    """Return how a customer stood at a moment, to whoever may see it now; BadInput for a moment to come."""
    if at > uow.now:
        raise BadInput("还没到那个时候。想看现在的情况，请发送「看看 客户名」")
    about = customer(uow, about.ref)
    gone = uow.timeline.became(about.ref)
    refs = [about.ref, *gone]
    was = next((found for ref in refs if (found := _alive(uow, ref, at)) is not None), None)
    known = _deals(uow, about)
    deals = [deal for one in known if (deal := _alive(uow, one.ref, at)) is not None]
    told = {deal.id for deal in deals}
    stays = [
        (one, stay)
        for one in known
        if one.id not in told
        for stay in uow.deals.stays(one.id)
        if stay.entered_at <= at and (stay.left_at is None or at < stay.left_at)
    ]
    plans = [plan for ref in refs for plan in uow.plans.about(ref)]
    return Then(
        at=at,
        about=was,
        deals=tuple(deals),
        stays=tuple(stays),
        contracts=tuple(_each(uow, contracts_of(uow, about) if isinstance(about, Account) else (), at)),
        promises=tuple(one for one in _each(uow, uow.promises.of(refs), at) if one.is_open),
        plans=tuple(one for one in _each(uow, plans, at) if one.is_open),
        followups=_talks(uow, refs, at),
    )


def _alive(uow: UnitOfWork, ref: Ref, at: datetime) -> Any:
    """Return a record as it was, None where it was not there or had become another."""
    was = uow.history.as_it_was(ref, at)
    if was is None or was.deleted_at is not None or getattr(was, "became_id", None) is not None:
        return None
    return was


def _each(uow: UnitOfWork, records: Sequence[Any], at: datetime) -> list[Any]:
    """Return those of these records that were there, as they were."""
    return [was for one in records if (was := _alive(uow, one.ref, at)) is not None]


def _deals(uow: UnitOfWork, about: Customer) -> list[Deal]:
    if isinstance(about, Lead):
        return []
    return [deal for deal in uow.deals.every_of(about.id) if may_see_deal(uow, deal)]


def _talks(uow: UnitOfWork, refs: Sequence[Ref], at: datetime) -> tuple[FollowUp, ...]:
    """Return the last follow-ups that had happened and were written down by then."""
    done = [one for one in uow.followups.of_any(refs) if one.at <= at and one.created_at <= at]
    return tuple(_each(uow, sorted(done, key=lambda one: (one.at, one.id), reverse=True)[:TALKS], at))
