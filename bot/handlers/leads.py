"""Leads and the pool: new, list, claim, give back, undo."""

from datetime import datetime

from bot.arguments import KEEP_IT, CompanyName, OwnLead, PooledLead
from bot.cards.card import Card
from bot.cards.leads import claimed_card, created_card, pool_card, returned_card
from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.model.deadline import DeadlineKind
from core.model.ids import LeadId
from core.model.lead import Lead
from core.rules.permissions import may_open_pool, require
from core.services.customers import holder_name
from core.services.leads import NewLead, claim_lead, create_lead, return_lead

router = Router()


@router.command("lead.create", "新线索", "新建线索", "录线索", "加线索")
def create(
    ctx: Context,
    customer: CompanyName,
    phone: str = "",
    contact: str = "",
    source: str = "",
    content: str = "",
    email: str = "",
    certain: bool | None = None,
) -> Card:
    """新线索 公司名 联系人 电话 来源 需求：记一条新线索，先查重"""
    if certain is False:
        return Card(title="好的，没有新建")
    new = NewLead(
        name=customer, contact_name=contact, phone=phone or None, source=source, need=content, email=email or None
    )
    lead = create_lead(ctx.uow, new, certain=bool(certain))
    holder = holder_name(ctx.uow, lead.owner_id)
    why = f"已归到{holder}名下" if holder else "已放入公海，等待领取"
    return created_card(lead, holder, why, _leaves_at(ctx, lead), ctx.uow.calendar, ctx.uow.command)


@router.command("pool.search", "公海", "公嗨", "线索池")
@router.button("pool.search")
def pool(ctx: Context, words: str = "", after: LeadId | None = None) -> Card:
    """公海 [地区或行业]：看可以领取的线索，联系方式领取后可见"""
    require(may_open_pool(ctx.member), "查看公海")
    size = ctx.uow.playbook.pool_page
    leads = ctx.uow.leads.pooled(words=words, limit=size + 1, after=after)
    shown = leads[:size]
    further = shown[-1].id if len(leads) > size else None
    return pool_card(shown, ctx.uow.leads.count_pooled(words), words, further)


@router.command("lead.claim", "领取", "认领", "领", "claim")
@router.button("lead.claim")
def claim(ctx: Context, customer: PooledLead) -> Card:
    """领取 编号或公司名：把公海线索归到自己名下，一条只有一个人能领到"""
    claimed = claim_lead(ctx.uow, LeadId(customer))
    return claimed_card(claimed, _leaves_at(ctx, claimed), ctx.uow.calendar, ctx.uow.command)


@router.command("lead.return", "退回公海", "退回", "退公海")
@router.button("lead.return")
def give_back(ctx: Context, customer: OwnLead, reason: str) -> Card:
    """退回 编号或公司名 原因：把自己的线索还给公海"""
    if reason in (KEEP_IT, "不退", "别退", "留着"):
        return Card(title="好的，没有退回", settled="没有退回" if ctx.event.kind is EventKind.TAP else "")
    given = return_lead(ctx.uow, LeadId(customer), reason)
    return returned_card(given, reason, ctx.uow.command, tapped=ctx.event.kind is EventKind.TAP)


def _leaves_at(ctx: Context, lead: Lead) -> datetime | None:
    limits = [d.limit_at for d in ctx.uow.deadlines.of(lead.ref) if d.kind == DeadlineKind.RECYCLE]
    return min(limits, default=None)
