"""What comes next: promised, moved, put off, reminded of."""

from datetime import date, datetime

from bot.cards.card import Card
from bot.cards.customers import plan_card, reminder_card
from bot.cards.plans import cancelled_card, due_elsewhere, moved_card, put_off_card, put_off_preview
from bot.context import Context
from bot.router import Router
from core.errors import BadInput, Unclear
from core.model.followup import Plan
from core.model.rhythm import Rhythm
from core.rules.today import shortened
from core.services.customers import Customer, find_customer
from core.services.followups import plan_next, remind_me
from core.services.plans import (
    ask_about_day_off,
    ask_about_night,
    cancel_plan,
    important,
    move_plan,
    open_until,
    plan_just_made,
    put_off,
    standing_plans,
)

router = Router()

CHOICES = 8
PARTS = {"上午": range(12), "下午": range(12, 18), "晚上": range(18, 24)}
"""Hours of the part of the day that was said."""

WHY_LATER = (("客户没空", "客户没空"), ("我这边有事", "我这边有事"), ("等内部结果", "等内部结果"))


@router.command("plan.create", "下次联系", "约")
def plan(ctx: Context, customer: Customer, at: datetime, content: str = "", keep: str = "") -> Card:
    """下次联系 客户名 明天下午三点：约好下一次，到点提醒"""
    at = ask_about_day_off(ctx.uow, at, keep)
    before = ctx.uow.plans.open_for(customer.ref)
    ctx.uow.does("plan.create")
    made = plan_next(ctx.uow, customer, at, content or (before[0].content if before else "下次联系"))
    card = plan_card(made, customer.name, before, ctx.uow.calendar, ctx.uow.command)
    return due_elsewhere(card, ctx.elsewhere, ctx.event.channel)


@router.command("plan.move", "改约", "改期")
def move(
    ctx: Context, at: datetime, customer: Customer | None = None, keep: str = "", day_only: bool | None = None
) -> Card:
    """改约 客户名 周五下午4点：把下次联系改到别的时间"""
    from core.services.customers import customer as customer_of

    if customer is None:
        just_made: Plan | None = plan_just_made(ctx.uow)
        if just_made is None or just_made.customer is None:
            raise BadInput("改哪个客户的？请带上客户名，例如「华为 改到周五下午4点」")
        customer = customer_of(ctx.uow, just_made.customer)
    standing = ctx.uow.plans.open_for(customer.ref)
    if day_only and standing:
        wall = ctx.wall(standing[0].at)
        at = ctx.wall(at).replace(hour=wall.hour, minute=wall.minute)
    at = ask_about_day_off(ctx.uow, at, keep)
    moved, before = move_plan(ctx.uow, customer, at)
    card = moved_card(moved, customer.name, before, ctx.uow.calendar, ctx.uow.command)
    return due_elsewhere(card, ctx.elsewhere, ctx.event.channel)


@router.command("plan.move_all", "顺延", "把今天没跟的都顺延", confirms=True)
def move_all(
    ctx: Context,
    at: date | None = None,
    from_: date | None = None,
    to: date | None = None,
    reason: str = "",
    part: str = "",
    except_: tuple[str, ...] = (),
) -> Card:
    """把今天没跟的都顺延到明天：把今天没跟的计划都改到那一天，「除了华为」的不动"""
    plans = _staying_out(ctx, _open_ones(ctx, from_, to), part, except_)
    moved = put_off(ctx.uow, plans, _that_day(ctx, at), reason)
    names = _names(ctx, moved)
    return put_off_card(moved, names, ctx.uow.calendar, ctx.uow.command)


@router.preview("plan.move_all")
def move_all_preview(
    ctx: Context,
    at: date | None,
    from_: date | None,
    to: date | None,
    reason: str,
    part: str,
    except_: tuple[str, ...],
) -> Card:
    """Show every plan that would move; with A customers among them, the reason is asked first."""
    plans = _staying_out(ctx, _open_ones(ctx, from_, to), part, except_)
    if not reason and (weighty := important(ctx.uow, plans)):
        raise Unclear(f"里面有 A 级客户（{'、'.join(weighty)}），顺延的原因是？回复数字或直接写", WHY_LATER, "reason")
    return put_off_preview(plans, _names(ctx, plans), _that_day(ctx, at), reason, ctx.uow.calendar)


@router.command("plan.cancel", "取消计划", "取消提醒")
def cancel(ctx: Context, customer: Customer | None = None, at: datetime | None = None) -> Card:
    """取消计划 客户名：不去了，到点也不再提醒"""
    found = standing_plans(ctx.uow, customer, at)
    if not found:
        whose = f"「{customer.name}」" if customer is not None else "您"
        raise BadInput(f"{whose}没有这样的计划或提醒，不用取消。发送「今天」看看安排")
    if len(found) > 1 or (customer is None and at is None):
        names, local = _names(ctx, found), ctx.uow.calendar.local
        choices = tuple(
            (f"{local(plan.at):%m-%d %H:%M} {names[plan.id]} {shortened(plan.content, 20)}", plan.at.isoformat())
            for plan in found[:CHOICES]
        )
        raise Unclear("取消哪一个？回复数字即可", choices, "at")
    (plan,) = found
    cancel_plan(ctx.uow, plan)
    return cancelled_card(plan, _names(ctx, found)[plan.id], ctx.uow.calendar, ctx.uow.command)


@router.command("reminder.create", "提醒我", "提醒")
def remind(ctx: Context, at: datetime, content: str = "提醒", keep: str = "", every: Rhythm | None = None) -> Card:
    """提醒我 半小时后 给王工回电话：到点提醒，不算跟进；「每天下午五点提醒我填跟进」一直提醒到取消"""
    made = remind_me(ctx.uow, ask_about_night(ctx.uow, at, keep), content, every)
    return due_elsewhere(reminder_card(made, ctx.uow.calendar, ctx.uow.command), ctx.elsewhere, ctx.event.channel)


def _open_ones(ctx: Context, first: date | None, last: date | None) -> list[Plan]:
    """Return the plans of these days that are not done; without any said, those of today and before."""
    today = ctx.wall(ctx.uow.now).date()
    plans = open_until(ctx.uow, last or today)
    begin = first if first is not None and first > today else date.min
    plans = [plan for plan in plans if ctx.wall(plan.at).date() >= begin]
    if not plans:
        raise BadInput("这几天没有还没跟的计划，不用顺延。发送「今天」看看安排")
    return plans


def _staying_out(ctx: Context, plans: list[Plan], part: str, kept: tuple[str, ...]) -> list[Plan]:
    """Leave out the plans of customers that stay, and those of another part of the day than was said."""
    stays = {find_customer(ctx.uow, words).ref for words in kept}
    hours = PARTS.get(part, range(24))
    plans = [plan for plan in plans if plan.customer not in stays and ctx.wall(plan.at).hour in hours]
    if not plans:
        raise BadInput("除了要留下的，没有别的计划可以顺延，一条也没有动。发送「今天」看看安排")
    return plans


def _that_day(ctx: Context, day: date | None) -> date:
    """Return the day that was said, else the next workday."""
    if day is not None:
        return day
    return ctx.uow.calendar.next_workday(date.fromordinal(ctx.wall(ctx.uow.now).date().toordinal() + 1))


def _names(ctx: Context, plans: list[Plan]) -> dict[int, str]:
    names = ctx.uow.customers.names_of(plan.customer for plan in plans if plan.customer is not None)
    return {plan.id: names.get(plan.customer, "") if plan.customer else "提醒" for plan in plans}
