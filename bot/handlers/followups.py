"""Follow-ups: written down, put right, looked up."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from bot.arguments import Tags
from bot.cards.card import Card
from bot.cards.customers import ASK_NEXT, METHODS, logged_card
from bot.cards.followups import amended_card, amendment_preview, corrected_card, correction_preview, last_talk_card
from bot.cards.plans import due_elsewhere
from bot.cards.promises import with_ledger
from bot.context import Context
from bot.handlers.completing import with_missing
from bot.promised import promises_told
from bot.router import Router
from core.errors import MissingWords, NotFound, Refusal
from core.model.followup import FollowUp, Method
from core.model.member import Member
from core.model.messages import QuestionKind
from core.notices import FollowUpShared
from core.rules.masking import hide_numbers
from core.services.accounts import mark
from core.services.customers import Customer, holder_name
from core.services.customers import customer as customer_of
from core.services.followups import log_followup, recent
from core.services.members import find_member
from core.services.mending import amend_followup, amended, move_followup, wrong_one
from core.services.promises import Ledger, keep_promises
from core.services.questions import ask

router = Router()

TALKS_SHOWN = 3
MOST_MENTIONED = 10
_AT = re.compile(r"[@＠]([一-龥]{2,4}|[A-Za-z][A-Za-z .]{1,30})")


@router.command("followup.log", "跟进", "根进", "记跟进", "跟进了")
@router.button("followup.log")
def log(
    ctx: Context,
    customer: Customer,
    content: str,
    *,
    method: Method = Method.OTHER,
    contact: str = "",
    at: datetime | None = None,
    next_at: datetime | None = None,
    discount_percent: Decimal | None = None,
    amount: Decimal | None = None,
    stage: str = "",
    tags: Tags | None = None,
    members: tuple[Member, ...] = (),
) -> Card:
    """跟进 客户名 聊了什么，下周三下午三点再联系：记跟进并约好下次"""
    spoken = "" if method is Method.OTHER or METHODS[method] in content else METHODS[method]
    logged = log_followup(ctx.uow, customer, content, said=f"{spoken}{content}", method=method, at=at, next_at=next_at)
    ledger = _promised(ctx, customer, logged.followup, contact)
    named = _share(ctx, customer, content, members)
    if tags:
        mark(ctx.uow, customer, tags, heard=True)
        ctx.uow.does("followup.log")
    if logged.plan is None and logged.validity.counts:
        slots = {"customer": str(customer.ref), "content": content[:200]}
        ask(ctx.uow, "plan.create", "at", slots, kind=QuestionKind.OFFER, words=ASK_NEXT)
    card = logged_card(
        customer,
        logged,
        ctx.uow.calendar,
        ctx.uow.command,
        contact=contact,
        discount=discount_percent,
        deal=bool(amount or stage),
        tags=tags or (),
        told=named,
    )
    makers = {one.made_by: holder_name(ctx.uow, one.made_by) for _, one in ledger.clashing if one.made_by}
    card = with_ledger(card, customer, ledger, makers, ctx.uow.calendar)
    if logged.plan is None:
        return card
    return with_missing(ctx, customer, due_elsewhere(card, ctx.elsewhere, ctx.event.channel))


@router.command("followup.correct", "刚才那条写错了", "写错了", "记错了", confirms=True)
def correct(
    ctx: Context,
    customer: Customer | None = None,
    to: Customer | None = None,
    contact: str = "",
    wrong: str = "",
    method: Method | None = None,
) -> Card:
    """刚才那条写错了，是中兴不是华为：把上一条跟进移到对的客户上，联系人和方式也可以改"""
    if to is None and (contact or method is not None):
        followup = wrong_one(ctx.uow, customer)
        amend_followup(ctx.uow, followup, contact, wrong, method)
        return amended_card(followup, customer_of(ctx.uow, followup.customer), ctx.uow.calendar, ctx.uow.command)
    right, followup = _right_and_wrong(ctx, to, customer)
    before = move_followup(ctx.uow, followup, right)
    return corrected_card(followup, before, right, ctx.uow.calendar, ctx.uow.command)


@router.preview("followup.correct")
def correct_preview(
    ctx: Context, customer: Customer | None, to: Customer | None, contact: str, wrong: str, method: Method | None
) -> Card:
    """Show which follow-up would move, and between whom, or what would be otherwise in it."""
    if to is None and (contact or method is not None):
        followup = wrong_one(ctx.uow, customer)
        told = amended(followup.content, contact, wrong) if contact else followup.content
        about = customer_of(ctx.uow, followup.customer)
        return amendment_preview(followup, about, told, method, ctx.uow.calendar)
    right, followup = _right_and_wrong(ctx, to, customer)
    return correction_preview(followup, customer_of(ctx.uow, followup.customer), right, ctx.uow.calendar)


@router.command("followup.last", "上次聊到哪", "上次聊了什么")
def last(ctx: Context, customer: Customer | None = None, contact: str = "") -> Card:
    """上次聊到哪 客户名：最近几次聊了什么，约了什么"""
    if customer is None:
        if not contact:
            raise MissingWords("客户或联系人", "上次跟刘总聊到哪了")
        customer = _whom(ctx, contact)
    talks: list[FollowUp] = recent(ctx.uow, customer, TALKS_SHOWN)
    return last_talk_card(customer, talks, ctx.uow.plans.open_for(customer.ref), ctx.uow.calendar)


def _promised(ctx: Context, about: Customer, followup: FollowUp, contact: str) -> Ledger:
    """Keep what the follow-up says was promised."""
    told = promises_told(ctx, followup.content, followup.at)
    return keep_promises(ctx.uow, about, followup, told, contact) if told else Ledger()


def _share(ctx: Context, about: Customer, content: str, members: Sequence[Member]) -> list[str]:
    """Tell the colleagues who were named in words, or mentioned in the group; return their names."""
    mentioned = [str(one.get("user_id", "")) for one in ctx.event.fields.get("at_users", ()) if isinstance(one, dict)]
    known = [ctx.uow.members.known_as(ctx.event.channel, user_id) for user_id in mentioned[:MOST_MENTIONED]]
    to = {member.id: member for member in (*members, *_called(ctx, content), *known) if member and member.active}
    to.pop(ctx.member.id, None)
    for member_id in to:
        told = hide_numbers(content)
        ctx.uow.tell(FollowUpShared(to=member_id, by=ctx.member.name, customer=about.name, content=told))
    return [member.name for member in to.values()]


def _called(ctx: Context, content: str) -> list[Member]:
    """Return the colleagues who are called with @ in words; a name that is nobody's is only a word."""
    found = []
    for name in _AT.findall(content)[:MOST_MENTIONED]:
        try:
            found.append(find_member(ctx.uow, name))
        except Refusal:
            continue
    return found


def _right_and_wrong(ctx: Context, to: Customer | None, said: Customer | None) -> tuple[Customer, FollowUp]:
    """Return the right customer and the follow-up to be moved; where both are named, `said` is the wrong one."""
    right = to or said
    if right is None:
        raise MissingWords("正确的客户", "刚才那条写错了，是中兴不是华为")
    return right, wrong_one(ctx.uow, said if to is not None else None)


def _whom(ctx: Context, contact: str) -> Customer:
    """Return the customer of the last follow-up that names a person."""
    for followup in ctx.uow.followups.with_contact(ctx.member.id, contact, 5):
        try:
            return customer_of(ctx.uow, followup.customer)
        except NotFound:
            continue
    raise NotFound(contact)
