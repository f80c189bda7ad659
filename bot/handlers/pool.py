"""The pools: looked through, claimed from, and how much more one may have."""

import re
from datetime import time

from bot.arguments import Pooled
from bot.cards.card import Card
from bot.cards.fields import with_fields
from bot.cards.pool import (
    account_claimed_card,
    claimed_card,
    limits_card,
    pool_card,
    pools_card,
    returned_card,
    several_claimed_card,
    tapped_pool_card,
)
from bot.context import Context
from bot.event import EventKind
from bot.handlers.leads import leaves_at
from bot.router import Router
from core.errors import BadInput, MissingWords
from core.model.ids import AccountId, LeadId, Ref
from core.model.playbook import Holds
from core.rules.capacity import plainly
from core.rules.claiming import look_back, pools_of
from core.rules.permissions import may_open_pool, require
from core.services.capacity import used_by
from core.services.claiming import CLAIMED, claim_account, claim_lead, claim_several
from core.services.customers import as_ref
from core.services.fields.showing import own_fields
from core.services.pools import look_into, pool_named, release, usable_pools, within

router = Router()

MOST = 10
"""Leads that one sentence may claim."""
_BETWEEN = re.compile(r"[,，、;；\s和]+")


@router.command("pool.search", "公海", "公嗨", "线索池")
@router.button("pool.search")
def pool(
    ctx: Context,
    words: str = "",
    region: str = "",
    industry: str = "",
    source: str = "",
    after: LeadId | None = None,
    pool: str = "",
) -> Card:
    """公海 [地区或行业]：看可以领取的线索，联系方式领取后可见"""
    require(may_open_pool(ctx.member), "查看公海")
    sought = _sought(words, region, industry, source)
    rest = (ctx.event.text or "").strip().removeprefix("公海")
    named = pool or next((one.name for one in pools_of(ctx.member, ctx.uow.playbook) if one.name in rest), "")
    chosen = pool_named(ctx.uow, named)
    if chosen is None:
        return pools_card(usable_pools(ctx.uow))
    if named and not pool:  # 华东公海 is a pool here, and no region
        sought = _sought(*(word for word in sought.split() if word not in named))
    page = look_into(ctx.uow, chosen, sought, after, ctx.uow.playbook.chat.pool_page)
    return pool_card(page.found, chosen, page.total, sought, page.next_after, page.seen, open_to_all=page.open_to_all)


@router.command("lead.claim", "领取", "认领", "领", "claim")
@router.button("lead.claim")
def claim(
    ctx: Context,
    customer: Pooled | None = None,
    count: int | None = None,
    region: str = "",
    industry: str = "",
    source: str = "",
    numbers: str = "",
) -> Card:
    """领取 编号或公司名：把公海线索归到自己名下；也可以「领取 1,2,3」「领3个华东的线索」"""
    if numbers and len(refs := _refs(numbers)) > 1:
        return _claim(ctx, [LeadId(ref.id) for ref in refs])
    if customer is not None and customer.kind == "account":
        account = claim_account(ctx.uow, AccountId(customer.id))
        return account_claimed_card(account, ctx.uow.command)
    if customer is not None:
        claimed = claim_lead(ctx.uow, LeadId(customer.id))
        card = claimed_card(claimed, leaves_at(ctx, claimed), ctx.uow.calendar, ctx.uow.command)
        return with_fields(card, own_fields(ctx.uow, claimed))
    sought = _sought("", region, industry, source)
    if count is None and not sought:
        raise MissingWords("线索编号或公司名", "领取 12")
    return _claim_some(ctx, count or 1, sought)


@router.repaint("lead.claim")
def claimed_on(ctx: Context, card: Card) -> Card | None:
    """Show on a list of the pool which of its leads are gone, to whoever tapped it and to others in the room."""
    offered = [as_ref(button.values["customer"]) for button in card.buttons if button.action == "lead.claim"]
    leads = ctx.uow.leads.find(LeadId(ref.id) for ref in offered if ref is not None)
    mine = f"已被{ctx.member.name if ctx.event.group else '您'}领取"
    gone = {
        str(lead.ref): mine if lead.owner_id == ctx.member.id else "已被领走" for lead in leads if not lead.is_pooled
    }
    if not gone:
        return None
    words = ctx.event.values.get("words", "")
    lies_in = next((pool for pool in ctx.uow.playbook.pools if card.title.startswith(f"{pool.name} ")), None)
    pools = within(ctx.uow, lies_in) if lies_in is not None else None
    return tapped_pool_card(card, gone, ctx.uow.leads.count_pooled(words, pools), words)


