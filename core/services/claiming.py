"""Claiming: one wins, everybody hears why not, and nobody takes more than the playbook allows (semantics B.4)."""

from collections.abc import Sequence
from datetime import time, timedelta

from core.errors import BadInput, ClaimRefused, LeadAlreadyHeld, NotFound, Refusal
from core.model.customer import Account
from core.model.ids import AccountId, LeadId
from core.model.lead import Assignment, Lead, LeadState
from core.model.member import Member
from core.model.playbook import Holds, Pool
from core.ports import UnitOfWork
from core.rules.assignment import group_words, outside
from core.rules.capacity import most_for, plainly
from core.rules.claiming import cools_down, look_back, may_use, pool_called, pools_of, refuse_claim
from core.rules.permissions import may_open_pool, require
from core.rules.regions import lineage
from core.services.capacity import room_of
from core.services.customers import holder_name
from core.services.keeping import set_clocks
from core.services.leads import assign

CLAIMED = "领取"
RACE = timedelta(days=1)
"""How long after a claim others are told who was first; later it is none of their business."""


def claim_lead(uow: UnitOfWork, lead_id: LeadId) -> Lead:
    """Take a lead out of the pool. One wins; whoever comes second learns who was first, and when.

    Refuses with ClaimRefused where a limit of the pool stands against it.
    """
    require(may_open_pool(uow.actor), "领取公海线索")
    uow.pools.reserve(uow.actor.id)
    lead = uow.leads.get(lead_id, lock=True)
    if lead.owner_id == uow.actor.id and lead.is_held:
        return lead
    pool = pool_called(lead.pool, Holds.LEAD, uow.playbook)
    if not lead.is_pooled or pool is None or not may_use(uow.actor, pool):
        _refuse_taken(uow, lead)
    else:
        _refuse_outsiders(uow, lead)
        _require_room(uow, lead, pool)
        uow.does("lead.claim")
        assign(uow, lead, uow.actor.id, by=CLAIMED, pool=pool.name)
    return lead


def claim_several(uow: UnitOfWork, lead_ids: Sequence[LeadId]) -> tuple[list[Lead], str]:
    """Claim leads in this order until one cannot be had; return those that could, and why it ended.

    Where the pool wants all or nothing, one refusal refuses all of them.
    """
    claimed: list[Lead] = []
    for lead_id in lead_ids:
        try:
            with uow.attempt():
                claimed.append(claim_lead(uow, lead_id))
        except Refusal as refusal:
            strict = any(pool.all_or_nothing for pool in pools_of(uow.actor, uow.playbook))
            if strict and len(lead_ids) > 1:
                raise BadInput(f"要么都领，要么都不领，所以一条也没有领：{refusal}") from refusal
            return claimed, str(refusal)
    return claimed, ""


def claim_account(uow: UnitOfWork, account_id: AccountId) -> Account:
    """Take an account out of its pool; the limits are the pool's, who held it before is in the history."""
    require(may_open_pool(uow.actor), "领取公海客户")
    uow.pools.reserve(uow.actor.id)
    account = uow.accounts.get(account_id, lock=True)
    if account.owner_id == uow.actor.id:
        return account
    pool = pool_called(account.pool, Holds.ACCOUNT, uow.playbook)
    if not account.is_pooled or pool is None or not may_use(uow.actor, pool):
        raise NotFound(str(account.ref))
    if pool.cooldown is not None:
        mine = [
            change.at
            for change in uow.history.releases(account.ref, uow.now - pool.cooldown)
            if (change.before or {}).get("owner_id") == uow.actor.id
        ]
        if mine:
            free_at = max(mine) + pool.cooldown
            said = f"{uow.calendar.local(free_at):%m-%d %H:%M}"
            raise ClaimRefused("cooldown", f"「{account.name}」是从您名下回来的，{said} 之后才能再领", free_at)
    if pool.wait is not None and account.pooled_at is not None and account.pooled_at + pool.wait > uow.now:
        free_at = account.pooled_at + pool.wait
        said = f"{uow.calendar.local(free_at):%m-%d %H:%M}"
        raise ClaimRefused("wait", f"「{account.name}」刚进{pool.name}，{said} 起可以领取", free_at)
    uow.does("account.claim")
    account.assign(uow.actor.id, uow.now)
    uow.flush()
    set_clocks(uow, account)
    return account


def _refuse_outsiders(uow: UnitOfWork, lead: Lead) -> None:
    """Keep a lead of a protected region for the team of that region."""
    kept = outside(uow.playbook.assignment, lineage(lead.region) if lead.region else (), uow.actor)
    if kept is not None:
        raise ClaimRefused(
            "region",
            f"「{lead.name}」在{lead.region}，受「{kept[0]}」保护，由{group_words(kept[1])}的同事跟。"
            f"有机会的话，请他们领取后对聊单说「和您一起跟{lead.name}」，业绩可以分成",
        )


def _require_room(uow: UnitOfWork, lead: Lead, pool: Pool) -> None:
    """Refuse unless the pool's limits and the claimer's capacity allow one more."""
    day = uow.calendar.at(uow.calendar.local(uow.now).date(), time(0))
    claims = uow.pools.claims(uow.actor.id, pool.name, day, look_back(pool, day, uow.now), CLAIMED)
    past = uow.assignments.past_of(lead.id, uow.actor.id) if cools_down(pool, uow.playbook) else ()
    refusal = refuse_claim(lead.name, pool, lead.pooled_at, claims, past, uow.playbook, uow.calendar, uow.now)
    if refusal is not None:
        raise refusal
    require_capacity(uow, uow.actor)


def require_capacity(uow: UnitOfWork, member: Member, more: float = 1.0) -> None:
    """Refuse when `member` cannot hold so much more."""
    left = room_of(uow, member)
    if left < more:
        most = most_for(member, uow.playbook.capacity)
        raise ClaimRefused(
            "capacity",
            f"库容满了：最多 {most} 条，现在 {plainly(most - left)} 条。先跟进、转培育或退回几条，再来领取",
        )


def just_claimed(uow: UnitOfWork, lead: Lead) -> Assignment | None:
    """Return the claim of a lead that was to be had until lately, so that whoever comes second is told of it."""
    last = uow.assignments.last_holder(lead.id)
    if last is None or last.begun_by != CLAIMED or last.begun_at < uow.now - RACE or not lead.is_held:
        return None
    return last


def _refuse_taken(uow: UnitOfWork, lead: Lead) -> None:
    """Say who was faster, if the lead was just to be had by everybody; what is not in the pool stays unknown."""
    claim = just_claimed(uow, lead) if lead.state != LeadState.POOLED else None
    if claim is None:
        raise NotFound(str(lead.ref))
    raise LeadAlreadyHeld(lead.name, holder_name(uow, lead.owner_id), f"{uow.calendar.local(claim.begun_at):%H:%M:%S}")
