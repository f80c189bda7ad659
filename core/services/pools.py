"""Looking into the pools: which ones somebody may use, a page of one, and what of it they may see."""

from dataclasses import dataclass

from core.errors import BadInput, NotAllowed
from core.model.customer import Account
from core.model.ids import AccountId, LeadId, Ref
from core.model.lead import Lead, LeadState
from core.model.load import Within
from core.model.playbook import Holds, Pool
from core.ports import UnitOfWork
from core.rules.claiming import administers, pools_of
from core.rules.recycling import pool_for
from core.services.customers import require_own


@dataclass(frozen=True)
class Page:
    """Some records of a pool, how many there are in all, where the next page begins, and which are within the views."""

    pool: Pool
    found: tuple[Lead | Account, ...]
    total: int
    next_after: int | None
    seen: frozenset[Ref]
    open_to_all: bool


def usable_pools(uow: UnitOfWork) -> list[tuple[Pool, int]]:
    """Return the pools that the actor may use, each with how much lies in it."""
    return [(pool, _count(uow, pool, "")) for pool in pools_of(uow.actor, uow.playbook)]


def pool_named(uow: UnitOfWork, name: str) -> Pool | None:
    """Return the pool that the actor may use under that name, or the only one there is; None when there are several."""
    pools = pools_of(uow.actor, uow.playbook)
    if not pools:
        raise NotAllowed("查看公海")
    if name:
        found = next((pool for pool in pools if pool.name == name), None)
        if found is None:
            raise BadInput(f"没有您能看的「{name}」。可以看：{'、'.join(pool.name for pool in pools)}")
        return found
    return pools[0] if len(pools) == 1 else None


def look_into(uow: UnitOfWork, pool: Pool, words: str, after: int | None, size: int) -> Page:
    """Return a page of a pool, the last that came first; looking counts towards the day's views."""
    some: list[Lead | Account]
    if pool.holds is Holds.LEAD:
        some = [
            *uow.leads.pooled(
                words=words, limit=size + 1, after=LeadId(after) if after else None, pools=within(uow, pool)
            )
        ]
    else:
        some = [*uow.accounts.pooled(pool.name, words=words, limit=size + 1, after=AccountId(after) if after else None)]
    shown = some[:size]
    open_to_all = administers(uow.actor, pool) and not pool.admins.is_everybody
    day = uow.calendar.local(uow.now).date()
    limit = None if open_to_all else pool.views_per_day
    seen = uow.pools.seen(uow.actor.id, day, [one.ref for one in shown], limit)
    further = shown[-1].id if len(some) > size else None
    return Page(pool, tuple(shown), _count(uow, pool, words), further, seen, open_to_all)


def within(uow: UnitOfWork, pool: Pool) -> Within | None:
    """Say where a pool's leads lie; the first one also has those of pools that are no more."""
    fitting = [one.name for one in uow.playbook.pools if one.holds is Holds.LEAD]
    if len(fitting) == 1:
        return None
    if fitting[0] == pool.name:
        return Within(but=tuple(fitting[1:]))
    return Within(named=(pool.name,))


def _count(uow: UnitOfWork, pool: Pool, words: str) -> int:
    if pool.holds is Holds.LEAD:
        return uow.leads.count_pooled(words, within(uow, pool))
    return uow.accounts.count_pooled(pool.name, words)


def release(uow: UnitOfWork, lead_id: LeadId) -> Lead:
    """Put a lead that rests with somebody back into its pool; who holds it may, and who leads them."""
    lead = uow.leads.get(lead_id, lock=True)
    require_own(uow, lead)
    if lead.state != LeadState.NURTURE:
        raise BadInput(f"「{lead.name}」不在培育中，不用放回。发送「看看 {lead.name}」查看现状")
    uow.does("lead.return")
    pool = pool_for(lead, None, uow.playbook, uow.now)
    lead.to_pool(uow.now, pool.name if pool else "")
    uow.deadlines.clear([lead.ref])
    return lead
