"""Plans that change: moved, put off, found again right after they were made."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from core.errors import BadInput, Unclear
from core.model.customer import Account
from core.model.followup import Plan, PlanState
from core.model.ids import PlanId, Ref
from core.ports import UnitOfWork
from core.rules.today import shortened
from core.services.customers import Customer, customer, require_own
from core.services.followups import plan_next, remind_at, set_reminder

JUST_NOW = timedelta(hours=1)
SOON = timedelta(hours=2)
FAR_AHEAD = timedelta(days=3650)
NIGHT_ENDS = 6
KEEP = "keep"
WEEKDAYS = "一二三四五六日"


def plan_just_made(uow: UnitOfWork) -> Plan | None:
    """Return the open plan that the actor's last command made or moved, within the last hour."""
    changes = uow.history.last_command(uow.actor.id, uow.now - JUST_NOW)
    plans = uow.plans.find(PlanId(change.subject_id) for change in changes if change.subject_kind == "plan")
    return next((plan for plan in plans if plan.is_open), None)


def ask_about_day_off(uow: UnitOfWork, at: datetime, keep: str) -> datetime:
    """Return when it shall be. A day on which nobody works is asked about once, unless `keep` has the answer."""
    if keep:
        return at if keep == KEEP else _moment(keep)
    wall = uow.calendar.local(at)
    workday = uow.calendar.next_workday(wall.date())
    if workday == wall.date():
        return at
    moved = datetime.combine(workday, wall.time(), wall.tzinfo)
    choices = ((f"就{_day(wall)}", KEEP), (f"改到{_day(moved)}", moved.isoformat()))
    raise Unclear(f"{wall:%m-%d} 是周{WEEKDAYS[wall.weekday()]}，不上班。保留还是改到工作日？", choices, "keep")


def ask_about_night(uow: UnitOfWork, at: datetime, keep: str) -> datetime:
    """Return when it shall be. An hour at which people sleep is asked about once, unless `keep` has the answer.

    Whoever is awake and names a time that is soon means it.
    """
    if keep:
        return at if keep == KEEP else _moment(keep)
    wall = uow.calendar.local(at)
    if wall.hour >= NIGHT_ENDS or at - uow.now <= SOON:
        return at
    later = datetime.combine(wall.date(), time(uow.playbook.day.default_hour), wall.tzinfo)
    noon = wall + timedelta(hours=12)
    choices = (
        (f"就凌晨 {wall:%H:%M}", KEEP),
        (f"下午 {noon:%H:%M}", noon.isoformat()),
        (f"早上 {later:%H:%M}", later.isoformat()),
    )
    raise Unclear(f"{wall:%m-%d %H:%M} 是凌晨，在免打扰时间里。真的要在这个时间提醒吗？", choices, "keep")


def move_plan(uow: UnitOfWork, about: Customer, at: datetime) -> tuple[Plan, datetime | None]:
    """Move the customer's next contact to `at`; return it and when it was before. Without one, make one."""
    require_own(uow, about)
    if at <= uow.now:
        raise BadInput(f"{uow.calendar.local(at):%m-%d %H:%M} 已经过去了，请换一个以后的时间再发一次")
    uow.does("plan.move")
    standing = uow.plans.open_for(about.ref)
    if not standing:
        return plan_next(uow, about, at, "下次联系"), None
    plan, before = standing[0], standing[0].at
    _put_to(uow, plan, at)
    uow.flush()
    return plan, before


def open_until(uow: UnitOfWork, day: date) -> list[Plan]:
    """Return the actor's plans for that day or earlier that are not done."""
    midnight = uow.calendar.at(day + timedelta(days=1), time(0))
    return uow.plans.open_until(uow.actor.id, midnight)


def put_off(uow: UnitOfWork, plans: Sequence[Plan], to: date, reason: str) -> list[Plan]:
    """Move plans to another day, each at its own hour; the reason is written beside what was planned."""
    if to <= uow.calendar.local(uow.now).date():
        raise BadInput("只能顺延到以后的日子，例如「把今天没跟的都顺延到明天」")
    uow.does("plan.move_all")
    for plan in plans:
        wall = uow.calendar.local(plan.at)
        _put_to(uow, plan, datetime.combine(to, wall.time(), wall.tzinfo))
        if reason:
            plan.content = f"{plan.content}（顺延：{shortened(reason)}）"
    uow.flush()
    return list(plans)


def standing_plans(uow: UnitOfWork, about: Customer | None, at: datetime | None) -> list[Plan]:
    """Return the open plans that may be meant: the customer's or one's own, at that moment or else on that day."""
    if about is not None:
        require_own(uow, about)
        plans = uow.plans.open_for(about.ref)
    else:
        plans = uow.plans.open_until(uow.actor.id, uow.now + FAR_AHEAD)
    if at is None:
        return plans
    return [plan for plan in plans if plan.at == at] or [plan for plan in plans if _same_day(uow, plan.at, at)]


def cancel_plan(uow: UnitOfWork, plan: Plan) -> None:
    """Call a plan off: nobody is reminded of it any more."""
    uow.does("plan.cancel")
    plan.state = PlanState.CANCELLED
    set_reminder(uow, plan)
    uow.flush()


def _same_day(uow: UnitOfWork, one: datetime, other: datetime) -> bool:
    return uow.calendar.local(one).date() == uow.calendar.local(other).date()


def important(uow: UnitOfWork, plans: Sequence[Plan]) -> list[str]:
    """Name the A customers among those whom plans are about."""
    named: dict[Ref, str] = {}
    for plan in plans:
        if plan.customer is not None and plan.customer not in named:
            about = customer(uow, plan.customer)
            if about.grade == "A":
                named[plan.customer] = (isinstance(about, Account) and about.short_name) or about.name
    return list(named.values())


def _moment(kept: str) -> datetime:
    try:
        return datetime.fromisoformat(kept)
    except ValueError:
        raise BadInput(f"没看懂「{kept}」，请点按钮，或者回复一个时间，例如「周一上午十点」") from None


def _put_to(uow: UnitOfWork, plan: Plan, at: datetime) -> None:
    plan.at, plan.remind_at = at, remind_at(at, uow) if plan.customer is not None else at
    set_reminder(uow, plan)


def _day(wall: datetime) -> str:
    return f"周{WEEKDAYS[wall.weekday()]} {wall:%m-%d}"
