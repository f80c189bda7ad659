"""Working along on a customer: asked for, agreed, ended."""

from datetime import datetime, time

from bot.cards.card import Card
from bot.cards.collaboration import begun_card
from bot.cards.leads import undo_button
from bot.context import Context
from bot.router import Router
from core.model.member import Member
from core.model.routing import WHOLE
from core.services.collaboration import begin, end, team_on
from core.services.customers import Customer, holder_name

router = Router()

_LAST = time(23, 59, 59)


@router.command("collaboration.begin", "一起跟")
def together(
    ctx: Context,
    customer: Customer,
    member: Member,
    *,
    share: int | None = None,
    due_at: datetime | None = None,
    may_write: bool | None = None,
) -> Card:
    """一起跟 客户名 同事：让同事看到并跟进这个客户，例如「和李娜一起跟华为，业绩七三开，到月底」"""
    until = ctx.uow.calendar.at(ctx.wall(due_at).date(), _LAST) if due_at is not None else None
    begun = begin(ctx.uow, customer, member, share=share or 0, until=until, may_write=may_write is not False)
    team = team_on(ctx.uow, customer)
    rest = WHOLE - sum(one.share for _, one in team)
    holder = holder_name(ctx.uow, customer.owner_id)
    return begun_card(customer, member, begun, (holder, rest), team, ctx.uow.calendar, ctx.uow.command)


@router.command("collaboration.end", "不一起跟")
def part(ctx: Context, customer: Customer, member: Member) -> Card:
    """不一起跟 客户名 同事：同事不再看到这个客户，已记的跟进和分成都留着"""
    end(ctx.uow, customer, member)
    return Card(
        title=f"{member.name}不再一起跟「{customer.name}」",
        source="聊单 · 协作",
        text="之前记的跟进和业绩分成都留着",
        buttons=(undo_button(ctx.uow.command),),
    )
