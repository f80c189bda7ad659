"""Leads: put on record, given back, given to somebody, acknowledged, and what becomes of them."""

import re
from datetime import datetime
from decimal import Decimal

from bot.arguments import KEEP_IT, AnyLead, CompanyName, OwnLead, Said
from bot.cards.card import Card
from bot.cards.dialogue import moment_label
from bot.cards.fields import with_fields, with_question
from bot.cards.leads import created_card
from bot.cards.pool import returned_card
from bot.cards.qualifying import (
    acknowledged_card,
    assigned_card,
    converted_card,
    invalidated_card,
    nurtured_card,
)
from bot.context import Context
from bot.event import EventKind
from bot.handlers.fields import NOTHING_SAID, ask_missing
from bot.router import Router
from bot.understanding.values import reading
from core.errors import BadInput, Unclear
from core.model.deadline import DeadlineKind
from core.model.ids import LeadId
from core.model.lead import Lead, LeadState
from core.model.member import Member
from core.model.money import Money
from core.model.routing import Placed
from core.services.converting import convert_lead
from core.services.customers import holder_name
from core.services.deals import Details
from core.services.fields.showing import own_fields
from core.services.fields.values import new_values
from core.services.leads import NewLead, create_lead, return_lead
from core.services.qualifying import give_lead, invalidate_lead, nurture_lead

router = Router()

LIKE_A_PHONE = re.compile(r"(?<![0-9A-Za-z])[0-9+\-]{8,16}(?![0-9A-Za-z])")
"""Digits that can hardly be anything but a number somebody can be called under."""


@router.command("lead.create", "新线索", "新建线索", "录线索", "加线索")
def create(
    ctx: Context,
    customer: CompanyName,
    *,
    phone: str = "",
    contact: str = "",
    source: str = "",
    content: str = "",
    email: str = "",
    region: str = "",
    industry: str = "",
    product: str = "",
    quantity: str = "",
    credit_code: str = "",
    fields: Said = NOTHING_SAID,
    certain: bool | None = None,
) -> Card:
    """新线索 公司名 联系人 电话 来源 需求：记一条新线索，先查重"""
    if certain is False:
        return Card(title="好的，没有新建")
    if not phone and (broken := LIKE_A_PHONE.search(content)) is not None:
        raise BadInput(f"「{broken[0]}」不是有效的电话号码，请核对后再发一次，没有记录任何内容")
    new = NewLead(
        name=customer,
        contact_name=contact,
        phone=phone or None,
        source=source,
        region=region,
        industry=industry,
        need=content or f"{quantity}{product}",
        email=email or None,
        credit_code=credit_code or None,
        custom=new_values(ctx.uow, "lead", fields, reading(ctx)),
    )
    lead = create_lead(ctx.uow, new, certain=bool(certain))
    holder = holder_name(ctx.uow, lead.owner_id)
    routing = ctx.uow.routings.last(lead.id)
    if routing is not None and routing.placed != Placed.POOL:
        why = f"已{'交给' if routing.placed == Placed.QUEUE else '分给'}{holder}。{routing.why['says']}"
    else:
        why = f"已归到{holder}名下" if holder else "已放入公海，等待领取"
    mine = lead.owner_id == ctx.member.id
    card = created_card(lead, holder, why, leaves_at(ctx, lead), ctx.uow.calendar, ctx.uow.command, mine=mine)
    return with_question(with_fields(card, own_fields(ctx.uow, lead)), ask_missing(ctx, lead))


@router.command("lead.return", "退回公海", "退回", "退公海")
@router.button("lead.return")
def give_back(ctx: Context, customer: OwnLead, reason: str, certain: bool | None = None) -> Card:
    """退回 编号或公司名 原因：把自己的线索还给公海"""
    if certain is False or reason in (KEEP_IT, "不退", "别退", "留着"):
        return Card(title="好的，没有退回", settled="没有退回" if ctx.event.kind is EventKind.TAP else "")
    if certain is None:
        _ask_about_plans(ctx, ctx.uow.leads.get(LeadId(customer)))
    given = return_lead(ctx.uow, LeadId(customer), reason)
    return returned_card(given, reason, ctx.uow.command, tapped=ctx.event.kind is EventKind.TAP)


