"""What waits and what one has asked for: lists, several at once, where it stands, a nudge, a withdrawal, stand-ins."""

from datetime import date, timedelta
from decimal import Decimal

from bot.arguments import ApprovalNumber, Percent
from bot.cards.approval_lists import (
    batch_card,
    batch_done_card,
    figures_card,
    nothing_submitted_card,
    nothing_waits_card,
    nudged_card,
    proxy_answered_card,
    proxy_asked_card,
    proxy_ended_card,
    standing_card,
    standings_card,
    waiting_card,
    withdrawn_card,
)
from bot.cards.card import Card
from bot.context import Context
from bot.router import Router
from core.model.member import LEADING, Member, Role
from core.rules.metrics.periods import Span
from core.services.approvals import deciding, proxies
from core.services.approvals.batches import Wanted, in_batch
from core.services.approvals.figures import figures, may_see_figures
from core.services.approvals.finding import Named, running_of, the_running
from core.services.approvals.lists import ended_lately, standing_of, waiting_lines
from core.services.reports.approvals import figures_of, signing_cycle
from core.services.reports.asking import span_of, today

router = Router()

MONTH = timedelta(days=30)


@router.command("approval.list", "待我审批的", "审批", "待审批")
@router.button("approval.list")
def show_waiting(ctx: Context) -> Card:
    """待我审批的：列出等您审批的申请，最久的在前"""
    lines = waiting_lines(ctx.uow, ctx.member)
    return waiting_card(lines, ctx.uow.now, ctx.uow.calendar) if lines else nothing_waits_card()


@router.command("approval.batch", "全部同意", drafts=True)
@router.button("approval.batch")
def ask_batch(
    ctx: Context,
    amount: Decimal | None = None,
    *,
    above: Decimal | None = None,
    discount_percent: Percent | None = None,
    kinds: tuple[str, ...] = (),
    member: Member | None = None,
    members: tuple[Member, ...] = (),
    customer: str = "",
    customers: tuple[str, ...] = (),
    department: str = "",
    from_: date | None = None,
    to: date | None = None,
    except_: tuple[str, ...] = (),
) -> Card:
    """全部同意：列出能一起同意的，点一下确认；可以说「张伟5万以下的特价都批了，除了比亚迪」"""
    wanted = Wanted(
        most=amount,
        above=above,
        discount=discount_percent,
        kinds=kinds,
        submitters=tuple(one.id for one in (*members, *filter(None, [member]))),
        customers=(*customers, *filter(None, [customer])),
        department=department,
        since=from_,
        until=to,
        kept_back=except_,
    )
    return batch_card(in_batch(ctx.uow, ctx.member, wanted), amount, ctx.uow.now, ctx.uow.calendar)


@router.button("approval.batch_yes")
def approve_batch(ctx: Context, approvals: str) -> Card:
    """Agree to those that were listed and still wait, each by itself."""
    wanted = {int(one) for one in approvals.split(",") if one.isdigit()}
    waiting = [task for task, one in deciding.waiting_for(ctx.uow, ctx.member.id) if one.id in wanted]
    return batch_done_card(deciding.approve_all(ctx.uow, waiting), len(wanted) - len(waiting))


@router.command("approval.status", "审批进度", "我的审批")
@router.button("approval.status")
def show_status(ctx: Context, approval: ApprovalNumber | None = None, customer: str = "") -> Card:
    """审批进度 客户名：您提交的申请走到谁那里、等了多久"""
    named = Named(number=approval, customer=customer)
    running = running_of(ctx.uow, named)
    if len(running) == 1:
        return standing_card(standing_of(ctx.uow, running[0]), ctx.uow.now, ctx.uow.calendar)
    if running:
        return standings_card([standing_of(ctx.uow, one) for one in running], ctx.uow.now, ctx.uow.calendar)
    ended = ended_lately(ctx.uow, named)
    if ended:
        return standing_card(standing_of(ctx.uow, ended[0]), ctx.uow.now, ctx.uow.calendar)
    if named.is_bare and ctx.member.is_any(LEADING | {Role.ADMIN}):
        return figures_card(figures(ctx.uow), ctx.uow.calendar)
    return nothing_submitted_card(customer)


@router.command("approval.nudge", "催办")
@router.button("approval.nudge")
def nudge(
    ctx: Context, approval: ApprovalNumber | None = None, member: Member | None = None, customer: str = ""
) -> Card:
    """催办：提醒还没处理的审批人，两小时一次"""
    matter = the_running(ctx.uow, Named(number=approval, customer=customer, waits_for=member.id if member else None))
    task = next((one.number for one in matter.course.pending if member is not None and one.member == member.id), 0)
    done = deciding.nudge(ctx.uow, matter.approval.id, task)
    return nudged_card(standing_of(ctx.uow, done), member.name if member else "")


@router.command("approval.withdraw", "撤回审批")
@router.button("approval.withdraw")
def withdraw(ctx: Context, approval: ApprovalNumber | None = None, customer: str = "", reason: str = "") -> Card:
    """撤回审批 客户名：收回您提交的申请；已经有人处理过的要审批人同意"""
    matter = the_running(ctx.uow, Named(number=approval, customer=customer))
    done = deciding.withdraw(ctx.uow, matter.approval.id, reason)
    return withdrawn_card(standing_of(ctx.uow, done))


@router.preview("approval.withdraw")
def before_withdrawing(ctx: Context, approval: ApprovalNumber | None = None, customer: str = "") -> Card:
    """Name what would be taken back."""
    matter = the_running(ctx.uow, Named(number=approval, customer=customer))
    return Card(title=f"撤回申请：{matter.approval.title}", subtitle=str(matter.approval.ref))


@router.command("approval.delegate", "委托代批")
def ask_proxy(ctx: Context, member: Member, from_: date, to: date | None = None, reason: str = "") -> Card:
    """委托代批 同事 3月9号到13号：您不在时由他替您审批，他同意后生效"""
    proxy = proxies.ask(ctx.uow, member, from_, to or from_, reason)
    return proxy_asked_card(member.name, proxy)


@router.button("approval.proxy_accept")
def agree_to_stand_in(ctx: Context, number: int) -> Card:
    """Answer for somebody in their absence."""
    proxy = proxies.agree(ctx.uow, number)
    return proxy_answered_card(_name(ctx, proxy.member_id), proxy, agreed=True)


@router.button("approval.proxy_decline")
def decline_to_stand_in(ctx: Context, number: int) -> Card:
    """Do not answer for somebody."""
    proxy = proxies.decline(ctx.uow, number)
    return proxy_answered_card(_name(ctx, proxy.member_id), proxy, agreed=False)


@router.button("approval.proxy_end")
def end_proxy(ctx: Context, number: int) -> Card:
    """Answer for oneself again."""
    proxy = proxies.end(ctx.uow, number)
    return proxy_ended_card(_name(ctx, proxy.proxy_id), proxy)


@router.command("approval.report", "审批耗时")
def show_figures(ctx: Context, from_: date | None = None, to: date | None = None) -> Card:
    """审批耗时 上个月：各流程和环节用了多久，卡在谁那里；不说时间看近 30 天"""
    may_see_figures(ctx.uow)
    span = span_of(from_, to) or Span(today(ctx.uow) - MONTH, today(ctx.uow))
    return figures_card(figures_of(ctx.uow, span), ctx.uow.calendar, str(signing_cycle(ctx.uow, span)))


def _name(ctx: Context, member_id: int) -> str:
    return next((one.name for one in ctx.uow.members.everybody() if one.id == member_id), "")
