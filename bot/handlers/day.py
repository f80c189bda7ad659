"""What to do today."""

from datetime import date, time, timedelta

from bot.cards.card import Card
from bot.cards.day import agreed_card, listed_card, more_card, plan_of_day
from bot.context import Context
from bot.router import Router
from core.model.member import Member
from core.notices import TodoLine
from core.rules.permissions import may_open_pool, require
from core.services.day import agreed, today
from core.services.digest_lists import Listed, listed
from core.services.members import team_of

router = Router()


@router.command("today.plan", "今天", "今日", "今天干啥", "待办", "今日计划")
@router.button("today.plan")
def plan(
    ctx: Context,
    *,
    at: date | None = None,
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
) -> Card:
    """今天：按轻重排好的跟进计划；也可以问「明天有什么安排」「下周约了谁」，主管可以问同事的"""
    require(may_open_pool(ctx.member), "查看跟进计划")
    whose = member or ctx.member
    require(whose.id in {ctx.member.id, *(one.id for one in team_of(ctx.uow))}, f"查看{whose.name}的跟进计划")
    name = "" if whose.id == ctx.member.id else whose.name
    this = ctx.wall(ctx.uow.now).date()
    first = at or from_ or this
    last = max(to or first, first)
    if (first, last) != (this, this):
        begins, ends = (ctx.uow.calendar.at(one, time(0)) for one in (first, last + timedelta(days=1)))
        return agreed_card(name, first, last, agreed(ctx.uow, whose, begins, ends))
    todos, held = today(ctx.uow, whose)
    shown = todos[: ctx.uow.playbook.day.plan_size]
    lines = tuple(TodoLine(str(todo.customer or ""), todo.name, todo.reason) for todo in shown)
    return plan_of_day(f"{name}今天 ", lines, len(todos) - len(shown), held)


@router.button("today.all")
def whole_plan(ctx: Context, offset: int = 0) -> Card:
    """今天的每一件事，每页十件"""
    require(may_open_pool(ctx.member), "查看跟进计划")
    todos, _ = today(ctx.uow, ctx.member)
    lines = tuple((str(todo.customer or ""), todo.name, todo.reason) for todo in todos)
    return listed_card(Listed("今天要做的", lines), offset, {}, action="today.all")


@router.button("digest.list")
def digest_list(ctx: Context, measure: str, from_: date | None = None, offset: int = 0) -> Card:
    """日报里一个数字背后的清单"""
    day = from_ or ctx.wall(ctx.uow.now).date()
    return listed_card(listed(ctx.uow, measure, day), offset, {"measure": measure, "from": f"{day}"})


@router.button("digest.more")
def more_lists(ctx: Context, from_: date | None = None) -> Card:
    """日报的其他清单"""
    return more_card(from_ or ctx.wall(ctx.uow.now).date())
