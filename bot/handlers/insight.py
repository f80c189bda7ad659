"""Questions about the work itself: how often, who, what is about to be lost, and why."""

import re
from datetime import date, datetime, time, timedelta

from bot.aims import among
from bot.cards.assignment import why_card
from bot.cards.card import Card
from bot.cards.insight import (
    activity_card,
    explain_card,
    idle_card,
    leaving_card,
    lost_card,
    silent_card,
    team_card,
)
from bot.context import Context
from bot.handlers.leads import leaves_at
from bot.router import Router
from core.errors import BadInput
from core.model.followup import Method
from core.model.lead import Lead
from core.model.member import LEADING, Member
from core.rules.permissions import may_open_pool, require
from core.services.customers import find_customer
from core.services.insight import activity, leaving_soon, silent_ones
from core.services.lost import explain_hold, explain_loss, lost_lately
from core.services.members import team_of
from core.services.why import why_assigned

router = Router()

_NUMBER = re.compile(r"(?<![A-Za-z0-9])[Ll]\d{1,18}(?!\d)")
SOON = timedelta(days=7)
SILENT_DAYS = 3
_GIVEN = re.compile(r"分(?!析|钟|期)|派|(?<!还)给我")


@router.command("risk.list", "快掉公海", "哪些快掉公海了", "快回收")
def risks(ctx: Context) -> Card:
    """快掉公海：七天内会被回收的线索，最急的在前"""
    require(may_open_pool(ctx.member), "查看回收期限")
    return leaving_card(leaving_soon(ctx.uow, SOON), SOON.days, ctx.uow.calendar)


@router.command("explain", "为什么", "为啥")
@router.button("explain")
def explain(ctx: Context, customer: str = "", what: str = "") -> Card:
    """为什么 客户名 被收了：哪条规则、什么时候、依据什么"""
    number = _NUMBER.search(what) if not customer else None
    words = customer or (number[0] if number else "")
    if _GIVEN.search(what) and (given := _why_given(ctx, words)) is not None:
        return given
    lost = lost_lately(ctx.uow, words) or (lost_lately(ctx.uow, what) if what and not words else None)
    if lost is None and not words:
        lost = lost_lately(ctx.uow, "")  # a bare 为什么 asks about the last one
    if lost is not None:
        return lost_card(explain_loss(ctx.uow, *lost), ctx.uow.calendar, mine=lost[1].member_id == ctx.member.id)
    if not words:
        raise BadInput("想问哪个客户？例如「为啥把汇川给收了」")
    found = find_customer(ctx.uow, words)
    if not isinstance(found, Lead):
        raise BadInput(f"「{found.name}」是客户，不会被收回公海。想问哪条线索？例如「为啥把汇川给收了」")
    rules = explain_hold(ctx.uow, found)
    return explain_card(found, ctx.uow.deadlines.of(found.ref), rules, leaves_at(ctx, found), ctx.uow.calendar)


def _why_given(ctx: Context, words: str) -> Card | None:
    """Why a lead was given to somebody by rules; of none in particular, the last one that the asker got."""
    last = ctx.uow.routings.last_to(ctx.member.id) if not words else None
    if not words and last is None:
        return None
    found = ctx.uow.leads.get(last.lead_id) if last is not None else find_customer(ctx.uow, words)
    if not isinstance(found, Lead) or ctx.uow.routings.last(found.id) is None:
        return None
    routing, full = why_assigned(ctx.uow, found)
    return why_card(found, routing, ctx.uow.calendar, reader=ctx.member, full=full)


@router.command("activity.count", "我这周跟了几次", "跟进统计", "我跟了几家")
def count(
    ctx: Context,
    from_: date | None = None,
    to: date | None = None,
    method: Method | None = None,
    member: Member | None = None,
) -> Card:
    """跟进统计 上周拜访：自己这段时间跟了几次、几家；主管可以带上同事的名字"""
    require(may_open_pool(ctx.member), "查看跟进统计")
    whose = member or ctx.member
    require(
        whose.id == ctx.member.id or whose.id in {one.id for one in team_of(ctx.uow)}, f"查看{whose.name}的跟进统计"
    )
    first, last = _days(ctx, from_, to)
    [row] = activity(ctx.uow, [whose], *_span(ctx, first, last), method or "")
    return activity_card(row, first, last, method, mine=whose.id == ctx.member.id)


@router.command("team.activity", "今天大家跟了谁", "团队跟进", "大家跟了谁")
@router.button("team.activity")
def team(
    ctx: Context,
    from_: date | None = None,
    to: date | None = None,
    method: Method | None = None,
    *,
    member: Member | None = None,
    department: str = "",
) -> Card:
    """今天大家跟了谁：本部门每个人的跟进，没有跟的标出来；可以只看一个人或一个部门"""
    require(ctx.member.is_any(LEADING), "查看团队跟进")
    today = ctx.wall(ctx.uow.now).date()
    first, last = from_ or today, to or from_ or today
    people = among(ctx, team_of(ctx.uow), member, department, "团队跟进")
    return team_card(activity(ctx.uow, people, *_span(ctx, first, last), method or ""), first, last)


@router.command("team.silent", "谁三天没跟客户了", "谁没跟客户", "谁没跟进")
def silent(
    ctx: Context,
    count: int | None = None,
    *,
    from_: date | None = None,
    to: date | None = None,
    method: Method | None = None,
    member: Member | None = None,
    department: str = "",
) -> Card:
    """谁三天没跟客户了：本部门没有跟进的人，和等得最久的线索；也可以「上周谁没打电话」「这周谁没拜访」"""
    require(ctx.member.is_any(LEADING), "查看团队跟进")
    people = among(ctx, team_of(ctx.uow), member, department, "团队跟进")
    if from_ is not None or method is not None:
        until = ctx.wall(ctx.uow.now).date()
        first = from_ or until - timedelta(days=count or SILENT_DAYS)
        last = min(to or first, until) if from_ is not None else until
        return idle_card(activity(ctx.uow, people, *_span(ctx, first, last), method or ""), first, last, method)
    days = count or SILENT_DAYS
    meant = {one.id for one in people}
    found = silent_ones(ctx.uow, ctx.uow.now - timedelta(days=days))
    return silent_card([one for one in found if one.member.id in meant], days, ctx.uow.calendar)


def _days(ctx: Context, first: date | None, last: date | None) -> tuple[date, date]:
    """Return the days that were meant; without any, this week until today."""
    today = ctx.wall(ctx.uow.now).date()
    if first is None:
        return today - timedelta(days=today.weekday()), last or today
    return first, last or min(max(today, first), first + timedelta(days=366))


def _span(ctx: Context, first: date, last: date) -> tuple[datetime, datetime]:
    if last < first:
        raise BadInput("开始日期在结束日期之后，请换个说法再问一次")
    at = ctx.uow.calendar.at
    return at(first, time(0)), at(last + timedelta(days=1), time(0))