@router.command("limits.show", "领取额度", "我还能领几个", "库容")
def limits(ctx: Context) -> Card:
    """领取额度：今天还能领几条，手上还能放几条"""
    require(may_open_pool(ctx.member), "查看领取额度")
    uow = ctx.uow
    held, most = used_by(uow, [ctx.member])[ctx.member.id]
    rows = [("库容", f"已用 {plainly(held)}，最多 {most}，还能放 {plainly(max(0, most - held))} 条")]
    day = uow.calendar.at(ctx.wall(uow.now).date(), time(0))
    waiting = []
    for one in pools_of(ctx.member, uow.playbook):
        done = uow.pools.claims(ctx.member.id, one.name, day, look_back(one, day, uow.now), CLAIMED)
        most_today = one.claims_per_day
        left = f"，还能领 {max(0, most_today - done.today)} 次" if most_today is not None else "，不限次数"
        rows.append((one.name, f"今天领了 {done.today} 次{left}"))
        if one.interval is not None and done.last_at is not None and done.last_at + one.interval > uow.now:
            waiting.append(f"{one.name}：{ctx.wall(done.last_at + one.interval):%H:%M:%S} 之后可以再领")
    return limits_card(rows, waiting)


@router.button("pool.release")
def back_to_pool(ctx: Context, customer: str) -> Card:
    """Put a lead that rests with a leader back into its pool."""
    ref = as_ref(customer)
    if ref is None or ref.kind != "lead":
        raise BadInput("没有看出是哪条线索，请再点一次按钮")
    lead = release(ctx.uow, LeadId(ref.id))
    return returned_card(lead, "主管放回", ctx.uow.command, tapped=ctx.event.kind is EventKind.TAP)


def _claim_some(ctx: Context, count: int, sought: str) -> Card:
    """Claim the first ones of the first pool's list, as it is shown."""
    require(may_open_pool(ctx.member), "领取公海线索")
    if not 1 <= count <= MOST:
        raise BadInput(f"一次可以领 1 到 {MOST} 条，请换个数量再发一次")
    usable = [one for one in pools_of(ctx.member, ctx.uow.playbook) if one.holds is Holds.LEAD]
    found = [
        lead.id
        for one in usable
        for lead in ctx.uow.leads.pooled(words=sought, limit=count, pools=within(ctx.uow, one))
    ]
    if not found:
        raise BadInput(f"公海里没有{f'符合「{sought}」的' if sought else ''}线索可以领。发送「公海」看看现有的")
    return _claim(ctx, found[:count], count)


def _claim(ctx: Context, lead_ids: list[LeadId], wanted: int | None = None) -> Card:
    """Claim these in their order; stop at the first that cannot be had, and say why."""
    require(may_open_pool(ctx.member), "领取公海线索")
    if len(lead_ids) > MOST:
        raise BadInput(f"一次可以领 1 到 {MOST} 条，请分几次领")
    wanted = wanted or len(lead_ids)
    claimed, why = claim_several(ctx.uow, lead_ids)
    if not claimed:
        raise BadInput(why)
    if len(claimed) < wanted and not why:
        why = f"符合的只有 {len(claimed)} 条"
    return several_claimed_card(claimed, wanted, why, ctx.uow.command)


def _refs(numbers: str) -> list[Ref]:
    found = [ref for part in _BETWEEN.split(numbers) if part and (ref := as_ref(part.rstrip("号")))]
    return list(dict.fromkeys(ref for ref in found if ref.kind == "lead"))


def _sought(*words: str) -> str:
    return " ".join(dict.fromkeys(part for word in words for part in word.split()))
