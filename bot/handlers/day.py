"""What to do today."""

from bot.cards.card import Card
from bot.cards.day import plan_of_day
from bot.context import Context
from bot.router import Router
from core.notices import TodoLine
from core.rules.permissions import may_open_pool, require
from core.services.day import today

router = Router()


@router.command("today.plan", "今天", "今日", "今天干啥", "待办", "今日计划")
@router.button("today.plan")
def plan(ctx: Context) -> Card:
    """今天：按轻重排好的跟进计划"""
    require(may_open_pool(ctx.member), "查看跟进计划")
    todos, held = today(ctx.uow, ctx.member)
    shown = todos[: ctx.uow.playbook.day.plan_size]
    lines = tuple(TodoLine(str(todo.customer or ""), todo.name, todo.reason) for todo in shown)
    return plan_of_day("今天 ", lines, len(todos) - len(shown), held)