@router.command("lead.acknowledge", "接收", "收到马上打")
def acknowledge(ctx: Context, customer: OwnLead | None = None) -> Card:
    """接收：知道了这条新线索；时钟不停，记一次有效跟进才算"""
    fresh = [lead for lead in ctx.uow.leads.held_by(ctx.member.id) if lead.state == LeadState.ASSIGNED]
    if customer is not None:
        lead = ctx.uow.leads.get(LeadId(customer))
    elif fresh:
        lead = max(fresh, key=lambda lead: lead.assigned_at or lead.created_at)
    else:
        raise BadInput("您手上没有等待首次跟进的新线索。发送「今天」看看安排")
    return acknowledged_card(lead, leaves_at(ctx, lead), ctx.uow.calendar)


@router.command("lead.nurture", "转培育", "培育")
def nurture(ctx: Context, customer: OwnLead, next_at: datetime, reason: str = "") -> Card:
    """转培育 客户名 半年后再说：暂时没意向，不占名额，到时提醒"""
    lead = ctx.uow.leads.get(LeadId(customer), lock=True)
    wall = ctx.wall(next_at)
    workday = ctx.uow.calendar.next_workday(wall.date())
    plan = nurture_lead(ctx.uow, lead, datetime.combine(workday, wall.time(), wall.tzinfo), reason)
    return nurtured_card(lead, plan, wall, ctx.uow.calendar, ctx.uow.command)


@router.command("lead.invalidate", "作废", "无效")
def invalidate(ctx: Context, customer: AnyLead, reason: str) -> Card:
    """作废 客户名 空号：标为无效线索，停止所有时钟"""
    lead = ctx.uow.leads.get(LeadId(customer), lock=True)
    invalidate_lead(ctx.uow, lead, reason)
    return invalidated_card(lead, reason, ctx.uow.command)


@router.command("lead.assign", "分配", "派给")
@router.button("lead.assign")
def assign_to(ctx: Context, customer: AnyLead, member: Member, reason: str = "") -> Card:
    """分配 线索 同事：主管把公海或本部门的线索交给一位同事"""
    lead = ctx.uow.leads.get(LeadId(customer), lock=True)
    before = give_lead(ctx.uow, lead, member, reason)
    holds = ctx.uow.leads.count_held_by(member.id)
    return assigned_card(lead, member.name, before, holds, leaves_at(ctx, lead), ctx.uow.calendar, ctx.uow.command)


@router.command("lead.convert", "转客户", "转成客户", "转为客户", confirms=True)
def convert(ctx: Context, customer: OwnLead, amount: Decimal | None = None) -> Card:
    """转客户 线索名：线索变成客户，联系人、跟进和计划一起转过去"""
    lead = ctx.uow.leads.get(LeadId(customer), lock=True)
    deal = Details(amount=Money.yuan(amount)) if amount is not None else None
    return converted_card(convert_lead(ctx.uow, lead, deal=deal), ctx.uow.command)


def _ask_about_plans(ctx: Context, lead: Lead) -> None:
    """Ask before a lead with a promised contact goes: whoever takes it next plans anew."""
    plans = ctx.uow.plans.open_for(lead.ref) if lead.is_held and lead.owner_id == ctx.member.id else []
    if plans:
        when = "、".join(moment_label(plan.at, ctx.uow.calendar) for plan in plans[:3])
        words = f"「{lead.name}」还约了 {when} 联系，退回后不再提醒，由下一位重新安排。仍然退回吗？"
        raise Unclear(words, (("仍然退回", "yes"), ("不退了", "no")), "certain")


def leaves_at(ctx: Context, lead: Lead) -> datetime | None:
    """Return when a lead goes back to the pool unless somebody is in touch."""
    limits = [d.limit_at for d in ctx.uow.deadlines.of(lead.ref) if d.kind == DeadlineKind.RECYCLE]
    return min(limits, default=None)
