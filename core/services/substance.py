"""Deals that claim more than was done for them, and deals without a next step (M41)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.deal import Deal
from core.model.followup import FollowUp
from core.model.history import Change
from core.model.ids import MemberId, Ref
from core.model.money import Money
from core.model.playbook import Pipeline
from core.ports import UnitOfWork
from core.rules.substance import Done, Sign, is_inflated, signs_of
from core.services.deals import has_papers


@dataclass(frozen=True)
class Inflated:
    """A deal with the evidence against it."""

    deal: Deal
    signs: tuple[Sign, ...]


def signs_for(uow: UnitOfWork, deals: Sequence[Deal]) -> dict[int, list[Sign]]:
    """Return the evidence against each deal, by its number; empty where there is none."""
    deals = [deal for deal in deals if deal.is_open]
    accounts = list({Ref("account", deal.account_id) for deal in deals if deal.account_id is not None})
    followups: dict[Ref, list[FollowUp]] = {}
    for one in uow.followups.of_any(accounts):
        followups.setdefault(one.customer, []).append(one)
    planned = uow.books.planned(accounts, uow.now)
    changes: dict[Ref, list[Change]] = {}
    for change in uow.history.of_subjects(deal.ref for deal in deals):
        if change.before is not None:
            changes.setdefault(change.subject, []).append(change)
    policy = uow.playbook.substance
    found: dict[int, list[Sign]] = {}
    for deal in deals:
        about = Ref("account", deal.account_id or 0)
        pipeline = uow.playbook.pipeline(deal.pipeline)
        quoted, contracted = _papers(uow, deal, pipeline)
        done = Done(
            followups=followups.get(about, []),
            changes=changes.get(deal.ref, []),
            has_next_step=about in planned,
            quoted=quoted if policy.expects_quotes else None,
            contracted=contracted if policy.expects_contracts else None,
        )
        found[deal.id] = signs_of(deal, done, policy, pipeline, uow.calendar, uow.now)
    return found


def _papers(uow: UnitOfWork, deal: Deal, pipeline: Pipeline) -> tuple[bool, bool]:
    """Look for quotes and contracts of a deal that claims to be so far; of others nobody expects any."""
    policy = uow.playbook.substance
    wanted = [one for name in (policy.quote_from, policy.contract_from) if (one := pipeline.stage(name)) is not None]
    first = min((pipeline.place(stage.name) for stage in wanted), default=len(pipeline.stages))
    return has_papers(uow, deal) if pipeline.place(deal.stage) >= first else (False, False)


def inflated_deals(uow: UnitOfWork, member_ids: Sequence[MemberId]) -> list[Inflated]:
    """Return the open deals of these members with enough evidence against them, the most of it and of money first."""
    deals = uow.deals.open_held_by(member_ids)
    signs = signs_for(uow, deals)
    found = [
        Inflated(deal, tuple(signs[deal.id])) for deal in deals if is_inflated(signs[deal.id], uow.playbook.substance)
    ]
    return sorted(found, key=lambda one: (-len(one.signs), -(one.deal.amount or Money(0)).fen, one.deal.id))


def unplanned_deals(uow: UnitOfWork, member_ids: Sequence[MemberId]) -> list[Deal]:
    """Return the open deals of these members for whose customer nothing is planned, the largest first."""
    deals = uow.deals.open_held_by(member_ids)
    planned = uow.books.planned({Ref("account", deal.account_id) for deal in deals if deal.account_id}, uow.now)
    bare = [deal for deal in deals if deal.account_id is None or Ref("account", deal.account_id) not in planned]
    return sorted(bare, key=lambda deal: (-(deal.amount or Money(0)).fen, deal.id))
