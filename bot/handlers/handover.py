"""Books that change hands: ordered, confirmed, looked through, and what was lost."""

from collections.abc import Mapping
from datetime import date

from bot.arguments import Colleague, Elsewhere, Groups
from bot.cards.card import Card
from bot.cards.dialogue import confirm_card
from bot.cards.handover import (
    begin_card,
    draft_card,
    handed_over_card,
    in_background_card,
    list_card,
    loss_card,
    received_card,
)
from bot.context import Context
from bot.router import Router
from core.errors import BadInput, NotFound
from core.model.handover import Handover, Split
from core.model.ids import MemberId, Ref
from core.model.member import LEADING, Member
from core.model.messages import QuestionKind
from core.rules.permissions import may_manage, require, scope_of
from core.services.briefing import briefs_of
from core.services.handover import Order, Part, customers_of, draft, hand_over, last_received, order_large, receive
from core.services.losses import loss_of
from core.services.members import find_member, team_of
from core.services.questions import ask

router = Router()

PAGE = 10


@router.command("handover", "交接", "离职交接", "移交", confirms=True)
def hand(
    ctx: Context,
    member: Colleague,
    members: tuple[Member, ...],
    by: Split | None = None,
    shares: Groups | None = None,
    exceptions: Elsewhere | None = None,
    from_: date | None = None,
) -> Card:
    """交接 张伟的客户 给 李娜和陈晨 按行业分：一次交出全部客户、商机和计划，先看预览再确认"""
    return _done(ctx, _order(ctx, member, members, by, shares, exceptions, Part()))


@router.preview("handover")
def hand_preview(
    ctx: Context,
    member: Colleague,
    members: tuple[Member, ...],
    by: Split | None,
    shares: Groups | None,
    exceptions: Elsewhere | None,
    from_: date | None,
) -> Card:
    """Show who would get what."""
    later = from_ is not None and from_ > ctx.wall(ctx.uow.now).date()
    when = f"确认后现在就交接；要等 {from_:%m-%d} 再交接，请先「算了」，到那天再发一次" if later else ""
    return draft_card(draft(ctx.uow, _order(ctx, member, members, by, shares, exceptions, Part())), when)


@router.command("split", "拆分客户", "分客户", confirms=True)
def part(
    ctx: Context,
    member: Colleague,
    members: tuple[Member, ...],
    *,
    industry: str = "",
    region: str = "",
    source: str = "",
    count: int | None = None,
    text: str = "",
    by: Split | None = None,
) -> Card:
    """拆分客户 张伟的客户分一半给李娜：把一部分客户交给别人，可以按行业、地区、来源、数量"""
    some = Part(industry=industry, region=region, source=source, count=count or 0, share=text)
    return _done(ctx, _order(ctx, member, members, by, None, None, some))


@router.preview("split")
def part_preview(
    ctx: Context,
    member: Colleague,
    members: tuple[Member, ...],
    *,
    industry: str,
    region: str,
    source: str,
    count: int | None,
    text: str,
    by: Split | None,
) -> Card:
    """Show which part would go to whom."""
    some = Part(industry=industry, region=region, source=source, count=count or 0, share=text)
    return draft_card(draft(ctx.uow, _order(ctx, member, members, by, None, None, some)), "")


@router.button("handover.begin")
def begin(ctx: Context, member: Colleague, words: str = "") -> Card:
    """Offer to hand a leaver's book over; with a name, all of it to that colleague, after 确认."""
    if not words:
        require(may_manage(ctx.member) or ctx.member.is_any(LEADING), "交接客户")
        people = [one for one in team_of(ctx.uow) if one.id != member.id]
        return begin_card(member, people)
    taker = find_member(ctx.uow, words)
    shown = draft_card(draft(ctx.uow, _order(ctx, member, (taker,), None, None, None, Part())), "")
    slots = {"member": str(member.ref), "members": [str(taker.ref)]}
    return confirm_card([shown], [], ask(ctx.uow, "handover", "", slots, kind=QuestionKind.CONFIRM, words=shown.title))


@router.command("handover.receive", "交接收到")
@router.button("handover.receive")
def confirm(ctx: Context, handover: int | None = None) -> Card:
    """交接收到：确认收到交接给自己的客户"""
    taken = receive(ctx.uow, _handover(ctx, handover))
    return received_card(taken, ctx.uow.members.get(taken.leaver_id).name)


@router.command("handover.show", "交接清单")
@router.button("handover.show")
def show(ctx: Context, handover: int | None = None, after: int | None = None) -> Card:
    """交接清单：交接给自己的客户，每家上次聊到哪、承诺过什么、下次约在何时"""
    shown = _handover(ctx, handover)
    if shown.receiver_id != ctx.member.id:
        raise NotFound("交接清单")
    found = briefs_of(ctx.uow, customers_of(ctx.uow, [shown]))
    first = min(after or 0, len(found))
    lines = [one.line for one in found[first : first + PAGE]]
    leaver = ctx.uow.members.get(shown.leaver_id).name
    return list_card(shown, leaver, lines, first, len(found), ctx.uow.calendar)


@router.command("handover.loss", "离职流失")
def lost(ctx: Context, member: Colleague) -> Card:
    """离职流失 张伟：他交接出去的客户跟上了多少、流失多少、丢了几单；也可以「张伟走了丢了多少客户」"""
    require(
        may_manage(ctx.member)
        or (ctx.member.is_any(LEADING) and scope_of(ctx.member).covers(member.id, member.department)),
        f"查看{member.name}离职后的情况",
    )
    loss = loss_of(ctx.uow, member)
    if loss is None:
        raise BadInput(f"{member.name}没有交接过客户。发送「{member.name}的客户交接给某某」开始交接")
    return loss_card(loss, ctx.uow.playbook.handover.followed_within.days, ctx.uow.calendar)


def _done(ctx: Context, order: Order) -> Card:
    made = draft(ctx.uow, order)
    if made.size > ctx.uow.playbook.handover.at_once:
        order_large(ctx.uow, order)
        return in_background_card(made)
    done = hand_over(ctx.uow, order)
    names = ctx.uow.members.find(one.receiver_id for one in done)
    return handed_over_card(order.leaver, [(one, names[one.receiver_id].name) for one in done], ctx.uow.command)


def _order(
    ctx: Context,
    leaver: Member,
    receivers: tuple[Member, ...],
    by: Split | None,
    shares: Mapping[str, MemberId] | None,
    exceptions: Mapping[str, MemberId] | None,
    some: Part,
) -> Order:
    elsewhere = {_named(ctx, leaver, words): to for words, to in (exceptions or {}).items()}
    return Order(
        leaver=leaver,
        receivers=receivers,
        by=by or Split.EVENLY,
        shares=shares or {},
        exceptions=elsewhere,
        part=some,
    )


def _named(ctx: Context, leaver: Member, words: str) -> Ref:
    """Return the customer of the leaver's book that is called so."""
    book = ctx.uow.books.of(leaver.id).customers
    found = [one for one in book if one.name == words] or [one for one in book if words in one.name]
    if len(found) != 1:
        why = "有好几家都叫" if found else "没有"
        raise BadInput(f"{leaver.name}名下{why}「{words}」，请写全名再发一次")
    return found[0].ref


def _handover(ctx: Context, number: int | None) -> Handover:
    handover = ctx.uow.handovers.get(number) if number is not None else last_received(ctx.uow)
    if handover is None or handover.deleted_at is not None:
        raise BadInput("这次交接已经撤销了。发送「今天」看看现在的安排")
    return handover
