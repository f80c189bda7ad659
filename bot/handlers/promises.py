"""The ledger of promises: who owes what to whom, and what became of it."""

from datetime import datetime

from bot.cards.card import Card
from bot.cards.promises import changed_card, promises_card, settled_card
from bot.context import Context
from bot.router import Router
from core.errors import BadInput, Unclear
from core.model.member import LEADING, Member
from core.model.promise import Promise, PromiseState
from core.rules.permissions import require
from core.rules.promises import known_thing
from core.services.customers import Customer
from core.services.members import team_of
from core.services.promises import (
    STATES,
    change_promise,
    lines_of,
    open_about,
    owed_by,
    promise_of,
    settle_promise,
)

router = Router()

CHOICES = 6


@router.command("promise.list", "我答应了谁什么", "承诺", "我的承诺", "承诺账本")
@router.button("promise.list")
def show(ctx: Context, customer: Customer | None = None, member: Member | None = None) -> Card:
    """我答应了谁什么：还没兑现的承诺，最急的在前；也可以问「华为的承诺」，主管可以带上同事的名字"""
    now, cal = ctx.uow.now, ctx.uow.calendar
    if customer is not None:
        owed = [(customer, promise) for promise in open_about(ctx.uow, customer.ref)]
        title, empty = f"{customer.name}：{len(owed)} 条承诺没兑现", f"「{customer.name}」没有欠着的承诺"
        return promises_card(title, lines_of(ctx.uow, owed), cal, now, empty)
    whose = [member or ctx.member]
    if member is not None and member.id != ctx.member.id:
        require(member.id in {one.id for one in team_of(ctx.uow)}, f"查看{member.name}的承诺")
    elif member is None and ctx.member.is_any(LEADING):
        whose = [ctx.member, *team_of(ctx.uow)]
    owed = sorted(owed_by(ctx.uow, [one.id for one in whose]), key=lambda one: one[1].theirs)
    theirs = sum(promise.theirs for _, promise in owed)
    name = f"{member.name}" if member is not None else "团队" if len(whose) > 1 else "您"
    own = f"{name}有 {len(owed) - theirs} 条承诺没兑现"
    title = f"{own}，客户欠着 {theirs} 条" if theirs else own
    return promises_card(title, lines_of(ctx.uow, owed), cal, now, f"{name}没有欠着的承诺")


@router.command("promise.keep", "做到了", "兑现了")
@router.button("promise.keep")
def keep(ctx: Context, customer: Customer | None = None, text: str = "", promise: str = "") -> Card:
    """做到了 客户名的方案：把答应客户的事记为做到，也可以说「华为的方案给了」"""
    return _settled(ctx, customer, text, promise, PromiseState.KEPT)


@router.command("promise.break", "做不到", "兑现不了")
@router.button("promise.break")
def fail(ctx: Context, customer: Customer | None = None, text: str = "", promise: str = "") -> Card:
    """做不到 客户名的样品：答应的事办不成，记为没做到"""
    return _settled(ctx, customer, text, promise, PromiseState.BROKEN)


@router.command("promise.change", "承诺改期")
@router.button("promise.change")
def change(ctx: Context, due_at: datetime, customer: Customer | None = None, text: str = "", promise: str = "") -> Card:
    """承诺改期 客户名的方案 下周三：答应的事换个时间，原来的留作记录"""
    about, found = _meant(ctx, customer, text, promise, (PromiseState.OPEN, PromiseState.BROKEN))
    wall = ctx.wall(due_at)
    day_only = wall.hour == ctx.uow.playbook.day.default_hour and wall.minute == 0
    at = ctx.uow.calendar.at(wall.date(), ctx.uow.calendar.closes) if day_only else due_at
    fresh = change_promise(ctx.uow, found, at)
    return changed_card(about, found, fresh, ctx.uow.calendar, ctx.uow.command)


def _settled(ctx: Context, customer: Customer | None, text: str, number: str, state: PromiseState) -> Card:
    states = (PromiseState.OPEN, PromiseState.BROKEN) if state is PromiseState.KEPT else (PromiseState.OPEN,)
    about, found = _meant(ctx, customer, text, number, states)
    settle_promise(ctx.uow, found, state)
    return settled_card(about, found, STATES[state], ctx.uow.calendar, ctx.uow.command)


def _meant(
    ctx: Context, customer: Customer | None, text: str, number: str, states: tuple[PromiseState, ...]
) -> tuple[Customer, Promise]:
    """Return the one promise that words mean; Unclear lists them where there are several."""
    if number:
        if not (number.isascii() and number.isdigit()):
            raise BadInput("没有看出是哪条承诺，请在卡片上再点一次，或发送「我答应了谁什么」")
        return promise_of(ctx.uow, int(number))
    owed = _standing(ctx, customer, states)
    thing = known_thing(text)
    meant = [one for one in owed if one[1].thing and (one[1].thing == thing or one[1].thing in text)]
    meant = meant or ([] if thing else owed)
    if not meant:
        whom = f"给「{customer.name}」的" if customer is not None else ""
        raise BadInput(f"没有找到{whom}这条承诺。发送「我答应了谁什么」看看有哪些；要记跟进请说「跟进 客户名 内容」")
    if len(meant) > 1:
        choices = tuple((f"{about.name}：{one.words}"[:40], str(one.id)) for about, one in meant[:CHOICES])
        raise Unclear("是哪一条？", choices, "promise")
    return meant[0]


def _standing(
    ctx: Context, customer: Customer | None, states: tuple[PromiseState, ...]
) -> list[tuple[Customer, Promise]]:
    """Return what can still be settled: of the customer that was named, else what the asker owes."""
    if customer is None:
        return owed_by(ctx.uow, [ctx.member.id])
    return [(customer, one) for one in ctx.uow.promises.of([customer.ref]) if one.state in states]
