"""Follow-ups, the next date, reminders."""

from datetime import datetime

from bot.cards.card import Card
from bot.cards.customers import ASK_NEXT, logged_card, plan_card, reminder_card
from bot.context import Context
from bot.router import Router
from core.model.followup import Method
from core.model.messages import QuestionKind
from core.services.customers import Customer
from core.services.followups import log_followup, plan_next, remind_me
from core.services.questions import ask

router = Router()


@router.command("followup.log", "跟进", "根进", "记跟进", "跟进了")
@router.button("followup.log")
def log(
    ctx: Context,
    customer: Customer,
    content: str,
    method: Method = Method.OTHER,
    next_at: datetime | None = None,
) -> Card:
    """跟进 客户名 聊了什么，下周三下午三点再联系：记跟进并约好下次"""
    logged = log_followup(ctx.uow, customer, content, method=method, next_at=next_at)
    if logged.plan is None and logged.validity.counts:
        slots = {"customer": str(customer.ref), "content": content[:200]}
        ask(ctx.uow, "plan.create", "at", slots, kind=QuestionKind.OFFER, words=ASK_NEXT)
    return logged_card(customer, logged, ctx.uow.calendar, ctx.uow.command)


@router.command("plan.create", "下次联系", "约")
def plan(ctx: Context, customer: Customer, at: datetime, content: str = "") -> Card:
    """下次联系 客户名 明天下午三点：约好下一次，到点提醒"""
    before = ctx.uow.plans.open_for(customer.ref)
    ctx.uow.does("plan.create")
    made = plan_next(ctx.uow, customer, at, content or (before[0].content if before else "下次联系"))
    return plan_card(made, customer.name, before, ctx.uow.calendar, ctx.uow.command)


@router.command("reminder.create", "提醒我", "提醒")
def remind(ctx: Context, at: datetime, content: str = "提醒") -> Card:
    """提醒我 半小时后 给王工回电话：到点提醒，不算跟进"""
    made = remind_me(ctx.uow, at, content)
    return reminder_card(made, ctx.uow.calendar, ctx.uow.command)
