"""Who gets which lead: the rules, a rehearsal, the why, and what colleagues can do."""

from datetime import date, datetime, time, timedelta

from bot.arguments import AnyLead
from bot.cards.assignment import rules_card, speed_card, trial_card, why_card
from bot.cards.card import Card
from bot.cards.leads import undo_button
from bot.context import Context
from bot.router import Router
from core.errors import BadInput
from core.model.ids import LeadId
from core.model.member import Member
from core.model.playbook.conditions import ALWAYS
from core.rules.conditions import spoken
from core.rules.fields.catalogue import catalogue_of
from core.services.assignment import rehearse
from core.services.profiles import Profile, on_duty_names, set_profile, set_shifts
from core.services.why import SHARES, require_rules_reader, sees_all, speed, why_assigned

router = Router()


@router.command("assignment.show", "分配规则", "看看分配规则")
@router.button("assignment.show")
def show(ctx: Context) -> Card:
    """看看分配规则：新线索按什么规则分给谁"""
    require_rules_reader(ctx.member)
    section, catalogue = ctx.uow.playbook.assignment, catalogue_of(ctx.uow.playbook, "lead")
    said = {rule.id: "" if rule.when == ALWAYS else spoken(rule.when, catalogue) for rule in section.rules}
    return rules_card(section, said)


@router.command("assignment.trial", "会分给谁", "试分")
def trial(ctx: Context, customer: AnyLead) -> Card:
    """会分给谁 线索：按现在的规则试算这条线索会分给谁、为什么，不真的分"""
    require_rules_reader(ctx.member)
    lead = ctx.uow.leads.get(LeadId(customer))
    return trial_card(lead, rehearse(ctx.uow, lead), full=sees_all(ctx.uow))


@router.button("assignment.why")
def why(ctx: Context, customer: AnyLead) -> Card:
    """Why a lead went where it went."""
    lead = ctx.uow.leads.get(LeadId(customer))
    routing, full = why_assigned(ctx.uow, lead)
    return why_card(lead, routing, ctx.uow.calendar, reader=ctx.member, full=full)


@router.command("assignment.speed", "分配用了多久", "分配用时")
def how_long(ctx: Context, from_: date | None = None, to: date | None = None) -> Card:
    """分配用了多久：线索从进来到有负责人用了多长时间，默认最近 7 天"""
    today = ctx.wall(ctx.uow.now).date()
    first = from_ or today - timedelta(days=6)
    last = min(to or today, today)
    if last < first:
        raise BadInput("开始日期在结束日期之后，请换个说法再问一次")
    at = ctx.uow.calendar.at
    found = speed(ctx.uow, at(first, time(0)), at(last + timedelta(days=1), time(0)))
    period = f"{first:%m-%d}" if first == last else f"{first:%m-%d} 至 {last:%m-%d} "
    return speed_card(period, found.seconds, found.waiting, [(label, found.within(share)) for label, share in SHARES])


@router.command("member.profile", "分配资料")
def profile(
    ctx: Context,
    member: Member,
    *,
    regions: tuple[str, ...] = (),
    skills: tuple[str, ...] = (),
    weight: int | None = None,
    capacity: int | None = None,
    duty: str = "",
    drops: bool | None = None,
) -> Card:
    """分配资料 同事：谁负责哪里、会什么；直接说「李娜负责江苏」「李娜会英语」「李娜权重3」「李娜库容60」"""
    said = Profile(
        regions=regions,
        skills=skills,
        weight=weight,
        capacity=capacity,
        duty=duty or None,
        drops=bool(drops),
    )
    changed = set_profile(ctx.uow, member, said)
    return Card(
        title=f"已记下{member.name}的分配资料",
        source="聊单 · 分配",
        text="\n".join(changed),
        buttons=(undo_button(ctx.uow.command),),
    )


@router.command("roster.set", "排值班", "值班")
def roster(
    ctx: Context, members: tuple[Member, ...] = (), at: datetime | None = None, drops: bool | None = None
) -> Card:
    """值班 同事：排今天或某天的值班，例如「张伟今天值班」；只说「今天谁值班」就列出来"""
    day = ctx.wall(at).date() if at is not None else ctx.wall(ctx.uow.now).date()
    if not members:
        there = on_duty_names(ctx.uow, day)
        return Card(title=f"{day:%m-%d} 值班：{'、'.join(there)}" if there else f"{day:%m-%d} 还没有排值班")
    there = set_shifts(ctx.uow, members, day, on_duty=not drops)
    return Card(
        title=f"{day:%m-%d} 值班：{'、'.join(there)}" if there else f"{day:%m-%d} 没有人值班",
        source="聊单 · 分配",
        text="要求值班的规则只分给当天值班的人",
        buttons=(undo_button(ctx.uow.command),),
    )
