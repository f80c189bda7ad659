"""What is asked of leaders and decided by one tap: more time, days off, a lead back."""

from datetime import date, datetime

from bot.cards.card import Card
from bot.cards.requests import (
    absence_asked_card,
    absence_ended_card,
    absence_entered_card,
    appealed_card,
    days,
    extension_asked_card,
    settled_card,
)
from bot.context import Context
from bot.event import EventKind
from bot.router import Router
from core.model.ids import MemberId, RequestId
from core.model.member import Member
from core.model.request import Absence
from core.rules.permissions import may_open_pool, require
from core.services.absences import ask_absence, end_absence, grant_absence, refuse_absence
from core.services.appeals import file_appeal, give_back, grant_appeal, refuse_appeal
from core.services.customers import Customer, holder_name
from core.services.extension_matter import leaves_at
from core.services.extensions import ask_extension

router = Router()


@router.command("lead.extend", "延期", "申请延期")
@router.button("lead.extend")
def extend(ctx: Context, customer: Customer, reason: str, due_at: datetime | None = None) -> Card:
    """延期 客户名 原因：请主管多给些时间，一次两天，最多两次"""
    request = ask_extension(ctx.uow, customer, due_at, reason)
    leaves = leaves_at(ctx.uow, customer)
    return extension_asked_card(customer.name, request, _name(ctx, request.decider_id), leaves, ctx.uow.calendar)


@router.command("leave.request", "请假", "休假")
def leave(ctx: Context, from_: date, to: date | None = None, reason: str = "", member: Member | None = None) -> Card:
    """请假 28号到30号：主管同意后，这几天自己的回收时钟都停"""
    require(may_open_pool(ctx.member), "申请休假")
    asked = ask_absence(ctx.uow, member or ctx.member, from_, to or from_, reason)
    if isinstance(asked, Absence):
        return absence_entered_card((member or ctx.member).name, asked, ctx.uow.command)
    return absence_asked_card(asked, _name(ctx, asked.decider_id))


@router.command("leave.end", "销假", "提前回来")
def back(ctx: Context, member: Member | None = None, from_: date | None = None) -> Card:
    """销假：提前回来上班，时钟从今天起照常走"""
    who, today = member or ctx.member, ctx.wall(ctx.uow.now).date()
    back_on = from_ if from_ is not None and from_ > today else today
    changed = end_absence(ctx.uow, who, back_on)
    return absence_ended_card(who.name, back_on, len(changed), ctx.uow.command)


@router.button("absence.grant")
def approve_absence(ctx: Context, request: RequestId) -> Card:
    """Let somebody be away."""
    decided, absence = grant_absence(ctx.uow, request)
    who = _name(ctx, decided.member_id)
    text = f"{days(absence.begins_on, absence.ends_on)} 时钟都停"
    return settled_card(f"已同意{who}休假", "已同意", text, tapped=_is_tap(ctx))


@router.button("absence.refuse")
def decline_absence(ctx: Context, request: RequestId, reason: str) -> Card:
    """Say no to days off."""
    decided = refuse_absence(ctx.uow, request, reason)
    return settled_card(
        f"没有同意{_name(ctx, decided.member_id)}休假", "已驳回", f"原因：{reason}", tapped=_is_tap(ctx)
    )


@router.command("appeal.file", "申诉")
@router.button("appeal.file")
def appeal(ctx: Context, reason: str, customer: str = "") -> Card:
    """申诉 客户名 原因：回收得冤枉，请主管还给我"""
    require(may_open_pool(ctx.member), "申诉")
    request, lead = file_appeal(ctx.uow, customer, reason)
    return appealed_card(lead.name, _name(ctx, request.decider_id))


@router.button("appeal.grant")
def accept_appeal(ctx: Context, request: RequestId) -> Card:
    """Give a lead back to whoever lost it."""
    decided, lead = grant_appeal(ctx.uow, request)
    who = _name(ctx, decided.member_id)
    return settled_card(f"已把「{lead.name}」还给{who}", "已还给他", _protection(ctx, lead), tapped=_is_tap(ctx))


@router.button("appeal.refuse")
def uphold(ctx: Context, request: RequestId, reason: str) -> Card:
    """Let it stay as it is."""
    decided, lead = refuse_appeal(ctx.uow, request, reason)
    who = _name(ctx, decided.member_id)
    return settled_card(f"维持回收：{lead.name}（{who}）", "已维持", f"原因：{reason}", tapped=_is_tap(ctx))


@router.command("appeal.accept", "还给", "撤销回收")
def undo_recycle(ctx: Context, member: Member, customer: str = "", reason: str = "") -> Card:
    """撤销回收 同事：把最近从他名下回收的线索还给他"""
    lead = give_back(ctx.uow, member, customer)
    title = f"已把「{lead.name}」还给{member.name}"
    return settled_card(title, "", _protection(ctx, lead), tapped=False, command=ctx.uow.command)


def _protection(ctx: Context, lead: object) -> str:
    until = getattr(lead, "protected_until", None)
    return f"状态、跟进和计划都和回收前一样，{ctx.wall(until):%m-%d %H:%M} 前不会再回收" if until else ""


def _name(ctx: Context, member_id: MemberId | None) -> str:
    return holder_name(ctx.uow, member_id) if member_id is not None else "主管"


def _is_tap(ctx: Context) -> bool:
    return ctx.event.kind is EventKind.TAP
