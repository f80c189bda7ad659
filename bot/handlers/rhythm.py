"""The rhythm: who has not been seen, and how well it was kept."""

from datetime import date, datetime, timedelta

from bot.aims import among, seen_by
from bot.cards.card import Card
from bot.cards.customers import plan_card
from bot.cards.plans import due_elsewhere
from bot.cards.rhythm import breach_card, own_rhythm_card
from bot.context import Context
from bot.router import Router
from core.errors import BadInput
from core.model.followup import Method
from core.model.member import Member
from core.notices.rhythm import GapLine
from core.rules.cadence import Period, week_of
from core.rules.permissions import may_open_pool, require
from core.services.cadence import Gap, gaps, lately, rhythms
from core.services.customers import Customer
from core.services.followups import plan_next
from core.services.plans import ask_about_day_off

router = Router()


@router.command("cadence.breach", "拜访缺口", "A类客户谁没拜访", "跟进节奏没达标")
def breach(
    ctx: Context,
    grade: str = "",
    from_: date | None = None,
    to: date | None = None,
    count: int | None = None,
    *,
    member: Member | None = None,
    department: str = "",
    method: Method | None = None,
) -> Card:
    """拜访缺口：按等级该联系还没联系的客户，也可以「A类客户这周谁还没拜访」"""
    require(may_open_pool(ctx.member), "查看跟进节奏")
    known = ctx.uow.playbook.cadence.grades
    if grade and grade not in known:
        raise BadInput(f"{grade} 级客户没有节奏要求，现在有要求的是 {'、'.join(known)} 级。请换一个等级再问一次")
    people = among(ctx, seen_by(ctx), member, department, "跟进节奏")
    this = week_of(ctx.wall(ctx.uow.now).date())
    span = Period(from_, (to or from_ + timedelta(days=6)) + timedelta(days=1)) if from_ else this
    grades = [grade] if grade else None
    who = f"{grade} 级客户" if grade else "客户"
    if span.ends <= this.begins:
        lines = _missed(ctx, people, span, grades)
        return breach_card(
            lines, f"{span.begins:%m-%d} 至 {span.ends - timedelta(days=1):%m-%d}，{who}", ctx.uow.calendar
        )
    open_gaps = gaps(ctx.uow, people, grades)
    if method is not None:  # a grade that takes any way of contact is kept by this one too
        open_gaps = [gap for gap in open_gaps if not gap.requirement.methods or method in gap.requirement.methods]
    if count:
        since = ctx.uow.now - timedelta(days=count)
        open_gaps = [gap for gap in open_gaps if gap.held.last_at is None or gap.held.last_at < since]
        who = f"{count} 天没联系的{who}"
    return breach_card(_by_rep(people, open_gaps), f"这一期{who}", ctx.uow.calendar)


@router.command("cadence.own", "我的拜访节奏", "我的跟进节奏", "我的节奏")
def own(ctx: Context) -> Card:
    """我的拜访节奏：自己最近几周按等级联系客户的达成率，和还差谁"""
    require(may_open_pool(ctx.member), "查看跟进节奏")
    span = lately(ctx.uow)
    found = rhythms(ctx.uow, [ctx.member], span)
    open_gaps = [gap.line for gap in gaps(ctx.uow, [ctx.member])]
    return own_rhythm_card(found, open_gaps, span, ctx.uow.calendar)


@router.button("visit.plan")
def plan_visit(ctx: Context, customer: Customer, at: datetime, keep: str = "") -> Card:
    """Promise a visit that the rhythm wants."""
    at = ask_about_day_off(ctx.uow, at, keep)
    before = ctx.uow.plans.open_for(customer.ref)
    ctx.uow.does("plan.create")
    made = plan_next(ctx.uow, customer, at, "上门拜访")
    card = plan_card(made, customer.name, before, ctx.uow.calendar, ctx.uow.command)
    return due_elsewhere(card, ctx.elsewhere, ctx.event.channel)


def _by_rep(people: list[Member], found: list[Gap]) -> list[tuple[str, list[GapLine]]]:
    named = {member.id: member.name for member in people}
    sorted_out: dict[str, list[GapLine]] = {}
    for gap in found:
        sorted_out.setdefault(named[gap.held.owner_id], []).append(gap.line)
    return sorted(sorted_out.items(), key=lambda rep: -len(rep[1]))


def _missed(
    ctx: Context, people: list[Member], span: Period, grades: list[str] | None
) -> list[tuple[str, list[GapLine]]]:
    """Return the periods of a time gone by that were not kept, as lines by rep."""
    found = [
        Gap(one.held, one.requirement, period)
        for one in rhythms(ctx.uow, people, span, grades)
        for period in one.kept.missed
    ]
    return _by_rep(people, found)
